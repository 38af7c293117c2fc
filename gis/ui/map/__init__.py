"""The map on a page: base map, host component, filters and cards."""
