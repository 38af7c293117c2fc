"""The screen 临时党小组: ask, show what came, show what is in force."""
