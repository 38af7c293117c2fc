"""Code lists of posts in grids, joint bodies and the origin of communities (domain.md section 1)."""

from __future__ import annotations

from gis.model.enums import Labelled


class GridPost(Labelled):
    """Posts of 一网多员."""

    GRID_CHIEF = "grid_chief", "网格长"
    GRID_WORKER = "grid_worker", "网格员"
    PARTY_WORKER = "party_worker", "党建指导员"
    BUILDING_HEAD = "building_head", "楼栋长"
    VOLUNTEER = "volunteer", "志愿者"


class BodyKind(Labelled):
    """Bodies whose members are organisations or people of several places."""

    JOINT_BODY = "joint_body", "党建联合委员会"
    ALLIANCE = "alliance", "党建联盟"
    ACTIVITY_GROUP = "activity_group", "活动小组"


class BodyRole(Labelled):
    """What a member of a body does there."""

    LEAD = "lead", "牵头"
    SECRETARY = "secretary", "秘书长"
    LIAISON = "liaison", "联络员"
    MEMBER = "member", "成员"
