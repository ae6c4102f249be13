"""Who may ask, and how often: web pages of which origins, addresses, and proxies that speak for others."""

import re
from dataclasses import dataclass
from typing import Self

from sonica.gateway.limiter import Quota
from sonica.platform.options import ANYONE, LOCAL, NOBODY, Options, parse_rate

OF_THIS_MACHINE = r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?"
"""Origins of pages that this machine serves itself."""
ANONYMOUS = "anonymous"
"""The quota of who does not say who they are, and has only an address."""


@dataclass(frozen=True)
class Access:
    """What the operator allows. `origins`: of web pages that may read answers; `*` is all.

    `quota`: of each address; None where there is none. `proxies`: addresses and networks that are believed
    who asks. `audio`: where originals may be heard: nowhere, OWN, or the URL of a CDN.
    """

    origins: tuple[str, ...] = ()
    origin_pattern: str | None = OF_THIS_MACHINE
    quota: Quota | None = None
    proxies: tuple[str, ...] = ()
    audio: str = NOBODY

    def allows(self, origin: str, host: str) -> bool:
        """Whether a page of that origin may read what is answered at `host`: those of this service may."""
        if origin.partition("://")[2] == host or ANYONE in self.origins or origin in self.origins:
            return True
        return bool(self.origin_pattern and re.fullmatch(self.origin_pattern, origin))

    @classmethod
    def of(cls, options: Options) -> Self:
        """As the settings say."""
        rate = parse_rate(options.rate_limit)
        return cls(
            origins=() if options.cors_origins == LOCAL else _listed(options.cors_origins),
            origin_pattern=OF_THIS_MACHINE if options.cors_origins == LOCAL else None,
            quota=Quota(ANONYMOUS, *rate) if rate else None,
            proxies=_listed(options.trusted_proxies),
            audio=options.audio_url,
        )


def _listed(said: str) -> tuple[str, ...]:
    return () if said == NOBODY else (ANYONE,) if said == ANYONE else tuple(said.split(","))
