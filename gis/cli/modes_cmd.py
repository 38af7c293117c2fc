"""`jiujin modes`: propose, accept and override study modes; the burden of the way back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from gis.cli.common import DbOption, JsonOption, Reporting, emit, open_store
from gis.errors import InputError
from gis.model.access import operator
from gis.model.ids import MemberId
from gis.model.modes import ModeRule, StudyMode
from gis.services.grouping import branches_named
from gis.services.modes import (
    ModeLine,
    ModeOverride,
    ModePick,
    accept_modes,
    facts_document,
    list_modes,
    mode_history,
    override_mode,
    propose_modes,
    warnings_for,
)
from gis.services.travel import travel_burden

if TYPE_CHECKING:
    from gis.model.ids import OrgId
    from gis.model.modes import ModeDecision, TravelBurden
    from gis.store.database import Store

modes_app = typer.Typer(help="学习方式：就近参学、上门送学（小组、入户）、网络共学。", no_args_is_help=True)

StreetOption = Annotated[bool, typer.Option("--street", help="全街道")]
BranchOption = Annotated[list[str] | None, typer.Option("--branch", help="支部名称，可多次")]
MembersOption = Annotated[list[int] | None, typer.Option("--member", help="党员编号，可多次")]


@modes_app.command("propose")
def propose(
    street: StreetOption = False,
    branch: BranchOption = None,
    member: Annotated[int | None, typer.Option(help="党员编号")] = None,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """提出每名过渡期党员的学习方式：依据哪条规则、哪些事实，其余各条为什么不适用，什么变了结果会变。"""
    with Reporting(as_json=as_json):
        if sum((street, bool(branch), member is not None)) != 1:
            msg = "请在 --street、--branch、--member 中选一种"
            raise InputError(msg)
        store, actor = open_store(db), operator()
        number = None if member is None else MemberId(member)
        sheet = propose_modes(actor, store, _branches(store, branch), number)
        document = {"as_of": sheet.as_of.isoformat(), "members": [_proposed(one) for one in sheet.lines]}
        count = Counter(one.proposal.mode.label for one in sheet.lines)
        heading = f"过渡期党员 {len(sheet.lines)} 名：" + "、".join(f"{name} {n}" for name, n in count.most_common())
        text = "\n".join([heading, *(_proposal_text(one, is_full=member is not None) for one in sheet.lines)])
        emit(document, as_json=as_json, text=text)


@modes_app.command("list")
def list_in_force(branch: BranchOption = None, db: DbOption = "", as_json: JsonOption = False) -> None:
    """列出已确定的学习方式。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        found = list_modes(operator(), store, _branches(store, branch))
        lines = [f"{one.member_id}\t{name}\t{_decision_text(one)}" for name, one in found]
        document = [{"name": name, **_decided(one)} for name, one in found]
        emit(document, as_json=as_json, text="\n".join(lines) or "还没有确定学习方式")


