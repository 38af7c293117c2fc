"""GeoDataFrames and coordinates in one metric system: no SQL, no screen."""
