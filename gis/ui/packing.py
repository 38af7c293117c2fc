"""Documents with long columns of numbers as bytes that a browser reads without parsing: a header, then the columns.

The header is JSON behind its length (four bytes, little-endian); each column stands in it as
`{"$": [type, count, steps]}` and its numbers follow in the same order, each column from a multiple of eight bytes.
`steps` 1 says that they are differences, each from the one before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

ALIGN = 8
TYPES = ("u1", "i2", "i4")


class Column:
    """Whole numbers of one column; `is_steps` where neighbours are alike and only differences are sent."""

    def __init__(self, values: NDArray[np.int64] | list[int], *, is_steps: bool = False) -> None:
        self.values = np.asarray(values, dtype=np.int64).reshape(-1)
        self.is_steps = is_steps

    def encoded(self) -> tuple[str, bytes]:
        """Return the smallest type that holds all numbers, and the numbers.

        Raises
        ------
        OverflowError
            A number needs more than 32 bits.
        """
        sent = np.diff(self.values, prepend=0) if self.is_steps else self.values
        least, most = (int(sent.min()), int(sent.max())) if len(sent) else (0, 0)
        for name in TYPES:
            bounds = np.iinfo(name)
            if bounds.min <= least and most <= bounds.max:
                return name, sent.astype(f"<{name}").tobytes()
        msg = f"{least} … {most}"
        raise OverflowError(msg)


def pack(document: Mapping[str, Any]) -> bytes:
    """Return the document with its columns behind it."""
    bodies: list[bytes] = []
    header = json.dumps(_strip(document, bodies), ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-(len(header) + 4) % ALIGN)
    padded = (body + b"\0" * (-len(body) % ALIGN) for body in bodies)
    return b"".join((len(header).to_bytes(4, "little"), header, *padded))


def _strip(part: object, bodies: list[bytes]) -> object:
    """Return `part` with each column replaced by its mark; the numbers go to `bodies` in that order."""
    if isinstance(part, Column):
        name, body = part.encoded()
        bodies.append(body)
        return {"$": [name, len(part.values), int(part.is_steps)]}
    if isinstance(part, dict):
        return {key: _strip(value, bodies) for key, value in part.items()}
    return part


def unpack(raw: bytes) -> dict[str, Any]:
    """Return the document with numpy arrays for columns; what the browser's script does, for tests and tools."""
    size = int.from_bytes(raw[:4], "little")
    at = 4 + size

    def restore(part: object) -> object:
        nonlocal at
        if not isinstance(part, dict):
            return part
        if "$" not in part:
            return {key: restore(value) for key, value in part.items()}
        name, count, steps = part["$"]
        sent = np.frombuffer(raw, f"<{name}", count, at)
        at += sent.nbytes + -sent.nbytes % ALIGN
        return np.cumsum(sent, dtype=np.int64) if steps else sent.astype(np.int64)

    found: Any = restore(json.loads(raw[4 : 4 + size]))
    return dict(found)
