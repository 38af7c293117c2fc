"""One column type for geometry: WKB bytes on SQLite, PostGIS `geometry` on PostgreSQL.

The value in Python is well-known binary (bytes) in EPSG:4490 longitude, latitude on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoalchemy2 import Geometry as PostGisGeometry
from geoalchemy2.elements import WKBElement
from sqlalchemy import Index, LargeBinary
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

STORE_SRID = 4490  # CGCS2000 longitude, latitude


class Geometry(TypeDecorator[bytes]):
    """WKB in Python; `geometry(Geometry, 4490)` on PostgreSQL, a blob on SQLite."""

    impl = LargeBinary
    cache_ok = True
    spatial_index = False  # read by GeoAlchemy2's table hooks: our index is declared with the table

    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        """Pick the column type; GeoAlchemy2's own table hooks ask without a dialect and have nothing to add."""
        if dialect is None or dialect.name != "postgresql":
            return LargeBinary()
        return dialect.type_descriptor(PostGisGeometry("GEOMETRY", srid=STORE_SRID, spatial_index=False))

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        """Turn bytes into what the driver takes."""
        if value is None or dialect.name != "postgresql":
            return value
        return WKBElement(value, srid=STORE_SRID)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Turn what the driver gives into bytes."""
        if value is None or dialect.name != "postgresql":
            return value  # type: ignore[no-any-return]  # bytes as stored
        return _plain_wkb(value)


def _plain_wkb(value: WKBElement) -> bytes:
    """Drop the SRID that PostGIS puts into its extended WKB: the column's own SRID says it."""
    raw = bytes.fromhex(value.data) if isinstance(value.data, str) else bytes(value.data)
    order = "little" if raw[0] == 1 else "big"
    kind = int.from_bytes(raw[1:5], order)  # type: ignore[arg-type]  # one of the two literals
    if not kind & 0x20000000:
        return raw
    return raw[:1] + (kind & ~0x20000000).to_bytes(4, order) + raw[9:]  # type: ignore[arg-type]  # as above


def geometry_index(table: str) -> Index:
    """GiST index on PostgreSQL; on SQLite the option is ignored and a plain index on the blob would be waste."""
    return Index(f"ix_{table}_geom", "geom", postgresql_using="gist").ddl_if(dialect="postgresql")
