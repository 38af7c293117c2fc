"""`jiujin org`: the tree of organisations, its corrections and its life."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.cli.org_days import chosen, need_day, read_day, written
from gis.model.access import operator
from gis.model.enums import CommunityKind, OrgKind
from gis.model.ids import OrgId
from gis.services.org_edit import OrgForm, add_org, edit_org, form_of, org_named
from gis.services.org_life import Decision, abolish, hand_over, history_of, obstacles_of, resume, wind_down
from gis.services.org_tree import directory, org_card, org_tree

if TYPE_CHECKING:
    from gis.model.organisation import PartyOrg
    from gis.services.org_tree import OrgCard, TreeLine

org_app = typer.Typer(help="组织：组织树、办公电话、任期、撤并与历史。", no_args_is_help=True)
NONE = "无"

OrgArgument = Annotated[str, typer.Argument(help="组织的名称、编码或编号")]
ByOption = Annotated[str, typer.Option("--approved-by", help="批准的组织")]
OnOption = Annotated[str, typer.Option("--approved-on", help="批准日期，如 2026-06-01")]
NoteOption = Annotated[str, typer.Option(help="说明，不写个人信息")]


@org_app.command("tree")
def tree(
    abolished: Annotated[bool, typer.Option("--abolished", help="含已撤销的组织")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """列出组织树：党委、党总支、支部、党小组、中心户，及各自的地域。"""
    with Reporting(as_json=as_json):
        found = org_tree(operator(), open_store(db), with_abolished=abolished)
        document = {
            "as_of": found.as_of.isoformat(),
            "left_out": found.left_out,
            "lines": [asdict(line) for line in found.lines],
        }
        emit(document, as_json=as_json, text="\n".join(map(_tree_text, found.lines)) or "还没有组织，请先导入党组织")


def _tree_text(line: TreeLine) -> str:
    words = [f"{line.id}", line.name, line.kind, line.status if line.status != "正常" else ""]
    words += [f"{line.members} 名" if line.members is not None else "", line.ground, line.phone]
    return "  " * line.depth + "  ".join(word for word in words if word)


@org_app.command("show")
def show(org: OrgArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """显示一个组织：地域、任期、委员人数、办公电话、片区、联合体。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = org_named(actor, store, org)
        card = org_card(actor, store, found_id(found))
        emit(_document(card), as_json=as_json, text=_card_text(card))


