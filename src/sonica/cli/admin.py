"""`sonica admin`: keys for those who run the service."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from pydantic import BaseModel

from sonica.cli.console import err, out, plain, print_json
from sonica.cli.flags import Command, Group
from sonica.platform.errors import SonicaError
from sonica.platform.settings import load_settings

if TYPE_CHECKING:
    from sonica.platform.admins import Admins

Result = TypeVar("Result")

admin_app = typer.Typer(name="admin", cls=Group, rich_markup_mode="rich", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line for each key.")]


class May(StrEnum):
    """What a key is good for."""

    SONGS = "songs"
    PACKS = "packs"
    INGEST = "ingest"


class Made(BaseModel):
    """A new key, as `--json` tells it."""

    id: str
    name: str
    may: tuple[str, ...]
    key: str


@admin_app.callback()
def admin() -> None:
    """Make keys for those who run the service, see them, and take them back.

    Whoever sends one may change songs, publish packs and add music over HTTP.

    \b
    [bold]Examples[/bold]
      sonica admin key "upload script" --may ingest
      sonica admin keys
      sonica admin revoke 1f0c8a77b2e4
    """  # noqa: D301  \b is meant: it keeps lines apart


@admin_app.command(cls=Command)
def key(
    name: Annotated[str, typer.Argument(help="What it is for.", metavar="NAME")] = "",
    *,
    may: Annotated[
        list[May] | None, typer.Option(help="What it is good for; all where none is named.", metavar="RIGHT")
    ] = None,
    json: Json = False,
) -> None:
    """Make a key. It is shown this once; only a hash of it is kept.

    \b
    [bold]Examples[/bold]
      sonica admin key
      sonica admin key "upload script" --may ingest
      curl -H "Authorization: Bearer $KEY" -X DELETE \\
        http://127.0.0.1:8000/v1/songs/12

    \b
    [bold]Rights[/bold]
      songs    edit, merge and remove songs
      packs    publish packs
      ingest   add music
    """  # noqa: D301
    from sonica.platform.admins import RIGHTS  # noqa: PLC0415  takes a while

    rights = [right for right in RIGHTS if not may or May(right) in may]
    made, text = _with_keys(lambda admins: admins.make(name, rights))
    if json:
        print_json(Made(id=made.id, name=made.name, may=made.may, key=text))
        return
    out.print(text, soft_wrap=True)
    err.print(
        f"Keep it: it is not shown again. `sonica admin revoke {made.id}` takes it back.", soft_wrap=True
    )


@admin_app.command(cls=Command)
def keys(*, json: Json = False) -> None:
    """List the keys, without their secrets.

    \b
    [bold]Examples[/bold]
      sonica admin keys
    """  # noqa: D301
    found = _with_keys(lambda admins: admins.all())
    for one in found:
        if json:
            print_json(one)
            continue
        state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else ", ".join(one.may)
        out.print(f"{one.id}  {one.created_at:%Y-%m-%d}  {state}  {plain(one.name)}".rstrip(), soft_wrap=True)
    if not found and not json:
        out.print("No keys.")


@admin_app.command(cls=Command)
def revoke(
    id_: Annotated[str, typer.Argument(help="The id of the key, as the list shows it.", metavar="ID")],
) -> None:
    """Take a key back: from now on it is good for nothing.

    \b
    [bold]Examples[/bold]
      sonica admin revoke 1f0c8a77b2e4
    """  # noqa: D301
    if not _with_keys(lambda admins: admins.revoke(id_)):
        raise SonicaError(
            "unknown_key", f"There is no key {plain(id_)}.", "`sonica admin keys` lists those there are."
        )
    out.print(f"The key {id_} is good for nothing any more.")


def _with_keys(work: "Callable[[Admins], Awaitable[Result]]") -> Result:
    """`work` with the keys in the database, which is started where it does not run."""
    from sonica.platform.admins import Admins  # noqa: PLC0415  takes a second
    from sonica.platform.database import Database  # noqa: PLC0415
    from sonica.platform.migrate import migrate  # noqa: PLC0415
    from sonica.platform.options import Options  # noqa: PLC0415
    from sonica.platform.servers import database_server  # noqa: PLC0415

    async def go(url: str) -> Result:
        database = Database(url)
        try:
            await migrate(database)
            return await work(Admins(database))
        finally:
            await database.close()

    options = Options()
    load_settings().create_home()
    with database_server(options) as url:
        return asyncio.run(go(url))
