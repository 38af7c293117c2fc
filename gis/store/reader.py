"""The reader: everything that lists, each query narrowed by one scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.store.readers.accounts import AccountReads
from gis.store.readers.audit import AuditReads
from gis.store.readers.boards import BoardReads
from gis.store.readers.bodies import BodyReads
from gis.store.readers.cards import CardReads
from gis.store.readers.flows import FlowReads
from gis.store.readers.groups import GroupReads
from gis.store.readers.imports import ImportReads
from gis.store.readers.kpis import KpiReads
from gis.store.readers.lost import LostReads
from gis.store.readers.map_search import MapSearchReads
from gis.store.readers.member_copy import MemberCopyReads
from gis.store.readers.member_search import SearchReads
from gis.store.readers.modes import ModeReads
from gis.store.readers.organisations import OrganisationReads
from gis.store.readers.people import PeopleReads
from gis.store.readers.plans import PlanReads
from gis.store.readers.rights import RightsReads
from gis.store.readers.rules import RuleReads
from gis.store.readers.served import ServedReads
from gis.store.readers.settings import SettingReads
from gis.store.readers.sides import SideReads
from gis.store.readers.territory import TerritoryReads
from gis.store.readers.ties import TieReads
from gis.store.readers.visit_cases import VisitCaseReads
from gis.store.readers.visit_records import VisitRecordReads
from gis.store.readers.years import YearReads

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gis.model.access import Scope


class Reader(
    FlowReads,
    YearReads,
    KpiReads,
    RuleReads,
    LostReads,
    CardReads,
    SearchReads,
    MapSearchReads,
    TerritoryReads,
    BoardReads,
    BodyReads,
    OrganisationReads,
    PeopleReads,
    GroupReads,
    TieReads,
    VisitRecordReads,
    PlanReads,
    RightsReads,
    MemberCopyReads,
    AccountReads,
    AuditReads,
    ImportReads,
    SideReads,
    SettingReads,
    ServedReads,
    ModeReads,
    VisitCaseReads,
):
    """Scoped lists; a missing scope yields no rows."""

    def __init__(self, session: Session, scope: Scope | None) -> None:
        self.session = session
        self.scope = scope
