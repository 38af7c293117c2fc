"""学习方式: propose a mode for every transition member, and keep what the branch decided.

The program proposes, a person decides; what the member wishes comes first (domain.md 2B, A31).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.modes import ModeDecision, ModeProposal, NewModeDecision, StudyMode
from gis.services.access import require, require_orgs
from gis.services.mode_facts import measure_modes
from gis.services.mode_flips import propose_mode
from gis.services.mode_warnings import mode_warnings, warnings_of
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.modes import Travel
    from gis.model.settings import OfficeSettings
    from gis.services.mode_facts import Measured
    from gis.store.database import Store
    from gis.store.reader import Reader

MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class ModeLine:
    """One member: proposal with its trace, warnings, what is in force; `near_place` is where a seat is free."""

    member_id: MemberId
    name: str
    branch_id: OrgId
    branch: str
    proposal: ModeProposal
    travel: Travel
    warnings: tuple[str, ...]
    near_place: str
    group: str
    decision: ModeDecision | None

    @property
    def based_on(self) -> int:
        """What a decision on this line replaces: the number of the one in force, 0 for none."""
        return self.decision.id if self.decision else 0

    @property
    def is_settled(self) -> bool:
        """Whether a decision is in force that was made on this very proposal."""
        return self.decision is not None and self.decision.proposed is self.proposal.mode


@dataclass(frozen=True, slots=True)
class ModeSheet:
    """Proposals on one day, by branch and id; `stamp` changes with the data that they rest on."""

    as_of: date
    lines: tuple[ModeLine, ...]
    stamp: int


@dataclass(frozen=True, slots=True)
class ModePick:
    """One proposal to accept, as it was seen."""

    member_id: MemberId
    mode: StudyMode
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class ModeOverride:
    """Another mode than the proposed one, with the reason."""

    member_id: MemberId
    mode: StudyMode
    reason: str
    based_on: int | None = None


def mode_branches(actor: Actor, store: Store) -> Mapping[OrgId, str]:
    """Name the branches in scope that have transition members, by id."""
    require(actor, Action.SET_MODES)
    with store.reading(actor.scope) as reader:
        known = reader.members(in_transition_only=True)
        there = {one.branch_id for one in known if one.restricted_on is None}
        return {org.id: org.name for org in reader.orgs() if org.id is not None and org.id in there}


def propose_modes(
    actor: Actor,
    store: Store,
    branch_ids: Collection[OrgId] | None = None,
    member_id: MemberId | None = None,
) -> ModeSheet:
    """Propose for the transition members of these branches, of the scope, or for one; nothing is saved.

    Raises
    ------
    DeniedError
        The role may not, or a branch lies outside the scope.
    NotFoundError
        The member is not there, not in transition, or outside the scope.
    InputError
        The member's data are restricted.
    """
    require(actor, Action.SET_MODES)
    with store.reading(actor.scope) as reader:
        if branch_ids is not None:
            require_orgs(actor, reader, branch_ids)
        if member_id is not None:
            branch_ids = _branches_of(reader, [member_id])
        sheet = _sheet(reader, branch_ids, store.today())
    if member_id is None:
        return sheet
    return ModeSheet(sheet.as_of, tuple(one for one in sheet.lines if one.member_id == member_id), sheet.stamp)


def accept_modes(actor: Actor, store: Store, picks: Sequence[ModePick], reason: str = "") -> int:
    """Decide as proposed for several members at once, all or none; return for how many something changed.

    Raises
    ------
    InputError
        Nobody is chosen, or the reason is too long.
    NotFoundError
        A member is not there, not in transition, or outside the scope.
    StaleError
        The proposal is no longer what was seen, or somebody else decided in between.
    """
    require(actor, Action.SET_MODES)
    if not picks:
        msg = "还没有选党员：先在表中勾选要接受的"
        raise InputError(msg)
    said = _reason(reason, is_needed=False)
    lines, stamp = _fresh(actor, store, [one.member_id for one in picks])
    wanted = []
    for pick in picks:
        line = lines[pick.member_id]
        if line.proposal.mode is not pick.mode:
            msg = f"{line.name}的资料有变动，现在提出的是{line.proposal.mode.label}，请刷新后重新核对"
            raise StaleError(msg, mine=pick.mode, theirs=line.proposal.mode)
        if not _is_same(line, pick.mode, said):
            wanted.append(_decision(line, pick.mode, said, pick.based_on))
    _keep(actor, store, wanted, stamp, f"接受 {len(wanted)} 名党员的学习方式")
    return len(wanted)


def override_mode(actor: Actor, store: Store, wanted: ModeOverride) -> ModeLine:
    """Decide another mode than the proposed one; return the line as it was, with warnings for the mode chosen.

    Raises
    ------
    InputError
        There is no reason, or it is too long.
    NotFoundError
        The member is not there, not in transition, or outside the scope.
    StaleError
        Somebody else decided in between.
    """
    require(actor, Action.SET_MODES)
    lines, stamp = _fresh(actor, store, [wanted.member_id])
    line = lines[wanted.member_id]
    said = _reason(wanted.reason, is_needed=wanted.mode is not line.proposal.mode)
    _keep(actor, store, [_decision(line, wanted.mode, said, wanted.based_on)], stamp, "改定一名党员的学习方式")
    return line


def list_modes(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None
) -> tuple[tuple[str, ModeDecision], ...]:
    """List the decisions in force of members in scope with their names, by branch and member."""
    require(actor, Action.SET_MODES)
    with store.reading(actor.scope) as reader:
        if branch_ids is not None:
            require_orgs(actor, reader, branch_ids)
        found = reader.study_modes()
        known = (one for one in reader.members(branch_ids) if one.restricted_on is None)
        members = sorted(known, key=lambda one: (one.branch_id, one.id or 0))
        return tuple((one.name, found[one.id]) for one in members if one.id is not None and one.id in found)


def mode_history(actor: Actor, store: Store, member_id: MemberId) -> tuple[ModeDecision, ...]:
    """List all decisions of one member, the oldest first.

    Raises
    ------
    NotFoundError
        The member is not there, or outside the scope.
    """
    require(actor, Action.SET_MODES)
    with store.reading(actor.scope) as reader:
        if not any(one.id == member_id for one in reader.members(include_left=True)):
            raise NotFoundError(_gone(member_id))
        return reader.study_mode_history(member_id)


def warnings_for(actor: Actor, store: Store, member_id: MemberId, mode: StudyMode) -> tuple[str, ...]:
    """Say what speaks against a mode for a member, before a person chooses it."""
    require(actor, Action.SET_MODES)
    with store.reading(actor.scope) as reader:
        options, branch_ids = office_settings(reader), _branches_of(reader, [member_id])
        measured = measure_modes(reader, branch_ids, options, store.today())
    one = next(one for one in measured if one.member_id == member_id)
    return tuple(mode_warnings(one, mode, options))


def facts_document(line: ModeLine) -> dict[str, object]:
    """Return the facts of a line as they stand in JSON and in the trace."""
    found: dict[str, object] = dict(asdict(line.proposal.facts))
    return {
        **found,
        "return_place": line.travel.place,
        "return_walk_min": line.travel.walk_min,
        "return_ride_min": line.travel.ride_min,
        "return_is_estimated": line.travel.is_estimated,
        "near_place": line.near_place,
        "group": line.group,
    }


def _sheet(reader: Reader, branch_ids: Collection[OrgId] | None, today: date) -> ModeSheet:
    return ModeSheet(today, mode_lines(reader, branch_ids, today), reader.data_version())


def mode_lines(reader: Reader, branch_ids: Collection[OrgId] | None, today: date) -> tuple[ModeLine, ...]:
    """Propose for the transition members of these branches, or of the reader's scope, by branch and id."""
    options, decided = office_settings(reader), reader.study_modes()
    names = {org.id: org.name for org in reader.orgs()}
    measured = measure_modes(reader, branch_ids, options, today)
    return tuple(_line(one, names, decided, options) for one in measured)


