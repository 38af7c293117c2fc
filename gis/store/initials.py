"""First letters of the pinyin of Chinese names, so that a name is found without an input method."""

from __future__ import annotations

from pypinyin import Style, pinyin

LONGEST = 200  # letters of the column
#: Characters that are read otherwise as a surname: 单 is shàn, not dān. Both readings are kept, people type either.
SURNAMES = {
    "单": "s", "曾": "z", "解": "x", "仇": "q", "查": "z", "盖": "g", "区": "o", "朴": "p", "尉": "y", "缪": "m",
    "覃": "q", "员": "y", "折": "s", "种": "c", "黑": "h", "翟": "z", "乐": "y", "祭": "z", "隗": "w", "召": "s",
    "繁": "p", "秘": "b", "重": "c", "哈": "h", "洗": "x", "冼": "x", "教": "j", "俞": "y", "谌": "c", "牟": "m",
    "车": "c", "石": "s", "柏": "b", "葛": "g", "颉": "x", "郗": "x", "卜": "b", "句": "g", "适": "k", "幺": "y",
}  # fmt: skip


def initials_of(name: str) -> str:
    """Return the first letters, of a surname with two readings both: 单小满 → `dxm sxm`; "" without letters."""
    letters = [letter for letter in name if not letter.isspace() and letter not in "·•"]
    text = "".join(letters)
    read = pinyin(text, style=Style.FIRST_LETTER, errors=_kept)  # type: ignore[arg-type]  # may give a list, says its manual
    first = "".join(one[0][:1] for one in read if one)
    said = "".join(letter for letter in first.lower() if letter.isascii() and letter.isalnum())
    other = SURNAMES.get(text[:1], said[:1]) + said[1:]
    return f"{said[:LONGEST]}" if other == said or 2 * len(said) >= LONGEST else f"{said} {other}"


def _kept(text: str) -> list[str]:
    """Keep what is no Chinese character, letter by letter: the first letter of a run would lose the rest."""
    return list(text)
