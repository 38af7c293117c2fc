"""Screens of the rules and of lost contact."""
