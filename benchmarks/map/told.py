"""The measurement as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.map.run import Found


def lines(found: Found) -> list[str]:
    """Return what was measured and whether each goal is reached."""
    wanted = found.wanted
    return [
        f"楼栋 {wanted.buildings}、党员 {wanted.members}、网格 {wanted.grids}；{wanted.rounds} 次的中位数，毫秒",
        f"{found.machine['cores']:.0f} 核，开始时负载 {found.machine['load_before']}，启动 {found.start_s:.1f} 秒",
        f"首次绘制，新浏览器　　无地图 {found.empty_cold:.0f}，有地图 {found.map_cold:.0f}",
        f"首次绘制，有缓存　　　无地图 {found.empty_warm:.0f}，有地图 {found.map_warm:.0f}",
        f"筛选后重画　无地图 {found.empty_rerun:.0f}，有地图 {found.map_rerun:.0f}（{found.bytes_a_rerun} 字节）",
        f"点击到卡片　{found.click_to_card:.0f}",
        f"拖动　　　最慢一帧 {found.worst_frame:.0f}，第 95 百分位 {found.p95_frame:.0f}；内存 {found.heap_mb:.0f} MB",
        f"重启之后　第一位 {found.first_after_restart:.0f}，第二位 {found.second_after_restart:.0f}（均为新浏览器）",
        *_crowd(found),
        "",
        *(
            f"{'达到' if goal.is_met else '未达到'}　{goal.name} {goal.value:g} {goal.unit}，目标不超过 {goal.limit:g}"
            for goal in found.goals
        ),
    ]


def _crowd(found: Found) -> list[str]:
    one = found.crowd
    if one is None:
        return []
    times = f"中位数 {one.p50_ms:.0f}，第 95 百分位 {one.p95_ms:.0f}，最慢 {one.max_ms:.0f}"
    memory = f"每个会话 {one.mb_a_session:.2f} MB，出错 {one.failed}"
    return [f"{one.sessions} 个会话　　重跑 {one.reruns} 次：{times}；{memory}"]
