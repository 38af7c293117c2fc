"""The measurement from beginning to end: a made-up street, two servers, a browser, many sessions."""

from __future__ import annotations

import os
import platform
from contextlib import closing
from dataclasses import dataclass, field
from statistics import quantiles
from time import monotonic
from typing import TYPE_CHECKING

from benchmarks.map import browser as b
from benchmarks.map.server import Server, running, sign_in
from benchmarks.map.sessions import Crowd, crowd
from benchmarks.map.world import Size, degrees, fill, footprints
from gis.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

LARGE = 50_000  # buildings from which the larger allowance holds
RESTARTS = 3


@dataclass(frozen=True)
class Wanted:
    """What is asked."""

    buildings: int
    members: int
    grids: int
    sessions: int
    rounds: int = 5


@dataclass(frozen=True)
class Goal:
    """One figure beside what it is to reach."""

    name: str
    value: float
    limit: float
    unit: str
    is_met: bool


@dataclass
class Found:
    """Medians in milliseconds unless the name says otherwise; `goals` in the order of the text."""

    wanted: Wanted
    machine: dict[str, str | float]
    fill_s: float = 0.0
    start_s: float = 0.0
    empty_cold: float = 0.0
    empty_warm: float = 0.0
    map_cold: float = 0.0
    map_warm: float = 0.0
    empty_rerun: float = 0.0
    map_rerun: float = 0.0
    click_to_card: float = 0.0
    bytes_a_rerun: int = 0
    empty_bytes_a_rerun: int = 0
    worst_frame: float = 0.0
    p95_frame: float = 0.0
    heap_mb: float = 0.0
    first_after_restart: float = 0.0
    second_after_restart: float = 0.0
    crowd: Crowd | None = None
    goals: list[Goal] = field(default_factory=list)
    raw: dict[str, list[float]] = field(default_factory=dict)


def measure(wanted: Wanted, folder: Path, say: Callable[[str], None]) -> Found:
    """Measure everything that is asked, in a folder of its own."""
    found = Found(wanted, _machine())
    db_url = f"sqlite:///{folder / 'jiujin.db'}"
    say(f"建立虚构街道：楼栋 {wanted.buildings}、党员 {wanted.members}、网格 {wanted.grids}")
    began = monotonic()
    with closing(Store.open(db_url)) as store:
        fill(store, Size(wanted.buildings, wanted.members, wanted.grids))
    found.fill_s = round(monotonic() - began, 1)
    with b.chromium() as chromium:
        with running(db_url, folder / "map") as full, running(db_url, folder / "empty", with_map=False) as empty:
            found.start_s = round(full.started_s, 1)
            token = sign_in(full)
            _draws(chromium, (empty, full), token, found, say)
            _use(chromium, (empty, full), token, found, say)
        _restarts(chromium, db_url, folder, found, say)
    if wanted.sessions:
        say(f"{wanted.sessions} 个会话")
        with running(db_url, folder / "map") as full:
            found.crowd = crowd(full, sign_in(full), wanted.sessions)
    found.goals = goals(found)
    return found


def _machine() -> dict[str, str | float]:
    load = round(os.getloadavg()[0], 1)
    return {"cores": float(os.cpu_count() or 1), "python": platform.python_version(), "load_before": load}


def _draws(
    chromium: Browser, servers: tuple[Server, Server], token: str, found: Found, say: Callable[[str], None]
) -> None:
    """Draw in turn without and with the map: in a new profile, then again in the same one."""
    draws = (b.Draws(), b.Draws())
    for number in range(found.wanted.rounds + 1):
        say(f"首次绘制 {number}/{found.wanted.rounds}")
        for with_map, (server, into) in enumerate(zip(servers, draws, strict=True)):
            context = b.profile(chromium, server, token)
            page = context.new_page()
            cold, warm = (b.draw(page, server, with_map=bool(with_map)) for _ in range(2))
            context.close()
            if number:  # the first round warms servers and browser
                into.cold.append(cold)
                into.warm.append(warm)
    empty, full = draws
    found.raw |= {"empty_cold": empty.cold, "empty_warm": empty.warm, "map_cold": full.cold, "map_warm": full.warm}
    found.empty_cold, found.empty_warm = b.middle(empty.cold), b.middle(empty.warm)
    found.map_cold, found.map_warm = b.middle(full.cold), b.middle(full.warm)


