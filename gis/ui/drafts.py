"""What a page puts aside for the map of the same account: fetched by address, so that it never rides on a rerun."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

KEPT = 64
PREFIX = "/gis/drafts"

_drafts: OrderedDict[tuple[str, str], bytes] = OrderedDict()
_lock = Lock()


def put(username: str, body: bytes) -> str:
    """Keep `body` for this account and return its address; the oldest drafts of the process give way."""
    key = hashlib.sha256(body).hexdigest()[:24]
    with _lock:
        _drafts[username, key] = body
        _drafts.move_to_end((username, key))
        while len(_drafts) > KEPT:
            _drafts.popitem(last=False)
    return f"{PREFIX}/{key}"


def get(username: str, key: str) -> bytes | None:
    """Return what this account has put aside under `key`."""
    with _lock:
        return _drafts.get((username, key))


def is_kept(username: str, address: str) -> bool:
    """Whether what was put aside for this account can still be fetched."""
    return get(username, address.removeprefix(f"{PREFIX}/")) is not None
