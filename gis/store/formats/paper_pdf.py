"""Papers as PDF: set by Typst, with the office's own Chinese fonts embedded."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import typst

from gis.errors import ConfigError
from gis.store.formats.printable import printable

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.papers import Paper

#: Fonts that offices have, by what they are used for, the best first.
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "FangSong", "SimSun", "AR PL UMing CN")
SANS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)


def write_pdf(paper: Paper, made_at: datetime, font_dir: str = "") -> bytes:
    """Return the PDF; the same paper and time give the same bytes.

    Raises
    ------
    ConfigError
        There is no Chinese font among the system's fonts or in `font_dir`.
    """
    serif, sans = fonts_found(font_dir)
    given = {
        "name": paper.name,
        "foot": paper.foot,
        "size_pt": paper.size_pt,
        "size": paper.size.value,
        "serif": list(serif),
        "sans": list(sans),
        "sheets": [
            {"name": name, "blocks": [{"kind": type(block).__name__, **asdict(block)} for block in blocks]}
            for name, blocks in paper.sheets
        ],
    }
    return set_pdf("paper.typ", given, made_at, font_dir)


def set_pdf(template: str, given: dict[str, object], made_at: datetime, font_dir: str) -> bytes:
    """Set a template of `assets` with what it is given, cleaned, as `sys.inputs.paper`."""
    pdf = typst.compile(
        files("gis.store.formats").joinpath(f"assets/{template}").read_bytes(),
        font_paths=all_fonts(font_dir),
        sys_inputs={"paper": json.dumps(clean(given), ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(pdf, bytes):  # one file is asked for, whatever the number of pages
        msg = "Typst gave pages, not a file"
        raise TypeError(msg)
    return pdf


def clean(value: object) -> object:
    """Drop from all texts what no file can hold."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    return [clean(one) for one in value] if isinstance(value, list | tuple) else value


def fonts_found(font_dir: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the families there are for running text and for heads; each stands in for the other.

    Raises
    ------
    ConfigError
        There is neither.
    """
    there = {name.lower() for name in all_fonts(font_dir).families()}
    serif = tuple(name for name in SERIF if name.lower() in there)
    sans = tuple(name for name in SANS if name.lower() in there)
    if not serif and not sans:
        msg = (
            "没有找到中文字体，PDF 生成不了：请安装思源（Noto CJK）或宋体、黑体，"
            "或把字体文件放进一个目录并用 JIUJIN_FONT_DIR 指明；也可以先导出 Word"
        )
        raise ConfigError(msg)
    return serif or sans, sans or serif


@lru_cache(maxsize=2)
def all_fonts(font_dir: str) -> typst.Fonts:
    """Look the fonts up once: it takes a second where there are many."""
    return typst.Fonts(include_system_fonts=True, font_paths=[font_dir] if font_dir else [])
