"""The text encoding of a Shapefile's .dbf: the .cpg beside it, its language byte, else its bytes themselves."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGE_BYTE = 29
GBK_LANGUAGES = {0x4D, 0x7A}  # dBASE and FoxPro: code page 936
SAMPLE_BYTES = 1_000_000
HEADER_LENGTH = slice(8, 10)
RECORD_LENGTH = slice(10, 12)
FIELD_BYTES = 32
HEADER_END = 0x0D
_PAGES = {"936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "ansi 936": "gb18030"}


def dbf_encoding(dbf: Path, cpg: Path | None) -> str:
    """Return the encoding to read a .dbf with, as Python and GDAL name it (`UTF-8` or `GB18030`, or the .cpg's own)."""
    declared = cpg.read_text("ascii", "ignore").strip().lower().removeprefix("oem ").strip() if cpg else ""
    if declared:
        known = _known(_PAGES.get(declared, declared))
        if known:
            return known
    with dbf.open("rb") as handle:
        raw = handle.read(SAMPLE_BYTES)
    if len(raw) > LANGUAGE_BYTE and raw[LANGUAGE_BYTE] in GBK_LANGUAGES:
        return "GB18030"
    fields = _text_fields(raw)
    return "UTF-8" if _errors(fields, "utf-8") <= _errors(fields, "gb18030") else "GB18030"


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return "UTF-8" if found.startswith("utf-8") else found.upper()


def _text_fields(raw: bytes) -> list[bytes]:
    """Cut names and values out of the file; a value that fills its field may end inside a character: cut it there."""
    start, length = int.from_bytes(raw[HEADER_LENGTH], "little"), int.from_bytes(raw[RECORD_LENGTH], "little")
    names, widths = [], []
    at = FIELD_BYTES
    while at + FIELD_BYTES <= min(start, len(raw)) and raw[at] != HEADER_END:
        names.append(raw[at : at + 11].split(b"\x00")[0])
        widths.append(raw[at + 16])
        at += FIELD_BYTES
    values = []
    for record in range(start, len(raw) - length + 1, max(length, 1)):
        offset = record + 1
        for width in widths:
            values.append(raw[offset : offset + width].rstrip(b" \x00"))
            offset += width
    return names + values


def _errors(fields: list[bytes], encoding: str) -> int:
    """Count bytes that do not decode, but for a character cut off at the end of a field."""
    total = 0
    for field in fields:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(field, final=False)
        total += text.count("\ufffd")
    return total
