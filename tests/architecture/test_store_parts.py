"""Reader and writer are put together of many classes: no two of them may mean different things by one name."""

from __future__ import annotations

from collections import defaultdict

from gis.store.writer import Writer


def test_no_two_parts_of_reader_and_writer_share_a_name():
    owners: dict[str, set[str]] = defaultdict(set)
    for part in Writer.__mro__:
        if part.__module__.startswith("gis."):
            for name in vars(part):
                if not name.startswith("__"):
                    owners[name].add(part.__name__)
    shared = {name: sorted(parts) for name, parts in owners.items() if len(parts) > 1}
    assert shared == {}
