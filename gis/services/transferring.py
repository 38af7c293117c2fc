"""转接组织关系 inside the street: one relation at a time (R17); the old side answers until the new one has received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import OrgStatus
from gis.model.life import LifeKind
from gis.model.rules import Subject, SubjectKind
from gis.services.access import require, require_orgs
from gis.services.life import check_day, check_reason, present_life
from gis.services.life_spans import fit_in
from gis.services.rules import refuse, violations_for_change

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.life import PastAffiliation, ReviewKind
    from gis.services.life import Life
    from gis.store.database import Store
    from gis.store.writer import Writer


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """The branch that has received the relation, since when and why; `seen` is the branch that the person saw."""

    member_id: MemberId
    branch_id: OrgId
    on: date
    reason: str
    seen: OrgId | None = None


@dataclass(frozen=True, slots=True)
class Transferred:
    """Both branches, the history as it stands now, and what a person should look at again."""

    member_id: MemberId
    branch_before: str
    branch_after: str
    affiliations: tuple[PastAffiliation, ...]
    reviews: tuple[ReviewKind, ...]


def register_transfer(actor: Actor, store: Store, request: TransferRequest) -> Transferred:
    """Register that another branch of the street has received a member's relation.

    Raises
    ------
    InputError
        The branch cannot receive members or holds the relation already, no reason was given, or the day does not fit.
    DeniedError
        The receiving branch lies outside the scope: the level above registers it.
    NotFoundError
        There is no such member in the scope, or no such branch.
    StaleError
        The relation lies with another branch than the person saw.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.writing(actor, Action.MOVE_MEMBERS) as writer:
        life = present_life(writer, request.member_id)
        check_day(request.on, writer.today, "转接")
        reason = check_reason(request.reason, is_needed=True)
        names = _check_branch(actor, writer, life, request)
        held = _days_of_the_held_one(life, request.on)
        writer.insert_affiliation(request.member_id, request.branch_id, request.on, reason, held)
        _check_temporary(writer, request.branch_id, reason)
        event = writer.add_event(request.member_id, LifeKind.TRANSFERRED, request.on, reason)
        reviews = writer.life_ties(request.member_id)
        writer.raise_reviews(request.member_id, event, reviews)
        writer.say("登记一名党员转接组织关系", member_id=request.member_id)
        after = present_life(writer, request.member_id)
        return Transferred(request.member_id, names[0], names[1], after.affiliations, reviews)


def _check_branch(actor: Actor, writer: Writer, life: Life, request: TransferRequest) -> tuple[str, str]:
    orgs = {org.id: org for org in writer.orgs()}
    branch = orgs.get(request.branch_id)
    if branch is None:
        msg = "所选的支部不存在，请刷新后重新选择"
        raise NotFoundError(msg)
    if not branch.is_branch:
        msg = f"“{branch.name}”不直接管理党员，请选择支部"
        raise InputError(msg)
    if branch.status is OrgStatus.ABOLISHED:
        msg = f"“{branch.name}”已撤销，不能转入"
        raise InputError(msg)
    held = life.person.branch_id
    if request.seen is not None and request.seen != held:
        msg = "该党员的组织关系刚刚被他人转接，请刷新后核对"
        raise InputError(msg)
    if request.branch_id == held:
        msg = f"组织关系已在“{branch.name}”（R17：一名党员只有一个组织关系），不用转接"
        raise InputError(msg)
    require_orgs(actor, writer, [request.branch_id])
    return orgs[held].name, branch.name


def _check_temporary(writer: Writer, branch_id: OrgId, reason: str) -> None:
    """Ask why a relation goes to a temporary branch (R10); sizes, which grow and shrink by moves, stop no move."""
    writer.session.flush()
    found = violations_for_change(writer, Subject(SubjectKind.ORG, branch_id), writer.today, (branch_id,))
    refuse([one for one in found if one.rule == "R10"], reason)


def _days_of_the_held_one(life: Life, on: date) -> tuple[date, date | None]:
    """Return the days of the affiliation that ends.

    Raises
    ------
    InputError
        The transfer lies before an earlier one.
    """
    fit = fit_in(life.affiliations, on)
    return next(iter(fit.changed.values()), (on, on))


def receiving_branches(actor: Actor, store: Store) -> dict[OrgId, str]:
    """Name the branches of the scope that can receive a member, by id."""
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        return {
            org.id: org.name
            for org in reader.branches_in_scope()
            if org.id is not None and org.status is not OrgStatus.ABOLISHED
        }
