"""可调的默认值: every threshold an office may change, typed, with its label, bounds and where the default comes from.

To add one: a line in `OfficeSettings`. The command line, the screen 设置 and the documentation list what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

MODES, CONTACT, GROUPS, KEEPING, COUNTS = "学习方式", "联系", "编组与中心户", "保存期限", "数量展示"
SESSIONS = "组织生活"
VISITS = "上门送学"


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """What is known of one setting; `least` and `most` are allowed themselves."""

    key: str
    label: str
    section: str
    unit: str
    default: float
    least: float
    most: float

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are allowed."""
        return isinstance(self.default, int)


def setting(label: str, section: str, unit: str, *, value: float, least: float, most: float) -> Any:  # noqa: ANN401  # a dataclass field stands in for its value
    """Declare one setting: `name: int = setting(…)`; the type follows the default."""
    about = {"label": label, "section": section, "unit": unit, "least": least, "most": most, "default": value}
    return field(default=value, metadata=about)


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """The settings in force; the defaults are those of domain.md section 4 and 2B."""

    elder_age: int = setting("从几岁起按年长者计步行", MODES, "岁", value=60, least=50, most=80)
    aged_age: int = setting("从几岁起按高龄计步行、一律先问本人", MODES, "岁", value=80, least=60, most=100)
    walk_speed_m_s: float = setting("步行速度（年长者以下）", MODES, "米/秒", value=1.2, least=0.3, most=2.5)
    walk_speed_elder_m_s: float = setting("步行速度（年长者）", MODES, "米/秒", value=0.9, least=0.2, most=2.5)
    walk_speed_aged_m_s: float = setting("步行速度（高龄或需要搀扶）", MODES, "米/秒", value=0.6, least=0.1, most=2.5)
    return_walk_min: int = setting("回原支部参学：步行至多", MODES, "分钟", value=15, least=1, most=120)
    return_ride_min: int = setting("回原支部参学：乘公交或骑电动车至多", MODES, "分钟", value=30, least=1, most=180)
    ride_speed_km_h: float = setting("公交、电动车平均车速（估算用）", MODES, "公里/时", value=15.0, least=3, most=60)
    ride_extra_min: int = setting("等车、存取车另加（估算用）", MODES, "分钟", value=8, least=0, most=60)
    ride_detour: float = setting("乘车路程与步行路程之比（估算用）", MODES, "倍", value=1.2, least=1, most=5)
    straight_detour_near: float = setting("没有路网时：近处步行与直线之比", MODES, "倍", value=1.5, least=1, most=5)
    straight_detour_far: float = setting("没有路网时：回原支部路程与直线之比", MODES, "倍", value=1.3, least=1, most=5)
    group_walk_min: int = setting("到小组活动地点：步行至多", MODES, "分钟", value=15, least=1, most=120)
    circle_walk_min: int = setting("可新建小组：成员住在步行几分钟的圈内", MODES, "分钟", value=15, least=1, most=120)
    new_group_members: int = setting("可新建小组：圈内未编组党员至少", MODES, "人", value=3, least=3, most=50)
    online_contact_days: int = setting("网络共学的党员至少多久见一次面", MODES, "天", value=90, least=7, most=366)
    online_working_only: int = setting("网络共学只对在职的提出（1 是，0 否）", MODES, "", value=0, least=0, most=1)
    alone_age: int = setting("从几岁起不宜单独往返原支部", MODES, "岁", value=80, least=60, most=100)
    alone_ride_min: int = setting("年长者乘车超过几分钟不宜单独往返", MODES, "分钟", value=30, least=1, most=180)
    hot_from_month: int = setting("高温季节从几月起", MODES, "月", value=6, least=1, most=12)
    hot_to_month: int = setting("高温季节到几月止", MODES, "月", value=9, least=1, most=12)
    cold_from_month: int = setting("冰冻季节从几月起", MODES, "月", value=12, least=1, most=12)
    cold_to_month: int = setting("冰冻季节到几月止", MODES, "月", value=2, least=1, most=12)

    contact_interval_days: int = setting("至少多久联系一次", CONTACT, "天", value=30, least=1, most=366)
    contact_interval_attending_days: int = setting(
        "能回原支部参学的至少多久联系一次", CONTACT, "天", value=90, least=1, most=366
    )
    lost_warn_months: int = setting("失去联系几个月起提示查找", CONTACT, "个月", value=3, least=1, most=12)
    lost_alert_months: int = setting("失去联系几个月起报告", CONTACT, "个月", value=5, least=1, most=12)

    group_target_high: int = setting("党小组宜不超过", GROUPS, "人", value=15, least=3, most=50)
    host_capacity: int = setting("每户党员中心户至多服务", GROUPS, "人", value=15, least=1, most=50)

    study_day: int = setting("每月固定学习日是几日", SESSIONS, "日", value=5, least=1, most=31)
    service_day: int = setting("每月固定服务日是几日", SESSIONS, "日", value=25, least=1, most=31)
    holiday_shift: int = setting("固定日遇放假：0 不调整，1 顺延，2 提前", SESSIONS, "", value=1, least=0, most=2)
    session_hour: int = setting("固定日默认几点开始", SESSIONS, "点", value=14, least=6, most=21)

    visit_home_days: int = setting("入户送学至少多久一次", VISITS, "天", value=30, least=7, most=366)
    visit_aged_days: int = setting("高龄党员至少多久慰问一次", VISITS, "天", value=90, least=7, most=366)
    visit_minutes: int = setting("每户停留", VISITS, "分钟", value=25, least=5, most=120)
    visit_extra_minutes: int = setting("同一户每多一名党员另加", VISITS, "分钟", value=10, least=0, most=60)
    visit_group_minutes: int = setting("小组学习停留", VISITS, "分钟", value=60, least=15, most=180)
    visit_stops_per_half_day: int = setting("每组每半天至多走几户", VISITS, "户", value=8, least=1, most=30)
    visit_am_from: float = setting("上午从几点起（8.5 即 8:30）", VISITS, "点", value=8.5, least=6, most=12)
    visit_am_to: float = setting("上午到几点止", VISITS, "点", value=11.0, least=7, most=13)
    visit_pm_from: float = setting("下午从几点起", VISITS, "点", value=14.5, least=12, most=18)
    visit_pm_to: float = setting("下午到几点止", VISITS, "点", value=17.0, least=13, most=21)
    visit_walk_m_s: float = setting("走访人步行速度", VISITS, "米/秒", value=1.2, least=0.3, most=2.5)
    visit_ebike_km_h: float = setting("电动车平均车速", VISITS, "公里/时", value=12.0, least=3, most=40)
    visit_car_km_h: float = setting("汽车在街道内平均车速", VISITS, "公里/时", value=18.0, least=3, most=60)
    visit_ebike_park_min: float = setting("电动车每次停放", VISITS, "分钟", value=1.5, least=0, most=30)
    visit_car_park_min: float = setting("汽车每次停放", VISITS, "分钟", value=4.0, least=0, most=60)
    visit_floor_min: float = setting("没有电梯时每上一层", VISITS, "分钟", value=0.5, least=0, most=5)
    visit_sheet_days: int = setting("走访单过后几天失效", VISITS, "天", value=7, least=0, most=60)

    keep_closed_months: int = setting(
        "返迁或离开后，详细住址和敏感资料保留", KEEPING, "个月", value=24, least=1, most=120
    )
    keep_contact_log_months: int = setting("联系记录保留", KEEPING, "个月", value=24, least=1, most=120)
    keep_requests_months: int = setting("诉求办结后保留", KEEPING, "个月", value=12, least=1, most=120)
    keep_care_months: int = setting("关爱需要结束后保留", KEEPING, "个月", value=12, least=1, most=120)
    keep_audit_months: int = setting("操作记录的明细保留", KEEPING, "个月", value=12, least=6, most=120)
    keep_disclosures_months: int = setting("导出和提供记录保留", KEEPING, "个月", value=36, least=36, most=240)
    rights_due_working_days: int = setting(
        "本人权利请求几个工作日内办结", KEEPING, "工作日", value=15, least=1, most=30
    )

    suppress_below: int = setting("人数少于几人时不显示具体数", COUNTS, "人", value=3, least=1, most=20)


#: (lower, higher, is_equal_fine): settings that must keep their order
ORDERED: tuple[tuple[str, str, bool], ...] = (
    ("elder_age", "aged_age", False),
    ("walk_speed_aged_m_s", "walk_speed_elder_m_s", True),
    ("walk_speed_elder_m_s", "walk_speed_m_s", True),
    ("lost_warn_months", "lost_alert_months", True),
    ("visit_am_from", "visit_am_to", False),
    ("visit_am_to", "visit_pm_from", True),
    ("visit_pm_from", "visit_pm_to", False),
)


def setting_specs() -> tuple[SettingSpec, ...]:
    """List all settings in order."""
    return tuple(
        SettingSpec(
            key=one.name,
            label=one.metadata["label"],
            section=one.metadata["section"],
            unit=one.metadata["unit"],
            default=one.metadata["default"],
            least=one.metadata["least"],
            most=one.metadata["most"],
        )
        for one in fields(OfficeSettings)
    )
