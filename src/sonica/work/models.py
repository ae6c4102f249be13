"""The tables of what goes on in the background."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sonica.platform.database import Base

Time = DateTime(timezone=True)


class PublishedPackRow(Base):
    """A pack for others to take along, as it was asked for, and as it was last made.

    `state`: `waiting`, `ready` or `failed` (the last try; what was made before stays). `manifest`: what is
    signed, as UTF-8; empty, as `file`, until it was made once. `asked_id`: of the order that it is made by.
    """

    __tablename__ = "published_packs"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    profile: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    most_bytes: Mapped[int] = mapped_column(BigInteger)
    asked_id: Mapped[uuid.UUID]
    asked_at: Mapped[dt.datetime] = mapped_column(Time)
    state: Mapped[str] = mapped_column(Text)
    error: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(Text)
    manifest: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(Text)


class IngestRow(Base):
    """Music that is being added: an uploaded file, a folder, what a manifest names, or all below a prefix.

    `keep`: whether its files are kept as originals. `total`: files, once they have been listed. `runner`
    works on it, alone, as long as `leased_until` is not past, which it puts off every few seconds. `code` and
    `message`: why it failed as a whole, or what it waits for.
    """

    __tablename__ = "ingests"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    dedupe: Mapped[bool]
    keep: Mapped[bool]
    state: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    total: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(Time)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Time)
    runner: Mapped[uuid.UUID | None]
    leased_until: Mapped[dt.datetime | None] = mapped_column(Time)

    __table_args__ = (
        Index("ingests_open", "created_at", postgresql_where=text("state IN ('queued', 'running')")),
    )


class IngestFileRow(Base):
    """A file of an ingest, by its number from 0. `path`: bytes, which may be no text; `said`: of `About`."""

    __tablename__ = "ingest_files"

    ingest_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("ingests.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[bytes] = mapped_column(LargeBinary)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(Text)
    song_id: Mapped[int | None] = mapped_column(BigInteger)
    recording_id: Mapped[int | None] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ingest_files_status", "ingest_id", "status", "number"),)
