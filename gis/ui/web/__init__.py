"""What is served around the pages: the gate, the sign-in, layers by address, and the map's scripts."""
