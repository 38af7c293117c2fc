"""The screen 联系卡."""
