"""The tables of what goes on in the background."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text
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
