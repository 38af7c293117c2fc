"""Text that files of any format can hold."""

from __future__ import annotations


def printable(text: str) -> str:
    """Drop what neither XML nor a worksheet can hold: control characters, halves of characters, non-characters."""
    if text.isprintable():  # as nearly everything is, such as a drawing of a million letters
        return text
    return "".join(letter for letter in text if letter in "\n\t" or _is_printable(ord(letter)))


def _is_printable(code: int) -> bool:
    is_half = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - the surrogates
    return code >= ord(" ") and not is_half and code not in (0xFFFE, 0xFFFF)
