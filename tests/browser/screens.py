"""Every screen there is, by who sees it: for what looks at all of them, and for the pictures in the guide."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from playwright.sync_api import TimeoutError  # noqa: A004  # its name there

from gis.model.access import Role, operator
from gis.model.visits import RoundState
from gis.services.accounts import SYSTEM, NewAccount, add_account, sign_in
from gis.services.displays import add_display
from gis.ui.map.themes.menu import THEMES
from gis.ui.navigation import menu_of
from gis.ui.web.gate import COOKIE
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from gis.store.database import Store
    from tests.fixtures.browser import AppServer

#: Demo accounts by role; the other roles get one here
USERS = {
    Role.STREET_CLERK: "zuzhi",
    Role.STREET_LEADER: "lingdao",
    Role.VILLAGE_SECRETARY: "cun",
    Role.BRANCH_SECRETARY: "zhibu",
    Role.GROUP_LEADER: "zuzhang",
    Role.LIAISON: "lianluo",
    Role.SYS_ADMIN: "admin",
    Role.SEC_ADMIN: "anquan",
    Role.AUDIT_ADMIN: "shenji",
    Role.VIEWER_BIG_SCREEN: "daping",
}
PASSWORD = "Kuaile-2026-kan"  # of made-up accounts in a throw-away database
#: A page is there when its script has ended, its maps are drawn, and nothing has changed for a moment
SETTLED = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const isRunning = app && app.dataset.testScriptState !== 'notRunning';
    const busy = isRunning || (app && !document.querySelector('[data-testid=stMain]'));
    if (window.jjRan === false) { return false; }
    const waits = document.querySelector('[data-testid=stSkeleton],[data-testid=stSpinner],[data-stale=true]');
    const maps = [...document.querySelectorAll('.jj-street')];
    const walls = [...document.querySelectorAll('.jjw-map')].every(map => map.hasAttribute('data-drawn'));
    const isDrawn = walls && maps.every(map => map.hasAttribute('data-drawn') && map.querySelector('.jj-busy').hidden);
    if (busy || waits || !isDrawn || document.readyState !== 'complete') { window.jjSeen = null; return false; }
    const now = document.body.innerText.length + ' ' + document.querySelectorAll('*').length;
    const before = window.jjSeen;
    if (!before || before.now !== now) { window.jjSeen = { now, since: performance.now() }; return false; }
    return performance.now() - before.since > 250;
}"""
#: Another page of the app without loading all of it again, as a click in the menu does
TURN = """address => {
    window.jjRan = false;
    window.jjSeen = null;
    const app = document.querySelector('[data-testid=stApp]'), of = { attributeFilter: ['data-test-script-state'] };
    new MutationObserver(() => { window.jjRan = true; }).observe(app, of);
    history.pushState({}, '', address);
    window.dispatchEvent(new PopStateEvent('popstate'));
}"""
STATE = """() => JSON.stringify({
    state: document.querySelector('[data-testid=stApp]')?.dataset.testScriptState, ran: window.jjRan,
    waits: [...document.querySelectorAll('[data-testid=stSkeleton],[data-testid=stSpinner],[data-stale=true]')].length,
    maps: [...document.querySelectorAll('.jj-street')].map(map => map.dataset.drawn || 'not drawn'),
    seen: window.jjSeen && window.jjSeen.now,
})"""
TURN_MS = 5_000
MOST_MS = 60_000  # cores are shared


@dataclass(frozen=True, slots=True)
class Sight:
    """A screen: the name of its pictures, who looks (None: nobody; "token": a screen on the wall), and its address."""

    name: str
    user: str | None
    address: str
    is_picture: bool = True


def accounts_of(server: AppServer) -> dict[Role, str]:
    """Return a token for each role; roles without a demo account get an account."""
    with closing(open_store(server.db_url)) as store:
        with store.reading(operator().scope) as reader:
            known = {one.username for one in reader.accounts()}
        tokens = {}
        for role, user in USERS.items():
            if user not in known:
                add_account(SYSTEM, store, NewAccount(user, role.label, role), PASSWORD)
            tokens[role] = sign_in(store, user, server.accounts.get(user, PASSWORD))
        return tokens


