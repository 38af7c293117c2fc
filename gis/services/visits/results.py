"""走访结果: every result that comes in is kept; exactly one of a target is accepted and has effects.

The same key sent again has the same answer and no second effect. Who knew the accepted result, or had sent it, corrects
it; who did neither and says something else makes a conflict, which a person settles: nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action
from gis.model.visits import ResultState
from gis.services.access import require
from gis.services.visits.effects import apply_effects, undo_effects
from gis.services.visits.result_checks import LONGEST_KEY, check_case, is_key, is_planner, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.ids import MemberId, RoundId, TargetId
    from gis.model.visits import KeptResult, ResultSource, SaidResult, VisitSheet
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.readers.visit_cases import Standing, VisitCase
    from gis.store.writer import Writer

SAME_AS = "same_as"


@dataclass(frozen=True, slots=True)
class ResultOutcome:
    """What became of one result. `state` None: refused for good, `message` says why; sending it again changes nothing.

    `is_same`: it was known already (the same key, or the same content), `result_id` is the result that stands for it.
    """

    key: str
    target_id: TargetId
    state: ResultState | None
    is_same: bool
    result_id: int | None
    message: str

    @property
    def is_refused(self) -> bool:
        """Whether it was not kept."""
        return self.state is None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of what came of one visit; `accepted` None where the accepted one has been cleared meanwhile."""

    round_id: RoundId
    round_name: str
    member_id: MemberId
    name: str
    accepted: KeptResult | None
    other: KeptResult


def record_results(
    actor: Actor, store: Store, said: Sequence[SaidResult], source: ResultSource, sheet_number: str = ""
) -> tuple[ResultOutcome, ...]:
    """Keep results, each in a transaction of its own: a fault in one does not lose the others.

    Returns
    -------
    outcomes
        One for each of `said`, in its order; a refused one says why.

    Raises
    ------
    NotFoundError
        There is no sheet with this number.
    BusyError
        Somebody else is writing; send everything again, with the same keys.
    """
    require(actor, Action.MAKE_VISITS)
    with store.reading(actor.scope) as reader:
        sheet = sheet_named(actor, reader, sheet_number)
        known = _known(reader, said)
    return tuple(known.get(number) or _record(actor, store, (one, source), sheet) for number, one in enumerate(said))


def rehearse_results(
    actor: Actor, store: Store, said: Sequence[SaidResult], source: ResultSource, sheet_number: str = ""
) -> tuple[ResultOutcome, ...]:
    """Say what `record_results` would answer; nothing is kept.

    Raises
    ------
    NotFoundError
        There is no sheet with this number.
    """
    require(actor, Action.MAKE_VISITS)
    found = []
    with store.rehearsing(actor, Action.MAKE_VISITS) as writer:
        sheet = sheet_named(actor, writer, sheet_number)
        for one in said:
            try:
                found.append(_take(actor, writer, (one, source), sheet))
            except (InputError, DeniedError) as error:
                found.append(_refused(one, error))
    return tuple(found)


def sheet_named(actor: Actor, reader: Reader, number: str) -> VisitSheet | None:
    """Return a sheet by its number; "": results that came without one.

    Raises
    ------
    NotFoundError
        There is none that the actor may see.
    """
    if not number:
        return None
    sheet = None if not number.isprintable() else reader.visit_sheet(number, user_id=actor.user_id)
    if sheet is None:
        msg = f"没有走访单 {number[:32]}，或不在管理范围内：请核对单号"
        raise NotFoundError(msg)
    return sheet


def _known(reader: Reader, said: Sequence[SaidResult]) -> dict[int, ResultOutcome]:
    """Answer what came in before, without writing anything."""
    kept = reader.visit_results_by_key([one.key for one in said if is_key(one.key)])
    return {
        number: _again(reader, kept[one.key])
        for number, one in enumerate(said)
        if one.key in kept and kept[one.key].target_id == one.target_id
    }


def _record(
    actor: Actor, store: Store, given: tuple[SaidResult, ResultSource], sheet: VisitSheet | None
) -> ResultOutcome:
    try:
        with store.writing(actor, Action.MAKE_VISITS, "登记一条走访结果") as writer:
            return _take(actor, writer, given, sheet)
    except (InputError, DeniedError) as error:
        return _refused(given[0], error)


def _refused(said: SaidResult, error: Exception) -> ResultOutcome:
    return ResultOutcome(said.key, said.target_id, None, is_same=False, result_id=None, message=str(error))


