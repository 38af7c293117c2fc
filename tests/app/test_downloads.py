"""What a download button holds is made when it is pressed: outside of the page, with the rights of that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gis.errors import SignInError
from gis.model.access import Role, operator
from gis.services.accounts import sign_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.store.database import Store
    from tests.app.tiny import Tiny


@pytest.fixture
def content(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bytes]:
    """Give what a button holds that a page of the secretary has shown; the page's cookies are gone by now."""
    from streamlit.runtime.context import ContextProxy  # noqa: PLC0415  # the app is slow to import

    from gis.ui import session  # noqa: PLC0415  # as above

    with monkeypatch.context() as page:
        cookies = {"gis_sid": tiny.tokens[Role.BRANCH_SECRETARY]}
        page.setattr(ContextProxy, "cookies", property(lambda _self: cookies))
        return session.on_press(lambda actor: actor.name.encode())


def test_it_is_made_without_the_page(content: Callable[[], bytes]):
    assert content() == Role.BRANCH_SECRETARY.value.encode()


def test_nothing_is_made_once_the_session_has_ended(content: Callable[[], bytes], installed: Store, tiny: Tiny):
    sign_out(operator(), installed, tiny.tokens[Role.BRANCH_SECRETARY])
    with pytest.raises(SignInError):
        content()
