"""All tables. Every column carries its meaning (`comment`) and sensitivity class (`info["class"]`)."""

from gis.store.schema.base import Base
from gis.store.schema.groups import GroupMembershipRow, GroupPlanRow, GroupRow, RunRow
from gis.store.schema.people import (
    AffiliationRow,
    CompanionRow,
    HouseholdRow,
    MemberRow,
    OrgDivisionRow,
    OrgRow,
    ResidenceRow,
    TransitionRow,
)
from gis.store.schema.plans import PlanEventRow, PlanStepRow, SavedPlanBranchRow, SavedPlanRow
from gis.store.schema.system import (
    AuditRow,
    DataVersionRow,
    ImportBatchRow,
    ImportKeyRow,
    RoleRow,
    ScopeRow,
    SignInRow,
    UserRow,
)
from gis.store.schema.territory import (
    AreaRow,
    BuildingRow,
    DivisionRow,
    EstateRow,
    GridRow,
    HostRow,
    RoadRow,
    VenueRow,
)

__all__ = [
    "AffiliationRow",
    "AreaRow",
    "AuditRow",
    "Base",
    "BuildingRow",
    "CompanionRow",
    "DataVersionRow",
    "DivisionRow",
    "EstateRow",
    "GridRow",
    "GroupMembershipRow",
    "GroupPlanRow",
    "GroupRow",
    "HostRow",
    "HouseholdRow",
    "ImportBatchRow",
    "ImportKeyRow",
    "MemberRow",
    "OrgDivisionRow",
    "OrgRow",
    "PlanEventRow",
    "PlanStepRow",
    "ResidenceRow",
    "RoadRow",
    "RoleRow",
    "RunRow",
    "SavedPlanBranchRow",
    "SavedPlanRow",
    "ScopeRow",
    "SignInRow",
    "TransitionRow",
    "UserRow",
    "VenueRow",
]
