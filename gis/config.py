"""Settings from the environment, read once by whoever starts the program and then passed along."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_HOME = Path("var")
DETOUR_FACTOR = 1.5  # walked over straight length below 1 km, median of six real areas: docs/decisions/004


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an installation may set; each field has a heading in docs/guide/settings.md."""

    home: Path = DEFAULT_HOME
    database_url: str = f"sqlite:///{DEFAULT_HOME / 'jiujin.db'}"
    detour_factor: float = DETOUR_FACTOR
    idle_minutes: int = 30
    session_hours: int = 12
    max_upload_mb: int = 20
    map_review_no: str = ""
    dask_scheduler: str = ""
    font_dir: str = ""
    basemaps: str = ""
    tianditu_key: str = field(default="", repr=False)  # never in a log


def settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises ConfigError that names the variable at fault."""
    env = os.environ if environ is None else environ
    home = Path(env.get("JIUJIN_HOME", "").strip() or DEFAULT_HOME)
    return Settings(
        home=home,
        database_url=env.get("JIUJIN_DATABASE_URL", "").strip() or f"sqlite:///{home / 'jiujin.db'}",
        detour_factor=_number(env, "JIUJIN_DETOUR_FACTOR", DETOUR_FACTOR, low=1.0, high=3.0),
        idle_minutes=int(_number(env, "JIUJIN_IDLE_MINUTES", 30, low=1, high=24 * 60)),
        session_hours=int(_number(env, "JIUJIN_SESSION_HOURS", 12, low=1, high=24)),
        max_upload_mb=int(_number(env, "JIUJIN_MAX_UPLOAD_MB", 20, low=1, high=200)),
        map_review_no=env.get("JIUJIN_MAP_REVIEW_NO", "").strip(),
        dask_scheduler=_address(env, "JIUJIN_DASK_SCHEDULER"),
        font_dir=env.get("JIUJIN_FONT_DIR", "").strip(),
        basemaps=env.get("JIUJIN_BASEMAPS", "").strip(),
        tianditu_key=_key(env, "JIUJIN_TIANDITU_KEY"),
    )


def _number(env: Mapping[str, str], name: str, default: float, *, low: float, high: float) -> float:
    text = env.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        msg = f"环境变量 {name}={text!r} 不可用：请填 {low:g} 到 {high:g} 之间的数"
        raise ConfigError(msg)
    return value


def _address(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "").strip()
    if text and not text.startswith(("tcp://", "tls://")):
        msg = f"环境变量 {name}={text!r} 不可用：请填调度器地址，例如 tcp://10.0.0.8:8786"
        raise ConfigError(msg)
    return text


def _key(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "").strip()
    if text and not (text.isascii() and text.isalnum()):
        msg = f"环境变量 {name} 不可用：密钥只由字母和数字组成，请从申请页面重新复制"
        raise ConfigError(msg)
    return text
