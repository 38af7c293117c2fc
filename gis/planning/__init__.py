"""Who sits with whom: numpy arrays in and out; no frames, no files, no database, no clock but a deadline."""