def _use(
    chromium: Browser, servers: tuple[Server, Server], token: str, found: Found, say: Callable[[str], None]
) -> None:
    """Filter on both pages in turn, then click and drag on the map."""
    say("筛选、点击、拖动")
    pages, reruns = [], (b.Reruns(), b.Reruns())
    contexts = [b.profile(chromium, server, token) for server in servers]
    for with_map, (context, server) in enumerate(zip(contexts, servers, strict=True)):
        page = context.new_page()
        session = context.new_cdp_session(page)
        traffic = b.Traffic(session)
        b.draw(page, server, with_map=bool(with_map))
        pages.append((page, session, traffic))
    for number in range(len(b.STATES) * (found.wanted.rounds + 1)):  # the first turn warms up
        for (page, _, traffic), into in zip(pages, reruns, strict=True):
            ms, size = b.rerun(page, traffic, b.STATES[number % len(b.STATES)])
            if number >= len(b.STATES):
                into.ms.append(ms)
                into.bytes.append(size)
    found.raw |= {"empty_rerun": reruns[0].ms, "map_rerun": reruns[1].ms}
    found.empty_rerun, found.map_rerun = b.middle(reruns[0].ms), b.middle(reruns[1].ms)
    found.empty_bytes_a_rerun, found.bytes_a_rerun = max(reruns[0].bytes), max(reruns[1].bytes)
    page, session, _ = pages[1]
    clicks = [b.click_building(page, *spot) for spot in _spots(found.wanted)]
    found.raw["click_to_card"], found.click_to_card = clicks, b.middle(clicks)
    frames = sorted(b.drag(page))
    found.worst_frame, found.p95_frame = round(frames[-1], 1), round(quantiles(frames, n=20)[-1], 1)
    found.heap_mb = round(b.heap_mb(session), 1)
    for context in contexts:
        context.close()


def _spots(wanted: Wanted) -> list[tuple[float, float]]:
    """Return the middles of some buildings of the made-up street, which the seed makes again."""
    import numpy as np  # noqa: PLC0415  # beside its only use

    _, at = footprints(wanted.buildings, np.random.default_rng(Size(0, 0, 0).seed))
    step = max(1, wanted.buildings // (wanted.rounds + 2))
    return [(float(x), float(y)) for x, y in degrees(at[step::step][: wanted.rounds])]


def _restarts(chromium: Browser, db_url: str, folder: Path, found: Found, say: Callable[[str], None]) -> None:
    """Start the server anew: the first user's wait beside the second's, each in a new profile."""
    first: list[float] = []
    second: list[float] = []
    for number in range(RESTARTS):
        say(f"重新启动 {number + 1}/{RESTARTS}")
        with running(db_url, folder / "map") as server:
            token = sign_in(server)
            for into in (first, second):
                context = b.profile(chromium, server, token)
                into.append(b.draw(context.new_page(), server, with_map=True))
                context.close()
    found.raw |= {"first_after_restart": first, "second_after_restart": second}
    found.first_after_restart, found.second_after_restart = b.middle(first), b.middle(second)


def goals(found: Found) -> list[Goal]:
    """Return what issue 6 asks, each with its figure."""
    allowance = 1200.0 if found.wanted.buildings >= LARGE else 700.0
    rows = [
        ("热缓存首次绘制，比无地图的同一页多", found.map_warm - found.empty_warm, allowance, "毫秒"),
        ("筛选后重画，比无地图的同一页多", found.map_rerun - found.empty_rerun, 100.0, "毫秒"),
        ("点击到卡片", found.click_to_card, 400.0, "毫秒"),
        ("每次重跑传输", float(found.bytes_a_rerun), 10_240.0, "字节"),
    ]
    if found.crowd is not None:
        rows += [
            ("每多一个会话", found.crowd.mb_a_session, 2.0, "MB"),
            (f"{found.crowd.sessions} 个会话，重跑中位数", found.crowd.p50_ms, 60.0, "毫秒"),
            (f"{found.crowd.sessions} 个会话，重跑第 95 百分位", found.crowd.p95_ms, 200.0, "毫秒"),
        ]
    return [Goal(name, round(value, 2), limit, unit, value <= limit) for name, value, limit, unit in rows]
