"""就近 (Jiujin): where scattered party members live, and study groups near their homes."""
