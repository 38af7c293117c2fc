"""关爱: only with consent, only for two roles by name, and figures from which nothing small can be worked out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.rights import CareCode, ConsentAnswer, ConsentScope
from gis.services.accounts import SYSTEM, NewAccount, actor_of, add_account
from gis.services.care import add_need, care_counts, end_need, open_care, pair_up
from gis.services.consent import ConsentEntry, record_consent, withdraw_consent
from gis.store.schema import CareNeedRow
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.model.ids import MemberId
    from gis.store.database import Store


@pytest.fixture
def street(store: Store) -> TinyStreet:
    return TinyStreet(store)


def account(street: TinyStreet, role: Role, name: str) -> Actor:
    add_account(SYSTEM, street.store, NewAccount(name, name, role, (street.branch,)), "Kuaile-2026-xx")
    with street.store.reading(SYSTEM.scope) as reader:
        found = reader.account_named(name)
    assert found is not None
    return actor_of(found[0])


def secretary(street: TinyStreet) -> Actor:
    return Actor("书记", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.branch})))


def agree(street: TinyStreet, who: MemberId) -> None:
    record_consent(CLERK, street.store, who, ConsentEntry(ConsentScope.CARE, ConsentAnswer.GIVEN))


def test_nothing_is_noted_without_consent(street: TinyStreet):
    who = street.members[0]
    with pytest.raises(InputError, match="先同意"):
        add_need(secretary(street), street.store, who, CareCode.FRAIL)
    agree(street, who)
    add_need(secretary(street), street.store, who, CareCode.FRAIL)
    withdraw_consent(CLERK, street.store, who, ConsentScope.CARE)
    assert open_care(secretary(street), street.store).needs == ()
    with street.store.rehearsing(CLERK, Action.IMPORT_DATA) as writer:  # whoever writes
        need = {"code": "frail", "helper": "", "valid_from": writer.today}
        writer.session.add(CareNeedRow(member_id=who, **need))
        with pytest.raises(InputError):
            writer.session.flush()


def test_the_secretary_sees_all_and_a_helper_their_own(street: TinyStreet):
    helper, other = account(street, Role.LIAISON, "lianluo1"), account(street, Role.LIAISON, "lianluo2")
    for who, helping in ((street.members[0], helper), (street.members[1], other)):
        agree(street, who)
        add_need(secretary(street), street.store, who, CareCode.ELDERLY, helper_user_id=helping.user_id)
        pair_up(secretary(street), street.store, who, "热心邻居")
    assert len(open_care(secretary(street), street.store).needs) == 2
    view = open_care(helper, street.store)
    assert [one.name for one in view.needs] == ["禾一"]
    assert [one.name for one in view.pairs] == ["禾一"]
    assert (dict(view.may_ask), dict(view.members)) == ({}, {})
    with pytest.raises(DeniedError):
        add_need(helper, street.store, street.members[0], CareCode.FRAIL)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.BRANCH_SECRETARY, Role.LIAISON)])
def test_nobody_else_sees_whom(street: TinyStreet, role: Role):
    actor = Actor("某", role, scope_for(role, frozenset({street.branch})))
    with pytest.raises(DeniedError):
        open_care(actor, street.store)


def test_a_secretary_of_another_branch_sees_none(street: TinyStreet):
    agree(street, street.members[0])
    add_need(secretary(street), street.store, street.members[0], CareCode.FRAIL)
    stranger = Actor("外", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.other})))
    assert open_care(stranger, street.store).needs == ()


def test_small_figures_cannot_be_worked_out(street: TinyStreet):
    for number, who in enumerate(street.members[:4]):
        agree(street, who)
        add_need(secretary(street), street.store, who, CareCode.ELDERLY if number < 3 else CareCode.FRAIL)
    counts = care_counts(CLERK, street.store)
    shown = {one.code: one.members for one in counts.by_code}
    assert (shown[CareCode.ELDERLY], shown[CareCode.FRAIL], shown[CareCode.LOW_INCOME]) == (3, None, 0)
    assert counts.total is None
    need = next(one for one in open_care(secretary(street), street.store).needs if one.need.code is CareCode.FRAIL).need
    assert need.id is not None
    end_need(secretary(street), street.store, need.id, need.version)
    counts = care_counts(CLERK, street.store)
    assert counts.total == 3
    url = street.store.engine.url.render_as_string(hide_password=False)
    done = CliRunner().invoke(app, ["care", "counts", "--json", "--db", url])
    assert json.loads(done.stdout)["total"] == 3
