"""Is the audit log what was written? Hashes are derived again; nothing of its content is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.services.access import require
from gis.store.chain import ChainFault, ChainReport

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

HASH_LENGTH = 64


def verify_audit(actor: Actor, store: Store, *, known: str = "") -> ChainReport:
    """Derive the whole log again and name what does not fit.

    `known` is a head noted earlier and kept elsewhere (`12:ab…`): somebody who can write to the database can cut the
    log's end and its record of the end together, but not what another place remembers.

    Raises
    ------
    InputError
        `known` is not a number, a colon and a hash.
    """
    require(actor, Action.VERIFY_AUDIT)
    remembered = _parsed(known) if known else None
    with store.reading(actor.scope) as reader:
        report = reader.verify_audit()
        if remembered is None:
            return report
        number, digest = remembered
        if reader.audit_hash(number) == digest:
            return report
        text = f"以前记下的第 {number} 条与现在的不符：记录被截去后重写，或记下的摘要有误"
        return replace(report, faults=(*report.faults, ChainFault(number, "known_head", text)))


def _parsed(known: str) -> tuple[int, str]:
    number, _, digest = known.strip().partition(":")
    if not number.isdecimal() or len(digest) != HASH_LENGTH:
        msg = "以前记下的末尾请写成 序号:摘要，照抄上次核对时打印的“末尾”"
        raise InputError(msg)
    return int(number), digest
