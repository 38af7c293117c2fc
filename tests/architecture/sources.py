"""The product's own source, parsed once: what the architecture tests look at."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


def product_files() -> list[Path]:
    """Return every Python file that an office runs."""
    return [ROOT / "streamlit_app.py", *python_files("gis"), *python_files("pages")]


def python_files(folder: str) -> list[Path]:
    """Return the Python files under a folder, in a fixed order."""
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    """Return `gis/model/ids.py:12`, for messages."""
    return f"{relative(path)}:{getattr(node, 'lineno', 1)}"


def relative(path: Path) -> str:
    """Return the path as the repository writes it."""
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Yield every module that a file imports, wherever the statement stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield every call in a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    """Return `np.random.default_rng` for such an expression, "" for anything that is not a dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted(node.value)):
        return f"{left}.{node.attr}"
    return ""
