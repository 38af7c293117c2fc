"""Text from data on screen: shown as it is, never read as markup."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyT = TypeVar("KeyT")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r":(?=[\w+-]+:)")
WORD_JOINER = "\u2060"


def plain(text: object) -> str:
    r"""Return text for a place that Streamlit reads as Markdown (messages, labels), so that it shows literally.

    Every ASCII punctuation mark is escaped by a backslash (CommonMark allows that for all of them); `:name:` gets an
    invisible joiner, since it would still become an emoji. Line breaks become spaces.
    """
    flat = " ".join(str(text).split("\n"))
    return _PUNCTUATION.sub(r"\\\1", _SHORTCODE.sub(":" + WORD_JOINER, flat))


def distinct(labels: Mapping[KeyT, str]) -> dict[KeyT, str]:
    """Return labels with equal ones numbered: Streamlit tells the options of a choice apart by what they show."""
    seen: Counter[str] = Counter()
    shown: dict[KeyT, str] = {}
    for key, label in labels.items():
        seen[label] += 1
        shown[key] = label if seen[label] == 1 else f"{label}（{seen[label]}）"
    return shown


def metres(value: float) -> str:
    """Return `1065 米` or `2.4 公里`."""
    return f"{value:.0f} 米" if round(value) < 2000 else f"{value / 1000:.1f} 公里"  # noqa: PLR2004  # officials compare with limits in metres


def minutes(value: float) -> str:
    """Return `5 分钟`; never 0."""
    return f"{max(1, round(value))} 分钟"


def hectares(area_m2: float) -> str:
    """Return an area as `12.3 公顷`, large ones as `1.24 平方公里`."""
    return f"{area_m2 / 1e4:.1f} 公顷" if area_m2 < 1e6 else f"{area_m2 / 1e6:.2f} 平方公里"  # noqa: PLR2004  # m² in km²


def yes_no(value: bool | None, yes: str = "有", no: str = "无") -> str:  # noqa: FBT001  # the value is what is shown
    """Return the word for a fact that may be unknown."""
    return "未登记" if value is None else yes if value else no
