"""A page opens with its own guard: Streamlit may run it without the entry script (docs/decisions/005)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from gis.model.access import Action
from tests.architecture.sources import product_files, python_files, relative, tree

if TYPE_CHECKING:
    from pathlib import Path

STATE_OWNER = "gis/ui/session.py"
ENTRY_LINES = 40


def test_there_are_pages():
    assert python_files("pages") != []


@pytest.mark.parametrize("path", python_files("pages"), ids=lambda path: path.stem)
def test_a_page_opens_with_its_guard(path: Path):
    first = next(node for node in tree(path).body if not _is_preamble(node))
    said = ast.unparse(first).replace("'", '"')
    allowed = {f'actor = session.open_page("{relative(path)}", Action.{action.name})' for action in Action}
    assert said in allowed


def _is_preamble(node: ast.stmt) -> bool:
    """Whether a statement is the docstring, an import, or imports for the type checker."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING" and all(map(_is_preamble, node.body)) and not node.orelse
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_no_page_imports_another():
    names = {path.stem for path in python_files("pages")}
    text = {path.stem: ast.unparse(tree(path)) for path in python_files("pages")}
    assert [stem for stem, code in text.items() if any(f"pages.{name}" in code for name in names)] == []


def test_session_state_has_one_owner():
    users = {
        relative(path)
        for path in product_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "session_state"
    }
    assert users <= {STATE_OWNER}


def test_the_entry_stays_small():
    entry = next(path for path in product_files() if path.name == "streamlit_app.py")
    assert len(entry.read_text(encoding="utf-8").splitlines()) <= ENTRY_LINES
