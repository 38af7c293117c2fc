"""Adopt a proposal at once: it is saved and published in one transaction, or nothing happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.seating import seating_of
from gis.services.access import require, require_orgs
from gis.services.founding import PLAN_TOPICS, Papers, check_whole
from gis.services.plan_judging import judge_seating, read_data
from gis.services.plan_life import publish, refuse_blocked
from gis.services.plan_record import stale_error
from gis.services.plans import keep

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RunId
    from gis.model.plan import GroupPlan
    from gis.store.database import Store
    from gis.store.reader import Reader

__all__ = ["PLAN_TOPICS", "adopt_groups"]

DIRECTLY = "直接采用"


def adopt_groups(actor: Actor, store: Store, plan: GroupPlan) -> RunId:
    """Save the plan and publish it; groups in force of the same branches end today, their history stays.

    Raises
    ------
    StaleError
        People, places or groups changed since the plan was made.
    InputError
        The plan has no group at all, seats people or uses places that are not its branches' to use, or breaks a rule.
    DeniedError
        One of the plan's branches lies outside the actor's scope.
    """
    require(actor, Action.ADOPT_GROUPS)
    if not plan.groups:
        msg = "方案里没有一个小组，不能采用"
        raise InputError(msg)
    today = store.today()
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, plan.branch_ids)
        _check_fresh(reader, plan)
        check_whole(reader, plan)
        data = read_data(reader, plan.branch_ids, plan.request, today)
        refuse_blocked(judge_seating(data, seating_of(plan)).issues)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        _check_fresh(writer, plan)  # nothing changed since it was judged
        plan_id = keep(writer, plan, f"{plan.as_of.isoformat()} 编组方案", text=DIRECTLY)
        return publish(writer, (plan_id, 1), plan, Papers(), DIRECTLY)


def _check_fresh(reader: Reader, plan: GroupPlan) -> None:
    if reader.data_version(*PLAN_TOPICS) != plan.data_version:
        raise stale_error(reader, plan.data_version)
