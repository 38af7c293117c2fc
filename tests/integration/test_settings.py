"""The settings of the office: bounds, contradictions, two at once, audit, and who may."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import DeniedError, InputError, StaleError
from gis.model.access import Action, Actor, Role, operator, scope_for
from gis.model.settings import OfficeSettings, setting_specs
from gis.services.settings import SettingChange, change_settings, list_settings, office_settings
from gis.store.schema import AuditRow, SettingRow

if TYPE_CHECKING:
    from gis.store.database import Store

CLERK = operator()


def in_force(store: Store) -> OfficeSettings:
    with store.reading(CLERK.scope) as reader:
        return office_settings(reader)


def test_an_untouched_office_has_the_defaults(store: Store):
    assert in_force(store) == OfficeSettings()
    assert all(one.is_default and one.version == 0 for one in list_settings(CLERK, store))


def test_what_is_set_is_in_force_typed_and_audited(store: Store):
    change_settings(CLERK, store, [SettingChange("return_walk_min", 20.0), SettingChange("walk_speed_m_s", 1.3)])
    now = in_force(store)
    assert (now.return_walk_min, now.walk_speed_m_s) == (20, 1.3)
    assert isinstance(now.return_walk_min, int)
    with Session(store.engine) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None
    assert last.details["settings"] == {"return_walk_min": [15, 20], "walk_speed_m_s": [1.2, 1.3]}
    assert "15 → 20" in last.summary


def test_a_reset_goes_back_to_the_default(store: Store):
    change_settings(CLERK, store, [SettingChange("alone_age", 75)])
    change_settings(CLERK, store, [SettingChange("alone_age", None)])
    assert in_force(store) == OfficeSettings()


def test_bounds_are_kept(sqlite_store: Store):
    for spec in setting_specs():
        assert spec.least <= spec.default <= spec.most
        for value in (spec.least - 1, spec.most + 1, float("nan"), float("inf")):
            with pytest.raises(InputError):
                change_settings(CLERK, sqlite_store, [SettingChange(spec.key, value)])
        if spec.is_whole:
            with pytest.raises(InputError, match="整数"):
                change_settings(CLERK, sqlite_store, [SettingChange(spec.key, spec.least + 0.5)])


def test_one_fault_saves_nothing_and_all_faults_are_told(store: Store):
    with pytest.raises(InputError) as told:
        change_settings(
            CLERK,
            store,
            [SettingChange("alone_age", 75), SettingChange("foo", 1), SettingChange("return_walk_min", 0)],
        )
    assert len(told.value.faults) == 2
    assert in_force(store) == OfficeSettings()


def test_settings_that_contradict_each_other_are_refused(store: Store):
    with pytest.raises(InputError, match="须小于"):
        change_settings(CLERK, store, [SettingChange("elder_age", 80)])
    change_settings(CLERK, store, [SettingChange("elder_age", 80), SettingChange("aged_age", 85)])
    with pytest.raises(InputError, match="须小于"):
        change_settings(CLERK, store, [SettingChange("aged_age", None)])


def test_the_second_of_two_is_told(store: Store):
    seen = {one.spec.key: one for one in list_settings(CLERK, store)}["alone_age"]
    change_settings(CLERK, store, [SettingChange("alone_age", 75, seen.version)])
    with pytest.raises(StaleError):
        change_settings(CLERK, store, [SettingChange("alone_age", 70, seen.version)])
    again = {one.spec.key: one for one in list_settings(CLERK, store)}["alone_age"]
    change_settings(CLERK, store, [SettingChange("alone_age", 70, again.version)])
    with pytest.raises(StaleError):
        change_settings(CLERK, store, [SettingChange("alone_age", None, again.version)])


def test_a_row_that_no_longer_fits_counts_as_not_set(store: Store):
    with store.writing(CLERK, Action.CHANGE_SETTINGS) as writer:
        for key, value in (("alone_age", "九十"), ("return_walk_min", 9999), ("gone", 1), ("suppress_below", True)):
            writer.session.add(SettingRow(key=key, value=value))
    assert in_force(store) == OfficeSettings()


@pytest.mark.parametrize("role", [one for one in Role if one not in (Role.SYS_ADMIN, Role.STREET_CLERK)])
def test_only_two_roles_change_settings(sqlite_store: Store, role: Role):
    actor = Actor("u", role, scope_for(role, frozenset()))
    with pytest.raises(DeniedError):
        list_settings(actor, sqlite_store)
    with pytest.raises(DeniedError):
        change_settings(actor, sqlite_store, [SettingChange("alone_age", 75)])


def run(store: Store, *words: str, code: int = 0) -> Any:
    address = store.engine.url.render_as_string(hide_password=False)
    done = CliRunner().invoke(app, ["settings", *words, "--json", "--db", address])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_the_command_line_lists_sets_and_resets(store: Store):
    assert [one["key"] for one in run(store, "list")] == [spec.key for spec in setting_specs()]
    (told,) = run(store, "set", "return_walk_min=20")
    assert (told["value"], told["default"], told["is_default"]) == (20, 15, False)
    assert "缺少" in run(store, "set", "return_walk_min", code=1)["error"]
    assert "看不懂" in run(store, "set", "return_walk_min=二十", code=1)["error"]
    assert "--all" in run(store, "reset", code=1)["error"]
    assert all(one["is_default"] for one in run(store, "reset", "--all"))
