"""The component of the wall: line at the top, cards and map; figures go in, nothing comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.ui.web.assets import FOLDER, wall_scripts
from gis.ui.web.gate import DISPLAY_ENDED

if TYPE_CHECKING:
    from collections.abc import Mapping

_HTML = """
<div class="jjw">
  <header class="jjw-head">
    <div class="jjw-left"><strong class="jjw-street"></strong><span class="jjw-note"></span></div>
    <h1 class="jjw-title"></h1>
    <div class="jjw-right">
      <span class="jjw-day"></span><span class="jjw-time" role="status"></span>
      <span class="jjw-late" role="alert" title="数字为上次取得的，恢复后自动更新" hidden>连接中断</span>
      <button type="button" class="jjw-turning" title="每 20 秒换一个社区、换一页图表；碰一下屏幕暂停 1 分钟"></button>
      <button type="button" class="jjw-page">换一页</button>
      <button type="button" class="jjw-full">全屏</button>
      <a class="jjw-leave" href="/" hidden>离开大屏</a>
    </div>
  </header>
  <section class="jjw-cards" aria-label="数字"></section>
  <section class="jjw-map" aria-label="地图" tabindex="-1">
    <canvas></canvas><canvas></canvas>
    <div class="jjw-names"></div>
    <nav class="jjw-path" aria-label="位置"></nav>
    <div class="jjw-measures" role="toolbar" aria-label="地图上的数">
      <button type="button" data-measure="transition">过渡期人数</button>
      <button type="button" data-measure="grouped">已编组率</button>
      <button type="button" data-measure="served">本月服务率</button>
    </div>
    <div class="jjw-legend"></div>
    <div class="jjw-sum" role="status"></div>
  </section>
  <footer class="jjw-foot"></footer>
  <p class="jjw-shut" role="alert"></p>
</div>
"""
_component = st.components.v2.component(
    "jiujin_wall", html=_HTML, js=(FOLDER / "wall_host.js").read_text(encoding="utf-8"), isolate_styles=False
)


def show_stage(
    *,
    head: Mapping[str, Any],
    cards: list[dict[str, Any]],
    counts: Mapping[str, Any],
    layers: Mapping[str, str],
    turning: bool,
) -> None:
    """Show the stage; `turning` is whether it turns pages until somebody says otherwise."""
    document = {
        "scripts": list(wall_scripts()),
        "layers": dict(layers),
        "head": dict(head),
        "cards": cards,
        "map": dict(counts),
        "turning": turning,
        "ended": DISPLAY_ENDED,
    }
    _component(key="jj_wall_stage", data=document)
