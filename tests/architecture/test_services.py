"""A service is something that a user does: who does it comes first, and every argument says what it is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.architecture.sources import dotted, place, python_files, relative, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPENERS = {"reading", "writing"}
#: Services without an actor, each with its reason
NO_ACTOR: dict[str, str] = {
    "accounts.sign_in": "finds out who the actor is",
    "accounts.account_for_token": "finds out who the actor is",
    "accounts.actor_for_token": "finds out who the actor is",
    "accounts.ensure_administrator": "the first start, before anybody exists",
    "displays.display_for_token": "finds out which screen it is",
}
#: Services that need no permission, each with its reason
NO_GATE: dict[str, str] = {
    "accounts.sign_out": "one's own session",
    "accounts.change_password": "one's own password, which is asked for",
    "accounts.create_demo_accounts": "the operator at the server, on a made-up street",
}
#: Functions that open the store for nobody, each with its reason
OPENS_FOR_NOBODY: dict[str, str] = {
    "accounts.sign_in": "finds out who the actor is",
    "accounts.account_for_token": "finds out who the actor is",
    "accounts.ensure_administrator": "the first start, before anybody exists",
    "displays.display_for_token": "finds out which screen it is",
    "accounts._demo": "accounts that only a made-up street has, for create_demo_accounts",
}


def _public_functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in python_files("gis/services"):
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield path, node


def _services() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Yield the functions that are given the store; the others work on what a service read, under its scope."""
    return ((path, function) for path, function in _public_functions() if "store" in _arguments(function))


def _name(path: Path, function: ast.FunctionDef) -> str:
    return f"{relative(path).removeprefix('gis/services/').removesuffix('.py')}.{function.name}"


def test_there_are_services():
    assert next(_services(), None) is not None


def test_the_actor_comes_first():
    found = [
        f"{place(path, function)} {_name(path, function)}"
        for path, function in _services()
        if _name(path, function) not in NO_ACTOR and not _starts_with_actor(function)
    ]
    assert found == []


def _starts_with_actor(function: ast.FunctionDef) -> bool:
    first = [*function.args.posonlyargs, *function.args.args][:1]
    return bool(first) and first[0].arg == "actor" and first[0].annotation is not None


def test_every_service_asks_the_gate():
    found = [
        f"{place(path, function)} {_name(path, function)}"
        for path, function in _services()
        if _name(path, function) not in {*NO_ACTOR, *NO_GATE} and not _hands_on_actor(function)
    ]
    assert found == []


def _hands_on_actor(function: ast.FunctionDef) -> bool:
    """Whether the body calls `require(actor, …)`, or another service that does."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and dotted(node.func).rpartition(".")[2] not in OPENERS
        and any(isinstance(argument, ast.Name) and argument.id == "actor" for argument in node.args)
        for node in ast.walk(function)
    )


def test_whoever_opens_the_store_knows_for_whom():
    found = [
        f"{place(path, function)} {_name(path, function)}"
        for path in python_files("gis/services")
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef) and _opens(function)
        if _name(path, function) not in OPENS_FOR_NOBODY and "actor" not in _arguments(function)
    ]
    assert found == []


def test_screens_leave_opening_the_store_to_the_services():
    found = [relative(path) for folder in ("gis/ui", "pages") for path in python_files(folder) if _opens(tree(path))]
    assert found == []


def _opens(code: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OPENERS
        for node in ast.walk(code)
    )


def _arguments(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}


def test_every_argument_and_result_is_annotated():
    found = [
        place(path, function)
        for path, function in _public_functions()
        if function.returns is None
        or any(argument.annotation is None for argument in (*function.args.args, *function.args.kwonlyargs))
    ]
    assert found == []


def test_every_exception_to_the_rule_is_still_needed():
    names = {_name(path, function): function for path, function in _services()}
    assert [name for name in NO_ACTOR if name not in names or _starts_with_actor(names[name])] == []
