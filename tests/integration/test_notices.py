"""Papers of a plan: which there are in which state, what stands on them, who may have them, and that it is logged."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import DeniedError, GisError, InputError
from gis.model.access import Actor, Role, scope_for
from gis.model.papers import PaperFormat
from gis.model.plan import GroupingRequest
from gis.services.grouping import propose_groups
from gis.services.notices import NoticeKind, committee, notice_file, said_date
from gis.services.plan_life import decide_plan, publish_plan, report_plan, submit_plan
from gis.services.plans import open_plan, save_plan
from gis.store.schema import AuditRow
from tests.fixtures.components import need
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.model.ids import PlanId
    from gis.store.database import Store


@pytest.fixture
def draft(store: Store) -> PlanId:
    street = TinyStreet(store)
    plan = propose_groups(CLERK, store, GroupingRequest(branch_ids=(street.branch,), seconds=5))
    return save_plan(CLERK, store, plan, "秋季方案")


@pytest.fixture
def published(store: Store, draft: PlanId) -> PlanId:
    def version() -> int:
        return open_plan(CLERK, store, draft).head.version

    submit_plan(CLERK, store, draft, version())
    decide_plan(CLERK, store, draft, version(), date(2026, 11, 20))
    report_plan(CLERK, store, draft, version(), date(2026, 11, 21))
    publish_plan(CLERK, store, draft, version(), "测试")
    return draft


def words(store: Store, plan: PlanId, kind: NoticeKind) -> str:
    """Return everything that stands on a paper, from its Word file."""
    document = Document(BytesIO(notice_file(CLERK, store, plan, kind, PaperFormat.DOCX).content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([line.text for line in document.paragraphs] + cells)


def test_a_draft_has_a_list_for_the_committee_and_no_notices(store: Store, draft: PlanId) -> None:
    assert "（草案，供讨论）" in words(store, draft, NoticeKind.GROUP_LIST)
    for kind in (NoticeKind.MEMBER_NOTICE, NoticeKind.SIGN_IN):
        with pytest.raises(InputError, match="在发布之后才能打印"):
            notice_file(CLERK, store, draft, kind, PaperFormat.XLSX)


def test_what_stands_on_the_papers_of_a_published_plan(store: Store, published: PlanId) -> None:
    listed = words(store, published, NoticeKind.GROUP_LIST)
    assert "东风一支部临时党小组名册" in listed
    assert all(name in listed for name in ("近禾家", "禾一", "禾二", "禾三", "2026 年 11 月 20 日"))
    notice = words(store, published, NoticeKind.MEMBER_NOTICE)
    assert notice.count("编组通知") == 3
    assert "中共东风一支部委员会" in notice
    assert "以您本人的意愿为先" in notice
    report = words(store, published, NoticeKind.REPORT)
    assert "东风村党总支：" in report
    assert "设立临时党小组 1 个，编入党员 3 名" in report
    assert "回原支部就近参学 1 名" in report
    assert "禾五" not in report  # the level above needs no names of those without a group
    assert "返迁过渡期间，为方便" in notice
    assert "返迁过渡期党员居住分散" in report


def test_papers_of_a_plan_for_everybody_do_not_say_that_all_are_in_transition(store: Store) -> None:
    street = TinyStreet(store)
    request = GroupingRequest(branch_ids=(street.branch,), is_all_members=True, seconds=5)
    plan_id = save_plan(CLERK, store, propose_groups(CLERK, store, request), "全员方案")
    report = words(store, plan_id, NoticeKind.REPORT)
    assert "我支部党员居住分散" in report
    assert "返迁过渡期党员" not in report


@pytest.mark.parametrize("form", PaperFormat)
def test_every_paper_in_every_format(store: Store, published: PlanId, form: PaperFormat) -> None:
    if form is PaperFormat.PDF:
        need("chinese-font")
    for kind in NoticeKind:
        made = notice_file(CLERK, store, published, kind, form)
        assert made.name == f"{kind.label}-秋季方案.{form.value}"
        assert made.content[:4] == (b"%PDF" if form is PaperFormat.PDF else b"PK\x03\x04")
        with Session(store.engine) as session:
            last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert last is not None
        assert kind.label in last.summary


def test_papers_are_for_those_who_plan_within_their_reach(store: Store, published: PlanId) -> None:
    other = next(org.id for org in _orgs(store) if org.name == "东风二支部")
    assert other is not None
    secretary = Actor("外人", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({other})))
    with pytest.raises(GisError):
        notice_file(secretary, store, published, NoticeKind.GROUP_LIST, PaperFormat.DOCX)
    leader = Actor("领导", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
    with pytest.raises(DeniedError):
        notice_file(leader, store, published, NoticeKind.GROUP_LIST, PaperFormat.DOCX)


def _orgs(store: Store):
    with store.reading(CLERK.scope) as reader:
        return reader.orgs()


def test_names_and_dates_as_papers_say_them() -> None:
    assert committee("东风一支部") == "东风一支部委员会"
    assert committee("东风村") == "东风村支部委员会"
    assert said_date(date(2026, 3, 5)) == "2026 年 3 月 5 日"
    assert "年" in said_date(None)
