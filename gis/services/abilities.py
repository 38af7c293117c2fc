"""What a member can do, as planning takes it: how far and how fast on foot, over steps or not, leading or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import MobilityLevel

if TYPE_CHECKING:
    from datetime import date

    from gis.model.people import Member
    from gis.model.plan import GroupingSettings

ELDER_AGE, AGED_AGE = 60, 80
_LEADER_POSTS = ("副书记", "书记", "委员", "组长")  # 副书记 first: it contains 书记
_POST_RANK = {"书记": 0, "副书记": 1, "组长": 2, "委员": 3}
_NO_POST_RANK = 9


def walking_pace(member: Member, settings: GroupingSettings, today: date) -> tuple[float, float]:
    """Return how far the member may be asked to walk (metres) and how fast (metres per second).

    A limit agreed with the member beats the one of their age. An unknown age counts as 60 to 79: the careful middle.
    """
    age = member.age_on(today)
    limit, speed = settings.limit_m, settings.speed_m_s
    if is_frail(member, today):
        limit, speed = settings.limit_80_m, settings.speed_80_m_s
    elif age is None or age >= ELDER_AGE:
        limit, speed = settings.limit_60_m, settings.speed_60_m_s
    return (limit if member.max_walk_m is None else float(member.max_walk_m)), speed


def is_frail(member: Member, today: date) -> bool:
    """Whether the member is 80 or older, or needs help on the way."""
    age = member.age_on(today)
    return member.mobility_level is MobilityLevel.NEEDS_HELP or (age is not None and age >= AGED_AGE)


def can_lead(member: Member) -> bool:
    """Whether the member may lead a group: named eligible by the branch, and a full member (R05)."""
    return member.is_leader_eligible and member.is_full


def needs_step_free(member: Member) -> bool:
    """Whether steps would keep the member out."""
    return member.mobility_level is MobilityLevel.NEEDS_HELP


def leader_rank(member: Member) -> int:
    """Prefer those whom the branch has given a post; lower is preferred."""
    post = next((name for name in _LEADER_POSTS if name in member.post), "")
    return _POST_RANK.get(post, _NO_POST_RANK)
