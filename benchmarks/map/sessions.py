"""Many sessions at once: clients that speak Streamlit's protocol, think for three seconds and choose another filter."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.proto.Delta_pb2 import Delta
    from websockets.asyncio.client import ClientConnection

    from benchmarks.map.server import Server

THINK_S, ROUNDS = 3.0, 14
STATES = ("grouped", "ungrouped", "all", "transition")
ANSWER_S = 120.0
MAX_MESSAGE = 2**26


@dataclass(frozen=True)
class Crowd:
    """What many sessions met; milliseconds of a rerun, megabytes of the server for each further session."""

    sessions: int
    reruns: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    mb_a_session: float
    mean_bytes: float
    failed: int


class _Client:
    """One browser tab without a browser."""

    def __init__(self, socket: ClientConnection, chance: random.Random) -> None:
        self.socket, self.chance = socket, chance
        self.widget = self.fragment = self.page = ""
        self.received = 0
        self.failed = False

    async def open(self) -> None:
        """Run the whole page once, as a tab does when it opens."""
        from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: PLC0415  # Streamlit is slow to import

        back = BackMsg()
        back.rerun_script.page_name = "map"
        await self.socket.send(back.SerializeToString())
        await self._finish()

    async def choose(self, state: str) -> float:
        """Choose which members are drawn; return the seconds until the run has ended."""
        from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: PLC0415  # as above

        back = BackMsg()
        asked = back.rerun_script
        asked.query_string = f"state={state}"
        asked.page_script_hash = self.page
        asked.fragment_id = self.fragment
        widget = asked.widget_states.widgets.add()
        widget.id = self.widget
        widget.string_array_value.data.append(state)
        began = perf_counter()
        await self.socket.send(back.SerializeToString())
        await self._finish()
        return perf_counter() - began

    async def _finish(self) -> None:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: PLC0415  # as above

        async with asyncio.timeout(ANSWER_S):
            while True:
                raw = await self.socket.recv(decode=False)
                self.received += len(raw)
                message = ForwardMsg()
                message.ParseFromString(raw)
                kind = message.WhichOneof("type")
                if kind == "delta":
                    self._learn(message.delta)
                elif kind == "new_session":
                    self.page = message.new_session.page_script_hash
                elif kind == "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue  # the first run of a page begins again once
                    return

    def _learn(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.failed = True
        if kind == "button_group" and not self.widget:
            self.widget, self.fragment = element.button_group.id, delta.fragment_id


def crowd(server: Server, token: str, sessions: int) -> Crowd:
    """Open so many sessions and let each choose filters; measure time at the clients, memory at the server."""
    return asyncio.run(_crowd(server, token, sessions))


async def _crowd(server: Server, token: str, sessions: int) -> Crowd:
    chance = random.Random(7)  # noqa: S311  # when somebody clicks is no secret
    warm = [await _open(server, token, chance) for _ in range(3)]
    for one in warm:
        await one.choose(STATES[0])
    before = server.resident_mb
    clients = warm + [await _open(server, token, chance) for _ in range(sessions - len(warm))]
    told = await asyncio.gather(*(_use(client) for client in clients))
    after = server.resident_mb
    times = sorted(1000 * one for each in told for one in each)
    received = sum(client.received for client in clients)
    for client in clients:
        await client.socket.close()
    cuts = quantiles(times, n=100)
    return Crowd(
        sessions=sessions,
        reruns=len(times),
        p50_ms=round(cuts[49], 1),
        p95_ms=round(cuts[94], 1),
        max_ms=round(times[-1], 1),
        mb_a_session=round((after - before) / max(1, sessions - len(warm)), 2),
        mean_bytes=round(received / max(1, len(times))),
        failed=sum(client.failed for client in clients),
    )


async def _open(server: Server, token: str, chance: random.Random) -> _Client:
    from websockets.asyncio.client import connect  # noqa: PLC0415  # a development dependency

    socket = await connect(
        f"{server.url.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]  # a plain word
        additional_headers={"Cookie": f"gis_sid={token}"},
        origin=server.url,  # type: ignore[arg-type]  # as above
        max_size=MAX_MESSAGE,
        ping_interval=None,
    )
    client = _Client(socket, chance)
    await client.open()
    return client


async def _use(client: _Client) -> list[float]:
    await asyncio.sleep(client.chance.uniform(0, THINK_S))
    client.received = 0
    found = []
    for step in range(ROUNDS):
        found.append(await client.choose(STATES[step % len(STATES)]))
        await asyncio.sleep(THINK_S)
    return found
