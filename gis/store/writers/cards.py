"""Writes of cards, household files, contacts, requests and surveys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.errors import NotFoundError, StaleError
from gis.model.ids import SurveyId
from gis.store.schema import (
    CardRow,
    ContactLogRow,
    ContactPersonRow,
    HouseholdRow,
    MemberRequestRow,
    ResidenceRow,
    SurveyRow,
    SurveyTargetRow,
    TransitionRow,
)
from gis.store.writers.base import Writes, values_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.contact import Card, ContactEntry, ContactPerson, HouseholdFile, MemberRequest, Survey, SurveyTarget
    from gis.model.enums import HousingKind
    from gis.model.ids import MemberId

LONGEST_ACCOUNT = 64
_HOUSEHOLD_PARTS = frozenset({"member_ids", "n_others", "is_rough"})


class CardWrites(Writes):
    """Insert or update; who may see the member is asked by the service before."""

    def save_card(self, card: Card) -> None:
        """Update a card that was read.

        Raises
        ------
        StaleError
            Somebody changed it meanwhile.
        """
        self._save(CardRow, card, values_of(card))
        self.session.flush()

    def save_household(self, file: HouseholdFile) -> None:
        """Update a household file; the housing kind goes to the transitions of the household too.

        Raises
        ------
        StaleError
            Somebody changed it meanwhile.
        """
        self._save(HouseholdRow, file, values_of(file, leave_out=_HOUSEHOLD_PARTS))
        episodes = select(TransitionRow).where(
            TransitionRow.household_id == int(file.id), TransitionRow.returned_on.is_(None)
        )
        for episode in self.session.scalars(episodes):
            if episode.housing_kind != file.housing_kind:
                episode.housing_kind = file.housing_kind
        self.session.flush()

    def set_episode(self, member_id: MemberId, *, expected_return: str, housing_kind: HousingKind | None) -> None:
        """Change what is known of the open transition."""
        query = select(TransitionRow).where(TransitionRow.member_id == member_id, TransitionRow.returned_on.is_(None))
        for episode in self.session.scalars(query):
            for name, value in (("expected_return", expected_return), ("housing_kind", housing_kind)):
                if getattr(episode, name) != value:
                    setattr(episode, name, value)

    def verify_home(self, member_id: MemberId, day: date, by: str) -> None:
        """Note who found on which day that the current address is right."""
        query = select(ResidenceRow).where(ResidenceRow.member_id == member_id, ResidenceRow.valid_to.is_(None))
        for row in self.session.scalars(query):
            row.verified_on, row.verified_by = day, by[:LONGEST_ACCOUNT]

    def name_contact_person(self, person: ContactPerson) -> None:
        """Make somebody responsible for one side from `valid_from` on; whoever was is so no longer."""
        query = select(ContactPersonRow).where(
            ContactPersonRow.member_id == person.member_id,
            ContactPersonRow.side == person.side,
            ContactPersonRow.valid_to.is_(None),
        )
        for row in self.session.scalars(query):
            row.valid_to = max(row.valid_from, person.valid_from)
        self.session.flush()
        self.session.add(ContactPersonRow(**values_of(replace(person, valid_to=None))))
        self.session.flush()

    def end_contact_person(self, person_id: int, day: date) -> None:
        """End a responsibility.

        Raises
        ------
        NotFoundError
            It has ended already.
        """
        row = self.session.get(ContactPersonRow, person_id)
        if row is None or row.valid_to is not None:
            msg = "该联系人已经更换，请刷新后查看"
            raise NotFoundError(msg)
        row.valid_to = max(row.valid_from, day)

    def add_contact(self, member_id: MemberId, entry: ContactEntry) -> None:
        """Add one contact."""
        self.session.add(ContactLogRow(member_id=member_id, **values_of(entry)))
        self.session.flush()

    def save_request(self, request: MemberRequest) -> int:
        """Insert a request (no id) or update it.

        Raises
        ------
        StaleError
            Somebody changed it meanwhile.
        """
        row = self._save(MemberRequestRow, request, values_of(request))
        self.session.flush()
        return row.id

    def add_survey(self, survey: Survey, targets: Mapping[MemberId, str]) -> SurveyId:
        """Add a survey with whom it visits, and who is to visit them ("" where that is open)."""
        row = SurveyRow(**values_of(survey))
        self.session.add(row)
        self.session.flush()
        self.session.add_all(
            SurveyTargetRow(survey_id=row.id, member_id=member, assignee=assignee)
            for member, assignee in targets.items()
        )
        self.session.flush()
        return SurveyId(row.id)

    def close_survey(self, survey_id: SurveyId, version: int) -> None:
        """Close a survey.

        Raises
        ------
        StaleError
            Somebody changed it meanwhile.
        """
        row = self.session.get(SurveyRow, int(survey_id))
        if row is None or row.version != version:
            msg = "该摸排已被他人修改，请刷新后查看"
            raise StaleError(msg, mine=version, theirs=row.version if row else None)
        row.closed_on = self.today
        self.session.flush()

    def assign_targets(self, survey_id: SurveyId, assignees: Mapping[MemberId, str]) -> None:
        """Say who is to visit whom."""
        for member, assignee in assignees.items():
            row = self._target(survey_id, member)
            if row.assignee != assignee:
                row.assignee = assignee
        self.session.flush()

    def record_target(self, target: SurveyTarget) -> None:
        """Keep what came of a visit."""
        row = self._target(target.survey_id, target.member_id)
        row.result, row.done_on, row.done_by = target.result, target.done_on, target.done_by
        if target.assignee:
            row.assignee = target.assignee
        self.session.flush()

    def _target(self, survey_id: SurveyId, member_id: MemberId) -> SurveyTargetRow:
        query = select(SurveyTargetRow).where(
            SurveyTargetRow.survey_id == int(survey_id), SurveyTargetRow.member_id == int(member_id)
        )
        row = self.session.scalar(query)
        if row is None:
            msg = "该党员不在这次摸排的名单里"
            raise NotFoundError(msg)
        return row
