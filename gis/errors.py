"""The error tree. Every message is one Chinese sentence that says what, where and what to do.

GisError                 anything the user can be told about
├── InputError           a file, a form or an argument is at fault; `faults` lists every place
├── DeniedError          the actor may not do this; the message gives the reason
├── SignInError          wrong name or password, locked account, ended session
├── StaleError           somebody changed the data first; `mine` and `theirs` are the two versions
├── BusyError            somebody else has been writing for longer than one waits
├── NotFoundError        the thing named does not exist (or is outside the actor's scope)
└── ConfigError          a setting or the database itself is not usable
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

_SYSTEM_REASONS: dict[int, str] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件过大",
    errno.EBUSY: "文件正被占用",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "链接绕成了圈",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
}
_WINDOWS_IN_USE = (32, 33)  # sharing and lock violations: Python calls both a lack of permission


def system_reason(error: OSError) -> str:
    """Say in a few Chinese words why the system refused a file; a message quotes it after a colon or in brackets."""
    if getattr(error, "winerror", None) in _WINDOWS_IN_USE:
        return _SYSTEM_REASONS[errno.EBUSY]
    if error.errno is None:
        return "系统错误"
    return _SYSTEM_REASONS.get(error.errno, f"系统错误 {error.errno}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in one place of an input; `row` counts from 1 as the user's program shows it."""

    message: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    field: str = ""

    def __str__(self) -> str:
        """Say where first, then what: `花名册.xlsx 第 14 行 出生年月：…`."""
        place = " ".join(
            part for part in (self.file, self.sheet, f"第 {self.row} 行" if self.row else "", self.field) if part
        )
        return f"{place}：{self.message}" if place else self.message


class GisError(Exception):
    """Base of all errors that a user can be told about."""


class InputError(GisError):
    """A file, a form or an argument is at fault."""

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


class DeniedError(GisError):
    """The actor may not do this."""


class SignInError(GisError):
    """Wrong name or password, a locked account, or a session that has ended."""


class StaleError(GisError):
    """Somebody changed the data since it was read."""

    def __init__(self, message: str, *, mine: object = None, theirs: object = None) -> None:
        super().__init__(message)
        self.mine = mine
        self.theirs = theirs


class BusyError(GisError):
    """Somebody else has been writing for longer than one waits; nothing was saved."""


class NotFoundError(GisError):
    """The thing named does not exist, or lies outside the actor's scope."""


class ConfigError(GisError):
    """A setting or the database itself is not usable."""
