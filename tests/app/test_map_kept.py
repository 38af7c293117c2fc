"""What the map keeps between clicks and between users: never for somebody who may see less, never past a change."""

from __future__ import annotations

import gzip
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gis.config import settings
from gis.errors import DeniedError
from gis.model.access import Action, Role, decide
from gis.model.enums import OrgKind
from gis.model.organisation import PartyOrg
from gis.services.accounts import SYSTEM, account_for_token, actor_for_token
from gis.store.schema.cards import SurveyRow

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store
    from tests.app.tiny import Tiny


DAY = date(2026, 11, 22)
#: A role without the map
NO_MAP = next(role for role in Role if not decide(role, Action.VIEW_MAP).is_allowed)


def actor(installed: Store, tiny: Tiny, role: Role) -> Actor:
    return actor_for_token(installed, tiny.tokens[role], settings=settings())


def test_each_scope_has_facts_of_its_own_whoever_asked_before(installed: Store, tiny: Tiny):
    from gis.ui.map.facts import facts_for  # noqa: PLC0415  # the app is slow to import

    clerk, branch, leader = (
        facts_for(actor(installed, tiny, role), installed)
        for role in (Role.STREET_CLERK, Role.BRANCH_SECRETARY, Role.STREET_LEADER)
    )
    assert list(clerk.branches) == [str(tiny.branch), str(tiny.other_branch)]
    assert list(branch.branches) == [str(tiny.branch)]
    assert leader.branches == {}
    assert (clerk.overview.in_transition, branch.overview.in_transition) == (7, 6)
    assert all(count is None or count == 0 or count >= 3 for count in leader.overview.by_grid.values())
    with pytest.raises(DeniedError):
        facts_for(actor(installed, tiny, NO_MAP), installed)


def test_the_first_visitor_after_a_start_finds_the_facts_kept(
    installed: Store, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
):
    from gis.ui.map import facts, panel  # noqa: PLC0415  # as above

    panel.warm()
    read: list[Role] = []
    make = facts._read

    def counted(who: Actor, store: Store) -> object:
        read.append(who.role)
        return make(who, store)

    monkeypatch.setattr(facts, "_read", counted)
    assert facts.facts_for(actor(installed, tiny, Role.STREET_CLERK), installed).overview.in_transition == 7
    assert facts.facts_for(actor(installed, tiny, Role.BRANCH_SECRETARY), installed).overview.in_transition == 6
    assert read == [Role.BRANCH_SECRETARY]  # what the whole street sees is handed to nobody else


def test_facts_follow_a_change_of_the_data(installed: Store, tiny: Tiny):
    from gis.ui.map.facts import facts_for  # noqa: PLC0415  # as above

    clerk = actor(installed, tiny, Role.STREET_CLERK)
    before = facts_for(clerk, installed)
    assert facts_for(clerk, installed) is before
    with installed.writing(SYSTEM, Action.IMPORT_DATA) as writer:
        added = writer.save_orgs([PartyOrg(None, "新支部", OrgKind.BRANCH)])[0]
    assert facts_for(clerk, installed).branches[str(added)] == "新支部"


def test_a_theme_for_counts_only_follows_every_change_and_for_others_what_it_draws(installed: Store, tiny: Tiny):
    from gis.ui.map.answers import answer, forget  # noqa: PLC0415  # as above

    made: list[Role] = []

    def make(role: Role) -> Role:
        made.append(role)
        return role

    roles = (Role.STREET_CLERK, Role.BRANCH_SECRETARY, Role.STREET_LEADER, Role.VIEWER_BIG_SCREEN)

    def ask() -> None:
        for role in roles:
            who = actor(installed, tiny, role)
            assert answer(who, installed, "x", partial(make, role)) is role

    ask()
    ask()
    assert made == list(roles)
    with installed.writing(SYSTEM, Action.RUN_SURVEYS) as writer:
        writer.session.add(SurveyRow(name="摸排", org_id=int(tiny.branch), started_on=DAY, due_on=DAY))
    ask()
    forget()
    assert made == [*roles, Role.STREET_LEADER, Role.VIEWER_BIG_SCREEN]


def test_the_page_names_early_only_what_its_account_may_fetch(installed: Store, tiny: Tiny):
    from gis.ui.web.early import link_for  # noqa: PLC0415  # as above

    links = {role: link_for(account_for_token(installed, tiny.tokens[role], settings=settings())) for role in Role}
    assert "/gis/layers/people?" in links[Role.STREET_CLERK]
    assert "/gis/layers/people?" not in links[Role.STREET_LEADER]
    assert "/gis/layers/buildings?" in links[Role.STREET_LEADER]
    assert links[NO_MAP] == ""


@pytest.mark.parametrize("accepted", ["gzip, br", "identity"])
def test_a_kept_answer_comes_in_the_form_that_the_browser_takes(accepted: str):
    from starlette.requests import Request  # noqa: PLC0415  # as above

    from gis.ui.web.bodies import Body  # noqa: PLC0415

    asked = Request({"type": "http", "headers": [(b"accept-encoding", accepted.encode())]})
    answer = Body.of(b"x" * 5000).answer(asked, "text/plain", "no-store")
    is_small = "gzip" in accepted
    assert answer.headers.get("content-encoding") == ("gzip" if is_small else None)
    assert (gzip.decompress(answer.body) if is_small else answer.body) == b"x" * 5000
