"""Two surveys of the made-up street: one under way, and one of a village that is late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gis.model.contact import Survey, SurveyResult, SurveyTarget
from gis.model.ids import SurveyId
from gis.services.sample._chance import stream, weighted

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from gis.model.ids import MemberId
    from gis.services.sample._cards import Saved
    from gis.store.writer import Writer

STREET_SHARE, VILLAGE_SHARE = 0.62, 0.8  # of the visits made so far
_RESULTS = (
    (SurveyResult.VERIFIED, 12.0),
    (SurveyResult.CHANGED, 3.0),
    (SurveyResult.NOT_HOME, 2.5),
    (SurveyResult.DECLINED, 0.4),
)


def add_surveys(writer: Writer, saved: Saved) -> None:
    """Add both; a street without transition has none."""
    chance = stream(saved.seed, "surveys")
    moving = [(n, p.branch) for n, p in zip(saved.member_ids, saved.people, strict=True) if p.move is not None]
    if not moving:
        return
    today = writer.today
    top = _top(saved, 0)
    street = Survey(
        SurveyId(0),
        f"{today.year} 年返迁过渡期党员走访摸排",
        saved.org_ids[top],
        today - timedelta(days=40),
        today + timedelta(days=20),
        note="逐户上门，当面核对住址和电话，问清有什么诉求；不在家的再去一次。",
    )
    _add(writer, chance, street, [number for number, _ in moving], STREET_SHARE)
    village = saved.orgs[moving[0][1]].parent
    if village is not None:
        ours = [number for number, branch in moving if saved.orgs[branch].parent == village]
        late = Survey(
            SurveyId(0),
            f"{saved.orgs[village].name}租住情况核对",
            saved.org_ids[village],
            today - timedelta(days=30),
            today - timedelta(days=6),
        )
        _add(writer, chance, late, ours, VILLAGE_SHARE)


def _top(saved: Saved, place: int) -> int:
    parent = saved.orgs[place].parent
    return place if parent is None else _top(saved, parent)


def _add(writer: Writer, chance: Random, survey: Survey, members: list[MemberId], share: float) -> None:
    persons = writer.contact_persons()
    who = {number: next((one.name for one in persons.get(number, ())), "") for number in members}
    survey_id = writer.add_survey(survey, who)
    days = (min(survey.due_on, writer.today) - survey.started_on).days
    for number in members:
        is_done, result = chance.random() < share, weighted(chance, _RESULTS)
        day: date = survey.started_on + timedelta(days=chance.randint(1, max(1, days)))
        if is_done:
            writer.record_target(SurveyTarget(survey_id, number, who[number], result, day, who[number]))
