"""Laws of addresses: normalising twice is normalising once, nothing raises, no style ends in a wrong building."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gis.model.enums import Precision
from gis.spatial.addresses import normalise_address, parse_address
from gis.spatial.locate import Gazetteer
from gis.spatial.names import canonical_building_no, fold_name
from tests.fixtures.rosters import numbered_territory

ALPHABET = st.sampled_from(
    list("紫云苑青龙南北区村三里二一十百零〇0123456789幢栋号楼座单元室层梯门甲乙丙-—#＃、/. ()（）省市街道路社区ABx<>$")
)
TEXTS = st.one_of(st.text(ALPHABET, max_size=40), st.text(max_size=60))
ESTATES, BUILDINGS, DIVISIONS = numbered_territory()
GAZETTEER = Gazetteer(ESTATES, BUILDINGS, DIVISIONS)
DIGITS = "〇一二三四五六七八九"
FLATS = st.tuples(
    st.sampled_from([estate for estate in ESTATES if estate.name != "阳光100"]),
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(1, 6),
    st.integers(1, 4),
)
PREFIXES = ("", "青禾街道", "江南省禾州市嘉穗区青禾街道", "现住", "春耕路12号", "青禾街道春耕路12号")
STYLES = (
    "{n}幢{u}单元{r}室",
    "{n}栋{u}单元{r}",
    "{n}号楼{u}单元{r}室",
    "{n}-{u}-{r}",
    "{n}#{u}-{r}",
    "{n}＃{l}单元{r}室",
    "{n}幢{l}单元{r}室",
    "{n}幢{l}{r}",
    "{n}{l}{r}",
    "{c}幢{u}单元{r}室",
    "第{n}幢{u}门{r}",
    "{n}号{r}室",
    " {n} 幢 {u} 单元 {r} 室",
    "（{n}幢{u}单元{r}室）",
    "小区{n}幢{r}",
)


def spelled(style: str, number: int, unit: int, room: str) -> str:
    return style.format(n=number, u=unit, r=room, l="甲乙丙丁"[unit - 1], c=DIGITS[number % 10])


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str):
    once = normalise_address(text)
    assert normalise_address(once) == once


@given(TEXTS)
def test_nothing_raises(text: str):
    parse_address(text)
    canonical_building_no(text)
    fold_name(text)
    GAZETTEER.locate(text)


@given(FLATS, st.sampled_from(PREFIXES), st.sampled_from(STYLES))
def test_every_style_finds_its_building_or_asks(flat: tuple[Any, ...], prefix: str, style: str):
    estate, number, unit, floor, door = flat
    text = prefix + estate.name + spelled(style, number, unit, f"{floor}0{door}")
    location = GAZETTEER.locate(text)
    assert location.building_id in (None, 100 * estate.id + number), text
    if not style.startswith("（"):
        assert location.precision is Precision.BUILDING, text


@given(
    FLATS,
    st.sampled_from(STYLES),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=4),
)
def test_a_longer_name_is_another_name(flat: tuple[Any, ...], style: str, extra: str):
    """Whatever Han text is put before or after a known name, no building of another estate is taken."""
    estate, number, unit, floor, door = flat
    tail = spelled(style, number, unit, f"{floor}0{door}")
    for text in (extra + estate.name + tail, estate.name + extra + tail):
        location = GAZETTEER.locate(text)
        assert location.building_id is None or location.building_id == 100 * estate.id + number, text


@given(st.sampled_from(ESTATES), st.integers(10, 999), st.sampled_from(STYLES[:3]))
def test_a_building_that_does_not_exist_is_never_replaced(estate: Any, number: int, style: str):
    location = GAZETTEER.locate(estate.name + spelled(style.replace("{c}", "{n}"), number, 1, "101"))
    assert location.building_id is None
