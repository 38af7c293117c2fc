"""The life of a round of visits: issued, closed, cancelled, renamed, or discarded while it is a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.visits import ResultState, RoundState
from gis.services.access import require
from gis.services.visits.opening import read_known, warnings_of
from gis.services.visits.result_checks import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.model.visits import VisitRound
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

LONGEST_NAME, LONGEST_NOTE = 200, 500


@dataclass(frozen=True, slots=True)
class RoundStep:
    """What a step left: the new row version, the figures, and what to look after."""

    version: int
    n_teams: int
    n_targets: int
    n_done: int
    warnings: tuple[str, ...] = ()

    @property
    def n_open(self) -> int:
        """Members without a result: 未走访."""
        return self.n_targets - self.n_done


def issue_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> RoundStep:
    """下发: from now on the teams see their lists; needs at least one stop, a team of one is warned about.

    Raises
    ------
    InputError
        It is no draft, or nobody is in it.
    NotFoundError, StaleError
        There is no such round within the scope, or somebody changed it meanwhile.
    """
    require(actor, Action.PLAN_VISITS)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        found = _round(writer, round_id)
        if found.state is not RoundState.DRAFT:
            msg = f"这批走访{found.state.label}，只有草案可以下发"
            raise InputError(msg)
        if not any(team.stops for team in found.teams):
            msg = "这批走访还没有安排任何一户：先添加要走访的党员，再下发"
            raise InputError(msg)
        if found.last_day < writer.today:
            msg = f"这批走访的最后一天 {found.last_day.isoformat()} 已过，请重新安排日期"
            raise InputError(msg)
        warnings = warnings_of(found, read_known(writer, [found], writer.today))
        return _step(writer, found, version, RoundState.ISSUED, warnings)


def close_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> RoundStep:
    """结束: who has no result then counts as not visited; results that come in late can still be entered at the desk.

    Raises
    ------
    InputError
        It has not been issued, or results still contradict each other.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    require(actor, Action.PLAN_VISITS)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        found = _round(writer, round_id)
        if found.state is not RoundState.ISSUED:
            msg = f"这批走访{found.state.label}，只有已下发的可以结束"
            raise InputError(msg)
        waiting = sum(one.state is ResultState.CONFLICT for one in writer.visit_results(round_id))
        if waiting:
            msg = f"有 {waiting} 条结果互相不一致、还没有核对：先逐条核对采用哪一条，再结束"
            raise InputError(msg)
        return _step(writer, found, version, RoundState.CLOSED, _still_open(writer, found))


def cancel_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> RoundStep:
    """取消: nobody goes any more; what has been recorded stays.

    Raises
    ------
    InputError
        It is over or cancelled.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    require(actor, Action.PLAN_VISITS)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        found = _round(writer, round_id)
        if found.state not in (RoundState.DRAFT, RoundState.ISSUED):
            msg = f"这批走访{found.state.label}，不能取消"
            raise InputError(msg)
        return _step(writer, found, version, RoundState.CANCELLED, _still_open(writer, found))


def rename_round(actor: Actor, store: Store, round_id: RoundId, version: int, name: str, note: str = "") -> int:
    """Change the name and the note; returns the new row version.

    Raises
    ------
    InputError
        The name is blank or too long.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    require(actor, Action.PLAN_VISITS)
    kept_name, kept_note = plain(name), note.strip()
    if not kept_name or len(kept_name) > LONGEST_NAME:
        msg = f"请填写批次名称，不超过 {LONGEST_NAME} 字"
        raise InputError(msg)
    if len(kept_note) > LONGEST_NOTE:
        msg = f"备注不超过 {LONGEST_NOTE} 字"
        raise InputError(msg)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        _round(writer, round_id)
        writer.say("修改一批走访的名称和备注", round_id=int(round_id))
        return writer.name_visit_round(round_id, version, kept_name, kept_note)


def discard_round(actor: Actor, store: Store, round_id: RoundId, version: int) -> None:
    """Delete a draft.

    Raises
    ------
    InputError
        It is no draft any more.
    NotFoundError, StaleError
        As in `issue_round`.
    """
    require(actor, Action.PLAN_VISITS)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        _round(writer, round_id)
        writer.discard_visit_round(round_id, version)
        writer.say("删除一批走访的草案", round_id=int(round_id))


def _round(reader: Reader, round_id: RoundId) -> VisitRound:
    found = reader.visit_round(round_id)
    if found is None:
        msg = f"没有编号为 {round_id} 的走访批次，或不在管理范围内"
        raise NotFoundError(msg)
    return found


def _step(writer: Writer, found: VisitRound, version: int, state: RoundState, warnings: tuple[str, ...]) -> RoundStep:
    """Carry the round on, say so in the audit, and count."""
    round_id = found.id
    assert round_id is not None  # noqa: S101  # rounds that were read have one
    closed_on = writer.today if state in (RoundState.CLOSED, RoundState.CANCELLED) else None
    new_version = writer.set_round_state(round_id, version, state, closed_on=closed_on)
    teams = [team for team in found.teams if team.stops]
    n_targets, n_done = _progress(writer, found)
    verb = {RoundState.ISSUED: "下发", RoundState.CLOSED: "结束", RoundState.CANCELLED: "取消"}[state]
    said = f"{verb}一批走访：{len(teams)} 组，{n_targets} 人，已登记结果 {n_done} 人"
    writer.say(said, round_id=int(round_id), teams=len(teams), targets=n_targets, done=n_done)
    return RoundStep(new_version, len(teams), n_targets, n_done, warnings)


def _progress(reader: Reader, found: VisitRound) -> tuple[int, int]:
    """Count the members of a round and those with a result."""
    targets = {one.id for team in found.teams for stop in team.stops for one in stop.targets}
    results = reader.visit_results(found.id) if found.id is not None else ()
    done = {one.target_id for one in results if one.state is ResultState.ACCEPTED}
    return len(targets), len(targets & done)


def _still_open(reader: Reader, found: VisitRound) -> tuple[str, ...]:
    """Say who has no result, and which sheets have not come back."""
    n_targets, n_done = _progress(reader, found)
    sheets = reader.visit_sheets(found.id) if found.id is not None else ()
    out = sum(one.returned_on is None and one.voided_on is None for one in sheets)
    missing, said = n_targets - n_done, []
    if missing:
        said.append(f"{missing} 人没有走访结果，计为未走访，下次仍会列入")
    if out:
        said.append(f"{out} 张走访单还没有交回，请收回或作废")
    return tuple(said)
