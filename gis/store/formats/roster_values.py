"""Cells of a roster → values: dates, phones, codes. What cannot be read raises CellError with how to write it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gis.model.enums import Gender, HousingKind, MembershipStatus, MemberStatus, Preference
from gis.spatial.addresses import chinese_number

if TYPE_CHECKING:
    from gis.store.formats.tables import Cell

MAX_AGE, MIN_AGE = 110, 18
MAX_NAME = 200
MAX_ADDRESS = 500
#: Excel keeps 15 digits of a number; an 18-digit ID number typed as a number has lost its end.
EXCEL_DIGITS = 15
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(3654, 60000)  # 1910 to 2064 as Excel's day numbers
_HAN_NAME = re.compile(r"[\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af·]+")
_DOTS = re.compile(r"[·•・‧∙･⋅●.．]")
_TICKS = frozenset("√✓✔☑v是1yY有")
_CROSSES = frozenset({"×", "x", "否", "0", "无", "n", "不", "✗", "✕", "不是", "没有"})
_NOTHING = frozenset({"", "无", "不详", "未知", "暂无", "-", "--", "/", "\\", "—", "——", "空"})
_STATUS = {
    MemberStatus.FULL: ("正式", "正式党员", "中共党员", "中共正式党员", "党员", "中国共产党党员", "01", "1"),
    MemberStatus.PROBATIONARY: ("预备", "预备党员", "中共预备党员", "02", "2", "预备期"),
}
_STATUS_WORDS = re.compile(r"(?:中共|中国共产党)?(正式|预备)(?:党员|期)?(?:\(.*\))?|(?:中共)?党员\((正式|预备)\)")
_ERROR_VALUE = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|未计算!)")
_DITTO = re.compile(r"(?:同上[栏行格]?|同前|上同|[〃″′＂〞\"“”々]{1,4}|''|``|「」)")
_GENDER = {
    Gender.MALE: ("男", "1", "男性", "M", "m"),
    Gender.FEMALE: ("女", "2", "女性", "F", "f"),
    Gender.UNKNOWN: ("0", "未知"),
    Gender.UNSTATED: ("9", "未说明"),
}
_HOUSING = (
    (HousingKind.INSTITUTION, ("养老", "敬老", "护理", "福利院")),
    (HousingKind.RENTED, ("租",)),
    (HousingKind.RELATIVE, ("投亲", "投靠", "亲戚", "亲属", "子女", "儿子", "女儿", "借住")),
    (HousingKind.OWN_OTHER, ("自有", "自购", "自建", "自住", "自家", "商品房")),
    (HousingKind.OTHER, ("其他", "其它")),
)
_JOBS = (
    ("retired", ("离退休", "退休", "离休", "退养")),
    ("unemployed", ("未就业", "失业", "待业", "无业", "下岗")),
    ("farmer", ("农民", "务农", "农业", "种田")),
    ("private_enterprise", ("非公", "私营", "个体", "民营")),
    ("employed", ("在职", "就业", "在岗", "上班", "职工", "工人", "打工")),
)
_MODES = (
    (Preference.HOME_BRANCH, ("就近参学", "回村", "返村")),
    (Preference.HOME_VISIT, ("上门走访", "入户")),
    (Preference.GROUP, ("上门送学", "送学", "编组")),
    (Preference.ONLINE, ("网络", "线上", "网上")),
)
_LEADER_POSTS = ("书记", "委员", "组长")


class CellError(ValueError):
    """A cell cannot be read; the text says how to write it."""


def cell_text(value: Cell) -> str:
    """Return a cell as it would be read aloud: no NFKC, outer spaces trimmed, whole numbers without `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXCEL_DIGITS:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip()


def folded(value: Cell) -> str:
    """Return a cell for comparing with code lists: NFKC, no spaces."""
    return "".join(unicodedata.normalize("NFKC", cell_text(value)).split())


def is_nothing(value: Cell) -> bool:
    """Whether the cell is empty or says that there is nothing."""
    return folded(value) in _NOTHING


def is_ticked(value: Cell) -> bool:
    """Whether an option column is chosen."""
    text = folded(value)
    return bool(text) and (text in _TICKS or text[0] in "√✓✔☑")


def is_error(value: Cell) -> bool:
    """Whether the cell shows a formula's failure, such as `#REF!`."""
    return isinstance(value, str) and bool(_ERROR_VALUE.fullmatch(folded(value).upper()))


def is_ditto(value: Cell) -> bool:
    """Whether the cell says 同上 in one of its spellings; a dash alone is no ditto."""
    if not isinstance(value, str):
        return False
    bare = re.sub(r"^[-—－()（）.。·\s]+|[-—－()（）.。·\s]+$", "", value)
    return bool(_DITTO.fullmatch(bare) or _DITTO.fullmatch(folded(bare)))


def shown(value: Cell) -> str:
    """Quote a cell in a fault message, shortened."""
    text = cell_text(value)
    return f"“{text if len(text) <= 30 else text[:30] + '…'}”"  # noqa: PLR2004 - as much as fits a line


