"""Papers of a session: the invitation list to telephone from, and the sheet to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.meetings import SessionMode, Side
from gis.model.office_day import BEIJING
from gis.model.papers import Block, Column, Facts, Grid, Heading, Paper, PaperFormat, Text
from gis.services.access import require
from gis.services.invitations import Occasion, propose_invitation
from gis.services.notices import MIME, NoticeFile
from gis.services.session_views import open_session
from gis.store.formats.paper_docx import write_docx
from gis.store.formats.paper_pdf import write_pdf
from gis.store.formats.paper_xlsx import write_xlsx

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import SessionId
    from gis.services.invitations import Invitation
    from gis.services.session_views import SessionSheet
    from gis.store.database import Store

BLANK_ROWS, SIGN_MM = 3, 11.0
WEEKDAYS = "一二三四五六日"


class SessionPaper(Labelled):
    """Which paper."""

    INVITATION = "invitation", "通知名单"
    SIGN_IN = "sign-in", "签到表"


def session_paper(
    actor: Actor, store: Store, session_id: SessionId, kind: SessionPaper, form: PaperFormat, *, font_dir: str = ""
) -> NoticeFile:
    """Make a paper of a session; who made it and when stands at its foot and in the log.

    Raises
    ------
    InputError
        Nobody is invited.
    NotFoundError, DeniedError
        The session lies outside the scope.
    ConfigError
        PDF without any Chinese font on this machine.
    """
    require(actor, Action.HOLD_SESSIONS)
    sheet = open_session(actor, store, session_id)
    if not sheet.attendees:
        msg = "通知名单里还没有人，先更新通知名单再打印"
        raise InputError(msg)
    blocks = _sign_in(sheet) if kind is SessionPaper.SIGN_IN else _invitation(sheet, _asked(actor, store, sheet))
    at = (store.clock() + BEIJING).strftime("%Y-%m-%d %H:%M")
    foot = f"内部资料，不得公开　{actor.display_name or actor.name} 于 {at} 导出"
    session = sheet.line.session
    paper = Paper(f"{kind.label}-{session.theme or session.kind.label}", ((kind.label, blocks),), foot)
    content = {
        PaperFormat.PDF: lambda: write_pdf(paper, store.clock(), font_dir),
        PaperFormat.DOCX: lambda: write_docx(paper, store.clock()),
        PaperFormat.XLSX: lambda: write_xlsx(paper, store.clock()),
    }[form]()
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        writer.say(f"导出{kind.label}（{form.label}）", session=session_id, members=len(sheet.attendees))
    return NoticeFile(f"{paper.name}.{form.value}", MIME[form], content)


def _asked(actor: Actor, store: Store, sheet: SessionSheet) -> Invitation | None:
    """Return how each is reached; not known of another organisation's session."""
    session = sheet.line.session
    if sheet.line.is_guest:
        return None
    return propose_invitation(actor, store, Occasion(session.org_id, session.kind, session.affair, session.group_id))


def _facts(sheet: SessionSheet) -> Facts:
    session, line = sheet.line.session, sheet.line
    at = session.planned_at
    when = f"{at.year} 年 {at.month} 月 {at.day} 日（星期{WEEKDAYS[at.weekday()]}）{at:%H:%M}"
    pairs = [
        ("召　　集", line.org),
        ("类　　别", f"{session.kind.label}，{session.affair.label}"),
        ("主　　题", session.theme),
        ("时　　间", when),
        ("地　　点", line.place or ("待定" if session.mode is SessionMode.ONSITE else session.mode.label)),
        ("责 任 人", session.responsible),
    ]
    if sheet.group:
        pairs.insert(1, ("党 小 组", sheet.group))
    return Facts(tuple(pairs))


def _invitation(sheet: SessionSheet, asked: Invitation | None) -> tuple[Block, ...]:
    ways = {one.member_id: one.how for one in asked.invitees} if asked else {}
    columns = (
        Column("序号", 0.5),
        Column("姓名", 1.1),
        Column("所在支部", 2.2),
        Column("怎样通知", 2.4),
        Column("表决权", 0.7),
        Column("通知情况", 1.2),
    )
    rows = tuple(
        (str(k), one.name, one.branch, ways.get(one.member_id, "电话通知"), "有" if one.has_vote else "", "")
        for k, one in enumerate(sheet.attendees, start=1)
    )
    return (
        Heading(f"{sheet.line.session.kind.label}通知名单"),
        _facts(sheet),
        Grid(columns, rows),
        *_notes(sheet, asked),
    )


def _notes(sheet: SessionSheet, asked: Invitation | None) -> tuple[Block, ...]:
    notes = []
    if asked is not None:
        who = "按组织关系" if asked.side is Side.RELATION else "按居住地"
        notes.append(f"本次{who}通知：{asked.reason}。")
    if sheet.quorum is not None:
        notes.append(f"有表决权 {sheet.quorum.votes} 名，须到会不少于 {sheet.quorum.needed} 名：{sheet.quorum.rule}。")
    if sheet.unnamed != 0:
        count = "少数几" if sheet.unnamed is None else f"{sheet.unnamed} "
        notes.append(f"另有{count}名居住在此、组织关系在别处的党员，已列入其所在支部的受邀清单，由支部转告。")
    return tuple(Text(note, is_indented=False) for note in notes)


def _sign_in(sheet: SessionSheet) -> tuple[Block, ...]:
    columns = (Column("序号", 0.5), Column("姓名", 1.2), Column("签到", 1.5), Column("备注", 1.5))
    names = [one.name for one in sheet.attendees] + [""] * BLANK_ROWS
    rows = tuple((str(k), name, "", "") for k, name in enumerate(names, start=1))
    quorum = f"有表决权的到会须不少于 {sheet.quorum.needed} 名，实到　　　名。" if sheet.quorum else ""
    return (
        Heading(f"{sheet.line.session.kind.label}签到表"),
        _facts(sheet),
        Grid(columns, rows, SIGN_MM),
        Text(f"应到 {len(sheet.attendees)} 名，实到　　　名，请假　　　名。{quorum}", is_indented=False),
    )