def _line(
    one: Measured,
    names: Mapping[OrgId | None, str],
    decided: Mapping[MemberId, ModeDecision],
    options: OfficeSettings,
) -> ModeLine:
    proposal = propose_mode(one.facts, options)
    return ModeLine(
        member_id=one.member_id,
        name=one.member.name,
        branch_id=one.member.branch_id,
        branch=names.get(one.member.branch_id, ""),
        proposal=proposal,
        travel=one.travel,
        warnings=warnings_of(one, proposal, options),
        near_place=one.near_name,
        group=one.group,
        decision=decided.get(one.member_id),
    )


def _fresh(actor: Actor, store: Store, member_ids: Sequence[MemberId]) -> tuple[dict[MemberId, ModeLine], int]:
    """Propose anew for these members, on the data of this moment."""
    with store.reading(actor.scope) as reader:
        sheet = _sheet(reader, _branches_of(reader, member_ids), store.today())
    wanted = frozenset(member_ids)
    return {one.member_id: one for one in sheet.lines if one.member_id in wanted}, sheet.stamp


def _branches_of(reader: Reader, member_ids: Sequence[MemberId]) -> frozenset[OrgId]:
    known = {one.id: one for one in reader.members(in_transition_only=True)}
    for member_id in member_ids:
        if member_id not in known:
            raise NotFoundError(_gone(member_id))
        if known[member_id].restricted_on is not None:
            msg = f"编号为 {member_id} 的党员资料已限制使用，不作测算；解除限制后再确定学习方式"
            raise InputError(msg)
    return frozenset(known[member_id].branch_id for member_id in member_ids)


