"""What may be committed: our own text, small, and true on every machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
FILE_BYTES = 2_000_000
MACHINE = re.compile(r"/work/|/root/|/home/[a-z]+/|[A-Z]:\\Users\\|\.pyenv")
INDEX = re.compile(r"--(extra-)?index-url|--find-links|files\.pythonhosted|registry\.npm")
FRONT_END = re.compile(r"(^|/)(node_modules|vendor)/|\.min\.(js|css)$|\.(woff2?|ttf|otf|map)$")
SECRETS = re.compile(r"(^|/)(\.pypirc|\.npmrc|pip\.conf|secrets\.toml|id_[a-z0-9]+)$|\.(pem|key|patch|orig|rej)$")


@cache
def committed() -> tuple[Path, ...]:
    """Return the files that git knows; a copy without git has nothing to check."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone")
    git = shutil.which("git") or pytest.skip("git is not installed")
    listed = subprocess.run((git, "ls-files", "-z"), cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / os.fsdecode(name) for name in listed.split(b"\0") if name)
    return tuple(path for path in paths if path.is_file())


def _names(pattern: re.Pattern[str]) -> list[str]:
    names = (path.relative_to(ROOT).as_posix() for path in committed())
    return [name for name in names if pattern.search(name)]


def _mentions(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in committed():
        if path == Path(__file__):
            continue  # the patterns themselves
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture, a workbook, a GBK sample
        name = path.relative_to(ROOT).as_posix()
        found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_file_names_a_machine_path():
    assert _mentions(MACHINE) == []


def test_no_file_names_a_package_index():
    # The Makefile tells the locker to leave them out, which is the point
    assert [line for line in _mentions(INDEX) if not line.startswith("Makefile:")] == []


def test_no_third_party_front_end_is_committed():
    assert _names(FRONT_END) == []


def test_no_credentials_or_leftovers_are_committed():
    assert _names(SECRETS) == []


def test_committed_files_are_small():
    assert [path.name for path in committed() if path.stat().st_size > FILE_BYTES] == []


def _pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line) for line in lines)
    return {match[1].lower().replace("_", "-"): match[2] for match in found if match}


def _wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ;]", line, maxsplit=1)[0].lower() for line in requirements}


def test_every_dependency_is_locked_with_a_hash():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = map(_pins, LOCKS)
    assert _wanted(project["dependencies"]) <= set(run)
    assert _wanted(project["optional-dependencies"]["dev"]) <= set(dev)
    for lock in LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[A-Za-z0-9])", text)[1:])


def test_tests_run_on_the_versions_that_an_office_gets():
    run, dev = map(_pins, LOCKS)
    assert run.items() <= dev.items()
