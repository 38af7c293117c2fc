"""`python -m gis` is `jiujin`."""

from gis.cli.main import run

run()
