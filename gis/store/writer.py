"""The writer: a reader of the same transaction plus everything that changes rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.office_day import local_day
from gis.store.agreements import Agreements
from gis.store.reader import Reader
from gis.store.writers.accounts import AccountWrites
from gis.store.writers.bodies import BodyWrites
from gis.store.writers.cards import CardWrites
from gis.store.writers.groups import GroupWrites
from gis.store.writers.imports import ImportWrites
from gis.store.writers.life import LifeWrites
from gis.store.writers.lost import LostWrites
from gis.store.writers.meetings import MeetingWrites
from gis.store.writers.modes import ModeWrites
from gis.store.writers.people import PeopleWrites
from gis.store.writers.plans import PlanWrites
from gis.store.writers.retention import RetentionWrites
from gis.store.writers.rights import RightsWrites
from gis.store.writers.settings import SettingWrites
from gis.store.writers.territory import TerritoryWrites
from gis.store.writers.visit_effects import VisitEffectWrites
from gis.store.writers.visit_results import VisitResultWrites
from gis.store.writers.visits import VisitWrites

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from gis.model.access import Actor
    from gis.store.stamping import Stamper


class Writer(
    Reader,
    CardWrites,
    TerritoryWrites,
    BodyWrites,
    LifeWrites,
    PeopleWrites,
    GroupWrites,
    PlanWrites,
    RightsWrites,
    RetentionWrites,
    AccountWrites,
    ImportWrites,
    SettingWrites,
    ModeWrites,
    MeetingWrites,
    LostWrites,
    VisitWrites,
    VisitResultWrites,
    VisitEffectWrites,
):
    """One transaction of one actor; leave the `with` block normally to commit, by an exception to undo."""

    def __init__(self, session: Session, actor: Actor, *, now: datetime, stamper: Stamper) -> None:
        super().__init__(session, actor.scope)
        self.actor = actor
        self.now = now
        self.today = local_day(now)
        self._stamper = stamper
        self.agreements = Agreements(session)

    def say(self, summary: str, **details: object) -> None:
        """Put a sentence and figures (no personal data) into this transaction's audit row."""
        self._stamper.summary = summary
        self._stamper.details.update(details)
