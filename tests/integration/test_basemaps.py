"""Basemaps: what a declaration may say, what a file of tiles gives, and who is shown what."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pmtiles.tile import TileType
from typer.testing import CliRunner

from gis.cli.main import app
from gis.config import Settings, settings
from gis.errors import ConfigError, InputError
from gis.model.access import Actor, Role, operator, scope_for
from gis.model.basemaps import TileFile
from gis.services.basemaps import addresses, basemaps_for, declared, hosts, rights
from gis.store.tile_files import MAX_TILE_BYTES, describe, read_tile
from tests.fixtures.tiles import declare, png, write_mbtiles, write_pmtiles

if TYPE_CHECKING:
    from pathlib import Path

RED, BLUE = png((200, 0, 0), 8), png((0, 0, 200), 8)
TILES = {(3, 6, 3): RED, (3, 6, 4): BLUE, (4, 13, 6): gzip.compress(RED)}
KEY = "0123456789abcdef"
XYZ: dict[str, Any] = {"name": "amap", "url": "https://m{s}.example.cn/{z}/{x}/{y}.png", "subdomains": "12"}
SHIFTED = XYZ | {"crs": "gcj02", "attribution": "某图"}
TIANDITU = {"name": "td", "tianditu": "vec"}


def read(folder: Path, *entries: dict[str, Any], key: str = KEY, **more: Any) -> Settings:
    return Settings(basemaps=str(declare(folder, *entries)), tianditu_key=key, **more)


@pytest.mark.parametrize("write", [write_mbtiles, write_pmtiles])
def test_a_file_gives_its_tiles_from_the_north_and_nothing_where_it_has_none(tmp_path: Path, write: Any):
    file = describe(write(tmp_path / ("a." + write.__name__.removeprefix("write_")), TILES))
    assert file.zooms == (3, 4)
    assert read_tile(file, 3, 6, 3) == (RED, "image/png")
    assert read_tile(file, 3, 6, 4) == (BLUE, "image/png")
    assert read_tile(file, 4, 13, 6) == (RED, "image/png"), "gzip is taken off"
    outside = [(3, 5, 3), (2, 3, 1), (5, 1, 1), (3, 8, 0), (3, 0, -1), (-1, 0, 0), (60, 1, 1)]
    assert [read_tile(file, *at) for at in outside] == [None] * len(outside)


def test_what_is_no_picture_or_too_large_is_not_served(tmp_path: Path):
    bomb = gzip.compress(RED + b"\0" * (MAX_TILE_BYTES + 1))
    file = describe(write_mbtiles(tmp_path / "a.mbtiles", {(1, 0, 0): RED, (1, 1, 0): b"<html>", (1, 1, 1): bomb}))
    assert read_tile(file, 1, 0, 0) == (RED, "image/png")
    assert read_tile(file, 1, 1, 0) is None
    assert read_tile(file, 1, 1, 1) is None


def test_a_file_in_the_place_of_another_has_another_stamp(tmp_path: Path):
    path = write_mbtiles(tmp_path / "a.mbtiles", TILES, bounds="119.9,31.7,120.0,31.8")
    before = describe(path)
    assert before.box == (119.9, 31.7, 120.0, 31.8)
    os.utime(path, ns=(1, 1))
    assert describe(path).stamp != before.stamp


def test_a_vector_file_is_refused_with_what_to_do(tmp_path: Path):
    vector = write_mbtiles(tmp_path / "v.mbtiles", {(0, 0, 0): gzip.compress(b"\x1a")}, format="pbf")
    packed = write_pmtiles(tmp_path / "v.pmtiles", {(0, 0, 0): b"\x1a"}, TileType.MVT)
    for path in (vector, packed):
        with pytest.raises(ConfigError, match=r"矢量瓦片.*请导出为 PNG"):
            describe(path)


@pytest.mark.parametrize("name", ["a.mbtiles", "a.pmtiles"])
@pytest.mark.parametrize("content", [b"", b"PMTiles\x02" + b"\0" * 200, b"PMTiles\x03" + b"\xff" * 200, b"x" * 4096])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=name):
        describe(tmp_path / name)


def test_a_file_that_has_gone_is_a_sentence_too(tmp_path: Path):
    with pytest.raises(ConfigError, match="读不了"):
        describe(tmp_path / "none.mbtiles")
    with pytest.raises(ConfigError, match="读不了"):
        read_tile(TileFile(tmp_path / "none.mbtiles", "", (0, 5)), 0, 0, 0)


def test_without_a_list_there_is_no_basemap():
    assert declared(Settings()) == ()
    assert hosts(Settings()) == ()


def test_an_office_declares_files_addresses_and_tianditu(tmp_path: Path):
    write_mbtiles(tmp_path / "街道.mbtiles", TILES)
    local = {
        "name": "local",
        "title": "测绘底图",
        "file": "街道.mbtiles",
        "crs": "cgcs2000",
        "review_no": "苏S(2025)1号",
    }
    options = read(tmp_path, local | {"review_no": "苏S(2025)1号"}, SHIFTED, TIANDITU)
    file, shifted, tianditu = basemaps_for(operator(), options)
    assert (file.title, file.zooms, file.is_outside, file.is_shifted) == ("测绘底图", (3, 4), False, False)
    assert shifted.is_shifted
    assert shifted.hosts() == ("https://m1.example.cn", "https://m2.example.cn")
    assert [f"LAYER={layer}&" in url for layer, url in zip(("vec", "cva"), tianditu.urls, strict=True)] == [True, True]
    assert all(url.endswith(f"&tk={KEY}") for url in addresses(tianditu, options))
    assert tianditu.hosts() == tuple(f"https://t{number}.tianditu.gov.cn" for number in range(8))
    assert hosts(options) == (*shifted.hosts(), *tianditu.hosts())
    assert rights(file, options) == "底图：测绘底图 · 审图号：苏S(2025)1号"
    assert rights(shifted, options) == "底图：某图 · 内部工作用图"
    assert rights(shifted, replace(options, map_review_no="苏S(2025)2号")) == "底图：某图"


def test_places_in_an_address_may_be_named_as_wmts_does(tmp_path: Path):
    url = "http://10.0.0.9:8080/wmts?TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}"
    (one,) = declared(read(tmp_path, {"name": "a", "url": url, "crs": "wgs84"}))
    assert one.urls == ("http://10.0.0.9:8080/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",)
    assert one.hosts() == ("http://10.0.0.9:8080",)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"name": "a"}, "只填一个"),
        (SHIFTED | {"name": "../x"}, "name 须以小写字母开头"),
        (XYZ, "crs 须写明"),
        (XYZ | {"crs": "bd09"}, "crs 须写明"),
        (SHIFTED | {"url": "https://x.cn/{z}/{x}/{y}"}, "不含时不填"),
        (SHIFTED | {"url": "https://x.cn/{z}/{x}.png", "subdomains": ""}, "url 须含"),
        (SHIFTED | {"url": "https://x.cn/{z}/{x}/{y}/{quadkey}", "subdomains": ""}, "另外只可含"),
        (SHIFTED | {"url": "https://x.cn; script-src */{z}/{x}/{y}", "subdomains": ""}, "url 须是"),
        (SHIFTED | {"url": "javascript:alert(1)//{z}{x}{y}", "subdomains": ""}, "url 须是"),
        (SHIFTED | {"url": "https://x.cn/{z}/{x}/{y}?tk=abc", "subdomains": ""}, "不要写密钥"),
        (SHIFTED | {"min_zoom": 9, "max_zoom": 3}, "min_zoom"),
        (SHIFTED | {"max_zoom": "18"}, "max_zoom 应当是整数"),
        (SHIFTED | {"colour": "red"}, "不认识 colour"),
        (TIANDITU | {"tianditu": "x"}, "tianditu 须是 vec、img、ter 之一"),
        (TIANDITU | {"crs": "gcj02"}, "不用填 crs"),
        ({"name": "a", "file": "a.tif", "crs": "wgs84"}, "须是 .mbtiles 或 .pmtiles"),
        ({"name": "a", "file": "a.mbtiles", "crs": "wgs84"}, "a.mbtiles 读不了"),
    ],
)
def test_an_entry_at_fault_is_named(tmp_path: Path, entry: dict[str, Any], words: str):
    with pytest.raises(InputError) as told:
        declared(read(tmp_path, SHIFTED | {"name": "good"}, entry))
    assert "第 2 个底图" in str(told.value)
    assert words in str(told.value)
    assert len(told.value.faults) == 1


def test_tianditu_needs_its_key_in_the_environment(tmp_path: Path):
    for entry in (TIANDITU, {"name": "a", "crs": "wgs84", "url": "https://x.cn/{z}/{x}/{y}?tk={tk}"}):
        with pytest.raises(InputError, match="JIUJIN_TIANDITU_KEY"):
            declared(read(tmp_path, entry, key=""))
    with pytest.raises(ConfigError, match="JIUJIN_TIANDITU_KEY"):
        settings({"JIUJIN_TIANDITU_KEY": "a&b"})
    assert KEY not in repr(settings({"JIUJIN_TIANDITU_KEY": KEY}))


@pytest.mark.parametrize("content", ["{", "[]", '{"basemaps": {}}', '{"basemaps": [1]}', "[" * 100_000])
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, content: str):
    path = tmp_path / "list.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises((ConfigError, InputError), match=r"list\.json"):
        declared(Settings(basemaps=str(path)))


@pytest.mark.parametrize("role", [Role.VIEWER_BIG_SCREEN, Role.STREET_LEADER, Role.SYS_ADMIN])
def test_screens_for_counts_are_not_offered_what_carries_the_key(tmp_path: Path, role: Role):
    options = read(tmp_path, SHIFTED, TIANDITU)
    found = basemaps_for(Actor("one", role, scope_for(role, frozenset())), options)
    assert [one.name for one in found] == ["amap"]


def test_the_command_line_lists_checks_and_finds_the_pixel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_mbtiles(tmp_path / "a.mbtiles", TILES)
    path = declare(tmp_path, {"name": "local", "file": "a.mbtiles", "crs": "wgs84"}, TIANDITU)
    monkeypatch.setenv("JIUJIN_BASEMAPS", str(path))
    monkeypatch.setenv("JIUJIN_TIANDITU_KEY", KEY)
    listed = CliRunner().invoke(app, ["basemaps", "list", "--json"])
    assert KEY not in listed.stdout
    assert [row["name"] for row in json.loads(listed.stdout)] == ["local", "td"]
    assert "可用的底图 2 个" in CliRunner().invoke(app, ["basemaps", "check"]).stdout
    spot = ["basemaps", "check", "local", "--at", "119.97,31.77", "--zoom", "3", "--json"]
    found = json.loads(CliRunner().invoke(app, spot).stdout)
    assert (found["zoom"], found["column"], found["row"], found["is_there"]) == (3, 6, 3, True)
    monkeypatch.setenv("JIUJIN_BASEMAPS", str(tmp_path / "none.json"))
    wrong = CliRunner().invoke(app, ["basemaps", "check"])
    assert wrong.exit_code == 1
    assert "none.json" in wrong.stderr
    db = f"sqlite:///{tmp_path / 'jiujin.db'}"
    checked = json.loads(CliRunner().invoke(app, ["doctor", "--db", db, "--json"]).stdout)
    (one,) = [row for row in checked if row["check"] == "basemaps"]
    assert (one["ok"], "none.json" in one["message"]) == (False, True)
