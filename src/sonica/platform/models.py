"""The tables of the platform itself."""

import datetime as dt

from sqlalchemy import DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sonica.platform.database import Base

Time = DateTime(timezone=True)


class AdminKeyRow(Base):
    """A key of somebody who runs the service. `secret_hash`: SHA-256 of its secret, which nobody keeps."""

    __tablename__ = "admin_keys"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    may: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(Time)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Time)
