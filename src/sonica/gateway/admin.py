"""Who may change things: whoever has an admin key, made by `sonica admin key`."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from sonica.gateway.parts import parts_of
from sonica.gateway.problems import Problem
from sonica.platform.admins import AdminKey, Right

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="AdminKey",
    description="A key from `sonica admin key`, as `Authorization: Bearer KEY`.",
)


def admin(right: Right) -> Callable[..., Awaitable[AdminKey]]:
    """A dependency of routes: the key that the request came with. It raises Problem (401, 403)."""

    async def check(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> AdminKey:
        key = await parts_of(request).admins.check(given.credentials) if given else None
        if key is None:
            said = "This is for those who run the service: send a key of theirs that is good."
            raise Problem(401, "unauthorized", said, headers={"WWW-Authenticate": 'Bearer realm="sonica"'})
        if right not in key.may:
            raise Problem(403, "forbidden", f"This key is good for {', '.join(key.may)} only.")
        request.state.admin = key
        return key

    return check


SongsAdmin = Annotated[AdminKey, Depends(admin("songs"))]
PacksAdmin = Annotated[AdminKey, Depends(admin("packs"))]
IngestAdmin = Annotated[AdminKey, Depends(admin("ingest"))]
