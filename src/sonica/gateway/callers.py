"""Who asks, and whether they have asked too often: for routes that cost much."""

import ipaddress
import math
from typing import Annotated

from fastapi import Header
from starlette.requests import HTTPConnection

from sonica.gateway.examples import SESSION
from sonica.gateway.limiter import Limiter, Standing
from sonica.gateway.parts import parts_of
from sonica.gateway.problems import Problem

LONGEST = 64
"""Characters of what a proxy may call a caller, where that is no address."""
OF_ONE_HOUSE = 64
"""Bits of an IPv6 address: a house has all that begin so."""

SESSION_PATTERN = "^[A-Za-z0-9._~-]{16,64}$"

Session = Annotated[
    str | None,
    Header(
        alias="Sonica-Session",
        description="The same for all looks at one listening, and as random as a UUID: they count once for "
        "15 seconds from the first on, and once more for each minute in which there are any after that.",
        pattern=SESSION_PATTERN,
        examples=[SESSION],
    ),
]


async def count_request(request: HTTPConnection, session: Session = None, *, times: int = 1) -> None:
    """Counts a request of an address, which is worth as many as `times` says, or all that there are.

    Raises Problem (429) where it was asked too often: then it is counted once at most.
    """
    parts, address = parts_of(request), address_of(request)
    parts.users.see(address, session)
    if parts.limiter is None:
        return
    standing = await parts.limiter.take(address, session)
    quota = parts.limiter.quota
    more = min(times, quota.most) - 1
    is_allowed = standing.is_allowed and standing.remaining >= more
    for _ in range(more if is_allowed else 0):
        standing = await parts.limiter.take(address)
    request.state.headers = _headers(parts.limiter, standing)
    if not is_allowed:
        parts.metrics.limited.labels(quota.name).inc()
        said = f"This address has asked {quota.most:,} times in {_spoken(quota.window_s)}."
        raise Problem(429, "rate-limit", said, retry_after=_whole(standing.reset_s))


def address_of(request: HTTPConnection) -> str:
    """Who asks, as far as the network tells: an IPv4 address, or the network of an IPv6 one.

    What proxies say counts only where the operator trusts them (see `serve`).
    """
    said = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return said[:LONGEST]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, OF_ONE_HOUSE), strict=False))
    return str(address)


def _headers(limiter: Limiter, standing: Standing) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has them."""
    quota = limiter.quota
    return {
        "RateLimit-Policy": f'"{quota.name}";q={quota.most};w={quota.window_s}',
        "RateLimit": f'"{quota.name}";r={standing.remaining};t={_whole(standing.reset_s)}',
    }


def _whole(seconds: float) -> int:
    return max(1, math.ceil(seconds))


def _spoken(seconds: int) -> str:
    return f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"
