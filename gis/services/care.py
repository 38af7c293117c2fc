"""关爱: needs that a member agreed to have noted, and who helps; for the branch secretary and the named helper alone.

Everybody else gets figures, from which no small one can be worked out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Role
from gis.model.rights import CareCode, CareNeed, ConsentScope, Pairing
from gis.services.access import require
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId, UserId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader


@dataclass(frozen=True, slots=True)
class CareLine:
    """One need with the member's name; `phone` for the helper to call."""

    need: CareNeed
    name: str
    branch: str
    phone: str


@dataclass(frozen=True, slots=True)
class PairLine:
    """One pairing with the member's name."""

    pairing: Pairing
    name: str
    branch: str


@dataclass(frozen=True, slots=True)
class CareView:
    """What one may see of care: the branch secretary all of the branch, a helper what names them.

    `may_ask` are members whose consent is in force, `helpers` the accounts of liaisons of the branch.
    """

    needs: tuple[CareLine, ...]
    pairs: tuple[PairLine, ...]
    may_ask: Mapping[MemberId, str]
    helpers: Mapping[UserId, str]
    members: Mapping[MemberId, str]
    is_secretary: bool


@dataclass(frozen=True, slots=True)
class CareCount:
    """Members with an open need of one kind; None where too few to show."""

    code: CareCode
    members: int | None


@dataclass(frozen=True, slots=True)
class CareCounts:
    """Figures over the viewer's whole scope; `total` is None where it would give a hidden one away."""

    by_code: tuple[CareCount, ...]
    total: int | None
    below: int


def open_care(actor: Actor, store: Store) -> CareView:
    """Show the needs that the actor may know of."""
    require(actor, Action.VIEW_CARE)
    is_secretary = actor.role is Role.BRANCH_SECRETARY
    with store.reading(actor.scope) as reader:
        members = {one.id: one for one in reader.members() if one.id is not None}
        orgs = {org.id: org.name for org in reader.orgs()}
        needs = reader.care_needs(helper=None if is_secretary else _account(actor))
        mine = {one.member_id for one in needs}
        pairs = reader.pairings(None if is_secretary else mine)
        agreed = _agreed(reader) if is_secretary else frozenset()
        helpers = _helpers(reader) if is_secretary else {}
    return CareView(
        needs=tuple(_line(one, members[one.member_id], orgs) for one in needs if one.member_id in members),
        pairs=tuple(
            PairLine(one, members[one.member_id].name, orgs.get(members[one.member_id].branch_id, ""))
            for one in pairs
            if one.member_id in members
        ),
        may_ask={number: one.name for number, one in members.items() if number in agreed},
        helpers=helpers,
        members={number: one.name for number, one in members.items()} if is_secretary else {},
        is_secretary=is_secretary,
    )


def _line(need: CareNeed, member: Member, orgs: Mapping[OrgId | None, str]) -> CareLine:
    return CareLine(need, member.name, orgs.get(member.branch_id, ""), member.phone)


def _account(actor: Actor) -> UserId:
    """Return whose needs a helper sees; nobody's where there is no account."""
    return actor.user_id if actor.user_id is not None else 0  # type: ignore[return-value]  # no account has this number


def _agreed(reader: Reader) -> frozenset[MemberId]:
    last = {one.member_id: one for one in reader.consents() if one.scope is ConsentScope.CARE}  # in order of time
    return frozenset(number for number, one in last.items() if not one.is_refusal)


def _helpers(reader: Reader) -> dict[UserId, str]:
    """Name the liaison accounts whose scope lies within the reader's."""
    return {
        one.id: one.display_name or one.username
        for one in reader.accounts()
        if one.role is Role.LIAISON and one.is_active and one.org_roots & reader.org_ids_in_scope
    }


def add_need(
    actor: Actor, store: Store, member_id: MemberId, code: CareCode, *, helper_user_id: UserId | None = None
) -> int:
    """Note a need that was agreed with the member; the helper is one of the branch's liaisons, or nobody yet.

    Raises
    ------
    DeniedError
        Only the branch secretary may.
    InputError
        There is no consent, the need is noted already, or the helper is no liaison of the branch.
    """
    _require_secretary(actor)
    with store.writing(actor, Action.VIEW_CARE) as writer:
        _member(writer, member_id)
        if member_id not in _agreed(writer):
            msg = "须本人先同意登记关爱需要：请在“告知与权利”登记“关爱需要”同意"
            raise InputError(msg)
        if any(one.member_id == member_id and one.code is code and one.valid_to is None for one in writer.care_needs()):
            msg = f"“{code.label}”已经登记，不用重复登记"
            raise InputError(msg)
        helpers = _helpers(writer)
        if helper_user_id is not None and helper_user_id not in helpers:
            msg = "帮扶人须是本支部的联络员账号，请重新选择"
            raise InputError(msg)
        name = helpers[helper_user_id] if helper_user_id is not None else ""
        number = writer.save_care_need(CareNeed(member_id, code, name, helper_user_id, writer.today))
        writer.say("登记一项关爱需要")
    return number


