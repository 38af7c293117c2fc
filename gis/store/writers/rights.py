"""Writes of consent, rights requests, care and export records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.errors import NotFoundError, StaleError
from gis.model.rights import ConsentScope
from gis.store.schema import CardRow, CareNeedRow, ConsentRow, ExportRow, MemberRow, PairingRow, RightsRequestRow
from gis.store.writers.base import values_of
from gis.store.writers.erasing import ErasingWrites

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import MemberId, OrgId
    from gis.model.rights import CareNeed, Consent, ExportRecord, Pairing, RightsRequest


class RightsWrites(ErasingWrites):
    """Answers are kept as a history; the last one counts."""

    def add_consent(self, consent: Consent) -> int:
        """Keep an answer; the one in force on the same matter ends the same day."""
        self.end_consent(consent.member_id, consent.scope, consent.given_on, org_id=consent.share_org_id)
        row = ConsentRow(**values_of(consent))
        self.session.add(row)
        self.session.flush()
        self.agreements.forget()
        return int(row.id)

    def end_consent(
        self, member_id: MemberId, scope: ConsentScope, on: date, *, org_id: OrgId | None = None
    ) -> int | None:
        """End the answer in force on a matter; returns its id, None where there was none."""
        query = select(ConsentRow).where(
            ConsentRow.member_id == member_id, ConsentRow.scope == scope, ConsentRow.withdrawn_on.is_(None)
        )
        if scope is ConsentScope.SHARE_WITH:
            query = query.where(ConsentRow.share_org_id == org_id)
        row = self.session.scalars(query).first()
        if row is None:
            return None
        row.withdrawn_on = on
        self.session.flush()
        self.agreements.forget()
        return int(row.id)

    def clear_mobility(self, member_id: MemberId) -> bool:
        """Remove what is known of a member's ability to walk; returns whether anything was."""
        row = self.session.get(MemberRow, member_id)
        self.forget_reasons([member_id])
        if row is None or (row.mobility_level is None and row.max_walk_m is None):
            return False
        row.mobility_level, row.max_walk_m = None, None
        self.session.flush()
        return True

    def delete_care(self, member_id: MemberId) -> int:
        """Delete the care needs and pairings of a member; returns how many rows."""
        needs = self.session.scalars(select(CareNeedRow).where(CareNeedRow.member_id == member_id)).all()
        pairs = self.session.scalars(select(PairingRow).where(PairingRow.member_id == member_id)).all()
        for row in (*needs, *pairs):
            self.session.delete(row)
        self.session.flush()
        return len(needs) + len(pairs)

    def clear_family(self, member_id: MemberId) -> int:
        """Remove who lives alone and the emergency contact; returns how many places held something."""
        row = self.session.get(MemberRow, member_id)
        number = 0
        if row is not None and row.lives_alone is not None:
            row.lives_alone, number = None, 1
        for card in self.session.scalars(select(CardRow).where(CardRow.member_id == member_id)):
            if card.emergency_name or card.emergency_phone or card.emergency_relation is not None:
                card.emergency_name, card.emergency_phone, card.emergency_relation = "", "", None
                card.is_emergency_told = False
                number += 1
        self.session.flush()
        return number

    def restrict(self, member_id: MemberId, on: date | None) -> None:
        """Restrict what is done with a member's data from a day on, or lift it (None)."""
        row = self.session.get(MemberRow, member_id)
        if row is None:
            msg = "该党员已不存在，请刷新后重试"
            raise NotFoundError(msg)
        row.restricted_on = on
        self.session.flush()

    def save_rights_request(self, request: RightsRequest) -> int:
        """Save a request."""
        row = self._save(RightsRequestRow, request, values_of(request))
        self.session.flush()
        return int(row.id)

    def save_care_need(self, need: CareNeed) -> int:
        """Save a care need."""
        row = self._save(CareNeedRow, need, values_of(need))
        self.session.flush()
        return int(row.id)

    def save_pairing(self, pairing: Pairing) -> int:
        """Save a pairing."""
        row = self._save(PairingRow, pairing, values_of(pairing))
        self.session.flush()
        return int(row.id)

    def add_export(self, record: ExportRecord) -> int:
        """Keep where a file was left; a file written anew at the same place replaces the old record."""
        old = select(ExportRow).where(ExportRow.path == record.path, ExportRow.deleted_on.is_(None))
        for row in self.session.scalars(old):
            row.deleted_on = self.today
        row = ExportRow(**values_of(record))
        self.session.add(row)
        self.session.flush()
        return int(row.id)

    def close_export(self, export_id: int, on: date) -> None:
        """Note that a file was deleted."""
        row = self.session.get(ExportRow, export_id)
        if row is None or row.deleted_on is not None:
            msg = "该导出文件已登记删除"
            raise StaleError(msg)
        row.deleted_on = on
