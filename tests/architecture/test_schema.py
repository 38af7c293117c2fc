"""Every column says what it means and how sensitive it is; every cell of the access table has its reason."""

from __future__ import annotations

import pytest

from gis.model.access import ACTION_LABELS, RULES, Action, Role
from gis.model.enums import Sensitivity
from gis.store.schema import Base

COLUMNS = [column for table in Base.metadata.tables.values() for column in table.columns]
# A column of this name anywhere would hold what domain.md forbids to store
NEVER_STORED = {"id_number", "id_card", "ethnicity", "education", "religion", "health", "income", "marital_status"}


def test_every_column_says_what_it_means():
    assert [str(column) for column in COLUMNS if not (column.comment or "").strip()] == []


def test_every_column_has_a_sensitivity_class():
    assert [str(column) for column in COLUMNS if not isinstance(column.info.get("class"), Sensitivity)] == []


def test_what_must_not_be_stored_has_no_column():
    assert [str(column) for column in COLUMNS if column.name in NEVER_STORED] == []


@pytest.mark.parametrize("action", Action)
def test_every_role_has_a_decision_with_a_reason(action: Action):
    assert [role for role in Role if not RULES[role, action].reason.strip()] == []


def test_every_action_has_a_chinese_name():
    assert set(ACTION_LABELS) == set(Action)
