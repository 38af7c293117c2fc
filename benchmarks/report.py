"""Tables of a run, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import ROOT
from benchmarks.model import RULES
from benchmarks.records import OURS, OURS_AT_ONCE, Record, Results, middle, paired

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.goals import Goal

START, END = "<!-- measured: start -->", "<!-- measured: end -->"
DOCUMENT = ROOT / "docs/benchmarks.md"
HEAD = (
    "solver",
    "seeds",
    "seated",
    "broken rules",
    "before repair",
    "mean walk m",
    "longest m",
    "groups",
    "off the bound",
    "proven",
    "wall s",
    "CPU s",
    "memory MB",
    "CPU / ours",
    "memory / ours",
)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table that reads well in a terminal and in Markdown."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([texts[0], rule, *texts[1:]])


def section(results: Results, size: str, rules: str) -> str:
    """Return the table of one size under some rules; ours once more on the peers' seeds where these are fewer."""
    solvers = list(dict.fromkeys(record.solver for record in results.of(size, rules)))
    rows, ours = [], results.of(size, rules, OURS)
    fewest = {r.case for r in results.of(size, rules) if r.solver not in {OURS, OURS_AT_ONCE, "greedy"}}
    for name in solvers:
        runs = results.of(size, rules, name)
        rows.append(_row(results, ours, runs))
        if name == OURS and fewest and fewest < {run.case for run in runs}:
            rows.append(_row(results, ours, [run for run in runs if run.case in fewest]))
    when = ", ".join(dict.fromkeys(record.when for record in results.of(size, rules) if record.when))
    return f"### {_title(results, size, rules)}\n\n{table(HEAD, rows)}\n\n{when}\n"


def sections(results: Results) -> list[str]:
    """Return the tables of all sizes and rules that were run, small worlds first."""
    found = {(case.size, case.rules): facts.n_members for case, facts in results.worlds.items()}
    order = sorted(found, key=lambda key: (found[key], key[0], list(RULES).index(key[1])))
    return [section(results, *key) for key in order]


def stamp() -> str:
    """Say when, on which version and how loaded a machine something is measured."""
    day = datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"measured {day}, commit {_commit()}, load {os.getloadavg()[0]:.1f}"


def _commit() -> str:
    return _output("git", "rev-parse", "--short", "HEAD")


def _title(results: Results, size: str, rules: str) -> str:
    facts = next(fact for case, fact in results.worlds.items() if (case.size, case.rules) == (size, rules))
    made = max(f.distance_seconds for case, f in results.worlds.items() if (case.size, case.rules) == (size, rules))
    return (
        f"{size}: {facts.n_members:,} x {facts.n_hosts:,}, rules: {rules} "
        f"({facts.n_arcs:,} walks within the limits, measured in {made:.1f} s)"
    )


def _row(results: Results, ours: Sequence[Record], runs: Sequence[Record]) -> list[str]:
    label, good = runs[0].label, [run for run in runs if run.verdict]
    seeds = _seeds([run.case.seed for run in runs])
    if not good:
        return [label, seeds, runs[0].why, *["-"] * (len(HEAD) - 3)]
    verdicts = [run.verdict for run in good if run.verdict]
    note = f" ({runs[0].note})" if runs[0].note and len(runs) == 1 else ""
    before = [run.before.violations for run in good if run.before]
    return [
        label + note,
        seeds if len(good) == len(runs) else f"{seeds} ({len(runs) - len(good)}: {_first_why(runs)})",
        f"{sum(v.seated for v in verdicts):,} of {sum(v.members for v in verdicts):,}",
        f"{sum(v.violations for v in verdicts):,}",
        f"{sum(before):,}" if before else "-",
        f"{middle(v.mean_walk_m for v in verdicts):.0f}",
        f"{max(v.longest_walk_m for v in verdicts):.0f}",
        f"{sum(v.groups for v in verdicts):,}",
        _off(results, good),
        _proof(good),
        _spread([run.wall_s for run in good]),
        _spread([run.cpu_s for run in good]),
        f"{max(run.peak_mb for run in good):,.0f}",
        _times(paired(ours, good, lambda run: run.cpu_s)),
        _times(paired(ours, good, lambda run: run.peak_mb)),
    ]


def _first_why(runs: Sequence[Record]) -> str:
    return next(run.why for run in runs if run.why)


def _seeds(seeds: Sequence[int]) -> str:
    return f"{min(seeds)}-{max(seeds)}" if len(seeds) > 1 else str(seeds[0])


def _off(results: Results, runs: Sequence[Record]) -> str:
    """Say how far the plans are from what is proven by anybody: seats first, then metres."""
    seats, worst, known = 0, 0.0, False
    for run in runs:
        best = results.best_bound(run.case)
        if run.verdict is None or best is None:
            continue
        known = True
        seats += max(0, best[0] - run.verdict.seated)
        if run.verdict.seated >= best[0]:
            worst = max(worst, (run.verdict.cost_m - best[1]) / max(run.verdict.cost_m, 1))
    if not known:
        return "-"
    return f"{seats:,} seats" if seats else f"{max(0.0, worst):.3%}"


def _proof(runs: Sequence[Record]) -> str:
    if all(run.bound is None for run in runs):
        return "no bound"
    proven, worst = sum(run.is_proven for run in runs), max(run.gap or 0.0 for run in runs)
    return f"{proven} of {len(runs)}" if proven == len(runs) else f"{proven} of {len(runs)}, gap {worst:.3%}"


def _spread(values: Sequence[float]) -> str:
    half, most = middle(values), max(values)
    return f"{half:.2f}" if len(values) == 1 else f"{half:.2f} (max {most:.2f})"


def _times(ratios: Sequence[float]) -> str:
    return f"{middle(ratios):.2g}" if ratios and middle(ratios) < 10 else f"{middle(ratios):,.0f}" if ratios else "-"  # noqa: PLR2004


def goals_table(goals: Sequence[Goal]) -> str:
    """Return the goals with what was found."""
    words = {True: "reached", False: "NOT reached", None: "-"}
    return table(("goal", "found", ""), [(goal.text, goal.found, words[goal.is_reached]) for goal in goals])


def machine(versions: dict[str, str]) -> str:
    """Describe the machine and the packages of a run."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("highspy", "numpy", "scipy"))
    lines = [
        f"- machine: {_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB, {platform.system()}",
        f"- Python {platform.python_version()}, ours: {packages}, commit {_commit()}",
        f"- load before the run (1, 5, 15 minutes): {', '.join(f'{load:.2f}' for load in os.getloadavg())}",
        *(f"- {label}: {text}" for label, text in versions.items()),
    ]
    return "\n".join(lines)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    found = next((line.partition(":")[2].strip() for line in names if line.startswith("model name")), "")
    return found or platform.processor() or platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # fixed words
    return done.stdout.strip() or "unknown"


def write(text: str, path: Path = DOCUMENT) -> None:
    """Put the measured part into the document; what a person wrote around it stays."""
    old = path.read_text(encoding="utf-8") if path.exists() else f"# Benchmarks\n\n{START}\n{END}\n"
    if START not in old or END not in old:
        old = f"{old.rstrip()}\n\n{START}\n{END}\n"
    before, _, rest = old.partition(START)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{START}\n\n{text.strip()}\n\n{END}{after}", encoding="utf-8")
