"""What went wrong, as programs are told. Apart from the errors, which a process that decodes needs, too."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from sonica.platform.errors import SonicaError

DAMAGED = "damaged"
"""Code where it is not what was asked that cannot be read, but a pack."""


class Failure(BaseModel):
    """A SonicaError as it travels: `code` and `message`; the hint is for a person's terminal only."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    hint: str = Field(default="", exclude=True)

    @classmethod
    def of(cls, error: SonicaError) -> Self:
        """What `error` says."""
        return cls(code=error.code, message=error.message, hint=error.hint)
