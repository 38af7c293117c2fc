"""Study modes already decided on the made-up street: most accepted as proposed, some changed with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gis.model.modes import ModeRule, NewModeDecision, StudyMode
from gis.services.modes import mode_lines, trace_document
from gis.services.sample._chance import AS_OF, stream

if TYPE_CHECKING:
    from random import Random

    from gis.services.modes import ModeLine
    from gis.store.writer import Writer

DECIDED_SHARE, CHANGED_SHARE = 0.6, 0.2  # a wish is never overruled
MOST_DAYS_AGO = 90
REASONS: dict[StudyMode, str] = {
    StudyMode.ATTEND_HOME_BRANCH: "本人当面表示愿意回村参加",
    StudyMode.DELIVER_STUDY_GROUP: "本人愿意与老邻居一起学",
    StudyMode.DELIVER_STUDY_HOME: "本人近期要照顾家人，不便外出",
    StudyMode.ONLINE_STUDY: "本人在外地上班，愿意用手机参加",
}


def decide_some(writer: Writer, seed: int) -> int:
    """Decide for about three in five transition members; return for how many."""
    writer.session.flush()
    chance = stream(seed, "modes")
    days: dict[int, list[NewModeDecision]] = {}
    for line in mode_lines(writer, None, AS_OF):
        if chance.random() < DECIDED_SHARE:
            days.setdefault(chance.randint(1, MOST_DAYS_AGO), []).append(_decision(chance, line))
    for ago, decisions in sorted(days.items(), reverse=True):
        writer.decide_study_modes(decisions, AS_OF - timedelta(days=ago))
    return sum(len(decisions) for decisions in days.values())


def _decision(chance: Random, line: ModeLine) -> NewModeDecision:
    proposed = line.proposal.mode
    mode, reason = proposed, ""
    if chance.random() < CHANGED_SHARE and line.proposal.rule is not ModeRule.PREFERENCE:
        mode = chance.choice([one for one in StudyMode if one is not proposed])
        reason = REASONS[mode]
    return NewModeDecision(line.member_id, mode, proposed, line.proposal.rule.value, trace_document(line), reason)
