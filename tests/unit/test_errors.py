"""What the system says of a file is told in Chinese, whatever its own language."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

import pytest

from gis.errors import InputError, system_reason
from gis.services.exports import keep_file
from gis.store.formats.benchmarks import read_median_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOENT, "没有这个文件或文件夹"),
        (errno.EISDIR, "这是一个文件夹"),
        (errno.EACCES, "没有权限"),
        (errno.EPERM, "没有权限"),
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "所在的磁盘只读"),
        (errno.EBUSY, "文件正被占用"),
        (errno.EPIPE, f"系统错误 {errno.EPIPE}"),
    ],
)
def test_the_reason_is_chinese(code: int, said: str):
    assert system_reason(OSError(code, os.strerror(code))) == said


def test_a_file_that_another_program_holds_is_not_called_a_lack_of_permission():
    class InUseError(PermissionError):
        winerror = 32

    assert system_reason(InUseError(errno.EACCES, "in use")) == "文件正被占用"


def test_an_error_without_a_number_is_still_told():
    assert system_reason(OSError("odd")) == "系统错误"


def test_a_folder_given_for_a_file_is_refused_without_english(tmp_path: Path):
    with pytest.raises(InputError, match="这是一个文件夹") as read:
        read_median_files(tmp_path)
    with pytest.raises(InputError, match="这是一个文件夹") as written:
        keep_file(tmp_path, b"")
    for refused in (read, written):
        assert not re.search("[a-z]{3}", str(refused.value).replace(str(tmp_path), ""))
