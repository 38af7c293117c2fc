"""The planner's codes and numbers as Chinese sentences; nothing is said here that the planner did not compute."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.model.ids import MemberId
from gis.model.plan import Alternative, PlanChange
from gis.planning.changes import ChangeKind
from gis.planning.explain import RULES, Why, WhyNot
from gis.planning.left_out import Reason
from gis.planning.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from gis.model.ids import OrgId
    from gis.model.people import Member
    from gis.model.plan import Place
    from gis.planning.changes import Change
    from gis.planning.explain import Alternative as FoundAlternative
    from gis.planning.explain import Seated, Unseated
    from gis.planning.resolve import Loss
    from gis.services.grouping_input import GroupingInput

    IntArray = npt.NDArray[np.int64]

_WHY: dict[Why, str] = {
    Why.LOCKED: "支部指定在这里",
    Why.NEAREST: "离家步行最近",
    Why.NEAREST_ALLOWED: "能去的地方里离家最近",
    Why.NEAREST_GROUP: "本支部设组的地方里离家最近",
    Why.NEAREST_FREE: "本支部设组且有空位的地方里离家最近",
    Why.NEAREST_FIT: "还能接收本人的小组里离家最近",
    Why.TOGETHER: "与须同组的党员在一起",
    Why.STAYS: "保持现在的小组，少变动",
    Why.HOLDS_GROUP: "离开这里，本组就不足最低要求",
    Why.BALANCE: "换到更近的小组，全体折合不会更省",
    Why.UNPROVEN: "限定时间内找到的安排，可能还有更近的",
}

_WHY_NOT: dict[WhyNot, str] = {
    WhyNot.LOCKED: "支部已指定别处",
    WhyNot.FORBIDDEN: "已排除",
    WhyNot.NOT_STEP_FREE: "没有无障碍通道",
    WhyNot.OTHER_BRANCH: "只供其他支部使用",
    WhyNot.TOO_FAR: "超过步行上限 {amount} 米",
    WhyNot.FULL: "{amount} 个座位已满",
    WhyNot.KEEPS_GROUP: "离开后现在的小组不足最低要求",
    WhyNot.LONGER: "多走 {amount} 米",
    WhyNot.BALANCE: "改到这里，全体折合多走 {amount} 米",
    WhyNot.BETTER: "改到这里可省 {amount} 米，限定时间内未及比较",
    WhyNot.NO_ROOM: "只剩 {amount} 个空位，不够设组",
    WhyNot.MANY_GROUPS: "已有 {amount} 个小组在此",
    WhyNot.TOO_FEW: "本支部能到这里的只有 {amount} 人，不够设组",
    WhyNot.NO_FULL: "能到这里的人中没有正式党员",
    WhyNot.NO_LEADER: "能到这里的人中没有可任组长的",
    WhyNot.NOT_OPENED: "本支部未在此设组，在此设组不会更好",
    WhyNot.COMPANIONS: "须与另外 {amount} 名同组的党员一起",
    WhyNot.LEADER_LOAD: "每名可任组长的党员至多带 {amount} 人，那里的小组已满",
    WhyNot.MAX_BRANCHES: "一组至多 {amount} 个支部",
    WhyNot.MAX_GROUPS: "小组总数已到 {amount} 个的上限",
    WhyNot.NO_PLAN: "不打破其他规定和指定，在这里编不成小组",
}

_COSTED: dict[WhyNot, str] = {WhyNot.NOT_OPENED: "本支部未在此设组"}  # the cost says the rest

_REASON: dict[Reason, str] = {
    Reason.LOCK_IMPOSSIBLE: "支部指定的中心户去不了（不通、有台阶或容不下一个组）",
    Reason.LOCK_GROUP: "支部指定的中心户附近，本支部只有 {amount} 人能到，成不了组",
    Reason.NO_HOST: "还没有可用的中心户或场所",
    Reason.UNREACHABLE: "步行走不到任何中心户或场所",
    Reason.NO_HOST_IN_REACH: "步行上限内没有中心户或场所，最近一处还差 {amount} 米",
    Reason.ONLY_NOT_STEP_FREE: "步行可到的地方都没有无障碍通道",
    Reason.ONLY_OTHER_BRANCH: "步行可到的地方都只供其他支部使用",
    Reason.ONLY_FORBIDDEN: "步行可到的地方都已排除",
    Reason.ONLY_SMALL: "步行可到的地方都容不下一个组",
    Reason.TOO_FEW_NEAR: "附近本支部党员最多只有 {amount} 人能到同一处，不够最低组员数",
    Reason.NO_FULL_MEMBER: "附近能编在一组的人中没有正式党员",
    Reason.NO_LEADER: "附近能编在一组的人中没有可任组长的正式党员",
    Reason.CAPACITY: "步行可到的 {amount} 处都没有空位",
    Reason.TOGETHER: "须与另外 {amount} 名党员同组，没有一处能一起安排",
    Reason.LEADER_LOAD: "每名可任组长的党员至多带 {amount} 人，附近的小组不能再加人",
    Reason.MAX_BRANCHES: "一组至多 {amount} 个支部，附近的小组不能再加人",
    Reason.MAX_GROUPS: "小组总数已到 {amount} 个的上限，不能再设组",
    Reason.LEADER_ELSEWHERE: "附近可任组长的 {amount} 人都要在别的组任职",
    Reason.OTHERS_ELSEWHERE: "附近的本支部党员已在更近的组，余下只有 {amount} 人，不够设组",
    Reason.UNPROVEN: "限定时间内没有算完，延长计算时间可能安排得下",
}

_OF_LOCKS = (Reason.LOCK_IMPOSSIBLE, Reason.LOCK_GROUP)

_NO_CHANGE: dict[Reason, str] = {
    Reason.UNPROVEN: "把计算时间延长后重新测算",
    Reason.NO_HOST: "在附近设一处中心户或场所后重新测算",
}
_OTHERS_STAY = "（其他人座位不变时）"  # what was tried; when others may move, less might do
_OTHERS_MOVE = "（其他人随之调整，无人失去座位）"
_HOME_VISIT = "没有单独一项改变能让其入组，宜安排上门送学"


class Namer:
    """Names places, branches and members of one plan."""

    def __init__(self, given: GroupingInput, names: Mapping[OrgId | None, str]) -> None:
        self._given, self._names = given, names

    def place(self, column: int) -> Place:
        """Return the place of a column of the problem."""
        return self._given.places[column]

    def branch(self, branch_id: OrgId) -> str:
        """Return the name of a branch."""
        return self._names.get(branch_id, "")

    def why(self, seat: Seated) -> str:
        """Say why a member sits where they sit."""
        text = _WHY[seat.why]
        return f"{text}，比步行上限多 {seat.over_limit_m:.0f} 米" if seat.over_limit_m > 0 else text

    def alternatives(self, seat: Seated) -> tuple[Alternative, ...]:
        """Say what speaks against the other places near the member."""
        return tuple(self.alternative(one) for one in seat.alternatives)

    def alternative(self, one: FoundAlternative) -> Alternative:
        """Say what speaks against one other place, and what it would cost where that is computed."""
        text = _WHY_NOT[one.why_not].format(amount=one.amount)
        place, is_rule, loss = self.place(one.host), one.why_not in RULES, one.loss
        if loss is None:
            return Alternative(place, one.walk_m, text, one.why_not.value if is_rule else "", cost_known=is_rule)
        now = _COSTED.get(one.why_not, text)
        said = f"{now}；改到这里并重排其他人，{said_loss(loss)}"
        return Alternative(place, one.walk_m, said, "", cost_known=True, cost_seats=loss.unseated, cost_m=loss.cost_m)

    def reason(self, found: Unseated, *, is_locked: bool = False) -> str:
        """Say why a member has no seat; of one whom the branch sent to a host, that it is there."""
        text = _REASON[found.reason].format(amount=found.amount)
        return f"支部指定的中心户安排不下：{text}" if is_locked and found.reason not in _OF_LOCKS else text

    def change(self, found: Unseated) -> str:
        """Say the smallest change that would seat the member with everybody else where they are."""
        if not found.changes:
            return _NO_CHANGE.get(found.reason, _HOME_VISIT)
        return self._said(found.changes[0]) + _OTHERS_STAY

    def remedy(self, found: Remedy) -> PlanChange:
        """Say one change that would seat a member."""
        change = found.change
        tried = _OTHERS_STAY if found.others_stay else _OTHERS_MOVE if found.moves else ""
        return PlanChange(
            kind=change.kind.value,
            text=self._said(change) + tried,
            amount=change.amount,
            place_key=self.place(change.host).key if change.host >= 0 else "",
            member_id=MemberId(int(self._member(change.other).id or 0)) if change.other >= 0 else None,
            others_stay=found.others_stay,
        )

    def changes(self, found: Unseated) -> tuple[PlanChange, ...]:
        """Say the changes that would seat the member with everybody else where they are."""
        return tuple(self.remedy(Remedy(change, others_stay=True)) for change in found.changes)

    def no_change(self, reason: Reason) -> str:
        """Say what to do where no single change helps."""
        return _NO_CHANGE.get(reason, _HOME_VISIT)

    def first_change(self, change: Change, rows: Sequence[int] | IntArray) -> str:
        """Say a change tried with everybody else staying; `rows` number its members among the asked and wishful."""
        other = int(rows[change.other]) if change.other >= 0 else change.other
        return self._said(replace(change, other=other)) + _OTHERS_STAY

    def _said(self, change: Change) -> str:
        return _CHANGE[change.kind](self, change)

    def _member(self, row: int) -> Member:
        return (*self._given.asked, *self._given.wishful)[row]

    def _where(self, change: Change) -> str:
        label = self.place(change.host).label
        return f"{label}（新设一组）" if change.opens else label

    def _release(self, change: Change) -> str:
        return f"不再指定{self.place(change.host).label}，改由测算安排"

    def _seats(self, change: Change) -> str:
        return f"{self._where(change)}增加 {change.amount} 个座位"

    def _ramp(self, change: Change) -> str:
        return f"{self._where(change)}有无障碍通道"

    def _limit(self, change: Change) -> str:
        place = self.place(change.host)
        how = "，可在“编组条件”指定此处" if place.host_id is not None else ""
        return f"本人步行上限放宽 {change.amount} 米，到{self._where(change)}{how}"

    def _leader(self, change: Change) -> str:
        name = self._member(change.other).name
        then = f"即可在{self.place(change.host).label}新设一组" if change.opens else "即可安排"
        return f"支部推荐{name}可任组长，{then}"

    def _members(self, change: Change) -> str:
        who = f"{change.amount} 名本支部正式党员（其中一人可任组长）"
        return f"{self.place(change.host).label}附近再有 {who}，即可{'新设一组' if change.opens else '安排'}"

    def _host(self, change: Change) -> str:
        member = self._member(change.other)
        seats = self._given.problem.rules.target_high
        who = f"可供附近 {change.amount} 名未安排的本支部党员使用"
        return f"在{member.name}家设一处中心户（按 {seats} 座、无台阶测算），{who}"


def said_loss(loss: Loss) -> str:
    """Say what the best plan with a change is worse than the best without; the first that differs decides."""
    for amount, more, less in (
        (loss.decisions, "少守住 {} 项指定", "多守住 {} 项指定"),
        (loss.unseated, "会少安排 {} 人", "可多安排 {} 人"),
        (loss.groups, "要多设 {} 个小组", "可少设 {} 个小组"),
        (loss.longest_m, "最远的一人多走 {} 米", "最远的一人少走 {} 米"),
        (loss.cost_m, "全体折合多走 {} 米", "全体折合少走 {} 米"),
    ):
        if amount:
            return (more if amount > 0 else less).format(abs(amount))
    return "结果一样好"


_CHANGE: dict[ChangeKind, Callable[[Namer, Change], str]] = {
    ChangeKind.RELEASE_LOCK: Namer._release,  # noqa: SLF001  # the class's own table
    ChangeKind.MORE_SEATS: Namer._seats,  # noqa: SLF001
    ChangeKind.STEP_FREE: Namer._ramp,  # noqa: SLF001
    ChangeKind.LONGER_LIMIT: Namer._limit,  # noqa: SLF001
    ChangeKind.LEADER: Namer._leader,  # noqa: SLF001
    ChangeKind.MORE_MEMBERS: Namer._members,  # noqa: SLF001
    ChangeKind.NEW_HOST: Namer._host,  # noqa: SLF001
}