def parse_name(value: Cell) -> str:
    """Read a name: spaces inside a Han name go, rare characters and dots stay, any other text stays as it is."""
    text = cell_text(value)
    closed = "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")
    dotted = _DOTS.sub("·", closed)
    if _HAN_NAME.fullmatch(dotted):
        text = dotted
    if len(text) > MAX_NAME:
        msg = f"姓名有 {len(text)} 个字，超过 {MAX_NAME} 个：请核对"
        raise CellError(msg)
    if text.isdigit():
        msg = f"{shown(value)}不像姓名：请核对是否错列"
        raise CellError(msg)
    return text


def parse_gender(value: Cell) -> Gender:
    """男/女/1/2."""
    text = folded(value)
    for gender, words in _GENDER.items():
        if text in words:
            return gender
    msg = f"{shown(value)}：请填 男 或 女"
    raise CellError(msg)


def parse_status(value: Cell) -> MemberStatus:
    """正式/预备 in all spellings."""
    text = folded(value)
    for status, words in _STATUS.items():
        if text in words:
            return status
    match = _STATUS_WORDS.fullmatch(text)
    if match:
        return MemberStatus.FULL if "正式" in match.groups() else MemberStatus.PROBATIONARY
    msg = f"{shown(value)}：请填 正式党员 或 预备党员；不是党员的不能列入"
    raise CellError(msg)


def parse_membership(value: Cell) -> MembershipStatus:
    """正常/停止党籍."""
    text = folded(value)
    if text in ("正常", "正式", "1", "正常党籍", "党籍正常"):
        return MembershipStatus.NORMAL
    if "停止" in text:
        return MembershipStatus.SUSPENDED
    msg = f"{shown(value)}：请填 正常 或 停止党籍"
    raise CellError(msg)


def parse_month(value: Cell, example: str) -> str:
    """Read a date of any spelling as `YYYY-MM`; raises CellError that shows `example`."""
    if isinstance(value, datetime | date):
        return f"{value.year:04d}-{value.month:02d}"
    if isinstance(value, bool):
        return _no_month(value, example)
    if isinstance(value, int | float):
        return _month_of_number(float(value), value, example)
    text = re.sub(r"[—–―。·,]+", ".", folded(value).removeprefix("'"))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in _SERIALS:
        return _month_of_number(float(text), value, example)
    text = re.sub(r"[零〇一二三四五六七八九十两]+", lambda m: str(chinese_number(m.group())), text)
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})?", text)
    match = compact or re.fullmatch(
        r"(\d{4})[年./\-、](\d{1,2})(?:月|[./\-、])?(?:(\d{1,2})[日号]?)?"
        r"(?:生|出生)?T?(?:\d{1,2}:\d{2}(?::\d{2})?)?[.]?",
        text,
    )
    if match is None:
        return _no_month(value, example)
    return _checked(int(match.group(1)), int(match.group(2)), int(match.group(3) or 1), value, example)


def _month_of_number(number: float, value: Cell, example: str) -> str:
    whole = int(number)
    if number == whole and whole in _SERIALS:
        day = _EXCEL_EPOCH + timedelta(days=whole)
        return f"{day.year:04d}-{day.month:02d}"
    if number == whole and whole >= 10**5:
        return parse_month(str(whole), example)
    if 1000 < number < 3000 and number != whole:  # noqa: PLR2004 - 1956.03 typed as a number
        digits = f"{number:.2f}".split(".")[1]
        if digits == "10":
            msg = f"“{number:.1f}”：分不清是 1 月还是 10 月，请填 {whole}-01 或 {whole}-10"
            raise CellError(msg)
        month = digits if digits.startswith("0") or int(digits) <= 12 else digits.rstrip("0")  # noqa: PLR2004
        return _checked(whole, int(month), 1, value, example)
    if number != whole and whole in _SERIALS:
        return _month_of_number(float(whole), value, example)
    return _no_month(value, example)


def _checked(year: int, month: int, day: int, value: Cell, example: str) -> str:
    try:
        date(year, month, day)
    except ValueError as error:
        msg = f"{shown(value)}不是真实的日期：请填 年-月，例如 {example}"
        raise CellError(msg) from error
    return f"{year:04d}-{month:02d}"


def _no_month(value: Cell, example: str) -> str:
    msg = f"{shown(value)}：请填 年-月，例如 {example}"
    raise CellError(msg)


def parse_birth(value: Cell, as_of: date) -> str:
    """Birth month as `YYYY-MM`, of a living adult."""
    month = parse_month(value, _example(folded(value), "1970-03"))
    age = as_of.year - int(month[:4]) - (as_of.month < int(month[5:]))
    if not MIN_AGE <= age <= MAX_AGE:
        msg = f"{shown(value)}：算得年龄 {age} 岁，党员应在 {MIN_AGE} 到 {MAX_AGE} 岁之间，请核对"
        raise CellError(msg)
    return month


