"""The map on paper: what the screen shows, drawn again from the data with the rights of whoever prints."""
