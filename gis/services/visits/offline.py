"""手机离线单: one file that asks nothing from any server, for a telephone without a network.

Everything is inside: the list, the picture of the round, script and style. What people typed is data for the script,
which writes it as text only; the page forbids any other script and any connection.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from gis.model.office_day import BEIJING
from gis.services.visits.listing import as_script_json, list_document, list_script, list_style
from gis.services.visits.papers import REMINDERS, said_day, said_shifts

if TYPE_CHECKING:
    from gis.services.visits.papers import SheetPrint
    from gis.services.visits.views import RoundView, TeamView


def offline_html(view: RoundView, team: TeamView, wanted: SheetPrint) -> bytes:
    """Write the list of a team as one HTML file."""
    sheet = wanted.sheet
    document = list_document(view, team, sheet=sheet.number, expires_on=sheet.expires_on)
    at = f"{wanted.at + BEIJING:%Y-%m-%d %H:%M}"
    script = "\n".join([list_script(), _asset("visit_offline.js")])
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    texts = {
        "title": f"走访单 {sheet.number}",
        "heading": f"{view.round.name}　第 {team.team.number} 组",
        "who": f"{team.visitors}　{said_shifts(team.team.shifts).replace(chr(10), '；')}",
        "until": f"{sheet.number}　用到 {said_day(sheet.expires_on)}",
        "sheet": sheet.number,
        "foot": f"内部资料，不得外传。{wanted.printed_by} 于 {at} 下载，持单人 {sheet.holder}。",
    }
    marked = {
        "digest": f"sha256-{digest}",
        "style": list_style(),
        "map": wanted.map_svg or "<p>各站都没有地图位置。</p>",
        "reminders": "".join(f"<li>{escape(line)}</li>" for line in REMINDERS),
        "data": as_script_json(document),
        "script": script,
    }
    page = Template(_asset("visit_offline.html"))
    return page.substitute({key: escape(text) for key, text in texts.items()} | marked).encode()


@cache
def _asset(name: str) -> str:
    return files("gis.store.formats").joinpath(f"assets/{name}").read_text(encoding="utf-8")
