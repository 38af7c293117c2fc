"""A made-up street: territory, organisations, members and the files that an office would hand in.

Everything is invented and follows from a seed: no real place, no real person, no valid ID number. The modules that
start with `_` make the parts; `street` puts them into a database, `dirt` says what is wrong on purpose in the files.
"""
