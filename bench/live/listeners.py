"""People who listen at once over WebSockets: some hear, in their own time, the others only stay connected."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from sonica import _engine
from sonica.audio.compose import compose_song
from sonica.audio.degrade import add_noise, excerpt
from sonica.recognition import LOOKS

CLIP_S, FRAME_S, SNR_DB = 15.0, 0.5, 10.0
"""Of a listening: seconds, seconds from one frame to the next, and noise under it in decibels."""
STAY_S = 8.0
"""Seconds after which who is only there sends a frame of silence again."""
PATIENCE_S = 30.0
"""Seconds for an answer, or it counts as failed."""

Frames = Sequence[bytes]


@dataclass
class Told:
    """What came of it. `looks_ms`: from a frame that makes a look due to its answer; `frames_ms`: others."""

    looks_ms: list[float] = field(default_factory=list)
    frames_ms: list[float] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    heard_s: list[float] = field(default_factory=list)
    """Seconds heard when a song was named."""
    failed: int = 0
    open: int = 0
    """Connections of those who only stay that were open at the end."""
    strangers_named: int = 0
    """Clips of songs that are not known for which a song was named."""


def frames_of(seed: int) -> Frames:
    """The frames of a listening to the composed song of this seed, with noise; the last one ends it."""
    song = compose_song(seed)
    begin = max(0.0, len(song.samples) / song.rate - CLIP_S) * (seed % 7) / 7
    clip = add_noise(excerpt(song.samples, song.rate, begin, CLIP_S), SNR_DB, seed=seed)
    fingerprinter, frames = _engine.Fingerprinter(song.rate), []
    count = round(CLIP_S / FRAME_S)
    for number, part in enumerate(np.array_split(clip, count)):
        fingerprinter.push(part)
        frames.append(fingerprinter.frame(last=number == count - 1))
    return frames


async def listen(
    url: str,
    clips: Sequence[Frames],
    *,
    hearing: int,
    idle: int,
    seconds: float,
    strangers: Sequence[Frames] = (),
    on_end: Callable[[], None] = lambda: None,
) -> Told:
    """`hearing` people hear clip after clip, two frames a second each, and `idle` more stay connected.

    `strangers`: those of the clips whose songs are not known. `on_end` is called while all are connected.
    """
    told, until = Told(), time.perf_counter() + seconds
    unknown = {id(clip) for clip in strangers}
    chance = random.Random(1)
    idling = [asyncio.create_task(_stay(url, told, until)) for _ in range(idle)]
    known = [(clip, id(clip) in unknown) for clip in clips]
    heard = [
        asyncio.create_task(
            _hear(url, [known[(i + k * 7) % len(known)] for k in range(100)], told, until, chance)
        )
        for i in range(hearing)
    ]
    await asyncio.sleep(max(0.0, 0.9 * seconds))
    on_end()
    await asyncio.gather(*heard, *idling)
    return told


async def _hear(
    url: str, clips: Sequence[tuple[Frames, bool]], told: Told, until: float, chance: random.Random
) -> None:
    """`clips`: each with whether its song is unknown."""
    within = min(CLIP_S / 3, (until - time.perf_counter()) / 2)
    await asyncio.sleep(chance.uniform(0, within))  # nobody begins at the same moment
    for clip, is_unknown in clips:
        if time.perf_counter() >= until:
            return
        try:
            async with connect(url, compression=None, open_timeout=PATIENCE_S) as connection:
                named = await _one(connection, clip, told)
                told.strangers_named += named and is_unknown
        except (OSError, TimeoutError, ConnectionClosed):
            told.failed += 1


async def _one(connection: ClientConnection, clip: Frames, told: Told) -> bool:
    """Whether a song was named."""
    begun, looks = time.perf_counter(), list(LOOKS)
    for number, frame in enumerate(clip, 1):
        await asyncio.sleep(begun + number * FRAME_S - time.perf_counter())
        is_look = bool(looks) and number * FRAME_S >= looks[0]
        if is_look:
            looks.pop(0)
        sent = time.perf_counter()
        await connection.send(frame)
        event = await _answer(connection)
        (told.looks_ms if is_look else told.frames_ms).append(1000 * (time.perf_counter() - sent))
        if event.get("last") or event["event"] == "problem":
            kind = str(event["event"])
            told.ends[kind] = told.ends.get(kind, 0) + 1
            told.failed += kind == "problem"
            if kind == "match":
                told.heard_s.append(float(str(event["heard_s"])))
            return kind == "match"
    return False


async def _answer(connection: ClientConnection) -> dict[str, object]:
    while True:
        async with asyncio.timeout(PATIENCE_S):
            event: dict[str, object] = json.loads(await connection.recv())
        if event["event"] != "unsure" or event.get("last"):  # the answer to the frame comes behind it
            return event


async def _stay(url: str, told: Told, until: float) -> None:
    fingerprinter = _engine.Fingerprinter(_engine.ENGINE_RATE)
    try:
        async with connect(url, compression=None, open_timeout=PATIENCE_S) as connection:
            while time.perf_counter() < until:
                fingerprinter.push(np.zeros(400, np.float32))
                await connection.send(fingerprinter.frame())
                await _answer(connection)
                await asyncio.sleep(min(STAY_S, max(0.0, until - time.perf_counter())))
            told.open += 1
    except (OSError, TimeoutError, ConnectionClosed):
        told.failed += 1
