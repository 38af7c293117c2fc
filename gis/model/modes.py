"""学习方式: the ways in which a member takes part in study (domain.md section 0, point 1)."""

from __future__ import annotations

from gis.model.enums import Labelled


class StudyMode(Labelled):
    """Back to the old branch, with a group near home, at home, or online."""

    ATTEND_HOME_BRANCH = "attend_home_branch", "就近参学"
    DELIVER_STUDY_GROUP = "deliver_study_group", "上门送学（小组）"
    DELIVER_STUDY_HOME = "deliver_study_home", "上门送学（入户）"
    ONLINE_STUDY = "online_study", "网络共学"
