"""The command line: the same services as the screens; exit 0 done, 1 data at fault, 2 usage, 3 a bug."""
