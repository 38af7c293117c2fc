"""本人信息副本: everything stored on a member, as a document to hand over and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gis.errors import NotFoundError
from gis.model.access import Action, Role
from gis.model.papers import Facts, Heading, Paper, Text
from gis.services.access import require
from gis.services.consent_notice import PaperFile
from gis.store.formats.paper_docx import write_docx

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.store.database import Store
    from gis.store.readers.member_copy import StoredSection

FORMAT = "jiujin-member-copy/1"
_NAME = "姓名"


def member_copy(actor: Actor, store: Store, member_id: MemberId) -> dict[str, object]:
    """Return everything that is stored on a member, in the words of the schema; handing it out is logged.

    Raises
    ------
    NotFoundError
        The member is not in scope.
    """
    require(actor, Action.HANDLE_RIGHTS)
    with store.reading(actor.scope) as reader:
        sections = reader.everything_on(member_id, with_care=sees_care(actor))
    if not sections:
        msg = "没有这名党员，或不在管理范围内"
        raise NotFoundError(msg)
    with store.writing(actor, Action.HANDLE_RIGHTS) as writer:
        writer.say("为一名党员出具本人信息副本", member_id=member_id)
    return {
        "format": FORMAT,
        "made_at": store.clock().isoformat(sep=" ", timespec="seconds"),
        "member_id": member_id,
        "name": _name(sections),
        "sections": [
            {"table": one.table, "title": one.title, "rows": [dict(row) for row in one.rows]} for one in sections
        ],
    }


def sees_care(actor: Actor) -> bool:
    """Whether a copy made by this actor may hold care needs: the secretary's, or one made at the server itself."""
    return actor.role is Role.BRANCH_SECRETARY or actor.user_id is None


def _name(sections: tuple[StoredSection, ...]) -> str:
    return str(dict(sections[0].rows[0]).get(_NAME, ""))


def copy_docx(document: dict[str, object], made_at: datetime) -> PaperFile:
    """Return the copy as a Word document."""
    blocks: list[Heading | Text | Facts] = [
        Heading("本人信息副本"),
        Text(
            "以下是系统中存有的您的全部信息。有不准确、不完整的，可以要求更正、补充；"
            "也可以撤回同意、要求限制处理或删除，请向所在支部书记提出。"
            "关爱需要只有支部书记能看到，登记过的由支部书记出具的副本才列出。"
        ),
    ]
    sections = document["sections"]
    for one in sections if isinstance(sections, list) else ():
        blocks.append(Heading(str(one["title"]), 2))
        rows = one["rows"]
        if len(rows) == 1:
            blocks.append(Facts(tuple((str(key), _shown(value)) for key, value in rows[0].items())))
            continue
        for number, row in enumerate(rows, start=1):
            line = "；".join(f"{key}：{_shown(value)}" for key, value in row.items())
            blocks.append(Text(f"{number}. {line}", is_indented=False))
    foot = f"系统于 {document['made_at']}（UTC）出具，仅供本人"
    name = f"本人信息副本-{document['name']}"
    paper = Paper(name, (("副本", tuple(blocks)),), foot)
    return PaperFile(f"{name}.docx", write_docx(paper, made_at))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value) or "无"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
