"""Which branch a text means; a branch of the wrong village is worse than none."""

from __future__ import annotations

import pytest

from gis.model.enums import OrgKind
from gis.model.ids import OrgId
from gis.model.organisation import PartyOrg
from gis.services._roster_branches import BranchFinder


def org(number: int, name: str, kind: OrgKind, parent: int | None = None) -> PartyOrg:
    return PartyOrg(OrgId(number), name, kind, None if parent is None else OrgId(parent))


STREET, TOP, BRANCH = OrgKind.WORKING_COMMITTEE, OrgKind.GENERAL_BRANCH, OrgKind.BRANCH
FINDER = BranchFinder(
    [
        org(1, "中共青禾街道工作委员会", STREET),
        org(2, "东风村党总支", TOP, 1),
        org(3, "东风村第一党支部", BRANCH, 2),
        org(4, "东风村第二党支部", BRANCH, 2),
        org(5, "大东风村党总支", TOP, 1),
        org(6, "大东风村第一党支部", BRANCH, 5),
        org(7, "中共常青社区总支部委员会", TOP, 1),
        org(8, "中共常青社区第一支部委员会", BRANCH, 7),
        org(9, "三里村党支部", BRANCH, 1),
        org(10, "亚新村党总支", TOP, 1),
        org(11, "第一党支部", BRANCH, 10),
    ]
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("东风一支部", 3),
        ("中共东风村党总支第一支部委员会", 3),
        ("青禾街道东风村第二党支部", 4),
        ("常青社区党总支第一党支部", 8),
        ("三里党支部", 9),
        ("亚新一支部", 11),
    ],
)
def test_usual_spellings(text: str, number: int):
    assert FINDER.find(text).ids == (number,)


def test_a_bare_number_is_read_in_the_village_of_the_title_and_nowhere_else():
    assert FINDER.find("二支部", ["东风村党总支党员花名册"]).ids == (4,)
    assert FINDER.find("一支部", ["东风村党员花名册"]).ids == (3,)
    assert FINDER.find("一支部", ["常青社区党员花名册"]).ids == (8,)
    assert FINDER.find("第九党支部", ["东风村党总支党员花名册"]).why


@pytest.mark.parametrize(
    ("titles", "number"),
    [
        (["大东风村第一党支部党员花名册"], 6),
        (["填报单位：东风村第二党支部"], 4),
        (["三里村党员花名册"], 9),
        (["第二党支部", "东风村党总支党员花名册"], 4),
    ],
)
def test_titles(titles: list[str], number: int):
    assert FINDER.find_in(titles).ids == (number,)


@pytest.mark.parametrize(
    "titles",
    [
        ["新东风村第一党支部党员花名册"],
        ["东风村第九党支部", "东风村第一党支部党员花名册"],
        ["青禾街道东风村党员花名册"],
    ],
)
def test_titles_that_name_no_known_branch(titles: list[str]):
    assert FINDER.find_in(titles).ids == ()