def _take(
    actor: Actor, writer: Writer, given: tuple[SaidResult, ResultSource], sheet: VisitSheet | None
) -> ResultOutcome:
    """Keep one result and do what follows from it."""
    said, source = given
    if not is_key(said.key):
        msg = f"结果的编号须为 1 到 {LONGEST_KEY} 个可见字符，请刷新页面后重新登记"
        raise InputError(msg)
    kept = writer.visit_results_by_key([said.key]).get(said.key)
    if kept is not None and kept.target_id == said.target_id:
        return _again(writer, kept)
    if kept is not None or writer.is_visit_key_taken(said.key):
        msg = "这条结果的编号已经用过，请刷新页面后重新登记"
        raise InputError(msg)
    case = writer.visit_case(said.target_id, user_id=actor.user_id)
    if case is None:
        msg = "名单里没有这名党员：可能已调整到其他批次，请刷新名单后核对"
        raise InputError(msg)
    check_case(actor, writer, case, sheet)
    said = tidy(actor, writer, case, given)
    standing = next(iter(writer.standing_results(target_id=said.target_id)), None)
    writer.say("登记一条走访结果", member_id=int(case.member_id), round_id=int(case.round_id))
    keep = _Keeping(writer, case, said, source, sheet)
    if standing is None:
        return keep.accepted()
    is_known = said.based_on == standing.kept.id or _is_own(writer, said, standing.kept)
    if _is_same(said, standing.kept, is_whole=is_known):
        return keep.same(standing.kept)
    if is_known:
        return keep.corrected(standing)
    return keep.in_conflict(standing.kept)


def _is_own(reader: Reader, said: SaidResult, standing: KeptResult) -> bool:
    """Whether what stands is an earlier answer of the sender: under its key, or under one that said the same."""
    earlier = reader.visit_results_by_key(said.replaces) if said.replaces else {}
    return any(
        one.target_id == said.target_id
        and (one.id == standing.id or reader.visit_effects(one.id).get(SAME_AS) == standing.id)
        for one in earlier.values()
    )


@dataclass(frozen=True)
class _Keeping:
    """One result that has been checked."""

    writer: Writer
    case: VisitCase
    said: SaidResult
    source: ResultSource
    sheet: VisitSheet | None

    def _add(self, state: ResultState) -> int:
        sheet_id = self.sheet.id if self.sheet is not None else None
        return self.writer.add_visit_result(self.said, source=self.source, state=state, sheet_id=sheet_id)

    def _outcome(self, state: ResultState, number: int, message: str, *, is_same: bool = False) -> ResultOutcome:
        return ResultOutcome(self.said.key, self.said.target_id, state, is_same, number, message)

    def accepted(self) -> ResultOutcome:
        """Keep the first result of the target."""
        number = self._add(ResultState.ACCEPTED)
        _apply(self.writer, self.case, number)
        return self._outcome(ResultState.ACCEPTED, number, "已登记")

    def same(self, standing: KeptResult) -> ResultOutcome:
        """Said already; kept with what it is the same as, so that its key has the same answer next time."""
        number = self._add(ResultState.DISMISSED)
        self.writer.save_visit_result(number, effects={SAME_AS: standing.id})
        return self._outcome(ResultState.ACCEPTED, standing.id, "已经登记过，内容相同", is_same=True)

    def corrected(self, standing: Standing) -> ResultOutcome:
        """Take the place of the result that the sender knew."""
        left = _withdraw(self.writer, standing)
        number = self._add(ResultState.ACCEPTED)
        _apply(self.writer, self.case, number)
        message = f"已更正，原来是“{standing.kept.result.label}”"
        return self._outcome(ResultState.ACCEPTED, number, "；".join((message, *left)))

    def in_conflict(self, standing: KeptResult) -> ResultOutcome:
        """Leave what stands and wait for a person."""
        number = self._add(ResultState.CONFLICT)
        there = f"{standing.on_day.isoformat()} “{standing.result.label}”（{standing.by_name}）"
        return self._outcome(ResultState.CONFLICT, number, f"与已登记的 {there} 不一致，两份都留着，由支部核对")


def _withdraw(writer: Writer, standing: Standing) -> tuple[str, ...]:
    writer.save_visit_result(standing.kept.id, state=ResultState.REPLACED)
    return undo_effects(writer, standing)


