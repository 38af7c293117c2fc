"""告知书: what is kept of a member, what for, how long, what the member may ask for, and a box for each answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.papers import Closing, Column, Grid, Heading, Paper, PaperFormat, Text
from gis.model.rights import ConsentScope
from gis.services.access import require
from gis.services.settings import office_settings
from gis.store.formats.paper_docx import write_docx
from gis.store.formats.paper_pdf import write_pdf

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.settings import OfficeSettings
    from gis.store.database import Store

#: Raised by whoever changes a sentence of the notice: answers name the version that was read out.
NOTICE_VERSION = "2026-1"
LARGE_PT = 13.0  # read by people over 60, and still one page to sign

#: What each matter means, in words that can be read out at the door
MATTERS: dict[ConsentScope, str] = {
    ConsentScope.BASIC: (
        "姓名、性别、出生年月、电话、入党和转正时间、所在支部、原村、过渡期起止。用于组织生活通知和联系。"
    ),
    ConsentScope.EXACT_LOCATION: "现住的小区、楼栋、单元、室。用于就近编组和上门。不同意的，只登记到网格，照样编组。",
    ConsentScope.MOBILITY: "行动自如、需要搀扶、不便出门三选一，和本人的步行上限。不问病情。不同意的，不登记。",
    ConsentScope.CARE: "需要关爱的类别（只记类别），只有支部书记和帮扶人能看到。不同意的，不登记。",
    ConsentScope.PUBLIC_DISPLAY: "在公示栏或门牌上展示党员身份。默认不展示，同意了才展示，可随时撤下。",
    ConsentScope.SHARE_WITH: "把上述信息提供给其他组织，逐个组织征求意见，写明组织名称。",
}


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper as a file."""

    name: str
    content: bytes


def notice_file(
    actor: Actor, store: Store, form: PaperFormat, *, member_id: MemberId | None = None, font_dir: str = ""
) -> PaperFile:
    """Return the notice to sign, with a member's name or with a blank for it.

    Raises
    ------
    ConfigError
        PDF without any Chinese font on this machine.
    """
    require(actor, Action.MANAGE_CONSENT)
    with store.reading(actor.scope) as reader:
        terms = office_settings(reader)
        members = reader.members() if member_id is not None else ()
    name = next((one.name for one in members if one.id == member_id), "")
    paper = notice_paper(terms, name)
    at = store.clock()
    content = write_docx(paper, at) if form is PaperFormat.DOCX else write_pdf(paper, at, font_dir)
    return PaperFile(f"个人信息告知书{f'-{name}' if name else ''}.{form.value}", content)


def notice_paper(terms: OfficeSettings, name: str = "") -> Paper:
    """Write the notice with the terms that this office keeps data for."""
    blocks = (
        Heading("党员个人信息处理告知书"),
        Text(f"{name or '＿＿＿＿＿＿'}同志：", is_indented=False),
        Text(
            "为了在过渡期内就近安排组织生活、上门送学和日常联系，街道和所在党支部需要处理您的部分个人信息。"
            "现把处理什么、作什么用、保留多久、您有什么权利告诉您。请逐项说明同意或不同意；"
            "不同意的，不影响您参加组织生活和享有党员权利。"
        ),
        Heading("一、处理的信息和用途", 2),
        Grid(
            (Column("事项", 1.2), Column("内容和用途", 4.6), Column("同意", 0.7), Column("不同意", 0.8)),
            tuple((scope.label, MATTERS[scope], "□", "□") for scope in ConsentScope),
            row_mm=11.0,
        ),
        Heading("二、不处理的信息", 2),
        Text("不登记身份证号、病情、民族、学历、宗教、婚姻、收入；不记录思想动态，不打分、不排名；不定位、不跟踪。"),
        Heading("三、保留多久", 2),
        Text(
            f"返迁或离开后 {terms.keep_closed_months} 个月，删去详细住址和敏感信息；"
            f"联系记录保留 {terms.keep_contact_log_months} 个月；"
            f"您提的诉求办结后保留 {terms.keep_requests_months} 个月；"
            f"关爱事项结束后保留 {terms.keep_care_months} 个月。到期由系统删除，不留副本。"
            "信息存放在街道的服务器上，不传出境外。"
        ),
        Heading("四、您的权利", 2),
        Text(
            "您可以查阅、复制、更正、补充您的信息，可以随时撤回同意，可以要求限制处理或删除，"
            "可以要求说明编组等结果的理由。向所在支部书记口头或书面提出即可，"
            f"我们在 {terms.rights_due_working_days} 个工作日内答复。编组结果由支部决定，不由程序单独决定。"
        ),
        Closing(("本人签名：＿＿＿＿＿＿＿＿", "见证人（口头表示的）：＿＿＿＿＿＿＿＿", "　　年　　月　　日")),
    )
    return Paper("个人信息告知书", (("告知书", blocks),), f"告知书版本 {NOTICE_VERSION}", size_pt=LARGE_PT)
