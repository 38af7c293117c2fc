"""What all tables share: a key, who and when, the row version, and columns that say what they mean."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Enum, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from gis.model.enums import Sensitivity

if TYPE_CHECKING:
    from gis.model.enums import Labelled

S0, S1, S2, S3, S4 = Sensitivity


class Base(DeclarativeBase):
    """All tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def col(meaning: str, level: Sensitivity, *args: Any, **options: Any) -> Any:
    """Return a column with its meaning (in Chinese, also kept as database comment) and its sensitivity class."""
    return mapped_column(*args, comment=meaning, info={"class": level}, **options)


def ref(target: str, meaning: str, level: Sensitivity = S1, *, use_alter: bool = False) -> Any:
    """Return a reference to another table's `id`; `use_alter` where two tables refer to each other."""
    return col(meaning, level, Integer, ForeignKey(f"{target}.id", use_alter=use_alter), index=True)


def code_list(enum: type[Labelled]) -> Enum:
    """Return the column type for a code list: its codes as text, checked in Python, open to longer lists later."""
    return Enum(enum, native_enum=False, create_constraint=False, length=32, values_callable=_codes)


def _codes(enum: type[Labelled]) -> list[str]:
    return [member.value for member in enum]


class Rows:
    """Key, author, times and the optimistic lock of every table that people edit."""

    id: Mapped[int] = col("内部编号", S0, Integer, primary_key=True)
    created_at: Mapped[datetime] = col("建立时间（UTC）", S1, DateTime)
    created_by: Mapped[str] = col("建立人账号", S1, String(64))
    updated_at: Mapped[datetime] = col("更新时间（UTC）", S1, DateTime)
    updated_by: Mapped[str] = col("更新人账号", S1, String(64))
    version: Mapped[int] = col("行版本，修改时加一", S0, Integer)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # SQLAlchemy passes the class
        """Refuse an update that was based on an older version."""
        return {"version_id_col": cls.version}


__all__ = ["S0", "S1", "S2", "S3", "S4", "Base", "Rows", "code_list", "col", "ref"]
