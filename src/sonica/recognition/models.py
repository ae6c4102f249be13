"""The tables of recognition. Songs are named by id: they belong to the catalogue."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from sonica.platform.database import Base

Time = DateTime(timezone=True)


class RecognitionRow(Base):
    """An answer that was given, in the partition of its month. Nothing of the sound is kept.

    `created_at` is the time that the id names; `token_hash`: SHA-256 of the token for feedback.
    """

    __tablename__ = "recognitions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    created_at: Mapped[dt.datetime] = mapped_column(Time, primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    ambiguous: Mapped[bool]
    song_id: Mapped[int | None] = mapped_column(BigInteger)
    recording_id: Mapped[int | None] = mapped_column(BigInteger)
    offset_s: Mapped[float | None] = mapped_column(REAL)
    speed: Mapped[float | None] = mapped_column(REAL)
    pitch_semitones: Mapped[float | None] = mapped_column(REAL)
    confidence: Mapped[float] = mapped_column(REAL)
    alternatives: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    decode_ms: Mapped[float] = mapped_column(REAL)
    fingerprint_ms: Mapped[float] = mapped_column(REAL)
    search_ms: Mapped[float] = mapped_column(REAL)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(
            "recognitions_song_time",
            "song_id",
            "created_at",
            postgresql_where=text("song_id IS NOT NULL"),
        ),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )


class FeedbackRow(Base):
    """What a listener said of an answer, last. `song_id`: what it was, where they know."""

    __tablename__ = "feedback"

    recognition_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    recognised_at: Mapped[dt.datetime] = mapped_column(Time)
    is_right: Mapped[bool]
    song_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[dt.datetime] = mapped_column(Time)

    __table_args__ = (
        ForeignKeyConstraint(
            ["recognition_id", "recognised_at"],
            ["recognitions.id", "recognitions.created_at"],
            ondelete="CASCADE",
        ),
        Index("feedback_time", "created_at"),
    )


class KeyRow(Base):
    """The answer to a request that came with an idempotency key; only hashes of the key and the request."""

    __tablename__ = "idempotency_keys"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    recognition_id: Mapped[uuid.UUID]
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[dt.datetime] = mapped_column(Time)

    __table_args__ = (Index("idempotency_keys_time", "created_at"),)
