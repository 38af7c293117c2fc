"""Consent, rights requests, care and what was exported; care only for those whose business it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from gis.model.ids import MemberId, OrgId, UserId
from gis.model.rights import CareNeed, Consent, ConsentScope, ExportRecord, Pairing, RightsRequest
from gis.store.agreements import refusals, rough_places
from gis.store.readers.base import ScopedReads
from gis.store.schema import (
    CareNeedRow,
    ConsentRow,
    ExportRow,
    MemberRow,
    PairingRow,
    RetentionRunRow,
    RightsRequestRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import ColumnElement, Select

    from gis.model.rights import CareCode
    from gis.spatial.coarse import RoughPlaces


class RightsReads(ScopedReads):
    """Rows of members of the scope."""

    def consents(self, member_ids: Collection[MemberId] | None = None) -> tuple[Consent, ...]:
        """List the answers of members in scope, also those that were withdrawn or changed, in order of time."""
        if not self.sees_people:
            return ()
        query = select(ConsentRow).where(ConsentRow.member_id.in_(self._rights_members())).order_by(ConsentRow.id)
        if member_ids is not None:
            query = query.where(ConsentRow.member_id.in_(member_ids))
        return tuple(consent_of(row) for row in self.session.scalars(query))

    def refused(self, scope: ConsentScope) -> frozenset[MemberId]:
        """Return the members in scope whose last word on `scope` is no."""
        if not self.sees_people:
            return frozenset()
        mine = frozenset(self.session.scalars(self._rights_members()))
        return frozenset(MemberId(one) for one in refusals(self.session).get(scope, frozenset()) & mine)

    def rough_places(self) -> RoughPlaces:
        """Read what homes are told by when they are told roughly."""
        return rough_places(self.session)

    def rights_requests(self, member_ids: Collection[MemberId] | None = None) -> tuple[RightsRequest, ...]:
        """List the requests of members in scope, the earliest due first."""
        if not self.sees_people:
            return ()
        query = select(RightsRequestRow).where(RightsRequestRow.member_id.in_(self._rights_members()))
        if member_ids is not None:
            query = query.where(RightsRequestRow.member_id.in_(member_ids))
        rows = self.session.scalars(query.order_by(RightsRequestRow.due_on, RightsRequestRow.id))
        return tuple(_request_of(row) for row in rows)

    def care_needs(self, *, helper: UserId | None = None) -> tuple[CareNeed, ...]:
        """List care needs of members in scope; with `helper`, only those that name this account as helper."""
        if not self.sees_people:
            return ()
        query = select(CareNeedRow).where(CareNeedRow.member_id.in_(self._rights_members())).order_by(CareNeedRow.id)
        if helper is not None:
            query = query.where(CareNeedRow.helper_user_id == helper, CareNeedRow.valid_to.is_(None))
        return tuple(_need_of(row) for row in self.session.scalars(query))

    def pairings(self, member_ids: Collection[MemberId] | None = None) -> tuple[Pairing, ...]:
        """List who is paired with whom, of members in scope."""
        if not self.sees_people:
            return ()
        query = select(PairingRow).where(PairingRow.member_id.in_(self._rights_members())).order_by(PairingRow.id)
        if member_ids is not None:
            query = query.where(PairingRow.member_id.in_(member_ids))
        return tuple(_pairing_of(row) for row in self.session.scalars(query))

    def care_counts(self) -> tuple[dict[CareCode, int], int]:
        """Count members of the scope with open needs, by code and in all; suppress before showing."""
        if not self.sees_street:
            return {}, 0
        members = func.count(func.distinct(CareNeedRow.member_id))
        open_needs = (
            CareNeedRow.valid_to.is_(None),
            MemberRow.left_on.is_(None),
            MemberRow.branch_id.in_(self.org_ids_in_scope),
        )
        joined = MemberRow.id == CareNeedRow.member_id
        query = select(CareNeedRow.code, members).join(MemberRow, joined).where(*open_needs).group_by(CareNeedRow.code)
        by_code = {code: count for code, count in self.session.execute(query)}  # noqa: C416  # rows, not pairs
        total = self.session.scalar(select(members).join(MemberRow, joined).where(*open_needs))
        return by_code, total or 0

    def export_records(self) -> tuple[ExportRecord, ...]:
        """List the files left on disk that were not deleted yet, the first to expire first; without whom they hold."""
        if not self.sees_street:
            return ()
        query = select(ExportRow).where(ExportRow.deleted_on.is_(None)).order_by(ExportRow.expires_on, ExportRow.id)
        return tuple(_export_of(row) for row in self.session.scalars(query))

    def retention_runs(self, *, newest: int = 20) -> tuple[tuple[date, dict[str, Any]], ...]:
        """List the newest runs with what each deleted."""
        if not self.sees_street:
            return ()
        query = select(RetentionRunRow).order_by(RetentionRunRow.id.desc()).limit(newest)
        return tuple((row.on_day, dict(row.counts)) for row in self.session.scalars(query))

    def _rights_members(self) -> Select[int]:
        within: ColumnElement[bool] = MemberRow.branch_id.in_(self.org_ids_in_scope)
        return select(MemberRow.id).where(within)


def consent_of(row: ConsentRow) -> Consent:
    """Row to model."""
    return Consent(
        member_id=MemberId(row.member_id),
        scope=row.scope,
        answer=row.answer,
        given_on=row.given_on,
        method=row.method,
        witness=row.witness,
        notice_version=row.notice_version,
        share_org_id=OrgId(row.share_org_id) if row.share_org_id else None,
        withdrawn_on=row.withdrawn_on,
        scan_ref=row.scan_ref,
        id=row.id,
        version=row.version,
    )


def _request_of(row: RightsRequestRow) -> RightsRequest:
    return RightsRequest(
        member_id=MemberId(row.member_id),
        kind=row.kind,
        detail=row.detail,
        received_on=row.received_on,
        due_on=row.due_on,
        status=row.status,
        handled_on=row.handled_on,
        answer=row.answer,
        id=row.id,
        version=row.version,
    )


def _need_of(row: CareNeedRow) -> CareNeed:
    return CareNeed(
        member_id=MemberId(row.member_id),
        code=row.code,
        helper=row.helper,
        helper_user_id=UserId(row.helper_user_id) if row.helper_user_id else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        id=row.id,
        version=row.version,
    )


def _pairing_of(row: PairingRow) -> Pairing:
    return Pairing(
        member_id=MemberId(row.member_id),
        helper=row.helper,
        helper_member_id=MemberId(row.helper_member_id) if row.helper_member_id else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        id=row.id,
        version=row.version,
    )


def _export_of(row: ExportRow) -> ExportRecord:
    return ExportRecord(
        kind=row.kind,
        path=row.path,
        sha256=row.sha256,
        member_ids=tuple(MemberId(one) for one in row.member_ids),
        n_rows=row.n_rows,
        reason=row.reason,
        expires_on=row.expires_on,
        deleted_on=row.deleted_on,
        id=row.id,
    )
