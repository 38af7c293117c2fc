"""The screen 变动登记."""