def _gone(member_id: MemberId) -> str:
    return f"管理范围内没有编号为 {member_id} 的过渡期党员"


def _keep(actor: Actor, store: Store, wanted: Sequence[NewModeDecision], stamp: int, summary: str) -> None:
    if not wanted:
        return
    with store.writing(actor, Action.SET_MODES) as writer:
        if writer.data_version() != stamp:
            msg = "资料刚有变动，请刷新后重新核对"
            raise StaleError(msg)
        writer.decide_study_modes(wanted)
        writer.say(summary, overrides=sum(one.mode is not one.proposed for one in wanted))


def _is_same(line: ModeLine, mode: StudyMode, reason: str) -> bool:
    """Whether the decision in force already says so."""
    now = line.decision
    return (
        now is not None
        and now.mode is mode
        and now.proposed is line.proposal.mode
        and now.rule == line.proposal.rule.value
        and (not reason or now.reason == reason)
    )


def _decision(line: ModeLine, mode: StudyMode, reason: str, based_on: int | None) -> NewModeDecision:
    return NewModeDecision(
        member_id=line.member_id,
        mode=mode,
        proposed=line.proposal.mode,
        rule=line.proposal.rule.value,
        trace=trace_document(line),
        reason=reason,
        based_on=based_on,
    )


def trace_document(line: ModeLine) -> dict[str, object]:
    """Return what is kept with a decision: the facts of that day, what each rule said, the warnings."""
    return {
        "facts": facts_document(line),
        "why": line.proposal.why,
        "rejected": [{"rule": one.rule.value, "why": one.why} for one in line.proposal.rejected],
        "warnings": list(line.warnings),
    }


def _reason(text: str, *, is_needed: bool) -> str:
    said = " ".join(text.split())
    if is_needed and not said:
        msg = "与提出的方式不同，请写明理由，例如“本人当面表示愿意来小组”"
        raise InputError(msg)
    if len(said) > MOST_REASON:
        msg = f"理由至多 {MOST_REASON} 字，现有 {len(said)} 字"
        raise InputError(msg)
    return said
