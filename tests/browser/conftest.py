"""The plain routes on a made-up street of their own, for the tests of visits."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.components import need
from tests.fixtures.plain_server import PlainServer
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.store.database import Store

SEED, MEMBERS = 7, 400
VISITORS = ("cun", "zhibu")


@dataclass(frozen=True, slots=True)
class VisitOffice:
    """A running server with the accounts of its made-up street."""

    server: PlainServer
    accounts: dict[str, str]
    store: Store


@pytest.fixture(scope="session")
def visit_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VisitOffice]:
    """Start the plain routes once."""
    need("chromium")
    # Imported late: only these tests need the whole product in the test process
    from gis.model.access import operator  # noqa: PLC0415
    from gis.services.accounts import SYSTEM, create_demo_accounts  # noqa: PLC0415
    from gis.services.sample.street import SampleRequest, sample_street  # noqa: PLC0415

    home = tmp_path_factory.mktemp("visits")
    db_url = f"sqlite:///{home / 'jiujin.db'}"
    with closing(open_store(db_url)) as store:
        sample_street(operator(), store, SampleRequest(SEED, MEMBERS, None))
        accounts = {one.username: one.password for one in create_demo_accounts(SYSTEM, store)}
        with PlainServer(home, db_url) as server:
            yield VisitOffice(server, accounts, store)
            said = server.said()
        assert "Traceback" not in said, said