@modes_app.command("accept")
def accept(
    member: MembersOption = None,
    branch: BranchOption = None,
    street: StreetOption = False,
    reason: Annotated[str, typer.Option(help="备注，可不填")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """接受提出的方式：指定党员，或一个支部、全街道的全部党员。"""
    with Reporting(as_json=as_json):
        if sum((street, bool(branch), bool(member))) != 1:
            msg = "请在 --member、--branch、--street 中选一种"
            raise InputError(msg)
        store, actor = open_store(db), operator()
        sheet = propose_modes(actor, store, _branches(store, branch))
        wanted = {MemberId(number) for number in member or ()}
        missing = wanted - {one.member_id for one in sheet.lines}
        if missing:
            msg = f"没有编号为 {'、'.join(map(str, sorted(missing)))} 的过渡期党员"
            raise InputError(msg)
        picks = [
            ModePick(one.member_id, one.proposal.mode, one.based_on)
            for one in sheet.lines
            if not wanted or one.member_id in wanted
        ]
        changed = accept_modes(actor, store, picks, reason)
        text = f"已确定 {changed} 名，{len(picks) - changed} 名原来就是这样"
        emit({"changed": changed, "unchanged": len(picks) - changed}, as_json=as_json, text=text)


@modes_app.command("override")
def override(
    member: Annotated[int, typer.Argument(help="党员编号")],
    mode: Annotated[str, typer.Option(help="学习方式：" + "、".join(StudyMode.labels()))],
    reason: Annotated[str, typer.Option(help="理由，必填")] = "",
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """改定为另一种方式，须写理由。"""
    with Reporting(as_json=as_json):
        store, actor, number = open_store(db), operator(), MemberId(member)
        wanted = StudyMode.from_label(mode)
        if wanted is None:
            msg = f"没有“{mode}”这种学习方式，可选：{'、'.join(StudyMode.labels())}"
            raise InputError(msg)
        warnings = warnings_for(actor, store, number, wanted)
        line = override_mode(actor, store, ModeOverride(number, wanted, reason))
        document = {
            "member": member,
            "mode": wanted.value,
            "proposed": line.proposal.mode.value,
            "warnings": list(warnings),
        }
        said = "".join(f"\n注意：{one}" for one in warnings)
        emit(document, as_json=as_json, text=f"已确定：{line.name}，{wanted.label}{said}")


@modes_app.command("history")
def history(
    member: Annotated[int, typer.Argument(help="党员编号")], db: DbOption = "", as_json: JsonOption = False
) -> None:
    """列出一名党员历次确定的学习方式。"""
    with Reporting(as_json=as_json):
        found = mode_history(operator(), open_store(db), MemberId(member))
        lines = [f"{one.valid_from} 至 {one.valid_to or '今'}\t{_decision_text(one)}" for one in found]
        document = [{**_decided(one), "trace": dict(one.trace)} for one in found]
        emit(document, as_json=as_json, text="\n".join(lines) or "还没有确定过")


@modes_app.command("burden")
def burden(
    branch: BranchOption = None,
    only: Annotated[bool, typer.Option("--advised-against", help="只列不宜单独往返的")] = False,
    db: DbOption = "",
    as_json: JsonOption = False,
) -> None:
    """回村参学负担：到原支部阵地多远、多久，谁不宜单独往返。"""
    with Reporting(as_json=as_json):
        store = open_store(db)
        sheet = travel_burden(operator(), store, _branches(store, branch))
        lines = [one for one in sheet.lines if one.is_advised_against or not only]
        document = {
            "as_of": sheet.as_of.isoformat(),
            "season": sheet.season,
            "advised_against": sum(one.is_advised_against for one in sheet.lines),
            "members": [_burden(one) for one in lines],
        }
        heading = f"过渡期党员 {len(sheet.lines)} 名，不宜单独往返原支部的 {document['advised_against']} 名"
        text = "\n".join([heading, *([sheet.season] if sheet.season else []), *(_burden_text(one) for one in lines)])
        emit(document, as_json=as_json, text=text)


def _branches(store: Store, names: list[str] | None) -> tuple[OrgId, ...] | None:
    return tuple(branches_named(operator(), store, names)) if names else None


def _proposed(one: ModeLine) -> dict[str, object]:
    proposal = one.proposal
    return {
        "member": one.member_id,
        "name": one.name,
        "branch": one.branch,
        "mode": proposal.mode.value,
        "mode_label": proposal.mode.label,
        "rule": proposal.rule.value,
        "why": proposal.why,
        "facts": facts_document(one),
        "rejected": [
            {"rule": said.rule.value, "label": said.rule.label, "why": said.why} for said in proposal.rejected
        ],
        "flips": [
            {
                "fact": flip.fact,
                "from": flip.before,
                "to": flip.after,
                "mode": flip.mode.value,
                "rule": flip.rule.value,
                "text": flip.text,
            }
            for flip in proposal.flips
        ],
        "warnings": list(one.warnings),
        "decided": one.decision.mode.value if one.decision else None,
    }


def _proposal_text(one: ModeLine, *, is_full: bool) -> str:
    proposal = one.proposal
    head = f"{one.member_id}\t{one.name}\t{proposal.mode.label}\t{proposal.rule.label}：{proposal.why}"
    lines = [head, *(f"\t注意：{warning}" for warning in one.warnings)]
    if is_full:
        lines += [f"\t其余各条　{said.rule.label}：{said.why}" for said in proposal.rejected]
        lines += [f"\t什么变了结果会变　{flip.text}" for flip in proposal.flips if flip.is_shown]
    return "\n".join(lines)


def _decided(one: ModeDecision) -> dict[str, object]:
    return {
        "member": one.member_id,
        "mode": one.mode.value,
        "mode_label": one.mode.label,
        "proposed": one.proposed.value,
        "rule": one.rule,
        "is_override": one.is_override,
        "reason": one.reason,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        "decided_by": one.decided_by,
    }


def _decision_text(one: ModeDecision) -> str:
    rule = ModeRule.from_label(one.rule)
    changed = (
        f"（提出的是{one.proposed.label}；{one.reason}）"
        if one.is_override
        else f"（{rule.label if rule else one.rule}）"
    )
    return f"{one.mode.label}{changed}\t{one.decided_by}"


def _burden(one: TravelBurden) -> dict[str, object]:
    return {
        "member": one.member_id,
        "name": one.name,
        "branch": one.branch,
        "age": one.age,
        "mobility": one.mobility.value if one.mobility else None,
        "preference": one.preference.value,
        "place": one.travel.place,
        "walk_m": one.travel.walk_m,
        "walk_min": one.travel.walk_min,
        "ride_min": one.travel.ride_min,
        "ride_is_estimated": True,
        "walk_is_estimated": one.travel.is_estimated,
        "advised_against": one.is_advised_against,
        "reasons": list(one.reasons),
        "to_clear_up": list(one.to_clear_up),
    }


def _burden_text(one: TravelBurden) -> str:
    travel = one.travel
    way = (
        travel.unknown_why or f"{travel.walk_m} 米，步行 {travel.walk_min} 分钟，乘车约 {travel.ride_min} 分钟（估算）"
    )
    advice = f"不宜单独往返：{'、'.join(one.reasons)}" if one.reasons else ""
    return "\t".join([str(one.member_id), one.name, one.branch, way, advice])


def register(app: typer.Typer) -> None:
    """Add `jiujin modes`."""
    app.add_typer(modes_app, name="modes")
