"""The two databases that the whole suite stands on."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import inspect, text

from gis.store.database import Store
from gis.store.schema import Base


def test_a_first_start_creates_every_table(empty_url: str):
    with closing(Store.open(empty_url)) as store:
        assert set(Base.metadata.tables) <= set(inspect(store.engine).get_table_names())


def test_each_test_gets_an_empty_store_with_every_table(store: Store):
    with store.engine.connect() as connection:
        for table in Base.metadata.tables.values():
            if table.name not in {"data_version", "role"}:
                assert connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar() == 0, table.name


def test_postgres_has_postgis_geometry_and_gist_indexes(postgres_store: Store):
    with postgres_store.engine.connect() as connection:
        srids = connection.execute(text("SELECT DISTINCT srid FROM geometry_columns")).scalars().all()
        gist = connection.execute(text("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%USING gist (geom)%'"))
        assert srids == [4490]
        assert gist.scalar_one() >= 1
