"""The screen 双重管理."""
