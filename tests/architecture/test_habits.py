"""Habits that a reviewer would otherwise have to look for: no swallowed bugs, no markup from data, small pieces."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.architecture.sources import calls, dotted, place, product_files, relative, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE_LINES = 400
BODY_LINES = 40
#: Larger pieces, each with its reason
LARGE_MODULES: dict[str, str] = {
    "gis/store/migrations/versions/0001_spine.py": "a record of the first tables, written out and never edited again",
}
LARGE_BODIES: dict[str, str] = {}

TEXT_ARGUMENTS = {"tooltip", "popup"}
#: folium writes these arguments into the page as markup or script (docs/decisions/005)
MARKUP_CALLS = {"DivIcon", "Popup", "Tooltip", "GeoJsonTooltip", "GeoJsonPopup"}
CATCH_ALL = {"Exception", "BaseException"}


def test_nothing_catches_everything():
    found = [
        place(path, node)
        for path in product_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node.type)
    ]
    assert found == []


def _catches_everything(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(dotted(name) in CATCH_ALL for name in names)


def test_no_text_from_data_becomes_markup():
    found = [
        f"{place(path, call)} {dotted(call.func)}"
        for path in product_files()
        for call in calls(path)
        if any(keyword.arg == "unsafe_allow_html" for keyword in call.keywords) or _writes_data_as_markup(call)
    ]
    assert found == []


def _writes_data_as_markup(call: ast.Call) -> bool:
    arguments = [keyword.value for keyword in call.keywords if keyword.arg in TEXT_ARGUMENTS]
    if dotted(call.func).rpartition(".")[2] in MARKUP_CALLS:
        arguments += [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(not isinstance(argument, ast.Constant) for argument in arguments)


def test_modules_are_small():
    sizes = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in product_files()}
    assert {name: size for name, size in sizes.items() if size > MODULE_LINES and name not in LARGE_MODULES} == {}
    assert [name for name in LARGE_MODULES if sizes.get(name, 0) <= MODULE_LINES] == []


def test_bodies_are_small():
    sizes = dict(_bodies())
    assert {name: size for name, size in sizes.items() if size > BODY_LINES and name not in LARGE_BODIES} == {}
    assert [name for name in LARGE_BODIES if sizes.get(name, 0) <= BODY_LINES] == []


def _bodies() -> Iterator[tuple[str, int]]:
    """Yield `gis/cli/main.py run` and the number of lines below its docstring."""
    for path in product_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{relative(path)} {node.name}", _body_lines(node)


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_room_for_leftovers():
    names: set[Path] = {path for path in product_files() if path.stem in {"utils", "util", "helpers", "misc"}}
    assert names == set()


def test_no_message_quotes_the_system_in_its_own_language():
    quoting = [
        place(path, node)
        for path in product_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "strerror"
    ]
    assert quoting == []  # gis.errors.system_reason says it in Chinese
