"""Plain pages for visitors beside the Streamlit screens: my teams, a team's list on the phone, a sheet at the desk.

They open in a second on a slow telephone, work without Streamlit's connection, and post every tap by itself.
"""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from gis.errors import DeniedError, GisError, InputError, NotFoundError
from gis.model.access import Action
from gis.model.visits import LONGEST_VISIT_NOTE, ResultSource, RoundState, VisitResult
from gis.services.access import require
from gis.services.accounts import actor_of
from gis.services.map_layers import map_version
from gis.services.visits.listing import as_script_json, list_document
from gis.services.visits.map import PHONE_PX, team_map
from gis.services.visits.results import record_results
from gis.services.visits.views import carried, list_rounds, my_teams, open_round
from gis.ui import office
from gis.ui.web import visit_assets
from gis.ui.web.assets import FOLDER
from gis.ui.web.sign_in import is_own_origin
from gis.ui.web.visit_opening import LONGEST_NUMBER, MyTeam, open_sheet, today_here
from gis.ui.web.visit_posts import LONGEST_NAME, new_key, read_said, status_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from starlette.requests import Request

    from gis.model.access import Actor
    from gis.ui.web.visit_opening import OpenSheet

NO_STORE = {"Cache-Control": "no-store"}
MAX_FORM = 16 * 1024
#: The picture above the list: what there is room for before the first stop, and in the first view's 30 KB
MAP_PX, MAP_BYTES = (PHONE_PX[0], 230), 8_000
MAPS_KEPT = 64
LOOK_BACK_DAYS, ROUNDS_LISTED = 62, 8
_maps: dict[tuple[object, ...], str] = {}
_pages = Environment(loader=FileSystemLoader(FOLDER / "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route("/visits/my", told(show_my_teams), methods=["GET"]),
        Route("/visits/s/{number}", told(show_sheet), methods=["GET"]),
        Route("/visits/s/{number}", take_form, methods=["POST"]),
        Route("/visits/map/{number}.svg", told(show_map), methods=["GET"]),
        Route("/visits/desk", told(find_sheet), methods=["GET"]),
        Route("/visits/desk/{number}", told(show_desk), methods=["GET"]),
        *visit_assets.routes(),
    ]


def told(page: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Make a page that answers with a plain page where it cannot be shown."""

    @wraps(page)
    def answer(request: Request) -> Response:
        try:
            return page(request)
        except GisError as error:
            return _refused(error)

    return answer


def _refused(error: GisError) -> Response:
    if isinstance(error, DeniedError):
        return _message("不能打开", str(error), "需要走访的话，请支部把您排进走访小组。", status=403)
    if isinstance(error, NotFoundError):
        return _message("没有找到这张走访单", str(error), "请核对单号；还不对的话，请支部重新打印一张。", status=404)
    if isinstance(error, InputError):
        return _message("这张走访单不能再用", str(error), "", status=410)
    return _message("暂时打不开", str(error), "请稍后再试。", status=status_of(error))


def _message(title: str, text: str, advice: str, *, status: int = 200) -> Response:
    return _page("visit_message.html", status=status, title=title, text=text, advice=advice)


def _page(template: str, *, status: int = 200, **values: object) -> Response:
    html = _pages.get_template(template).render(address=visit_assets.address, **values)
    return HTMLResponse(html, status_code=status, headers=NO_STORE)


def show_my_teams(request: Request) -> Response:
    """Show the teams of whoever is signed in: those of today and ahead first."""
    actor = actor_of(request.state.account)
    require(actor, Action.MAKE_VISITS)
    today = today_here()
    teams = [MyTeam(view, team, today) for view, team in my_teams(actor, office.store())]
    teams.sort(key=lambda one: one.order)
    return _page("visit_my.html", account=request.state.account, teams=teams, may_plan=actor.may(Action.PLAN_VISITS))


def show_sheet(request: Request) -> Response:
    """Show a team's list on the phone; `?plain=1` without any script."""
    opened = open_sheet(request)
    return _plain(opened, "") if "plain" in request.query_params else _phone(request, opened)


def _phone(request: Request, opened: OpenSheet) -> Response:
    on_day = min(opened.today, opened.view.round.last_day)
    data = _data(request, opened, "phone", by=request.state.account.display_name, on_day=on_day)
    return _page(
        "visit_phone.html",
        opened=opened,
        has_map=any(stop.lonlat for stop in opened.team.stops),
        map_px=MAP_PX,
        data=data,
    )


def _data(request: Request, opened: OpenSheet, source: str, *, by: str, on_day: date) -> Markup:
    """Return what the scripts of a page read, escaped for the element it stands in."""
    expires_on = opened.sheet.expires_on if opened.sheet else None
    page = {
        "user": request.state.account.id,
        "queue": f"{source}-{opened.team.team.id}",
        "number": opened.number,
        "sheet": opened.sheet_number,
        "source": source,
        "by": by,
        "today": opened.today.isoformat(),
        "on": on_day.isoformat(),
    }
    document = list_document(opened.view, opened.team, sheet=opened.sheet_number, expires_on=expires_on)
    return Markup(as_script_json({"page": page, "list": document}))  # noqa: S704  # escaped for a script element


def show_map(request: Request) -> Response:
    """Serve the picture of a team's round, upright for a telephone; `?small` the one above the list."""
    opened = open_sheet(request)
    svg = _drawn_map(opened, is_small="small" in request.query_params)
    return Response(svg, media_type="image/svg+xml", headers=NO_STORE)


def _drawn_map(opened: OpenSheet, *, is_small: bool) -> str:
    """Draw the picture, or return it where nothing that stands on it has changed."""
    store, team = office.store(), opened.team
    places = tuple((one.stop.position, one.stop.shift, one.lonlat, one.estate, one.building) for one in team.stops)
    version = map_version(opened.actor, store).territory
    key = (str(store.engine.url), version, is_small, team.start_lonlat, team.team.way, places)
    drawn = _maps.get(key)
    if drawn is None:
        size, most = (MAP_PX, MAP_BYTES) if is_small else (PHONE_PX, None)
        drawn = team_map(opened.actor, store, team, max_bytes=most, size=size)
        while len(_maps) >= MAPS_KEPT:
            _maps.pop(next(iter(_maps)), None)
        _maps[key] = drawn
    return drawn


def _plain(opened: OpenSheet, said: str, *, is_fault: bool = False, status: int = 200) -> Response:
    return _page(
        "visit_plain.html",
        status=status,
        opened=opened,
        results=VisitResult,
        longest=LONGEST_VISIT_NOTE,
        new_key=new_key,
        said=said,
        is_fault=is_fault,
    )


async def take_form(request: Request) -> Response:
    """Keep what the form of a page without script says, and show the page again."""
    length = request.headers.get("content-length", "")
    if not is_own_origin(request) or not length.isdecimal() or int(length) > MAX_FORM:
        return _message("没有保存", "请求来源不明", "请从走访页面重新登记。", status=403)
    async with request.form(max_files=0, max_fields=12) as form:
        values: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_take, request, values)


def _take(request: Request, values: dict[str, Any]) -> Response:
    try:
        opened = open_sheet(request)
    except GisError as error:
        return _refused(error)
    try:
        said = read_said({"by": opened.actor.display_name, **values})
        outcome = record_results(opened.actor, office.store(), (said,), ResultSource.PHONE, opened.sheet_number)[0]
        text, is_fault = outcome.message or "已保存", outcome.is_refused
    except GisError as error:
        text, is_fault = str(error), True
    return _plain(open_sheet(request), text, is_fault=is_fault, status=400 if is_fault else 200)


def find_sheet(request: Request) -> Response:
    """Ask for the number of a sheet, typed or by a scanner."""
    actor = actor_of(request.state.account)
    require(actor, Action.PLAN_VISITS)
    number = request.query_params.get("number", "").strip().upper().rpartition("/")[2]
    if number and number.isprintable() and len(number) <= LONGEST_NUMBER:
        return RedirectResponse(f"/visits/desk/{quote(number, safe='')}", status_code=303, headers=NO_STORE)
    said = "单号不对：单号像 SX20261122-3-1-1，在走访单右上角" if number else ""
    return _page("visit_find.html", said=said, teams=_unfinished(actor))


def _unfinished(actor: Actor) -> list[MyTeam]:
    """List the teams that have a sheet and not all results yet, of the latest rounds, so that nobody need type."""
    store, today = office.store(), today_here()
    lines = list_rounds(actor, store, since=today - timedelta(days=LOOK_BACK_DAYS))
    wanted = [one.id for one in lines if one.state is RoundState.ISSUED and one.n_done < one.n_targets]
    views = [open_round(actor, store, number) for number in wanted[:ROUNDS_LISTED]]
    teams = [MyTeam(view, carried(team), today) for view in views for team in view.teams]
    return [one for one in teams if one.latest_sheet and one.done < one.team.n_targets]


def show_desk(request: Request) -> Response:
    """Show a sheet at the desk: every member a row, results by number keys."""
    require(actor_of(request.state.account), Action.PLAN_VISITS)
    opened = open_sheet(request)
    days = [shift.day for shift in opened.team.team.shifts]
    data = _data(request, opened, "desk", by=opened.team.visitors[:LONGEST_NAME], on_day=min([*days, opened.today]))
    return _page("visit_desk.html", opened=opened, data=data)
