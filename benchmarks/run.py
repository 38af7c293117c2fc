"""Our planner and its peers side by side: `make bench`, or `python -m benchmarks.run --help`.

One solve at a time, each in a process of its own. Every plan is judged by the same independent checker.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import environments, report
from benchmarks.checker import check
from benchmarks.environments import PEERS, Peer
from benchmarks.goals import judge
from benchmarks.keeping import keep, take_up, without
from benchmarks.measure import ROOT, Limits, run
from benchmarks.model import RULES, load
from benchmarks.others import other_sections
from benchmarks.records import OURS, OURS_AT_ONCE, Case, Record, Results, WorldFacts
from benchmarks.worlds import SIZES

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = ROOT / "var/bench"
KEPT = FOLDER / "results.json"
START_S = 120.0  # how much longer than its limit a process may take: reading, building its model
OTHER_START_S = 60.0  # the same for peers that take no full model; some of them keep no limit at all


@dataclass(frozen=True)
class Block:
    """Worlds of one size under some rules: how many seeds, and how long who may work on each."""

    size: str
    rules: str
    seeds: int
    ours_s: float
    at_once: bool = False
    exact_seeds: int = 0
    other_seeds: int = 0
    peer_s: float = 60.0


FULL = (
    Block("transition", "base", 20, 10, exact_seeds=3, other_seeds=3, peer_s=30),
    Block("street", "base", 15, 60, at_once=True, exact_seeds=3, other_seeds=1, peer_s=120),
    Block("street", "one branch", 2, 58, exact_seeds=1),
    Block("street", "mixing price", 2, 58, exact_seeds=1),
    Block("street", "five branches", 2, 58),
    Block("district", "base", 1, 60, exact_seeds=1, other_seeds=1),
    Block("city", "base", 1, 86, exact_seeds=1, other_seeds=1),
    Block("giant", "base", 1, 290, other_seeds=1),
)
QUICK = (
    Block("transition", "base", 3, 5, other_seeds=3),
    Block("street", "base", 2, 10, at_once=True, other_seeds=2),
    Block("street", "one branch", 1, 10),
    Block("street", "mixing price", 1, 10),
    Block("district", "base", 1, 30, other_seeds=1),
)


def main() -> int:
    """Run what is asked for; 1 when a plan of ours breaks a rule, or a plan beats a bound."""
    given = _arguments()
    FOLDER.mkdir(parents=True, exist_ok=True)
    before, others = take_up(KEPT) if given.keep else (Results(), [])
    results = without(before, {(block.size, block.rules) for block in given.blocks})
    about = report.machine(_prepare(results, given.peers, takes_over=given.keep))
    print(about, flush=True)
    _run_blocks(results, given)
    if given.others:
        others = []
        for section in other_sections(given.files, quick=given.quick):
            others.append(section)
            print(f"\n{section.text}", flush=True)
    goals = [*judge(results), *(goal for section in others for goal in section.goals)]
    summary = f"### Goals\n\n{report.goals_table(goals)}\n"
    print(f"\n{summary}")
    if given.write:
        keep(results, others, KEPT)
        parts = [f"Command: `{_command()}`", about, summary, *report.sections(results)]
        report.write("\n\n".join([*parts, *(section.text for section in others)]))
    sound = [goal for goal in goals if goal.text.startswith(("every plan", "no legal plan"))]
    return 1 if any(goal.is_reached is False for goal in sound) else 0


def _run_blocks(results: Results, given: argparse.Namespace) -> None:
    with TemporaryDirectory(dir=FOLDER) as work:
        for block in given.blocks:
            when = report.stamp()
            for seed in range(1, block.seeds + 1):
                _run_case(results, block, Case(block.size, seed, block.rules), given, (Path(work), when))
            if any((case.size, case.rules) == (block.size, block.rules) for case in results.worlds):
                print(f"\n{report.section(results, block.size, block.rules)}", flush=True)


def _prepare(results: Results, wanted: Sequence[str], *, takes_over: bool) -> dict[str, str]:
    """Make the peers' environments; return what stands in each."""
    about = {}
    for peer in PEERS:
        if peer.name in wanted:
            _say(f"{peer.label}: environment")
            if why := environments.prepare(peer):
                results.missing[peer.name] = why
            about[peer.label] = why or environments.versions(peer)
        elif takes_over and environments.is_ready(peer):
            about[peer.label] = environments.versions(peer)
    return about


def _run_case(results: Results, block: Block, case: Case, given: argparse.Namespace, place: tuple[Path, str]) -> None:
    work, when = place
    world, plan = work / "world.npz", work / "plan.npz"
    _say(f"{case.size} seed {case.seed}, rules {case.rules}: making the world")
    words: list[str | Path] = ["-m", "benchmarks.worlds", case.size, str(case.seed), case.rules, world]
    made = run([sys.executable, *words], Limits(900.0, given.memory_gb * 1024))
    if made.why:
        _say(f"no world: {made.why}")
        results.records.append(Record(case, OURS, "ours", 0.0, why=f"no world: {made.why}"))
        return
    results.worlds[case] = WorldFacts(**json.loads(made.output.splitlines()[-1]), peak_mb=made.peak_mb)
    seconds = given.seconds or block.ours_s
    ours = Peer(OURS, "ours", "", (), "benchmarks.ours")
    todo = [(ours, seconds)]
    if block.at_once:
        todo.append((Peer(OURS_AT_ONCE, "ours, stopped after 1 s", "", (), "benchmarks.ours"), 1.0))
    for peer in PEERS:
        most = block.exact_seeds if peer.is_exact else block.other_seeds if case.rules == "base" else 0
        if peer.name in given.peers and case.seed <= (min(most, given.peer_seeds) if given.peer_seeds else most):
            todo.append((peer, given.peer_seconds or block.peer_s))
    groups = 0
    for peer, limit in todo:
        if peer.name in results.missing:
            record = Record(case, peer.name, peer.label, limit, why=results.missing[peer.name])
        else:
            record = _run_solver(case, (peer, limit, groups), (world, plan), given)
        results.records.append(replace(record, when=when))
        groups = groups or (record.verdict.groups if record.verdict else 0)
        _say(f"  {peer.label}: {record.why or _short(record)}")


