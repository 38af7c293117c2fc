"""Code lists of sessions: what is held, on whose side, in which form (domain.md sections 4 and 6)."""

from __future__ import annotations

from gis.model.enums import Labelled


class SessionKind(Labelled):
    """Kinds of organisational life (R11)."""

    BRANCH_ASSEMBLY = "branch_assembly", "支部党员大会"
    COMMITTEE_MEETING = "committee_meeting", "支委会"
    GROUP_MEETING = "group_meeting", "党小组会"
    PARTY_LECTURE = "party_lecture", "党课"
    THEME_DAY = "theme_day", "主题党日"
    STUDY_DAY = "study_day", "学习日"
    SERVICE_DAY = "service_day", "服务日"
    ORG_LIFE_MEETING = "org_life_meeting", "组织生活会"
    DEMOCRATIC_REVIEW = "democratic_review", "民主评议党员"
    HEART_TALK = "heart_talk", "谈心谈话"
    OTHER = "other", "其他"


class AffairType(Labelled):
    """What the meeting is about; it decides which side invites (A36)."""

    DAILY_STUDY = "daily_study", "日常学习教育"
    COMMUNITY_ACTIVITY = "community_activity", "社区活动"
    VILLAGE_MAJOR_DECISION = "village_major_decision", "村级重大事项决策"
    ELECTION = "election", "换届选举"
    COLLECTIVE_DISTRIBUTION = "collective_distribution", "集体经济利益分配"


class SessionFormat(Labelled):
    """Forms of a session (A18, D10)."""

    MEETING = "meeting", "集中开会"
    DISCUSSION = "discussion", "座谈讨论"
    READING = "reading", "文件研习"
    LECTURE = "lecture", "讲座报告"
    PRACTICE = "practice", "现场实践"
    EXCHANGE = "exchange", "典型交流"
    ONLINE = "online", "网络学习"


class SessionMode(Labelled):
    """Where the members are while it is held."""

    ONSITE = "onsite", "到场"
    DELIVER = "deliver", "送学上门"
    ONLINE = "online", "网络"


class AttendanceState(Labelled):
    """What became of an invitation."""

    INVITED = "invited", "已通知"
    ATTENDED = "attended", "到会"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"
    SERVED_LATER = "served_later", "会后补学"
