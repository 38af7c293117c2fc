"""What is wrong on purpose in the files of the made-up street: the dirt of domain.md 6.1, each kind by name.

Two sorts. `FaultKind` must be reported with its row, and nothing of the row is imported until it is corrected: the
value cannot be known, or the row stands for nobody. `DirtKind` is a habit of the office: an importer reads it as it is
meant and reports nothing. `truth.json` beside the files says which row has which; importers never read it.
"""

from __future__ import annotations

from gis.model.enums import Labelled


class FaultKind(Labelled):
    """Rows that an importer must report and leave out."""

    BIRTH_APPROXIMATE = "birth_approximate", "出生年月只有大概，如 约1970"
    BIRTH_IMPOSSIBLE = "birth_impossible", "没有这一天的日期，如 1968-02-31"
    ID_DAMAGED = "id_damaged", "身份证号成了科学计数，末几位丢失"
    PHONE_TOO_LONG = "phone_too_long", "手机号 12 位"
    NAME_MISSING = "name_missing", "没有姓名"
    BRANCH_UNKNOWN = "branch_unknown", "党组织表里没有的支部"
    ADDRESS_RANGE = "address_range", "住址写了几幢楼，如 1-10幢"
    ROW_REPEATED = "row_repeated", "同一人写了两行"
    ROW_HIDDEN = "row_hidden", "隐藏的行"


class DirtKind(Labelled):
    """Habits that an importer reads as they are meant."""

    TITLE_ROWS = "title_rows", "表头上面有一至三行标题"
    MERGED_BRANCH = "merged_branch", "支部一列合并单元格"
    BRANCH_ONCE = "branch_once", "支部只在第一行写一次，下面空着"
    TWO_ROW_HEADER = "two_row_header", "两行表头"
    TOTAL_ROW = "total_row", "合计行"
    SEVERAL_SHEETS = "several_sheets", "一个支部一张工作表"
    OTHER_SHEET = "other_sheet", "另有说明或隐藏的工作表"
    OLD_FORMAT = "old_format", "xls 格式"
    GBK = "gbk", "GBK 编码的 CSV"
    SYNONYMS = "synonyms", "列名用了别的说法"
    ID_COLUMN = "id_column", "有身份证号、民族、学历等不导入的列"
    NAME_SPACED = "name_spaced", "姓名中间有空格"
    NAMESAKE = "namesake", "同支部同名的两个人"
    DATE_DOTTED = "date_dotted", "1956.03"
    DATE_COMPACT = "date_compact", "195603"
    DATE_CHINESE = "date_chinese", "1956年3月"
    DATE_SERIAL = "date_serial", "Excel 日期序列号"
    PHONE_SEVERAL = "phone_several", "一格两个号码，用 / 或 、 分开"
    PHONE_LANDLINE = "phone_landline", "带区号的固定电话"
    DITTO_WORD = "ditto_word", "同上"
    DITTO_MARK = "ditto_mark", "〃"
    TICK = "tick", "√"
    GENDER_CODE = "gender_code", "性别写 1、2"
    STATUS_SHORT = "status_short", "正式、预备"
    STATUS_POLITICAL = "status_political", "中共党员、中共预备党员"
    ADDRESS_ELSEWHERE = "address_elsewhere", "现居住地写同家庭住址，或空着"
    ADDRESS_OUTSIDE = "address_outside", "住址在外区、外市"
    ADDRESS_ESTATE_ONLY = "address_estate_only", "住址只写到小区"
    ADDRESS_NOWHERE = "address_nowhere", "住址找不到，须人工定位"
    ADDRESS_PLAIN = "address_plain", "3幢乙单元501室"
    ADDRESS_DASHED = "address_dashed", "3-2-501"
    ADDRESS_HASH = "address_hash", "3#2-501"
    ADDRESS_NUMERALS = "address_numerals", "三幢二单元501室"
    ADDRESS_NUMBER = "address_number", "3号501室"
    ADDRESS_BLOCK = "address_block", "3栋、3号楼、3座"
    ADDRESS_LETTER = "address_letter", "3乙501"
    ADDRESS_PREFIXED = "address_prefixed", "前面有省市区、街道或社区"
    ADDRESS_ROAD = "address_road", "路名、门牌加小区"
    ADDRESS_DOOR = "address_door", "路名、门牌加幢号，没有小区"
    ADDRESS_ALIAS = "address_alias", "小区用别名"
    ADDRESS_BRACKETS = "address_brackets", "有括号"
    ADDRESS_FULL_WIDTH = "address_full_width", "全角数字"
    ADDRESS_SPACED = "address_spaced", "中间有空格"
    ADDRESS_SPLIT = "address_split", "小区、幢、单元、室分列"


#: Faults that a format cannot have: a CSV file hides no rows.
NOT_IN_CSV = frozenset({FaultKind.ROW_HIDDEN})
