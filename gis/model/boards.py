"""待办与名单: what the boards count, and the facts of one member that they count by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import date

    from gis.model.enums import MobilityLevel, Precision, Preference
    from gis.model.ids import MemberId, OrgId
    from gis.model.modes import StudyMode


class BoardKind(Labelled):
    """The boards, in the order of the screen."""

    OVERDUE = "overdue", "超期未联系"
    RETURN_DUE = "return_due", "预计返迁时间已过"
    YEARS = "years", "过渡年数"
    AGED = "aged", "80 岁以上"
    MISSING = "missing", "资料缺项"


class YearBand(Labelled):
    """Years in transition; the longest known took seven to eight (A03)."""

    UNKNOWN = "unknown", "开始时间不明"
    BELOW_1 = "0", "不满 1 年"
    BELOW_2 = "1", "1–2 年"
    BELOW_3 = "2", "2–3 年"
    BELOW_5 = "3", "3–5 年"
    BELOW_7 = "5", "5–7 年"
    FROM_7 = "7", "7 年以上"


class MissingItem(Labelled):
    """What should be known of a member in transition and is not."""

    PHONE = "phone", "电话"
    BIRTH = "birth", "出生年月"
    ADDRESS = "address", "现住址"
    POSITION = "position", "住址定位"
    STARTED = "started", "过渡开始时间"
    EXPECTED = "expected", "预计返迁时间"
    HOUSING = "housing", "居住情况"
    MOBILITY = "mobility", "行动能力"
    WISH = "wish", "本人意愿"
    MODE = "mode", "学习方式"
    HOME_CONTACT = "home_contact", "原支部联系人"
    RESIDENCE_CONTACT = "residence_contact", "居住地联系人"


#: Where each is filled in: the address of the screen
FILLED_IN: dict[MissingItem, str] = {
    MissingItem.POSITION: "locate",
    MissingItem.MOBILITY: "conditions",
    MissingItem.WISH: "conditions",
    MissingItem.MODE: "modes",
    MissingItem.ADDRESS: "life",
}


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What the boards need of one member; id 0 and name "" where the reader's scope sees no people.

    `last_contact` is the latest day on which the member was reached or attended.
    """

    member_id: MemberId
    name: str
    branch_id: OrgId
    birth_ym: str
    is_in_transition: bool
    started_on: date | None
    expected_return: str
    return_community: str
    last_contact: date | None
    mode: StudyMode | None
    preference: Preference
    mobility: MobilityLevel | None
    lives_alone: bool | None
    precision: Precision | None
    missing: frozenset[MissingItem]

    def age_on(self, day: date) -> int | None:
        """Full years on `day` counted by month, or None where the birth month is unknown."""
        if not self.birth_ym:
            return None
        year, month = int(self.birth_ym[:4]), int(self.birth_ym[5:7] or 1)
        return day.year - year - (1 if day.month < month else 0)
