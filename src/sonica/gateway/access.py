"""Who may ask: web pages of which origins."""

from dataclasses import dataclass
from typing import Self

from sonica.platform.options import ANYONE, LOCAL, NOBODY, Options

OF_THIS_MACHINE = r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?"
"""Origins of pages that this machine serves itself."""


@dataclass(frozen=True)
class Access:
    """What the operator allows. `origins`: of web pages that may read answers; `*` is all."""

    origins: tuple[str, ...] = ()
    origin_pattern: str | None = OF_THIS_MACHINE

    @classmethod
    def of(cls, options: Options) -> Self:
        """As the settings say."""
        said = options.cors_origins
        if said == LOCAL:
            return cls()
        return cls(() if said == NOBODY else (ANYONE,) if said == ANYONE else tuple(said.split(",")), None)