def _apply(writer: Writer, case: VisitCase, number: int) -> None:
    kept = writer.visit_result(number)
    if kept is None:
        msg = "名单里没有这名党员，请刷新名单后核对"
        raise InputError(msg)
    apply_effects(writer, case, kept, writer.actor.display_name or writer.actor.name)
    for other, _ in writer.waiting_results(target_id=case.target_id):
        if _is_same(other, kept, is_whole=False):  # nothing to decide any more
            writer.save_visit_result(other.id, state=ResultState.DISMISSED, effects={SAME_AS: kept.id})


def _is_same(said: SaidResult | KeptResult, kept: KeptResult, *, is_whole: bool) -> bool:
    """Whether a result says what is known; unless `is_whole` it may say less: a note left out contradicts nothing."""
    if (said.result, said.on_day) != (kept.result, kept.on_day):
        return False
    if is_whole:
        return (said.note, said.next_on) == (kept.note, kept.next_on)
    return said.note in ("", kept.note) and said.next_on in (None, kept.next_on)


_AGAIN = {
    ResultState.ACCEPTED: "已经登记过",
    ResultState.REPLACED: "已经登记过，后来已更正",
    ResultState.CONFLICT: "已经收到，与另一份不一致，由支部核对",
    ResultState.DISMISSED: "已经收到，经核对没有采用",
}


def _again(reader: Reader, kept: KeptResult) -> ResultOutcome:
    """Answer a key that came in before."""
    state, number = kept.state, kept.id
    same_as = reader.visit_effects(kept.id).get(SAME_AS) if state is ResultState.DISMISSED else None
    stands = reader.visit_result(same_as) if isinstance(same_as, int) else None
    if stands is not None:
        state, number = stands.state, stands.id
    return ResultOutcome(kept.key, kept.target_id, state, is_same=True, result_id=number, message=_AGAIN[state])


def conflicts(actor: Actor, store: Store, round_id: RoundId | None = None) -> tuple[Conflict, ...]:
    """List the results that contradict the accepted one and wait for a decision, the oldest first."""
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        found = []
        for other, case in reader.waiting_results(round_id=round_id):
            standing = next(iter(reader.standing_results(target_id=case.target_id)), None)
            accepted = standing.kept if standing is not None else None
            found.append(Conflict(case.round_id, case.round_name, case.member_id, case.name, accepted, other))
    return tuple(found)


def settle_conflict(actor: Actor, store: Store, result_id: int, accept: bool) -> tuple[str, ...]:  # noqa: FBT001  # the one question
    """Decide a conflict: accept the later version (the earlier one is corrected, with its effects) or dismiss it.

    Returns what a person had changed since and so was not changed back.

    Raises
    ------
    NotFoundError
        There is no such result within the scope.
    DeniedError
        The round is another organisation's.
    InputError
        It has been decided already.
    """
    require(actor, Action.PLAN_VISITS)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        kept = writer.visit_result(result_id)
        case = writer.visit_case(kept.target_id, user_id=actor.user_id) if kept is not None else None
        if kept is None or case is None:
            msg = f"没有编号为 {result_id} 的走访结果，或不在管理范围内"
            raise NotFoundError(msg)
        if not is_planner(actor, writer, case):
            msg = "这批走访由上级组织安排，由安排的组织核对"
            raise DeniedError(msg)
        if kept.state is not ResultState.CONFLICT:
            msg = f"这条结果{kept.state.label}，不需要再核对"
            raise InputError(msg)
        if accept and not case.is_open:
            msg = f"{case.name}：已不在花名册，或本人要求限制处理，不能再改用这份结果"
            raise InputError(msg)
        left = _accept(writer, case, kept) if accept else _dismiss(writer, kept)
        writer.say("核对不一致的走访结果", member_id=int(case.member_id), is_accepted=accept)
    return left


def _accept(writer: Writer, case: VisitCase, kept: KeptResult) -> tuple[str, ...]:
    left: tuple[str, ...] = ()
    for standing in writer.standing_results(target_id=case.target_id):
        left += _withdraw(writer, standing)
    writer.save_visit_result(kept.id, state=ResultState.ACCEPTED)
    _apply(writer, case, kept.id)
    return left


def _dismiss(writer: Writer, kept: KeptResult) -> tuple[str, ...]:
    writer.save_visit_result(kept.id, state=ResultState.DISMISSED)
    return ()
