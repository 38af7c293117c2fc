"""Every personal column has a term: a rule of gis/model/retention.py answers for it, and the store carries it out."""

from __future__ import annotations

import pytest

from gis.model.enums import Sensitivity
from gis.model.retention import RULES, Retained
from gis.model.settings import OfficeSettings
from gis.store.schema import Base
from gis.store.writers.retention import RetentionWrites
from tests.architecture.sources import ROOT

PERSONAL = {Sensitivity.S2, Sensitivity.S3, Sensitivity.S4}
COVERED = {name for rule in RULES for name in rule.covers}
COLUMNS = {f"{table.name}.{column.name}": column for table in Base.metadata.tables.values() for column in table.columns}


def test_every_personal_column_is_covered():
    personal = [name for name, column in COLUMNS.items() if column.info["class"] in PERSONAL]
    assert personal
    assert [name for name in personal if name not in COVERED and f"{name.split('.')[0]}.*" not in COVERED] == []


def test_every_covered_column_exists():
    tables = {f"{name}.*" for name in Base.metadata.tables}
    assert sorted(COVERED - tables - COLUMNS.keys()) == []


def test_every_kind_has_one_rule_that_is_carried_out():
    assert [rule.kind for rule in RULES] == list(Retained)
    assert [kind for kind in Retained if not hasattr(RetentionWrites, f"_clear_{kind.value}")] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind.value)
def test_a_term_is_a_setting_of_the_office_or_said_in_words(rule):
    assert bool(rule.setting) != bool(rule.fixed)
    assert not rule.setting or hasattr(OfficeSettings(), rule.setting)


def test_the_guide_names_every_kind():
    guide = (ROOT / "docs/guide/rights.md").read_text(encoding="utf-8")
    assert [kind.label for kind in Retained if kind.label not in guide] == []
