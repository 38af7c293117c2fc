"""Documentation is tested: what can be set or said has its heading, and what is linked exists."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from inspect import getsource
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import typer

from gis import config
from gis.model.settings import setting_specs
from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


GUIDE = ROOT / "docs/guide"
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9][0-9][0-9]-*.md"))
FRAGMENTS = ROOT / "changelog.d"
#: What a user would call the parts of the product: each has said at least once what changed for its users
AREAS = ("access", "cards", "cli", "groups", "house", "import", "map", "sample", "store", "visits", "walking")


@cache
def _headings() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(GUIDE.glob("*.md")))
    return {line.lstrip("# ").strip().strip("`") for line in text.splitlines() if line.startswith("#")}


def test_every_setting_has_a_heading():
    variables = set(re.findall(r'"(JIUJIN_[A-Z_]+)"', getsource(config)))
    assert len(variables) == len(fields(config.Settings))
    assert variables - _headings() == set()


def test_every_default_that_an_office_may_change_is_documented_as_it_is():
    text = (GUIDE / "settings.md").read_text(encoding="utf-8")
    rows = [f"| `{one.key}` | {one.label} | {one.default:g} {one.unit}".rstrip() for one in setting_specs()]
    assert [row for row in rows if row not in text] == []


def test_every_command_has_a_heading():
    from gis.cli.main import app  # noqa: PLC0415  # the command line imports the whole product

    assert {f"jiujin {name}" for name in _commands(typer.main.get_command(app))} - _headings() == set()


def _commands(command: Any, prefix: str = "") -> Iterator[str]:
    children = getattr(command, "commands", {})
    for name, child in children.items():
        if not child.hidden:
            yield from _commands(child, f"{prefix} {name}".strip())
    if not children:
        yield prefix


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_with_its_three_parts(path: Path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 80


def test_decisions_are_numbered_without_gaps():
    assert [int(path.name[:3]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "README.zh-CN.md"], ids=lambda path: path.name)
def test_a_readme_opens_with_a_sentence_and_the_two_commands(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[2].strip()
    assert text.index("make demo") < text.index("\n## ", text.index("make demo"))
    assert "make test" in text


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").glob("*.md"))
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
        if not urlsplit(target).scheme and not target.startswith("#")
        if not (path.parent / urlsplit(target).path).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("area", AREAS)
def test_every_area_has_told_its_users_what_changed(area: str):
    fragments = sorted(FRAGMENTS.glob(f"{area}.*.md"))
    assert fragments
    assert all(fragment.read_text(encoding="utf-8").strip() for fragment in fragments)


def test_every_fragment_belongs_to_an_area():
    assert {path.name.partition(".")[0] for path in FRAGMENTS.glob("*.md")} - {"README"} <= set(AREAS)
