"""A list handed in again does not undo what people have decided about organisations and hosts, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.model.access import Action
from gis.model.enums import HostStatus, OrgStatus
from gis.model.layers import LayerKind
from gis.model.organisation import PartyOrg
from gis.services._roster_branches import BranchFinder
from gis.services.import_layers import apply_layers
from gis.services.layer_report import LayerImportReport, LayerImportRequest
from gis.services.org_edit import edit_org, form_of
from gis.services.org_life import Decision, abolish, hand_over, wind_down
from tests.integration.tiny_street import CLERK, TinyStreet
from tests.unit.store.formats.layer_files import workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gis.model.ids import OrgId
    from gis.model.territory import HostHousehold
    from gis.store.database import Store

ORGS: list[list[str]] = [
    ["名称", "类别", "上级组织", "状态"],
    ["东风村党总支", "党总支", "", "正常"],
    ["东风一支部", "党支部", "东风村党总支", "正常"],
    ["东风二支部", "党支部", "东风村党总支", "正常"],
]
HOSTS: list[list[object]] = [
    ["户主姓名", "所在支部", "地址", "可容纳人数", "状态", "设立时间"],
    ["近禾", "东风一支部", "青禾路100号", 12, "正常", "2020-01-01"],
]


@pytest.fixture
def street(store: Store) -> TinyStreet:
    made = TinyStreet(store)
    with store.writing(CLERK, Action.MANAGE_HOSTS) as writer:
        host = next(one for one in writer.hosts() if one.id == made.near)
        writer.save_hosts([replace(host, address="青禾路100号")])
    return made


def _import(street: TinyStreet, tmp_path: Path, kind: LayerKind, rows: Sequence[Sequence[object]]) -> LayerImportReport:
    path = tmp_path / f"{kind.value}.xlsx"
    workbook(path, ("表", [list(row) for row in rows]))
    report = apply_layers(CLERK, street.store, LayerImportRequest(path, kind, ""))
    assert not report.faults
    return report


def _org(street: TinyStreet, org_id: OrgId) -> PartyOrg:
    with street.store.reading(CLERK.scope) as reader:
        return next(org for org in reader.orgs() if org.id == org_id)


def _host(street: TinyStreet) -> HostHousehold:
    with street.store.reading(CLERK.scope) as reader:
        return next(host for host in reader.hosts(with_ended=True) if host.id == street.near)


def _abolish_first_branch(street: TinyStreet) -> None:
    decision = Decision("青禾街道党工委", street.store.today())
    first = street.branch
    wind_down(CLERK, street.store, first, decision, successor_id=street.other, version=_org(street, first).version)
    hand_over(CLERK, street.store, first, decision, version=_org(street, first).version)
    abolish(CLERK, street.store, first, decision, version=_org(street, first).version)


def test_what_a_list_of_organisations_does_not_carry_stays(street: TinyStreet, tmp_path: Path):
    before = _org(street, street.branch)
    form = replace(form_of(before), office_phone="0000-5550101", term_ends_on=date(2029, 1, 1), code="DF1")
    edit_org(CLERK, street.store, street.branch, form, before.version)
    kept = _org(street, street.branch)
    report = _import(street, tmp_path, LayerKind.ORGS, ORGS)
    assert (report.changed, report.same, _org(street, street.branch)) == (0, 3, kept)


def test_a_list_does_not_end_the_winding_down(street: TinyStreet, tmp_path: Path):
    decision = Decision("青禾街道党工委", street.store.today())
    version = _org(street, street.branch).version
    wind_down(CLERK, street.store, street.branch, decision, successor_id=street.other, version=version)
    kept = _org(street, street.branch)
    report = _import(street, tmp_path, LayerKind.ORGS, ORGS)
    assert _org(street, street.branch) == kept
    (check,) = [one for one in report.checks if one.code == "orgs_life_kept"]
    assert check.items == ("第 3 行 东风一支部",)


def test_an_abolished_organisation_stays_so_and_its_name_leads_to_the_successor(street: TinyStreet, tmp_path: Path):
    _abolish_first_branch(street)
    kept = _org(street, street.branch)
    _import(street, tmp_path, LayerKind.ORGS, ORGS)
    assert _org(street, street.branch) == kept
    assert kept.status is OrgStatus.ABOLISHED
    with street.store.reading(CLERK.scope) as reader:
        finder = BranchFinder(reader.orgs())
    assert finder.find("东风一支部").ids == (street.other,)
    _import(street, tmp_path, LayerKind.HOSTS, HOSTS)
    with street.store.reading(CLERK.scope) as reader:
        assert {host.branch_id for host in reader.hosts()} == {street.other}
        assert len(reader.hosts()) == 2


def test_steps_agreement_and_status_of_a_host_stay(street: TinyStreet, tmp_path: Path):
    stamped = replace(
        _host(street),
        applied_on=date(2021, 1, 1),
        recommended_on=date(2021, 1, 2),
        group_proposed_on=date(2021, 1, 3),
        approved_on=date(2021, 1, 4),
        agreement_signed_on=date(2021, 1, 5),
        responsible_member_id=street.members[0],
        capacity_reason="客厅大",
        status=HostStatus.SUSPENDED,
        suspended_on=date(2024, 1, 1),
    )
    with street.store.writing(CLERK, Action.MANAGE_HOSTS) as writer:
        writer.save_hosts([stamped])
    kept = _host(street)
    report = _import(street, tmp_path, LayerKind.HOSTS, HOSTS)
    assert _host(street) == kept
    assert [one.code for one in report.checks if one.code == "hosts_life_kept"] == ["hosts_life_kept"]


def test_a_host_that_has_no_steps_takes_its_day_from_the_list(street: TinyStreet, tmp_path: Path):
    _import(street, tmp_path, LayerKind.HOSTS, HOSTS)
    assert _host(street).approved_on == date(2020, 1, 1)
