"""The screen 待办与名单."""
