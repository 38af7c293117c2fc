"""专题图: what the map can show beside people and places; each in a module of its own, listed in `menu`."""
