"""Tables for reading: everything in full, nothing of the data as markup."""

from __future__ import annotations

from gis.ui.table import markup

HOSTILE = '<img src=x onerror="window.ran=1">'


def test_cells_are_text():
    made = markup([{HOSTILE: HOSTILE, "数": 3, "无": None}])
    assert "<img" not in made
    assert made.count("&lt;img src=x onerror=&quot;window.ran=1&quot;&gt;") == 3  # head, label of the phone, cell
    assert '<td class="jj-number" data-label="数">3</td>' in made
    assert '<td class="jj-short" data-label="无"></td>' in made


def test_a_long_cell_is_whole():
    name = "很" * 200
    assert name in markup([{"姓名": name}])
