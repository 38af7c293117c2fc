"""First letters of the pinyin of Chinese names, so that a name is found without an input method."""

from __future__ import annotations

from itertools import islice, product

from pypinyin import Style, pinyin

MOST_READINGS = 8  # of a name whose characters have several readings, such as 单 (shàn, dān) and 解 (xiè, jiě)
LONGEST = 200  # letters of the column


def initials_of(name: str) -> str:
    """Return the first letters of every reading, separated by spaces: 单小满 → `dxm cxm sxm`; "" without letters."""
    letters = [letter for letter in name if not letter.isspace() and letter not in "·•"]
    readings = [_readings(letter) for letter in letters]
    readings.reverse()  # so that the surname, which is what people look for, varies first
    found = ("".join(reversed(one)) for one in islice(product(*readings), MOST_READINGS)) if letters else iter(())
    said = ""
    for reading in dict.fromkeys(found):
        if reading and len(said) + len(reading) + 1 > LONGEST:
            break
        said = f"{said} {reading}".strip()
    return said


def _readings(letter: str) -> list[str]:
    found = pinyin(letter, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    if found:
        return list(dict.fromkeys(one[:1].lower() for one in found[0] if one))
    return [letter.lower()] if letter.isascii() and letter.isalnum() else [""]
