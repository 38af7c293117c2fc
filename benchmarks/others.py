"""What the command line measures itself: public p-median files, planning again after changes, many streets at once."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.goals import Goal
from benchmarks.measure import Limits, Measured, run
from benchmarks.report import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_MEMORY_MB = 4096.0
#: Public files by name: seconds for each, and how far above the best known value an answer may be.
_PUBLIC = {"pmedcap*.txt": (10, 0.0), "SJC[12].*": (60, 0.0), "SJC[34]*.*": (60, 0.005), "p3038*.*": (120, 0.02)}
_SAME = 1e-6  # values published with two decimals


@dataclass(frozen=True)
class Section:
    """What is printed, and the goals that it settles."""

    text: str
    goals: tuple[Goal, ...] = ()


def other_sections(files: Path, *, quick: bool) -> Iterator[Section]:
    """Run each in turn; what cannot be run is said in its place."""
    yield _public(files, quick=quick)
    if not quick:
        text, said = _document("Planning again after 5 % of the members moved", ["bench", "replan", "--json"], 1200)
        yield Section(text, (_replan_goal(said),))
        words = ["bench", "streets", "--streets", "50", "--workers", "2", "--kill", "--all-members", "--json"]
        text, said = _document("50 streets on 2 workers, one worker killed on the way, then one by one", words, 1800)
        yield Section(text, (_streets_goal(said),))


def _replan_goal(said: Any) -> Goal:  # noqa: ANN401  # any JSON document
    text = "5 % moved: at most 2 changes beyond those forced, at most 1 % more walk than from scratch, 10 seeds"
    if not isinstance(said, list) or not said:
        return Goal(text, "not run", None)
    met = sum(bool(one.get("is_met")) for one in said)
    never = sum(one.get("is_possible") is False for one in said)
    found = f"{met} of {len(said)}" + (f" ({never} proven impossible for any plan)" if never else "")
    return Goal(text, found, met == len(said) if len(said) >= 10 else None)  # noqa: PLR2004  # ten seeds


def _streets_goal(said: Any) -> Goal:  # noqa: ANN401  # any JSON document
    text = "50 streets on 2 workers, one killed: all results, the same as one by one"
    if not isinstance(said, dict):
        return Goal(text, "not run", None)
    streets, results, same = (said.get(name) for name in ("streets", "results", "identical"))
    found = f"{results} of {streets} results, {same} the same, {said.get('killed')} worker killed"
    return Goal(text, found, results == streets == same and bool(said.get("killed")))


def _public(files: Path, *, quick: bool) -> Section:
    title = "### Public capacitated p-median files, in the planner that seats the members"
    rows: list[list[str]] = []
    goals: list[Goal] = []
    for pattern, (seconds, allowed) in _PUBLIC.items():
        found = sorted(files.glob(pattern))[: 3 if quick else None]
        if quick and seconds > min(_PUBLIC.values())[0]:
            continue
        said = {path.name: _file_answer(path, seconds) for path in found}
        rows += [_file_row(name, one, seconds) for name, one in said.items()]
        goals.append(_file_goal(pattern, seconds, allowed, list(said.values())))
    if not rows:
        return Section(f"{title}\n\nNot run: no such files where `--files` points.")
    heads = ("file", "best known", "ours", "off", "bound", "proven", "seconds", "limit s")
    return Section(f"{title}\n\n{table(heads, rows)}\n", () if quick else tuple(goals))


def _file_answer(path: Path, seconds: int) -> dict[str, Any] | str:
    """Return what is said of a file, or why nothing is."""
    done = _jiujin(["bench", "groups", str(path), "--seconds", str(seconds), "--json"], seconds + 60)
    said = _json(done)
    return said[0] if said and not done.why else done.why or "no answer"


def _file_row(name: str, one: dict[str, Any] | str, seconds: int) -> list[str]:
    if isinstance(one, str):
        return [name, one, *["-"] * 5, str(seconds)]
    off = "-" if one["gap_to_best"] is None else f"{one['gap_to_best']:.3%}"
    numbers = ["-" if one[field] is None else f"{one[field]:,.2f}" for field in ("best_known", "objective")]
    proven = "yes" if one["is_proven"] else "no"
    return [name, *numbers, off, f"{one['bound']:,.2f}", proven, f"{one['seconds']:.1f}", str(seconds)]


def _file_goal(pattern: str, seconds: int, allowed: float, said: list[dict[str, Any] | str]) -> Goal:
    near = f"within {allowed:.1%} of" if allowed else "at"
    text = f"public files {pattern}: {near} the best known value in {seconds} s each"
    if not said:
        return Goal(text, "not run: no such file here", None)
    off = [None if isinstance(one, str) else one["gap_to_best"] for one in said]
    met = [gap is not None and gap <= allowed + _SAME for gap in off]
    worst = max((gap for gap in off if gap is not None), default=None)
    return Goal(text, f"{sum(met)} of {len(met)}" + ("" if worst is None else f", worst {worst:+.3%}"), all(met))


def _document(title: str, words: Sequence[str], seconds: float) -> tuple[str, Any]:
    """Run a command that prints one JSON document; return its plain figures set out, and the document."""
    done = _jiujin(words, seconds)
    text = f"### {title}\n\n`jiujin {' '.join(words)}`, {done.wall_s:.0f} s, {done.peak_mb:,.0f} MB\n"
    said = _json(done)
    if said is None:
        why = "this version has no such command" if "No such command" in done.output else done.why or "no answer"
        return f"{text}\nNot run: {why}.\n", None
    rows = said if isinstance(said, list) else said.get("rows") or said.get("runs") or [said]
    plain = [{name: value for name, value in row.items() if not isinstance(value, list | dict)} for row in rows]
    if len(plain) == 1:
        figures = [(name, _word(value)) for name, value in plain[0].items()]
        return f"{text}\n{table(('figure', 'value'), figures)}\n", said
    lines = [[_word(row.get(name)) for name in plain[0]] for row in plain]
    return f"{text}\n{table(list(plain[0]), lines)}\n", said


def _word(value: object) -> str:
    return "-" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _jiujin(words: Sequence[str], seconds: float) -> Measured:
    return run([sys.executable, "-m", "gis", *words], Limits(seconds, _MEMORY_MB))


def _json(done: Measured) -> Any:  # noqa: ANN401  # any JSON document
    """Read the document that ends the output; progress lines may stand before it."""
    lines = done.output.splitlines()
    for at, line in enumerate(lines):
        if line.startswith(("{", "[")):
            try:
                return json.loads("\n".join(lines[at:]))
            except json.JSONDecodeError:
                continue
    return None
