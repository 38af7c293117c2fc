"""The screen 组织生活."""