@org_app.command("phones")
def phones(db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出各组织的办公电话；没有登记的给出上级的。"""
    with Reporting(as_json=as_json):
        rows = directory(operator(), open_store(db))
        lines = [f"{row.name}\t{row.phone or '未登记'}\t{row.phone_of}" for row in rows]
        document = [{**asdict(row), "term_ends_on": written(row.term_ends_on)} for row in rows]
        emit(document, as_json=as_json, text="\n".join(lines) or "还没有组织")


@org_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="名称")],
    kind: Annotated[str, typer.Option(help="类别：" + "、".join(OrgKind.labels()))],
    parent: Annotated[str, typer.Option(help="上级组织的名称、编码或编号")] = "",
    code: Annotated[str, typer.Option(help="组织编码")] = "",
    founded: Annotated[str, typer.Option(help="成立日期，如 2026-06-01")] = "",
    task_body: Annotated[str, typer.Option(help="临时党支部所依托的临时机构")] = "",
    units: Annotated[int | None, typer.Option(help="联合党支部的单位数")] = None,
    phone: Annotated[str, typer.Option(help="办公电话")] = "",
    approved_by: ByOption = "",
    approved_on: OnOption = "",
    reason: Annotated[str, typer.Option(help="须说明的事项的理由")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """新设一个组织。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        form = OrgForm(
            name=name,
            kind=chosen(OrgKind, kind, "类别"),
            parent_id=org_named(actor, store, parent).id if parent else None,
            code=code,
            founded_on=read_day(founded, "成立日期"),
            task_body=task_body,
            unit_count=units,
            office_phone=phone,
            approved_by=approved_by,
            approved_on=read_day(approved_on, "批准日期"),
        )
        org_id = add_org(actor, store, form, reason=reason)
        emit({"org": org_id, "name": name}, as_json=as_json, text=f"已新设：{name}（{org_id}）")


@org_app.command("edit")
def edit(
    org: OrgArgument,
    name: Annotated[str | None, typer.Option(help="名称")] = None,
    kind: Annotated[str, typer.Option(help="类别：" + "、".join(OrgKind.labels()))] = "",
    parent: Annotated[str, typer.Option(help=f"上级组织；“{NONE}”为没有上级")] = "",
    code: Annotated[str | None, typer.Option(help="组织编码")] = None,
    community: Annotated[str, typer.Option(help="社区类型：" + "、".join(CommunityKind.labels()))] = "",
    phone: Annotated[str | None, typer.Option(help="办公电话")] = None,
    term_ends: Annotated[str, typer.Option(help="任期届满日期，如 2029-06-30")] = "",
    committee: Annotated[int | None, typer.Option(help="委员人数；0 为不填")] = None,
    task_body: Annotated[str | None, typer.Option(help="临时党支部所依托的临时机构")] = None,
    units: Annotated[int | None, typer.Option(help="联合党支部的单位数；0 为不填")] = None,
    founded: Annotated[str, typer.Option(help="成立日期，如 2026-06-01")] = "",
    reason: Annotated[str, typer.Option(help="须说明的事项的理由")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """修改一个组织；没写的各项不变，每次修改记入历史。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        before = org_named(actor, store, org)
        given = {
            "name": name,
            "kind": chosen(OrgKind, kind, "类别") if kind else None,
            "code": code,
            "community_kind": chosen(CommunityKind, community, "社区类型") if community else None,
            "office_phone": phone,
            "term_ends_on": read_day(term_ends, "任期届满日期"),
            "task_body": task_body,
            "founded_on": read_day(founded, "成立日期"),
        }
        form = replace(form_of(before), **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]  # fields by name
        if parent:
            form = replace(form, parent_id=None if parent == NONE else org_named(actor, store, parent).id)
        if committee is not None:
            form = replace(form, committee_size=committee or None)
        if units is not None:
            form = replace(form, unit_count=units or None)
        is_changed = edit_org(actor, store, found_id(before), form, before.version, reason=reason)
        text = f"已修改：{form.name}" if is_changed else "没有变化"
        emit({"org": before.id, "changed": is_changed}, as_json=as_json, text=text)


@org_app.command("wind-down")
def begin_winding_down(
    org: OrgArgument,
    successor: Annotated[str, typer.Option(help="接续组织的名称、编码或编号")] = "",
    approved_by: ByOption = "",
    approved_on: OnOption = "",
    note: NoteOption = "",
    stop: Annotated[bool, typer.Option("--stop", help="停止撤并，恢复正常")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """登记开始撤并和接续组织；加 --stop 停止撤并。党员、党小组此时不动。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = org_named(actor, store, org)
        decision = Decision(approved_by, need_day(approved_on, "批准日期 --approved-on"), note)
        if stop:
            resume(actor, store, found_id(found), decision, version=found.version)
        else:
            heir = org_named(actor, store, successor)
            wind_down(actor, store, found_id(found), decision, successor_id=found_id(heir), version=found.version)
        status = "active" if stop else "winding_down"
        said = f"已停止撤并：{found.name}" if stop else f"已登记撤并：{found.name}，由{successor}接续"
        emit({"org": found.id, "status": status}, as_json=as_json, text=said)


@org_app.command("hand-over")
def hand_everything_over(
    org: OrgArgument,
    successor: Annotated[str, typer.Option(help="接续组织；不填为撤并时登记的")] = "",
    approved_by: ByOption = "",
    approved_on: OnOption = "",
    note: NoteOption = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """整建制转接：撤并中组织的党员、党小组、中心户、片区等一并转入接续组织，历史保留。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = org_named(actor, store, org)
        heir = org_named(actor, store, successor).id if successor else None
        decision = Decision(approved_by, need_day(approved_on, "批准日期 --approved-on"), note)
        moved = hand_over(actor, store, found_id(found), decision, successor_id=heir, version=found.version)
        said = f"已转接：党员 {moved['members']} 名、党小组 {moved['groups']} 个、中心户 {moved['hosts']} 户"
        emit({"org": found.id, "moved": moved}, as_json=as_json, text=said)


@org_app.command("abolish")
def abolish_org(
    org: OrgArgument,
    approved_by: ByOption = "",
    approved_on: OnOption = "",
    note: NoteOption = "",
    check: Annotated[bool, typer.Option("--check", help="只看还有什么没有转走，不撤销")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """撤销一个撤并中的组织；还有党员、党小组等没有转走时不能撤销，逐项说明。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = org_named(actor, store, org)
        if check:
            left = obstacles_of(actor, store, found_id(found))
            text = "\n".join((*left.obstacles, *left.notices)) or "没有需要转走的，可以撤销"
            emit({"org": found.id, **asdict(left)}, as_json=as_json, text=text)
            return
        decision = Decision(approved_by, need_day(approved_on, "批准日期 --approved-on"), note)
        notices = abolish(actor, store, found_id(found), decision, version=found.version)
        text = "\n".join((f"已撤销：{found.name}，历史保留", *notices))
        emit({"org": found.id, "status": "abolished", "notices": list(notices)}, as_json=as_json, text=text)


@org_app.command("history")
def history(org: OrgArgument, db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出一个组织的历史：成立、变更、撤并、转接、撤销，及所覆盖区划的起止。"""
    with Reporting(as_json=as_json):
        store, actor = open_store(db), operator()
        found = history_of(actor, store, found_id(org_named(actor, store, org)))
        events = [{**asdict(line), "on": written(line.on)} for line in found.lines]
        cover = [{"division": name, "from": written(a), "to": written(b)} for name, a, b in found.coverage]
        lines = [
            "  ".join(word for word in (written(line.on), line.what, line.other, line.approved_by, line.note) if word)
            for line in found.lines
        ]
        lines += [f"{name}：{written(a) or '起始不详'} 至 {written(b) or '今'}" for name, a, b in found.coverage]
        document = {"org": found.org.id, "name": found.org.name, "events": events, "coverage": cover}
        emit(document, as_json=as_json, text="\n".join(lines) or "还没有历史记录")


def found_id(org: PartyOrg) -> OrgId:
    """Return the id of an organisation that was read."""
    return org.id or OrgId(0)


def _document(card: OrgCard) -> dict[str, object]:
    org = card.org
    return {
        "org": org.id,
        "name": org.name,
        "kind": org.kind.value,
        "status": org.status.value,
        "code": org.code,
        "path": list(card.path),
        "successor": card.successor,
        "divisions": list(card.divisions),
        "ground": card.ground,
        "founded_on": written(org.founded_on),
        "abolished_on": written(org.valid_to),
        "approved_by": org.approved_by,
        "approved_on": written(org.approved_on),
        "term_ends_on": written(org.term_ends_on),
        "committee_size": org.committee_size,
        "task_body": org.task_body,
        "unit_count": org.unit_count,
        "phone": card.phone,
        "phone_of": card.phone_of,
        "members": card.members,
        "children": [{"org": number, "name": name} for number, name in card.children],
        "areas": list(card.areas),
        "bodies": list(card.bodies),
    }


def _card_text(card: OrgCard) -> str:
    org = card.org
    facts = {
        "类别": f"{org.kind.label}（{org.status.label}）",
        "隶属": " / ".join(card.path),
        "地域": card.ground,
        "党员": f"{card.members} 名" if card.members is not None else "",
        "办公电话": f"{card.phone}（{card.phone_of}）" if card.phone else "未登记",
        "任期届满": written(org.term_ends_on) or "未登记",
        "委员": f"{org.committee_size} 人" if org.committee_size else "未登记",
        "接续组织": card.successor,
        "片区": "、".join(card.areas),
        "联合体": "、".join(card.bodies),
    }
    return "\n".join([org.name, *(f"  {name}：{value}" for name, value in facts.items() if value)])


def register(app: typer.Typer) -> None:
    """Add `jiujin org`."""
    app.add_typer(org_app, name="org")
