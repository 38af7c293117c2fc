"""Answers that are made once and sent often: kept both as they are and compressed, so that no request pays for that."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

LEVEL = 6
WORTH_IT = 1000  # bytes; a smaller answer is one packet anyway


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of an answer; `small` is empty where compressing brings nothing."""

    plain: bytes
    small: bytes

    @classmethod
    def of(cls, plain: bytes) -> Body:
        """Compress once."""
        return cls(plain, gzip.compress(plain, LEVEL, mtime=0) if len(plain) >= WORTH_IT else b"")

    def answer(self, request: Request, media_type: str, caching: str) -> Response:
        """Return the answer in the form that the browser takes."""
        headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
        if self.small and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.small, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(self.plain, media_type=media_type, headers=headers)
