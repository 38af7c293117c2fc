"""Names of estates and numbers of buildings in the form in which they are compared."""

from __future__ import annotations

import re

from gis.spatial.addresses import chinese_number, normalise_address

_NUMERAL = r"[一二三四五六七八九十]+"
_KINDS = "苑|花园|家园|新村|新城|公寓|小区|庭|城|园|居|庄|里|坊|湾|郡|府|邨"
_DIRECTIONS = "东西南北中"


def fold_name(name: str) -> str:
    """Fold an estate's name (or text that holds one): 二期 and 2期 are one, 小区 at the end says nothing."""
    text = re.sub(r"[()\-·\s\"'“”‘’]", "", name)
    text = re.sub(rf"{_NUMERAL}(?=[期区村组里坊])", _digits, text)
    return re.sub(r"(?<=..)(?:住宅小区|住宅区|小区)$", "", text)


def _digits(match: re.Match[str]) -> str:
    number = chinese_number(match.group())
    return match.group() if number is None else str(number)


def name_variants(name: str) -> frozenset[str]:
    """Other orders people write: 青龙苑南区, 青龙苑南, 青龙南苑, 青龙南区, 南青龙苑 is none of them."""
    side = rf"[{_DIRECTIONS}]|\d{{1,2}}"
    match = re.fullmatch(rf"(.{{2,}}?)({_KINDS})({side})(区|苑|期|村)?", name)
    if match is None:
        match = re.fullmatch(rf"(.{{2,}}?)()({side})({_KINDS}|区|期)", name)
    if match is None:
        return frozenset()
    base, kind, where, last = match.group(1), match.group(2), match.group(3), match.group(4) or ""
    kind = kind or (last if last not in ("区", "期") else "")
    found = {f"{base}{where}区"}
    if kind:
        found |= {f"{base}{kind}{where}区", f"{base}{where}{kind}", f"{base}{kind}({where})"}
        if where in _DIRECTIONS:
            found |= {f"{base}{kind}{where}", f"{base}{kind}{where}{kind}"}
        if last == "期":
            found.discard(f"{base}{kind}{where}区")
            found.discard(f"{base}{where}区")
            found.add(f"{base}{where}期")
    return frozenset(variant for variant in found if variant != name)


def canonical_building_no(text: str) -> str:
    """Return the building number as it is compared: `03栋`, `3号楼` and `三幢` are all `3`."""
    number = normalise_address(text + "幢") if re.fullmatch(rf"{_NUMERAL}", text.strip()) else normalise_address(text)
    number = re.sub(r"(?:幢|号|楼|座)+$", "", number)
    return re.sub(r"(?<!\d)0+(?=\d)", "", number)
