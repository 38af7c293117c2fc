"""Ids: distinct types for what would otherwise all be `int`."""

from __future__ import annotations

from typing import NewType

DivisionId = NewType("DivisionId", int)
OrgId = NewType("OrgId", int)
GridId = NewType("GridId", int)
EstateId = NewType("EstateId", int)
BuildingId = NewType("BuildingId", int)
RoadId = NewType("RoadId", int)
VenueId = NewType("VenueId", int)
HostId = NewType("HostId", int)
HouseholdId = NewType("HouseholdId", int)
MemberId = NewType("MemberId", int)
ResidenceId = NewType("ResidenceId", int)
GroupId = NewType("GroupId", int)
RunId = NewType("RunId", int)
PlanId = NewType("PlanId", int)
BatchId = NewType("BatchId", int)
UserId = NewType("UserId", int)
CardId = NewType("CardId", int)
SurveyId = NewType("SurveyId", int)
AreaId = NewType("AreaId", int)
AssignmentId = NewType("AssignmentId", int)
BodyId = NewType("BodyId", int)
BodySeatId = NewType("BodySeatId", int)
SessionId = NewType("SessionId", int)
RoundId = NewType("RoundId", int)
TeamId = NewType("TeamId", int)
StopId = NewType("StopId", int)
TargetId = NewType("TargetId", int)
SheetId = NewType("SheetId", int)