def end_need(actor: Actor, store: Store, need_id: int, version: int) -> None:
    """End a need today; it is deleted when its time is over.

    Raises
    ------
    NotFoundError, StaleError
        It is not in scope, or somebody changed it.
    """
    _require_secretary(actor)
    with store.writing(actor, Action.VIEW_CARE) as writer:
        need = next((one for one in writer.care_needs() if one.id == need_id and one.valid_to is None), None)
        if need is None:
            msg = "该项已不存在或已结束，请刷新后查看"
            raise NotFoundError(msg)
        _check_version(need.version, version)
        writer.save_care_need(replace(need, valid_to=writer.today))
        writer.say("结束一项关爱需要")


def pair_up(
    actor: Actor, store: Store, member_id: MemberId, helper: str, *, helper_member_id: MemberId | None = None
) -> int:
    """Pair a member with somebody who helps; the member has agreed to care.

    Raises
    ------
    InputError
        There is no consent, no helper is named, or a member would help themselves.
    """
    _require_secretary(actor)
    with store.writing(actor, Action.VIEW_CARE) as writer:
        _member(writer, member_id)
        if member_id not in _agreed(writer):
            msg = "须本人先同意登记关爱需要，再登记结对"
            raise InputError(msg)
        if helper_member_id == member_id:
            msg = "帮扶人不能是本人"
            raise InputError(msg)
        name = _member(writer, helper_member_id).name if helper_member_id is not None else helper.strip()
        if not name:
            msg = "请选择帮扶党员，或填写帮扶人姓名"
            raise InputError(msg)
        number = writer.save_pairing(Pairing(member_id, name, helper_member_id, writer.today))
        writer.say("登记一对结对帮扶")
    return number


def end_pairing(actor: Actor, store: Store, pairing_id: int, version: int) -> None:
    """End a pairing today."""
    _require_secretary(actor)
    with store.writing(actor, Action.VIEW_CARE) as writer:
        pair = next((one for one in writer.pairings() if one.id == pairing_id and one.valid_to is None), None)
        if pair is None:
            msg = "该结对已不存在或已结束，请刷新后查看"
            raise NotFoundError(msg)
        _check_version(pair.version, version)
        writer.save_pairing(replace(pair, valid_to=writer.today))
        writer.say("结束一对结对帮扶")


def care_counts(actor: Actor, store: Store) -> CareCounts:
    """Count members with open needs over the actor's scope, by kind and in all; small figures are not shown.

    One list over one scope: no figure of a part is shown, so that nothing can be taken from a whole. The number of all
    is left out where a kind is hidden, as it less the others would tell the hidden one.
    """
    require(actor, Action.VIEW_MATRIX)
    with store.reading(actor.scope) as reader:
        counts, total = reader.care_counts()
        below = office_settings(reader).suppress_below
    shown = {code: counts.get(code, 0) for code in CareCode}
    hidden = frozenset(code for code, number in shown.items() if 0 < number < below)
    return CareCounts(
        by_code=tuple(CareCount(code, None if code in hidden else number) for code, number in shown.items()),
        total=None if hidden or 0 < total < below else total,
        below=below,
    )


def _require_secretary(actor: Actor) -> None:
    require(actor, Action.VIEW_CARE)
    if actor.role is not Role.BRANCH_SECRETARY:
        msg = "关爱需要由支部书记与本人商定后登记"
        raise DeniedError(msg)


def _member(reader: Reader, member_id: MemberId) -> Member:
    member = next((one for one in reader.members() if one.id == member_id), None)
    if member is None:
        msg = "没有这名党员，或不在管理范围内"
        raise NotFoundError(msg)
    return member


def _check_version(theirs: int, mine: int) -> None:
    if theirs != mine:
        msg = "该项已被他人修改，请刷新后重试"
        raise StaleError(msg, mine=mine, theirs=theirs)
