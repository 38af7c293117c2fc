"""What the planner must reach, each judged from the records of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.records import OURS, OURS_AT_ONCE, Record, Results, middle, paired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BRANCH_RULES = ("one branch", "mixing price", "five branches")
MB_PER_GB = 1024
FREE = 0.85  # of a processor; whoever gets less was held up by other work


@dataclass(frozen=True)
class Goal:
    """One goal: what was asked, what was found, and whether it is reached; None when the run does not tell."""

    text: str
    found: str
    is_reached: bool | None


def judge(results: Results) -> list[Goal]:
    """Judge all goals."""
    return [goal for rule in _GOALS for goal in rule(results)]


def _missing(text: str) -> Goal:
    return Goal(text, "not run", None)


def _transition(results: Results) -> Iterator[Goal]:
    text, runs = "130 x 30: proven within 0.2 s on each of 20 seeds", results.of("transition", "base", OURS)
    yield _proven_within(text, runs, 0.2, 20) if runs else _missing(text)


def _proven_within(text: str, runs: Sequence[Record], seconds: float, seeds: int) -> Goal:
    slowest = max(run.spent_s for run in runs)
    proven = sum(run.is_proven for run in runs)
    found = f"proven {proven} of {len(runs)}, slowest {slowest:.2f} s{_share(runs)}"
    return Goal(text, found, None if len(runs) < seeds else proven == len(runs) and slowest <= seconds)


def _street(results: Results) -> Iterator[Goal]:
    text, runs = "1,366 x 120: gap at most 1 % within 1 s, 15 seeds", results.of("street", "base", OURS_AT_ONCE)
    if runs:
        worst = max(_gap(run) for run in runs)
        found = f"worst gap {worst:.3%} after {max(run.spent_s for run in runs):.2f} s at most{_share(runs)}"
        slow = any(run.spent_s > 1.5 for run in runs)  # noqa: PLR2004  # reading and checking the arrays included
        yield Goal(text, found, None if len(runs) < 15 else worst <= 0.01 and not slow)  # noqa: PLR2004
    else:
        yield _missing(text)
    text, runs = (
        "1,366 x 120: proven, median at most 3 s, slowest at most 20 s, 15 seeds",
        results.of("street", "base", OURS),
    )
    if not runs:
        yield _missing(text)
        return
    proven, half = sum(run.is_proven for run in runs), middle(run.spent_s for run in runs)
    slowest = max(run.spent_s for run in runs)
    found = f"proven {proven} of {len(runs)}, median {half:.2f} s, slowest {slowest:.2f} s{_share(runs)}"
    is_reached = proven == len(runs) and half <= 3 and slowest <= 20  # noqa: PLR2004  # the goal's own numbers
    yield Goal(text, found, None if len(runs) < 15 else is_reached)  # noqa: PLR2004


def _ratios(results: Results) -> Iterator[Goal]:
    ours = [run for run in results.of("street", "base", OURS) if run.is_proven]
    text = "time to proof at most 1/5 of the full model in HiGHS (processor seconds, median of seeds)"
    theirs = results.of("street", "base", "highs")
    yield _faster(text, ours, theirs, 5.0)
    text = "time to proof at most 1/2 of the better of SCIP and CBC (processor seconds, median of seeds)"
    both = [results.of("street", "base", name) for name in ("scip", "cbc")]
    best = [min(pair, key=_to_proof) for pair in zip(*both, strict=False)] if all(both) else []
    yield _faster(text, ours, best, 2.0)


def _to_proof(run: Record) -> float:
    return run.cpu_s if run.is_proven else max(run.cpu_s, run.limit_s)


def _faster(text: str, ours: Sequence[Record], theirs: Sequence[Record], times: float) -> Goal:
    ratios = paired(ours, [run for run in theirs if run.cpu_s], _to_proof)
    if not ratios:
        return _missing(text)
    stopped = sum(not run.is_proven for run in theirs)
    found = "peer / ours " + ", ".join(f"{ratio:.1f}" for ratio in ratios)
    found += f" ({stopped} of them without a proof when stopped)" if stopped else ""
    return Goal(text, found, middle(ratios) >= times)


def _branches(results: Results) -> Iterator[Goal]:
    for rules in BRANCH_RULES:
        text, runs = (
            f"1,366 x 120 with branch rules on ({rules}): gap at most 0.1 % in 60 s",
            results.of("street", rules, OURS),
        )
        yield _gap_within(text, runs, 0.001, 60, None) if runs else _missing(text)


def _gap_within(text: str, runs: Sequence[Record], gap: float, seconds: float, gigabytes: float | None) -> Goal:
    worst, slowest = max(_gap(run) for run in runs), max(run.spent_s for run in runs)
    peak = max(run.peak_mb for run in runs)
    found = f"gap {worst:.4%}{_open(runs)} in {slowest:.1f} s, {peak / MB_PER_GB:.2f} GB{_share(runs)}"
    is_small = gigabytes is None or peak <= gigabytes * MB_PER_GB
    return Goal(text, found, worst <= gap and slowest <= seconds and is_small)


def _gap(run: Record) -> float:
    return 1.0 if run.gap is None else run.gap


def _share(runs: Sequence[Record]) -> str:
    """Say how much of a processor the runs got, where others took much of it."""
    share = sum(run.cpu_s for run in runs) / max(sum(run.wall_s for run in runs), 1e-9)
    if share >= FREE:
        return ""
    counted = "; processor seconds" if runs[0].by_cpu else ""
    return f" (a shared machine: {share:.0%} of a processor{counted})"


def _open(runs: Sequence[Record]) -> str:
    seats = sum(run.seats_open or 0 for run in runs)
    return f" (of the members: {seats} seats not settled)" if seats else ""


def _district(results: Results) -> Iterator[Goal]:
    text, runs = "20,000 x 1,500: proven within 30 s", results.of("district", "base", OURS)
    yield _proven_within(text, runs, 30.0, 1) if runs else _missing(text)
    if runs and not all(run.is_proven for run in runs):
        yield Goal("20,000 x 1,500: gap when it was stopped", f"{max(map(_gap, runs)):.4%}{_open(runs)}", None)


def _city(results: Results) -> Iterator[Goal]:
    text, runs = "200,000 x 15,000: gap at most 0.1 % in 90 s, 1 GB", results.of("city", "base", OURS)
    yield _gap_within(text, runs, 0.001, 90, 1.0) if runs else _missing(text)
    text = "200,000 x 15,000: all walks measured in 20 s, 1 GB"
    facts = [fact for case, fact in results.worlds.items() if case.size == "city"]
    if facts:
        slowest, peak = max(fact.distance_seconds for fact in facts), max(fact.peak_mb for fact in facts)
        found = f"{slowest:.1f} s, {peak / MB_PER_GB:.2f} GB"
        yield Goal(text, found, slowest <= 20 and peak <= MB_PER_GB)  # noqa: PLR2004  # the goal's own numbers
    else:
        yield _missing(text)


def _giant(results: Results) -> Iterator[Goal]:
    text = "200,000 x 15,000 in one connected piece: gap at most 0.2 % in 300 s, 2.5 GB"
    runs = results.of("giant", "base", OURS)
    yield _gap_within(text, runs, 0.002, 300, 2.5) if runs else _missing(text)


def _sound(results: Results) -> Iterator[Goal]:
    runs = [run for run in results.records if run.solver in {OURS, OURS_AT_ONCE}]
    fine = sum(run.verdict is not None and not run.verdict.violations for run in runs)
    yield Goal("every plan of ours passes the checker", f"{fine} of {len(runs)}", fine == len(runs) if runs else None)
    against = results.contradictions()
    found = "; ".join(against) if against else "none"
    yield Goal("no legal plan of any solver beats a proven bound", f"contradictions: {found}", not against)


_GOALS: tuple[Callable[[Results], Iterator[Goal]], ...] = (
    _transition,
    _street,
    _ratios,
    _branches,
    _district,
    _city,
    _giant,
    _sound,
)
