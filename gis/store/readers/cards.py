"""Contact cards, household files, contacts, requests and surveys; only where the scope sees people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gis.model.contact import (
    AddressSpell,
    Card,
    ContactEntry,
    ContactPerson,
    HouseholdFile,
    MemberRequest,
    Survey,
    SurveyTarget,
)
from gis.model.ids import CardId, HouseholdId, MemberId, OrgId, SurveyId
from gis.model.rights import ConsentScope
from gis.store.agreements import refusals
from gis.store.readers.people import PeopleReads, member_of
from gis.store.schema import (
    CardRow,
    ContactLogRow,
    ContactPersonRow,
    HouseholdRow,
    MemberRequestRow,
    MemberRow,
    ModeDecisionRow,
    ResidenceRow,
    SurveyRow,
    SurveyTargetRow,
    TransitionRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import Select

    from gis.model.modes import StudyMode
    from gis.model.people import Member

MOST_NAMED = 500  # ids in one condition; more are filtered after reading


class CardReads(PeopleReads):
    """What belongs to the cards of the scope's members."""

    def _ours(self, member_ids: Collection[MemberId] | None) -> Select[int]:
        """Select the ids of the scope's members, of the given ones where they are few enough to name."""
        ours = select(MemberRow.id).where(MemberRow.branch_id.in_(self._branches(None)))
        if member_ids is not None and len(member_ids) <= MOST_NAMED:
            ours = ours.where(MemberRow.id.in_([int(one) for one in member_ids]))
        return ours

    def member(self, member_id: MemberId) -> Member | None:
        """Return one member of the scope, also one who has left."""
        ours = self._ours([member_id])
        row = self.session.scalar(select(MemberRow).where(MemberRow.id.in_(ours)))
        if row is None:
            return None
        homes = select(ResidenceRow).where(ResidenceRow.member_id == row.id, ResidenceRow.valid_to.is_(None))
        episodes = select(TransitionRow).where(TransitionRow.member_id == row.id, TransitionRow.returned_on.is_(None))
        return member_of(row, self.session.scalars(homes).first(), self.session.scalars(episodes).first())

    def names_of(self, member_ids: Collection[MemberId]) -> dict[MemberId, str]:
        """Name the given members of the scope."""
        query = select(MemberRow.id, MemberRow.name).where(MemberRow.id.in_(self._ours(member_ids)))
        return {MemberId(number): name for number, name in self.session.execute(query)}

    def cards(self, member_ids: Collection[MemberId] | None = None) -> dict[MemberId, Card]:
        """Return the cards by member."""
        rows = self.session.scalars(select(CardRow).where(CardRow.member_id.in_(self._ours(member_ids))))
        return {MemberId(row.member_id): card_of(row) for row in rows}

    def household_files(self, member_ids: Collection[MemberId] | None = None) -> dict[MemberId, HouseholdFile]:
        """Return the household file of each member who is in one."""
        ours = self._ours(None)
        named = select(MemberRow.household_id).where(MemberRow.id.in_(self._ours(member_ids)))
        here = select(MemberRow.household_id, MemberRow.id).where(
            MemberRow.household_id.in_(named), MemberRow.left_on.is_(None)
        )
        files = self.session.scalars(select(HouseholdRow).where(HouseholdRow.id.in_(named))).all()
        seen: dict[int, list[MemberId]] = {row.id: [] for row in files}
        for household_id, member_id in self.session.execute(here.where(MemberRow.id.in_(ours)).order_by(MemberRow.id)):
            seen[household_id or 0].append(MemberId(member_id))
        counted = (
            select(MemberRow.household_id, func.count())
            .where(MemberRow.household_id.in_(named), MemberRow.left_on.is_(None))
            .group_by(MemberRow.household_id)
        )
        sizes = {number: size for number, size in self.session.execute(counted) if number is not None}
        refused = refusals(self.session).get(ConsentScope.EXACT_LOCATION, frozenset())
        rough = set(self.session.scalars(select(MemberRow.household_id).where(MemberRow.id.in_(refused))))
        made = {
            row.id: replace(household_of(row, tuple(seen[row.id]), sizes.get(row.id, 0)), is_rough=row.id in rough)
            for row in files
        }
        return {member: made[number] for number, members in seen.items() for member in members}

    def contact_persons(
        self, member_ids: Collection[MemberId] | None = None, *, with_past: bool = False
    ) -> dict[MemberId, tuple[ContactPerson, ...]]:
        """Return who is responsible for each member, the residence's side last; those of the past only where asked."""
        query = select(ContactPersonRow).where(ContactPersonRow.member_id.in_(self._ours(member_ids)))
        if not with_past:
            query = query.where(ContactPersonRow.valid_to.is_(None))
        found: dict[MemberId, list[ContactPerson]] = {}
        for row in self.session.scalars(query.order_by(ContactPersonRow.valid_from, ContactPersonRow.id)):
            found.setdefault(MemberId(row.member_id), []).append(person_of(row))
        return {member: tuple(sorted(rows, key=lambda one: one.side.value)) for member, rows in found.items()}

    def contacts(self, member_id: MemberId) -> tuple[ContactEntry, ...]:
        """List the contacts of one member, the latest first."""
        query = select(ContactLogRow).where(ContactLogRow.member_id.in_(self._ours([member_id])))
        rows = self.session.scalars(query.order_by(ContactLogRow.on_day.desc(), ContactLogRow.id.desc()))
        return tuple(
            ContactEntry(row.on_day, row.channel, row.by_name, row.is_reached, row.next_on, row.note, row.id)
            for row in rows
        )

    def last_contacts(self, member_ids: Collection[MemberId] | None = None) -> dict[MemberId, date]:
        """Return the day on which each member was last reached; who never was is left out."""
        query = (
            select(ContactLogRow.member_id, func.max(ContactLogRow.on_day))
            .where(ContactLogRow.member_id.in_(self._ours(member_ids)), ContactLogRow.is_reached)
            .group_by(ContactLogRow.member_id)
        )
        return {MemberId(member): day for member, day in self.session.execute(query)}

    def requests(self, member_ids: Collection[MemberId] | None = None) -> dict[MemberId, tuple[MemberRequest, ...]]:
        """Return what each member asked for, the latest first."""
        query = select(MemberRequestRow).where(MemberRequestRow.member_id.in_(self._ours(member_ids)))
        found: dict[MemberId, list[MemberRequest]] = {}
        for row in self.session.scalars(query.order_by(MemberRequestRow.raised_on.desc(), MemberRequestRow.id.desc())):
            found.setdefault(MemberId(row.member_id), []).append(request_of(row))
        return {member: tuple(rows) for member, rows in found.items()}

    def addresses(self, member_id: MemberId) -> tuple[AddressSpell, ...]:
        """List where a member has lived, the latest first."""
        query = select(ResidenceRow).where(ResidenceRow.member_id.in_(self._ours([member_id])))
        rows = self.session.scalars(query.order_by(ResidenceRow.valid_from.desc(), ResidenceRow.id.desc()))
        return tuple(
            AddressSpell(row.address, row.precision, row.valid_from, row.valid_to, row.verified_on, row.verified_by)
            for row in rows
        )

    def modes_in_force(self, member_ids: Collection[MemberId] | None = None) -> dict[MemberId, StudyMode]:
        """Return the study mode that a person has decided for each member."""
        query = select(ModeDecisionRow.member_id, ModeDecisionRow.mode).where(
            ModeDecisionRow.valid_to.is_(None), ModeDecisionRow.member_id.in_(self._ours(member_ids))
        )
        return {MemberId(member): mode for member, mode in self.session.execute(query)}

    def initials(self) -> dict[MemberId, str]:
        """Return the pinyin initials of the scope's members who have any."""
        query = select(MemberRow.id, MemberRow.initials).where(MemberRow.id.in_(self._ours(None)))
        return {MemberId(member): said for member, said in self.session.execute(query) if said}

    def surveys(self) -> tuple[Survey, ...]:
        """List the surveys of the scope's organisations, and those that visit a member of it, the latest first."""
        if not self.sees_people:
            return ()
        theirs = select(SurveyTargetRow.survey_id).where(SurveyTargetRow.member_id.in_(self._ours(None)))
        query = select(SurveyRow).where(SurveyRow.org_id.in_(self.org_ids_in_scope) | SurveyRow.id.in_(theirs))
        rows = self.session.scalars(query.order_by(SurveyRow.started_on.desc(), SurveyRow.id.desc()))
        return tuple(
            Survey(
                SurveyId(row.id),
                row.name,
                OrgId(row.org_id),
                row.started_on,
                row.due_on,
                row.closed_on,
                row.note,
                row.version,
            )
            for row in rows
        )

    def survey_targets(self, survey_id: SurveyId | None = None) -> tuple[SurveyTarget, ...]:
        """List whom a survey (or all surveys) visits, of the scope's members, by id."""
        query = select(SurveyTargetRow).where(SurveyTargetRow.member_id.in_(self._ours(None)))
        if survey_id is not None:
            query = query.where(SurveyTargetRow.survey_id == survey_id)
        rows = self.session.scalars(query.order_by(SurveyTargetRow.survey_id, SurveyTargetRow.member_id))
        return tuple(
            SurveyTarget(
                SurveyId(row.survey_id), MemberId(row.member_id), row.assignee, row.result, row.done_on, row.done_by
            )
            for row in rows
        )


