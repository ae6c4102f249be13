"""Packs for others to take along: asked for by name, made in the background, published as a whole, signed."""

import asyncio
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import structlog
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica import _engine
from sonica.catalogue import Catalogue
from sonica.platform.database import Database
from sonica.platform.errors import SonicaError
from sonica.platform.files import write_atomically
from sonica.platform.ids import new_id
from sonica.platform.keys import signing_key
from sonica.work.models import PublishedPackRow

FOLDER = "published"
KEY = "packs"
"""The name of the key that signs."""
KEPT = 2
"""Files of a pack that are kept: the published one, and the one before it, which somebody may be reading."""
WAITED_FOR = {"not_writable", "key_not_writable"}
"""What may pass, as when the disk is full: the pack is begun again within two minutes."""
GUESSES = 6
"""How often a pack is made smaller until it has the bytes that it may have."""

LEFT_ALONE = """
SELECT name FROM published_packs
WHERE state = 'waiting' AND asked_at < now() - CAST(:since AS interval) AND NOT EXISTS (
    SELECT FROM jobs.procrastinate_jobs AS job
    WHERE job.task_name = 'pack' AND job.args->>'name' = published_packs.name
        AND job.status IN ('todo', 'doing')
)
"""

Profile = Literal["full", "lite"]
State = Literal["waiting", "ready", "failed"]

log = structlog.get_logger("sonica.packs")


class PackOrder(BaseModel):
    """What a pack is to hold. `most_bytes`: 0 for all songs, else as many as fit, the most popular first."""

    model_config = ConfigDict(extra="forbid", strict=True)

    profile: Profile = "lite"
    language: str = Field(default="", max_length=35, description="Only songs in it: a tag such as `bho`.")
    most_bytes: int = Field(default=0, ge=0, le=2**40)


class Manifest(BaseModel):
    """What is signed of a pack. `sha256` is hexadecimal."""

    name: str
    profile: Profile
    language: str
    recordings: int
    bytes: int
    sha256: str
    made_at: dt.datetime


class Published(NamedTuple):
    """A pack that can be fetched; `text`: the manifest as it was signed."""

    manifest: Manifest
    text: str
    signature: bytes
    key_id: str
    path: Path


class Making(BaseModel):
    """How far the making of a pack is. What was published before stays until the next one is whole."""

    name: str
    state: State
    error: str = Field(description="Why the last try failed, if it did.")
    asked_at: dt.datetime
    order: PackOrder