def enter(context: BrowserContext, server: AppServer, token: str) -> None:
    """Sign a profile in without the form."""
    context.clear_cookies()
    context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])


def go(page: Page, server: AppServer, address: str) -> None:
    """Open an address and wait until it is all there; from one page of the app to another as the menu does it."""
    is_page = address.count("/") == 1 and "?" not in address and address != "/login"
    now = page.url.partition("?")[0]
    if is_page and now != server.url + address and page.locator("[data-testid=stApp]").count():
        page.evaluate(TURN, address)
        with suppress(TimeoutError):
            page.wait_for_function("() => window.jjRan", timeout=TURN_MS)
            settle(page)
            return
    page.goto(server.url + address)  # also where the page was just losing its connection
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page in sight is all there."""
    try:
        page.wait_for_function(SETTLED, timeout=MOST_MS, polling=100)
    except TimeoutError as error:
        msg = f"{page.url} does not come to rest: {page.evaluate(STATE)}"
        raise AssertionError(msg) from error


def menu(role: Role) -> list[str]:
    """List the addresses in a role's menu."""
    return [screen.address for found in menu_of(role).values() for screen in found]


def display_token(store: Store) -> str:
    """Open a screen on the wall."""
    return add_display(SYSTEM, store, "一楼大厅", 90)[1]


def sights(store: Store) -> list[Sight]:
    """List every screen: the clerk's whole menu, what other roles have of their own, phones, desk, wall, sign-in."""
    found = [Sight("login", None, "/login")]
    found += [Sight(address, "zuzhi", f"/{address}") for address in menu(Role.STREET_CLERK)]
    found += [Sight(f"map-{theme.code}", "zuzhi", f"/map?theme={quote_plus(theme.label)}") for theme in THEMES]
    seen = set(menu(Role.STREET_CLERK))
    for role in (Role.BRANCH_SECRETARY, Role.STREET_LEADER, Role.SYS_ADMIN, Role.LIAISON):
        user = USERS[role]
        for address in menu(role):
            is_new = address not in seen or (role, address) in OWN_LOOK
            found.append(Sight(address if address not in seen else f"{address}-{user}", user, f"/{address}", is_new))
            seen.add(address)
    return [*found, *_opened(store), Sight("display", "token", "/wall")]


#: Screens of the clerk's that look quite different to somebody else
OWN_LOOK = {
    (Role.STREET_LEADER, "map"),
    (Role.STREET_LEADER, "boards"),
    (Role.LIAISON, "map"),
    (Role.LIAISON, "visits"),
    (Role.BRANCH_SECRETARY, "boards"),
}


def _opened(store: Store) -> list[Sight]:
    """List screens with one thing opened: a card, a plan, a round, a sheet on the phone and at the desk."""
    with store.reading(operator().scope) as reader:
        card = next(iter(sorted(reader.cards())), None)
        plans = reader.plan_heads(0)
        rounds = [reader.visit_round(one.id) for one in reader.visit_rounds() if one.id is not None]
        own = next(
            (
                (one, team)
                for one in rounds
                if one is not None and one.state is RoundState.ISSUED
                for team in one.teams
                if any(who.user_id is not None for who in team.visitors) and team.stops
            ),
            None,
        )
        grid = reader.grids()[0].id
        sheets = reader.visit_sheets(own[0].id) if own is not None and own[0].id is not None else ()
    found = [Sight("map-card", "zuzhi", f"/map?card=grid-{grid}")]
    if card is not None:
        found.append(Sight("card", "zuzhi", f"/cards?member={card}"))
    if plans:
        found.append(Sight("plan", "zuzhi", f"/plans?plan={plans[0].id}"))
    if own is not None:
        found.append(Sight("visit-round", "zuzhi", f"/visits?round={own[0].id}"))
        found.append(Sight("visit-phone", "lianluo", f"/visits/s/T{own[1].id}"))
    found.append(Sight("visit-my", "lianluo", "/visits/my"))
    found.append(Sight("visit-desk-find", "zuzhi", "/visits/desk"))
    if sheets:
        found.append(Sight("visit-desk", "zuzhi", f"/visits/desk/{sheets[-1].number}"))
    return found