def _run_solver(
    case: Case, what: tuple[Peer, float, int], places: tuple[Path, Path], asked: argparse.Namespace
) -> Record:
    (peer, limit, groups), (world, plan) = what, places
    plan.unlink(missing_ok=True)
    words: list[str | Path] = [*peer.words, world, plan, "--seconds", str(limit), "--groups", str(groups)]
    by_cpu = asked.cpu_clock and peer.name in {OURS, OURS_AT_ONCE} and case.size in {"transition", "street"}
    if by_cpu:
        words.append("--cpu-clock")
    start_s = START_S if peer.is_exact or peer.name.startswith(OURS) else OTHER_START_S
    patience = Limits((limit + start_s) * (5 if by_cpu else 1), asked.memory_gb * 1024)
    done = run([environments.python_of(peer), "-m", peer.module, *words], patience)
    if done.why or not plan.exists():
        why = done.why or "no plan"
        return Record(
            case, peer.name, peer.label, limit, why, wall_s=done.wall_s, cpu_s=done.cpu_s, peak_mb=done.peak_mb
        )
    given = load(world)
    with np.load(plan) as file:
        said, verdict, before = json.loads(str(file["said"])), check(given, file["host"]), check(given, file["raw"])
    has_nothing = bool(given.n_arcs) and not verdict.seated and said["bound"] is None
    return Record(
        case,
        peer.name,
        peer.label,
        limit,
        why=said["note"] or f"no plan within {limit:.0f} s" if has_nothing else "",
        note=said["note"],
        verdict=None if has_nothing else verdict,
        before=before,
        is_proven=said["proven"],
        bound=said["bound"],
        bound_seats=said["seats"],
        left_out_m=said["left_out_m"],
        wall_s=said["seconds"]["wall"],
        cpu_s=said["seconds"]["cpu"],
        peak_mb=done.peak_mb,
        seconds=said["seconds"],
        by_cpu=by_cpu,
    )


def _short(record: Record) -> str:
    verdict = record.verdict
    if verdict is None:
        return "no plan"
    gap = "" if record.gap is None else f", gap {record.gap:.3%}"
    broken = f", BREAKS {verdict.breaches}" if verdict.violations else ""
    spent = f"{record.wall_s:.2f} s ({record.cpu_s:.2f} CPU), {record.peak_mb:.0f} MB"
    return f"{verdict.seated} seated, {verdict.cost_m} m{gap}{broken}, {spent}"


def _arguments() -> argparse.Namespace:
    names = [peer.name for peer in PEERS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="small worlds, no peers but the greedy one, under 3 minutes"
    )
    parser.add_argument("--world", action="append", choices=sorted(SIZES), help="only this size (repeat for more)")
    parser.add_argument("--rules", action="append", choices=sorted(RULES), help="only these rules")
    parser.add_argument("--seeds", type=int, default=0, help="so many seeds of each world for us")
    parser.add_argument("--seconds", type=float, default=0.0, help="so long for us on each world")
    parser.add_argument(
        "--cpu-clock", action="store_true", help="our limits on streets in processor seconds, for shared machines"
    )
    parser.add_argument("--peers", default="", help=f"none, all, or some of {','.join(names)}")
    parser.add_argument("--peer-seconds", type=float, default=0.0, help="so long for a peer on each world")
    parser.add_argument("--peer-seeds", type=int, default=0, help="so many seeds of each world for the peers, at most")
    parser.add_argument("--memory-gb", type=float, default=8.0, help="a process that takes more is stopped")
    parser.add_argument(
        "--files", type=Path, default=Path("../shared/data/benchmarks/cpmp"), help="public p-median files"
    )
    parser.add_argument(
        "--no-others", dest="others", action="store_false", help="leave out the public files and the rest"
    )
    parser.add_argument(
        "--keep", action="store_true", help="take over what was measured before of all that is not run now"
    )
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave docs/benchmarks.md as it is")
    given = parser.parse_args()
    blocks = QUICK if given.quick else FULL
    given.blocks = [
        replace(block, seeds=given.seeds or block.seeds)
        for block in blocks
        if block.size in (given.world or SIZES) and block.rules in (given.rules or RULES)
    ]
    asked = given.peers or ("greedy" if given.quick else "all")
    given.peers = {"none": [], "all": names}.get(asked, asked.split(","))
    if unknown := set(given.peers) - set(names):
        parser.error(f"no such peer: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    # a run of some of the worlds is no record of them all, unless it goes with what was measured before
    given.write = given.write and not given.quick and (given.keep or not (given.world or given.rules))
    return given


def _command() -> str:
    return "make bench" + (f' BENCH_ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else "")


_BEGAN = monotonic()


def _say(text: str) -> None:
    print(f"[{monotonic() - _BEGAN:6.0f} s] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