class PublishedPacks:
    """The packs in a database, and their files in a data folder. All methods raise DatabaseError."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._home = home
        self._folder = home / FOLDER

    async def order(self, name: str, order: PackOrder) -> uuid.UUID:
        """Has a pack be made, or made anew; the id of the order, which takes the place of one that waits."""
        asked = {
            **order.model_dump(),
            "asked_id": new_id(),
            "asked_at": dt.datetime.now(dt.UTC),
            "state": "waiting",
            "error": "",
        }
        empty = {"file": "", "manifest": "", "signature": b"", "key_id": ""}
        row = insert(PublishedPackRow).values(name=name, **asked, **empty)
        await self._run(row.on_conflict_do_update(index_elements=["name"], set_=asked))
        return uuid.UUID(str(asked["asked_id"]))

    async def all(self) -> list[Published]:
        """Those that can be fetched, by name."""
        there = select(PublishedPackRow).where(PublishedPackRow.file != "").order_by(PublishedPackRow.name)
        return [self._published(row) for row in await self._rows(there)]

    async def find(self, name: str) -> Published | None:
        """One of them."""
        row = await self._row(name)
        return self._published(row) if row and row.file else None

    async def making(self, name: str) -> Making | None:
        """How far the making of one is."""
        row = await self._row(name)
        return row and Making(
            name=row.name,
            state=row.state,
            error=row.error,
            asked_at=row.asked_at,
            order=PackOrder(profile=row.profile, language=row.language, most_bytes=row.most_bytes),
        )

    async def names(self) -> list[str]:
        """All that were asked for."""
        return [row.name for row in await self._rows(select(PublishedPackRow))]

    async def left_alone(self, since: dt.timedelta) -> list[str]:
        """Those that were asked for so long ago, and for which no job is queued or at work."""

        async def work(connection: AsyncConnection) -> list[str]:
            return list(await connection.scalars(text(LEFT_ALONE), {"since": since}))

        return await self._database.run(work)

    async def remove(self, name: str) -> bool:
        """Takes a pack back; False where there is none."""
        gone = delete(PublishedPackRow).where(PublishedPackRow.name == name).returning(PublishedPackRow.name)
        is_gone = bool(await self._rows(gone))
        await asyncio.to_thread(self._sweep, name, 0)
        return is_gone

    async def make(self, name: str, catalogue: Catalogue, popular: Sequence[int] = ()) -> None:
        """Makes a pack as it was asked for last, and publishes it: its row changes once its file is whole.

        `popular`: songs that go in first where not all may. An order that came meanwhile has its own job.
        """
        row = await self._row(name)
        if row is None:
            return
        wanted = (PublishedPackRow.name == name, PublishedPackRow.asked_id == row.asked_id)
        try:
            made = await asyncio.to_thread(partial(self._make, row, catalogue, popular))
        except SonicaError as error:
            state = "waiting" if error.code in WAITED_FOR else "failed"
            await self._run(update(PublishedPackRow).where(*wanted).values(state=state, error=error.message))
            log.warning("pack not made", name=name, code=error.code)
            return
        said = {"state": "ready", "error": "", **made}
        await self._run(update(PublishedPackRow).where(*wanted).values(**said))
        await asyncio.to_thread(self._sweep, name, KEPT)
        log.info("pack published", name=name, is_new=bool(made))

    def _make(self, row: Any, catalogue: Catalogue, popular: Sequence[int]) -> dict[str, Any]:
        """What is to be said of the pack. Raises SonicaError."""
        data = _build(row, catalogue, popular)
        digest = hashlib.sha256(data).hexdigest()
        file = f"{row.name}.{digest[:32]}.pack"
        if row.file == file and self._is_by(row, digest):
            return {}  # the same as before: nobody need fetch it again
        manifest = Manifest(
            name=row.name,
            profile=row.profile,
            language=row.language,
            recordings=len(_engine.Pack.from_bytes(data)),
            bytes=len(data),
            sha256=digest,
            made_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
        )
        text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
        key = signing_key(self._home, KEY)
        try:
            write_atomically(self._folder / file, data)
        except OSError as error:
            said = f"The pack could not be written ({error.strerror})."
            raise SonicaError("not_writable", said, "Check that the disk is not full.") from error
        return {"file": file, "manifest": text, "signature": key.sign(text.encode()), "key_id": key.id}

    def _is_by(self, row: Any, digest: str) -> bool:
        """Whether that is what was published, and by the key of now."""
        manifest = Manifest.model_validate_json(row.manifest)
        is_same = (manifest.sha256, manifest.profile, manifest.language) == (
            digest,
            row.profile,
            row.language,
        )
        return (
            is_same and row.key_id == signing_key(self._home, KEY).id and (self._folder / row.file).is_file()
        )

    def _sweep(self, name: str, kept: int) -> None:
        """Removes files of a pack but the newest ones."""
        files = sorted(self._folder.glob(f"{name}.*.pack"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[: len(files) - kept]:
            file.unlink(missing_ok=True)

    def _published(self, row: Any) -> Published:
        manifest = Manifest.model_validate_json(row.manifest)
        return Published(manifest, row.manifest, row.signature, row.key_id, self._folder / row.file)

    async def _row(self, name: str) -> Any:
        rows = await self._rows(select(PublishedPackRow).where(PublishedPackRow.name == name))
        return rows[0] if rows else None

    async def _rows(self, statement: Any) -> Sequence[Any]:
        async def work(connection: AsyncConnection) -> Sequence[Any]:
            return (await connection.execute(statement)).all()

        return await self._database.run(work)

    async def _run(self, statement: Any) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.run(work)


def _build(row: Any, catalogue: Catalogue, popular: Sequence[int]) -> bytes:
    """A pack of the songs that are wanted, as large as it may be. Raises SonicaError."""
    songs = [one.song.id for one in catalogue.songs() if row.language in {"", one.song.language}]
    there = set(songs)
    chosen = [id_ for id_ in dict.fromkeys([*popular, *songs]) if id_ in there]
    if not chosen:
        raise SonicaError("no_songs", "There are no such songs.", "Add some, or ask for another language.")
    data = catalogue.pack(chosen, row.profile)
    if not row.most_bytes or len(data) <= row.most_bytes:
        return data
    least = catalogue.pack(chosen[:1], row.profile)
    if len(least) > row.most_bytes:
        said = f"Not one song fits into {row.most_bytes:,} bytes."
        raise SonicaError("too_small", said, "Let it be larger, or take the lite profile.")
    count = len(chosen)
    for _ in range(GUESSES):  # all songs cost alike, beyond what every pack has
        each = max(1.0, (len(data) - len(least)) / max(1, count - 1))
        count = max(1, min(count - 1, 1 + int((row.most_bytes - len(least)) / each)))
        data = catalogue.pack(chosen[:count], row.profile)
        if len(data) <= row.most_bytes:
            return data
    return least
