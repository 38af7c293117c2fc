"""The life of the made-up organisations: terms, offices, successors, steps of hosts, groups by building, alliances.

A stream of its own: what other parts make does not change when this does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.model.bodies import Body, BodyKind, BodyRole, BodySeat, OrgEvent, OrgEventKind
from gis.model.enums import CommunityKind, GroupKind, OrgKind, OrgStatus
from gis.services.sample._chance import AS_OF, stream
from gis.store.writers.groups import NewGroup, NewSeat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from random import Random

    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member
    from gis.model.territory import HostHousehold
    from gis.store.writer import Writer

TERM_YEARS, COMMITTEE_FROM = 5, 7  # R08
GROUP_LEAST, GROUP_MOST = 5, 15
OWN_PHONE_SHARE, SIGNED_SHARE = 0.35, 0.85
OUTSIDE_TOWN = "白苹镇"
#: Enterprises and villages outside the street: as invented as the rest
ENTERPRISES = ("稻花针织党支部", "麦浪印染党支部", "青禾电器党支部", "粟米食品党支部")
OUTSIDE_VILLAGES = ("芦花村党总支", "石帆村党总支")


def add_organisation_life(writer: Writer, seed: int) -> None:
    """Add to a street that is saved already what its organisations have decided."""
    chance = stream(seed, "organisations")
    _date_orgs(writer, chance)
    _step_hosts(writer, chance)
    _group_by_building(writer, chance)
    _join_bodies(writer, chance)


def _date_orgs(writer: Writer, chance: Random) -> None:
    orgs = writer.orgs()
    top = next((org.name for org in orgs if org.parent_id is None), "")
    heirs = [org for org in orgs if org.community_kind is CommunityKind.RESETTLEMENT]
    sizes = writer.member_counts_by_branch()
    winding = 0
    for number, org in enumerate(orgs, 1):
        has_phone = not org.is_branch or chance.random() < OWN_PHONE_SHARE
        founded = AS_OF.replace(year=AS_OF.year - chance.randint(6, 18), day=1)
        changed = replace(
            org,
            founded_on=founded,
            approved_by=top if org.parent_id is not None else "",
            approved_on=founded if org.parent_id is not None else None,
            term_ends_on=_term_end(founded),
            committee_size=_committee(chance, org, sizes.get(org.id, 0) if org.id else 0),
            office_phone=f"0000-5550{number:03d}" if has_phone else "",  # no area has the code 0000
        )
        if org.status is OrgStatus.WINDING_DOWN and heirs and org.id is not None:
            decided = AS_OF - timedelta(days=200 + 20 * winding)
            heir = heirs[winding % len(heirs)]
            changed = replace(changed, successor_id=heir.id, approved_on=decided)
            writer.add_org_event(
                OrgEvent(org.id, OrgEventKind.WINDING_DOWN, decided, top, heir.id, "党员返迁后整建制转接")
            )
            winding += 1
        writer.save_orgs([changed])


def _term_end(founded: date) -> date:
    year = founded.year
    while year <= AS_OF.year:
        year += TERM_YEARS
    return founded.replace(year=year)


def _committee(chance: Random, org: PartyOrg, members: int) -> int | None:
    if org.kind is OrgKind.WORKING_COMMITTEE:
        return None
    if org.is_branch:
        return chance.choice((3, 5)) if members > COMMITTEE_FROM + 2 else None
    return chance.choice((5, 7))


def _step_hosts(writer: Writer, chance: Random) -> None:
    """Give approved hosts the days that led there; some still lack the agreement."""
    changed: list[HostHousehold] = []
    for host in writer.hosts():
        if host.approved_on is None:
            continue
        proposed = host.approved_on - timedelta(days=chance.randint(5, 20))
        recommended = proposed - timedelta(days=chance.randint(5, 20))
        applied = recommended - timedelta(days=chance.randint(3, 15))
        is_signed = chance.random() < SIGNED_SHARE
        changed.append(
            replace(
                host,
                applied_on=applied,
                recommended_on=recommended,
                group_proposed_on=proposed,
                agreement_signed_on=host.approved_on + timedelta(days=chance.randint(1, 10)) if is_signed else None,
                responsible_member_id=host.member_id if is_signed else None,
            )
        )
    writer.save_hosts(changed)


def _group_by_building(writer: Writer, chance: Random) -> None:
    """Found 楼栋党小组 in resettled communities: members of a branch in one estate who are not in transition."""
    orgs = {org.id: org for org in writer.orgs()}
    estates = {estate.id: estate.name for estate in writer.estates()}
    clumps: dict[tuple[OrgId, int], list[Member]] = {}
    for member in writer.members():
        parent = orgs.get(orgs[member.branch_id].parent_id)
        is_resettled = parent is not None and parent.community_kind is CommunityKind.RESETTLEMENT
        home = member.residence
        if is_resettled and not member.is_in_transition and home and home.building_id and home.estate_id:
            clumps.setdefault((member.branch_id, home.estate_id), []).append(member)
    for (branch, estate), members in sorted(clumps.items(), key=lambda pair: pair[0]):
        chosen = members[:GROUP_MOST]
        leaders = [one for one in chosen if one.is_full]
        if len(chosen) < GROUP_LEAST or not leaders:
            continue
        leader = chance.choice(leaders)
        decided = AS_OF - timedelta(days=chance.randint(30, 300))
        seats = tuple(NewSeat(one.id, 0.0, "住在同一小区") for one in chosen if one.id is not None)
        if leader.id is not None:
            name = f"{orgs[branch].name}{estates.get(estate, '')}楼栋党小组"  # type: ignore[call-overload]  # keyed by id
            writer.found_group(
                NewGroup(branch, name, leader.id, None, None, seats, (), decided, decided + timedelta(days=7)),
                GroupKind.BUILDING,
            )


def _join_bodies(writer: Writer, chance: Random) -> None:
    orgs = writer.orgs()
    communities = [org for org in orgs if org.community_kind is not None and org.id is not None]
    urban = [org for org in communities if org.community_kind is CommunityKind.URBAN]
    villages = [org for org in communities if org.community_kind is CommunityKind.DEMOLITION_VILLAGE]
    resettled = [org for org in communities if org.community_kind is CommunityKind.RESETTLEMENT]
    if urban:
        name = f"{_stem(urban[0])}区域化党建联盟"
        alliance = _body(writer, Body(None, name, BodyKind.ALLIANCE, _id(urban[0]), AS_OF.replace(year=AS_OF.year - 2)))
        seats = [_outside(alliance, one) for one in ENTERPRISES]
        writer.save_body_seats([*seats, *(_inside(alliance, org, BodyRole.MEMBER) for org in urban[1:2])])
        _activity_group(writer, chance, urban[0], orgs)
    if resettled and villages:
        lead = resettled[0]
        name = f"{_stem(lead)}党建联合委员会"
        joint = _body(writer, Body(None, name, BodyKind.JOINT_BODY, _id(lead), AS_OF.replace(year=AS_OF.year - 1)))
        seats = [_inside(joint, org, BodyRole.MEMBER) for org in villages]
        seats += [_outside(joint, one) for one in OUTSIDE_VILLAGES]
        if len(resettled) > 1:
            seats.append(_inside(joint, resettled[1], BodyRole.LIAISON))
        writer.save_body_seats(seats)


def _activity_group(writer: Writer, chance: Random, lead: PartyOrg, orgs: Sequence[PartyOrg]) -> None:
    branches = [org.id for org in orgs if org.parent_id == lead.id and org.id is not None]
    members = [one for one in writer.members(branches) if one.id is not None and not one.is_in_transition]
    group = _body(
        writer,
        Body(
            None,
            f"{_stem(lead)}党员志愿者服务组",
            BodyKind.ACTIVITY_GROUP,
            _id(lead),
            AS_OF.replace(year=AS_OF.year - 1),
            note="自愿参加，不是党小组",
        ),
    )
    chosen = chance.sample(members, min(len(members), 8))
    writer.save_body_seats(
        BodySeat(None, group.id or 0, BodyRole.MEMBER, member_id=one.id, valid_from=AS_OF)  # type: ignore[arg-type]  # saved
        for one in chosen
    )


def _body(writer: Writer, body: Body) -> Body:
    number = writer.save_body(body)
    writer.save_body_seats([BodySeat(None, number, BodyRole.LEAD, org_id=body.lead_org_id, valid_from=body.founded_on)])
    return replace(body, id=number)


def _inside(body: Body, org: PartyOrg, role: BodyRole) -> BodySeat:
    return BodySeat(None, body.id or 0, role, org_id=org.id, valid_from=body.founded_on)  # type: ignore[arg-type]  # saved


def _outside(body: Body, name: str) -> BodySeat:
    return BodySeat(None, body.id or 0, BodyRole.MEMBER, name=name, town=OUTSIDE_TOWN, valid_from=body.founded_on)  # type: ignore[arg-type]  # saved


def _id(org: PartyOrg) -> OrgId:
    return org.id or 0  # type: ignore[return-value]  # read from the database


def _stem(org: PartyOrg) -> str:
    return org.name.removesuffix(org.kind.label)
