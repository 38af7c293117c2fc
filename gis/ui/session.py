"""The session of one browser tab: who is there, what the tab remembers, and how errors are told.

The only module that touches `st.session_state`.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any, Self

import streamlit as st

from gis.errors import DeniedError, GisError, InputError, SignInError, StaleError
from gis.services.access import require
from gis.services.accounts import account_for_token, actor_of
from gis.services.displays import actor_of_display, display_for_token
from gis.ui import office
from gis.ui.text import plain
from gis.ui.web.gate import COOKIE, DISPLAY_COOKIE, DISPLAY_ENDED, PASSWORD, SIGN_IN

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from gis.model.access import Action, Actor
    from gis.model.accounts import Account
    from gis.store.database import Store

__all__ = [
    "actor_now",
    "forget",
    "is_display",
    "on_press",
    "open_page",
    "recall",
    "remember",
    "report_bug",
    "show_errors",
    "store",
    "watcher",
    "whoever",
]

MAX_FAULTS_SHOWN = 50
OWNER = "jj_owner"
#: Pages that a screen on the wall may show
ON_DISPLAYS = frozenset({"pages/wall.py"})
WATCHING = "jj_watching"
log = logging.getLogger("jiujin")


def store() -> Store:
    """Return the store of this installation."""
    return office.store()


def open_page(page: str, action: Action) -> Actor:
    """Return who opens `page`, or show why it stays closed and end the run.

    Every page starts with this call: Streamlit may run a page without the entry script, and the websocket outlives
    the cookie.
    """
    actor = watcher() if page in ON_DISPLAYS else whoever()
    try:
        require(actor, action)
    except DeniedError as error:
        log.info("%s: %s", page, error)
        st.error(plain(str(error)), icon=":material/lock:")
        st.stop()
    return actor


def actor_now() -> Actor:
    """Return who is signed in at this moment; for callbacks, which run before the page and its guard.

    Raises
    ------
    SignInError
        The session has ended, or the password must be changed first.
    """
    return _actor(_account())


def on_press(make: Callable[[Actor], bytes]) -> Callable[[], bytes]:
    """Return the content of a download button: made when it is pressed, with the rights of that moment.

    Streamlit makes it outside of any page, where the browser's cookies are not at hand: they are taken along here.
    """
    token = st.context.cookies.get(COOKIE, "")
    return lambda: make(_actor(_account_of(token)))


def _actor(account: Account) -> Actor:
    if account.must_change:
        msg = "请先修改初始口令"
        raise SignInError(msg)
    return actor_of(account)


def _account() -> Account:
    account = _account_of(st.context.cookies.get(COOKIE, ""))
    _keep_apart(account)
    return account


def _account_of(token: str, *, is_touch: bool = True) -> Account:
    return account_for_token(office.store(), token, settings=office.options(), is_touch=is_touch)


def _keep_apart(account: Account) -> None:
    """Forget what a tab remembers when somebody else, or a changed scope, goes on with it.

    Streamlit hands a tab's state to whoever comes back with its id, after a lost connection under another cookie too.
    """
    _keep_for((account.id, account.role, account.org_roots))


def _keep_for(owner: tuple[object, ...]) -> None:
    if st.session_state.get(OWNER, owner) != owner:
        st.session_state.clear()
    st.session_state[OWNER] = owner


def whoever() -> Actor:
    """Return who is signed in; without anybody the run ends with a way to the sign-in.

    A fragment calls it again: it runs without the page around it.
    """
    try:
        account = _account()
    except SignInError as error:
        st.warning(plain(str(error)))
        st.html(f'<a class="jj-go" href="{SIGN_IN}">重新登录</a>')
        st.stop()
    if account.must_change:
        st.warning("请先修改初始口令")
        st.html(f'<a class="jj-go" href="{PASSWORD}">修改口令</a>')
        st.stop()
    return actor_of(account)


def is_display() -> bool:
    """Whether this tab is a screen on the wall, at which nobody is signed in; one that has ended is told so."""
    token = st.context.cookies.get(COOKIE, "")
    try:
        if token:
            _account_of(token, is_touch=False)
            return False
    except SignInError:
        pass
    return _display() is not None


def watcher() -> Actor:
    """Return who looks at the wall: a screen with a token, which sees counts only, goes before an account.

    A refresh calls it too: it does not keep the session of an account awake, and ends with it.
    """
    actor = _display()
    if actor is not None:
        return actor
    try:
        account = _account_of(st.context.cookies.get(COOKIE, ""), is_touch=False)
    except SignInError:
        return whoever()  # says why, and ends the run
    _keep_apart(account)
    return whoever() if account.must_change else actor_of(account)


def _display() -> Actor | None:
    """Return the screen on the wall that holds this tab. A tab that was one never becomes an account's by itself."""
    token = st.context.cookies.get(DISPLAY_COOKIE, "")
    try:
        display = display_for_token(office.store(), token) if token else None
    except SignInError:
        display = None
    if display is None:
        if WATCHING in st.session_state:
            st.html(f'<p class="jj-wall-ended">{DISPLAY_ENDED}</p>')
            st.stop()
        return None
    if COOKIE not in st.context.cookies:
        _keep_for(("display", display.id))
    st.session_state[WATCHING] = display.id
    return actor_of_display(display)


def remember(key: str, value: object) -> None:
    """Keep a value for this tab until it is closed or reloaded."""
    st.session_state[key] = value


def recall(key: str, default: object = None) -> Any:  # noqa: ANN401  # each caller knows what it keeps
    """Return what this tab remembers."""
    return st.session_state.get(key, default)


def forget(*keys: str) -> None:
    """Drop values."""
    for key in keys:
        st.session_state.pop(key, None)


class show_errors:  # noqa: N801  # reads as a phrase: `with session.show_errors():`
    """Shows a GisError as its sentence; anything else reaches the log with an id that the user sees."""

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        """End: show what came; Streamlit's own stop and rerun pass through."""
        if isinstance(error, GisError):
            _show(error)
            return True
        return isinstance(error, Exception) and report_bug(error)


def _show(error: GisError) -> None:
    if isinstance(error, StaleError):
        st.warning(plain(str(error)), icon=":material/sync_problem:")
        return
    st.error(plain(str(error)))
    if isinstance(error, InputError) and error.faults:
        rows = [
            {"文件": f.file, "工作表": f.sheet, "行": f.row, "字段": f.field, "问题": f.message}
            for f in error.faults[:MAX_FAULTS_SHOWN]
        ]
        st.dataframe(rows, hide_index=True)


def report_bug(error: Exception) -> bool:
    """Log a bug with an id, show the id to the user, and say that it has been shown."""
    number = secrets.token_hex(4)
    log.critical("内部错误，编号 %s", number, exc_info=error)
    st.error(f"内部错误，编号 {number}。请把编号告诉系统管理员；刚才的操作没有保存")
    return True
