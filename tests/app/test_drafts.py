"""What a page puts aside for the map: for the account, rights and data that it was made for, until the sign-out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gis.model.access import Action, Role, scope_for
from gis.model.people import Member
from gis.services.accounts import SYSTEM, list_accounts, set_account_scope, sign_in
from tests.app.tiny import PASSWORD, signed_in_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from gis.store.database import Store
    from tests.app.tiny import Tiny

    Put = Callable[[Role], str]

OWN, OTHER = Role.BRANCH_SECRETARY, Role.STREET_CLERK
BODY = b'{"of": "the branch"}'


@pytest.fixture
def put(installed: Store) -> Put:
    from gis.ui import drafts  # noqa: PLC0415  # the app is slow to import

    return lambda role: drafts.put(signed_in_as(installed, role), installed, BODY)


def ask(client: TestClient, token: str, address: str) -> int:
    client.cookies.clear()
    status: int = client.get(address, headers={"cookie": f"gis_sid={token}"}).status_code
    return status


def test_it_is_for_its_own_account_only(client: TestClient, tiny: Tiny, put: Put):
    address = put(OWN)
    assert client.get(address, headers={"cookie": f"gis_sid={tiny.tokens[OWN]}"}).content == BODY
    assert ask(client, tiny.tokens[OTHER], address) == 404
    assert ask(client, "", address) == 401
    assert ask(client, tiny.tokens[OWN], address) == 200


def test_an_account_whose_scope_has_shrunk_gets_nothing_of_before(
    client: TestClient, tiny: Tiny, installed: Store, put: Put
):
    address = put(OWN)
    account = next(one for one in list_accounts(SYSTEM, installed) if one.username == OWN.value)
    set_account_scope(SYSTEM, installed, account.id, (tiny.other_branch,))
    token = sign_in(installed, OWN.value, PASSWORD)
    assert ask(client, token, address) == 404
    set_account_scope(SYSTEM, installed, account.id, (tiny.branch,))
    assert ask(client, sign_in(installed, OWN.value, PASSWORD), address) == 404


def test_rights_alone_decide_where_the_data_are_the_same(tiny: Tiny, installed: Store):
    from gis.ui import drafts  # noqa: PLC0415  # as above

    before = signed_in_as(installed, OWN)
    key = drafts.put(before, installed, BODY).rpartition("/")[2]
    assert drafts.get(before, installed, key) == BODY
    now = replace(before, scope=scope_for(OWN, frozenset({tiny.other_branch})))
    assert drafts.get(now, installed, key) is None
    assert drafts.get(before, installed, key) is None  # let go of for good
    key = drafts.put(before, installed, BODY).rpartition("/")[2]
    assert drafts.get(replace(before, role=Role.LIAISON), installed, key) is None


def test_it_is_gone_when_the_data_have_changed(client: TestClient, tiny: Tiny, installed: Store, put: Put):
    address = put(OWN)
    with installed.writing(SYSTEM, Action.IMPORT_DATA) as writer:
        writer.save_members([Member(None, "新来", tiny.branch)])
    assert ask(client, tiny.tokens[OWN], address) == 404


def test_it_is_gone_after_signing_out(client: TestClient, tiny: Tiny, installed: Store, put: Put):
    address, other = put(OWN), put(OTHER)
    client.get("/logout", headers={"cookie": f"gis_sid={tiny.tokens[OWN]}"}, follow_redirects=False)
    assert ask(client, tiny.tokens[OWN], address) == 401
    assert ask(client, sign_in(installed, OWN.value, PASSWORD), address) == 404
    assert ask(client, tiny.tokens[OTHER], other) == 200