def parse_past(value: Cell, as_of: date) -> str:
    """Read a month that is not in the future, as `YYYY-MM`."""
    month = parse_month(value, _example(folded(value), "1992-07"))
    if month > f"{as_of.year:04d}-{as_of.month:02d}":
        msg = f"{shown(value)}在今天之后：请核对"
        raise CellError(msg)
    return month


def _example(text: str, usual: str) -> str:
    """Use the year that the cell holds, so that 约1970 is answered with 1970-03."""
    found = re.search(r"(?:19|20)\d{2}", text)
    return found.group() + usual[4:] if found else usual


def parse_age(value: Cell) -> int:
    """Full years."""
    found = re.fullmatch(r"(\d{1,3})(?:\.0)?(?:周?岁|年)?", folded(value))
    if found is None or not MIN_AGE <= int(found.group(1)) <= MAX_AGE:
        msg = f"{shown(value)}：请填 {MIN_AGE} 到 {MAX_AGE} 之间的周岁"
        raise CellError(msg)
    return int(found.group(1))


def parse_party_age(value: Cell) -> int:
    """党龄 in years."""
    found = re.fullmatch(r"(\d{1,2})(?:\.\d)?年?", folded(value))
    if found is None:
        msg = f"{shown(value)}：请填党龄的年数"
        raise CellError(msg)
    return int(found.group(1))


def parse_phones(value: Cell) -> tuple[str, ...]:
    """All numbers of a cell, digits only (land lines with a hyphen after the area code)."""
    if isinstance(value, float) and not value.is_integer():
        return _bad_phone(value)
    text = unicodedata.normalize("NFKC", cell_text(value))
    text = "".join(char for char in text if unicodedata.category(char) != "Cf").removeprefix("'").removesuffix(".0")
    if re.search(r"\dE\+\d", text.upper()):
        msg = f"{shown(value)}：号码已变成科学计数，请把该列设为文本后重填"
        raise CellError(msg)
    whole = _phone(text)
    if whole:
        return (whole,)
    parts = [part for part in re.split(r"[/、,;|\n\\]|或|和", text) if part.strip()]
    if len(parts) == 1 and not _phone(parts[0]):
        parts = text.split()
    numbers = [_phone(part) for part in parts]
    if not numbers or not all(numbers):
        return _bad_phone(value)
    return tuple(dict.fromkeys(number for number in numbers if number))


def _phone(text: str) -> str:
    text = re.sub(r"[\s\u4e00-\u8f6b\u8f6d-\u9fff:]", "", re.sub(r"[—–―]", "-", text))
    text = re.sub(r"(?<=\d{7})(?:转|\*|#|EXT\.?|-)\d{1,6}$", "", text, flags=re.IGNORECASE)
    digits = re.sub(r"[()\-+.]", "", text)
    if not digits.isascii() or not digits.isdigit():
        return ""
    digits = re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", digits)
    if re.fullmatch(r"1\d{10}", digits):
        return digits
    area = re.fullmatch(r"(010|02\d|0[3-9]\d{2})(\d{7,8})", digits)
    if area:
        return f"{area.group(1)}-{area.group(2)}"
    return digits if re.fullmatch(r"[2-8]\d{6,7}", digits) else ""


def _bad_phone(value: Cell) -> tuple[str, ...]:
    digits = re.sub(r"\D", "", cell_text(value))
    note = f"（{len(digits)} 位）" if digits else ""
    msg = f"{shown(value)}{note}：请填 11 位手机号，或区号-固定电话，多个号码用“/”分开"
    raise CellError(msg)


def is_damaged_id(value: Cell) -> bool:
    """Whether Excel has turned an ID number into a number and lost its last digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(abs(value) >= 10**EXCEL_DIGITS)
    return bool(re.fullmatch(r"\d(?:\.\d+)?E\+?1[4-9]", folded(value).upper()))


def parse_yes(value: Cell) -> bool | None:
    """是/否/√/能/不能; None where the cell says neither."""
    text = folded(value)
    if not text:
        return None
    if is_ticked(value) or text in ("能", "可以", "可", "愿意", "Y", "yes"):
        return True
    return False if text.lower() in _CROSSES or text.startswith(("不", "否", "无", "未")) else None


def parse_housing(value: Cell) -> HousingKind | None:
    """居住情况; an unknown text is 其他."""
    text = folded(value)
    if text in _NOTHING:
        return None
    return next((kind for kind, words in _HOUSING if any(word in text for word in words)), HousingKind.OTHER)


def parse_job(value: Cell) -> str:
    """Category code of a job text, or "" where it says nothing of use; the text itself is not kept."""
    text = folded(value)
    return next((code for code, words in _JOBS if any(word in text for word in words)), "")


def parse_mode(value: Cell) -> Preference:
    """学习方式 as the member's preference."""
    text = folded(value)
    if text in _NOTHING:
        return Preference.NONE
    found = [mode for mode, words in _MODES if any(word in text for word in words)]
    return found[0] if len(found) == 1 else Preference.NONE


def is_leader_post(post: str) -> bool:
    """Whether a 党内职务 makes the member eligible to lead a group, until the branch says otherwise."""
    return any(word in post for word in _LEADER_POSTS)
