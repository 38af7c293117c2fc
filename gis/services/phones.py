"""Telephone numbers on lists and screens: 138****1234; the whole number only for a reason."""

from __future__ import annotations

import re

from gis.errors import InputError

HEAD, TAIL = 3, 4
LEAST_DIGITS = 7
_NUMBER = re.compile(r"\d[\d\- ]*\d|\d")
_ALLOWED = re.compile(r"[\d\-+ /、，,;；（）()转]*")


def masked(phone: str) -> str:
    """Hide the middle of every number in the text: `13812345678` → `138****5678`; a short one but for its end."""
    return _NUMBER.sub(lambda found: _masked_one(found.group()), phone)


def _masked_one(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if len(digits) > HEAD + TAIL:
        return f"{digits[:HEAD]}****{digits[-TAIL:]}"
    return f"****{digits[-2:]}" if len(digits) > TAIL else "****"


def checked_phone(phone: str, field: str) -> str:
    """Return the number as it is kept, "" for none.

    Raises
    ------
    InputError
        It cannot be dialled.
    """
    text = phone.strip()
    if not text:
        return ""
    if len(re.sub(r"\D", "", text)) < LEAST_DIGITS or not _ALLOWED.fullmatch(text):
        msg = f"{field}“{text}”：请填手机号或带区号的固定电话，例如 0500-81234567；几个号码用“/”隔开"
        raise InputError(msg)
    return text
