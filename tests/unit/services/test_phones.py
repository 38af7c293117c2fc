"""Telephone numbers are masked wherever they stand, and refused where they cannot be dialled."""

from __future__ import annotations

import pytest

from gis.errors import InputError
from gis.services.phones import checked_phone, masked


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("", ""),
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("0500-81234567", "050****4567"),
        ("13812345678/13900001111", "138****5678/139****1111"),
        ("13812345678、0500-81234567", "138****5678、050****4567"),
        ("81234567", "812****4567"),
        ("8123456", "****56"),
        ("110", "****"),
        ("无", "无"),
    ],
)
def test_the_middle_of_every_number_is_hidden(phone: str, shown: str):
    assert masked(phone) == shown


@pytest.mark.parametrize("phone", ["13812345678", "0500-81234567 转 8", "13812345678、13900001111", " 13812345678 "])
def test_a_number_is_kept_as_it_was_given(phone: str):
    assert checked_phone(phone, "联系电话") == phone.strip()


@pytest.mark.parametrize("phone", ["123", "没有", "13812345678<b>", "a@b"])
def test_what_cannot_be_dialled_is_refused(phone: str):
    with pytest.raises(InputError, match="联系电话"):
        checked_phone(phone, "联系电话")