def card_of(row: CardRow) -> Card:
    """Row to model."""
    return Card(
        id=CardId(row.id),
        member_id=MemberId(row.member_id),
        card_no=row.card_no,
        issued_on=row.issued_on,
        employment=row.employment,
        can_use_smartphone=row.can_use_smartphone,
        is_private=row.is_private,
        management_mode=row.management_mode,
        mobile_card_no=row.mobile_card_no,
        mobile_card_checked_on=row.mobile_card_checked_on,
        emergency_name=row.emergency_name,
        emergency_phone=row.emergency_phone,
        emergency_relation=row.emergency_relation,
        is_emergency_told=row.is_emergency_told,
        visit_from_min=row.visit_from_min,
        visit_to_min=row.visit_to_min,
        no_concerns_on=row.no_concerns_on,
        verified_on=row.verified_on,
        verified_by=row.verified_by,
        closed_on=row.closed_on,
        version=row.version,
    )


def household_of(row: HouseholdRow, members: tuple[MemberId, ...], size: int) -> HouseholdFile:
    """Row to model, with the members whom the scope may see and the number of all."""
    return HouseholdFile(
        id=HouseholdId(row.id),
        file_no=row.file_no,
        head_name=row.head_name,
        original_village=row.original_village,
        project=row.project,
        current_address=row.current_address,
        housing_kind=row.housing_kind,
        floor_no=row.floor_no,
        has_lift=row.has_lift,
        member_ids=members,
        n_others=size - len(members),
        version=row.version,
    )


def person_of(row: ContactPersonRow) -> ContactPerson:
    """Row to model."""
    return ContactPerson(
        id=row.id,
        member_id=MemberId(row.member_id),
        side=row.side,
        name=row.name,
        phone=row.phone,
        org_id=OrgId(row.org_id) if row.org_id else None,
        person_member_id=MemberId(row.person_member_id) if row.person_member_id else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def request_of(row: MemberRequestRow) -> MemberRequest:
    """Row to model."""
    return MemberRequest(
        id=row.id,
        member_id=MemberId(row.member_id),
        category=row.category,
        text=row.text,
        raised_on=row.raised_on,
        handler=row.handler,
        status=row.status,
        result=row.result,
        closed_on=row.closed_on,
        version=row.version,
    )
