"""What a page puts aside for the map of the same account: fetched by address, so that it never rides on a rerun.

A document is there for the role and scope that it was made for, while the data are the same, until the account signs
out.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from gis.services.access import scope_digest

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

KEPT = 64
PREFIX = "/gis/drafts"


class _Draft(NamedTuple):
    """A document with the rights and the state of the data that it was made for."""

    rights: str
    version: int
    body: bytes


_drafts: OrderedDict[tuple[str, str], _Draft] = OrderedDict()
_lock = Lock()


def put(actor: Actor, store: Store, body: bytes) -> str:
    """Keep `body` for this account and return its address; the oldest drafts of the process give way."""
    key = hashlib.sha256(body).hexdigest()[:24]
    draft = _Draft(scope_digest(actor), store.data_version(), body)
    with _lock:
        _forget_others(actor.name, draft.rights, draft.version)
        _drafts[actor.name, key] = draft
        _drafts.move_to_end((actor.name, key))
        while len(_drafts) > KEPT:
            _drafts.popitem(last=False)
    return f"{PREFIX}/{key}"


def get(actor: Actor, store: Store, key: str) -> bytes | None:
    """Return what this account has put aside under `key` with the rights that it has now, of the data of now."""
    rights, version = scope_digest(actor), store.data_version()
    with _lock:
        _forget_others(actor.name, rights, version)
        found = _drafts.get((actor.name, key))
    return found.body if found is not None else None


def is_kept(actor: Actor, store: Store, address: str) -> bool:
    """Whether what was put aside for this account can still be fetched."""
    return get(actor, store, address.removeprefix(f"{PREFIX}/")) is not None


def forget(username: str) -> None:
    """Let go of everything that was put aside for an account."""
    with _lock:
        for one in [one for one in _drafts if one[0] == username]:
            del _drafts[one]


def _forget_others(username: str, rights: str, version: int) -> None:
    """Let go of what was made for other rights or other data; `_lock` is held."""
    for one, draft in list(_drafts.items()):
        if one[0] == username and (draft.rights, draft.version) != (rights, version):
            del _drafts[one]
