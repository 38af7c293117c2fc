"""The screen 组织: tree, areas, posts, hosts, joint bodies."""
