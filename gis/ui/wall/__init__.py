"""大屏: the dashboard on the wall, as counts; one fragment that refreshes itself."""
