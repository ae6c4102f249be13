"""What was answered, kept in the database: for charts, and for what listeners say of it."""

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from typing import Literal

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from sonica.platform.database import Database
from sonica.platform.ids import new_id, time_of
from sonica.recognition.models import FeedbackRow, RecognitionRow
from sonica.recognition.schemas import Answer

Source = Literal["fingerprint", "audio"]
MONTHS_AHEAD = 3
"""Months whose partitions are there before they begin."""
NO_PARTITION = "23514"
"""What PostgreSQL says of a row for which there is none (a check violation)."""
LOCK = 0x50_4E_1C_A1
"""Of PostgreSQL's advisory locks: processes that make partitions take turns."""


class Records:
    """The recognitions and the feedback of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, answer: Answer, source: Source) -> tuple[uuid.UUID, str]:
        """Keeps an answer that is no error; its id, and the token with which one may speak of it.

        Raises DatabaseError.
        """
        id_, token = new_id(), secrets.token_urlsafe(16)
        took, song = answer.timings_ms, answer.song
        row = insert(RecognitionRow).values(
            id=id_,
            created_at=time_of(id_),
            source=source,
            status=answer.status,
            ambiguous=answer.ambiguous,
            song_id=song.id if song else None,
            recording_id=song.recording_id if song else None,
            offset_s=answer.offset_s,
            speed=answer.speed,
            pitch_semitones=answer.pitch_semitones,
            confidence=answer.confidence,
            alternatives=[
                {"song_id": one.song.id, "recording_id": one.song.recording_id, "confidence": one.confidence}
                for one in answer.alternatives
            ],
            decode_ms=took.decode,
            fingerprint_ms=took.fingerprint,
            search_ms=took.search,
            token_hash=_hashed(token),
        )
        once = row.on_conflict_do_nothing()  # its commit may have been heard of by nobody

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(once)

        try:
            await self._database.run(work)
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) != NO_PARTITION:
                raise
            await self.make_partitions(time_of(id_).date())  # nobody has for months
            await self._database.run(work)
        return id_, token

    async def judge(self, id_: uuid.UUID, token: str, *, is_right: bool, song_id: int | None) -> bool:
        """Keeps what a listener says of an answer, in place of what they said before.

        False where there is no such answer, or the token is that of another. Raises DatabaseError.
        """
        try:
            when = time_of(id_)
        except ValueError:
            return False
        found = select(RecognitionRow.token_hash).where(
            RecognitionRow.id == id_, RecognitionRow.created_at == when
        )
        said = {"is_right": is_right, "song_id": song_id, "created_at": dt.datetime.now(dt.UTC)}
        verdict = insert(FeedbackRow).values(recognition_id=id_, recognised_at=when, **said)
        verdict = verdict.on_conflict_do_update(index_elements=["recognition_id"], set_=said)

        async def work(connection: AsyncConnection) -> bool:
            kept = await connection.scalar(found)
            if kept is None or not hmac.compare_digest(kept, _hashed(token)):
                return False
            await connection.execute(verdict)
            return True

        return await self._database.run(work)

    async def make_partitions(self, today: dt.date) -> list[str]:
        """Makes those of this month and of MONTHS_AHEAD more; the names of those that were not there.

        Raises DatabaseError.
        """

        async def work(connection: AsyncConnection) -> list[str]:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            return [
                name
                for number in range(MONTHS_AHEAD + 1)
                if (name := await _make_partition(connection, today.year * 12 + today.month - 1 + number))
            ]

        return await self._database.run(work)


async def _make_partition(connection: AsyncConnection, month: int) -> str | None:
    """`month`: counted from the year 0."""
    first, after = (dt.date(number // 12, number % 12 + 1, 1) for number in (month, month + 1))
    name = f"recognitions_{first:%Y_%m}"
    if await connection.scalar(text("SELECT to_regclass(:name)"), {"name": name}):
        return None
    await connection.exec_driver_sql(
        f"CREATE TABLE {name} PARTITION OF recognitions"
        f" FOR VALUES FROM ('{first} 00:00+00') TO ('{after} 00:00+00')"
    )
    return name


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
