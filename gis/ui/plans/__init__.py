"""The screen 编组方案: saved plans, one plan with its map and hand editing, plans side by side."""
