"""The page of all settings, from the one model that has them."""

from __future__ import annotations

import os
import tempfile
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr

from sonica.cli.show import Shown, list_options
from sonica.platform.config import VARIABLES
from sonica.platform.options import Options, variable_of
from sonica.platform.settings import HOME_VARIABLE

HEAD = """\
# All settings

Each is a variable of the environment; one that is empty says nothing. Two may be kept in `config.toml`
in the data folder as well, which `sonica config set` writes; the variable stands above it. `sonica
config show` tells every value that holds, and where it comes from; passwords are not shown. What is not
allowed ends a command with the variable's name and what is.

    sonica config show
    SONICA_RATE_LIMIT=1000/1h sonica config show --json

This page is made of the code by `make reference`.
"""
OF_THIS_MACHINE = {
    "home": "your user's data folder",
    "objects_url": "`originals/` in the data folder",
    "web": "`clients/web/out` of a checkout, else none",
    "database_url": "Sonica's own",
}
"""Defaults that are not the same everywhere, or no value."""
UNITS = {"_minutes": "minutes", "_s": "seconds", "_at": "from 0 to 1", "_bytes": "bytes", "_mb": "megabytes"}
"""By the end of a setting's name."""
KINDS = {
    float: "number",
    int: "whole number",
    bool: "yes or no",
    str: "text",
    Path: "folder",
    SecretStr: "secret text",
}
OTHERS = """
## Read by one command alone

| variable | what it does |
|---|---|
| `SONICA_WEBHOOK_SECRET` | what `sonica monitor` [signs with](../monitor.md#webhooks) |

## In a file of systemd

A file of mode 0600 keeps secrets out of the list of processes: [as a
service](../operating/install.md#as-a-service-of-the-system).
"""


def page(shown: list[Shown] | None = None) -> str:
    """The page, in Markdown."""
    if shown is None:
        with _nothing_set():
            shown = list(list_options())
    rows = [f"| [`{one.variable}`](#{one.variable.lower()}) | {_default(one)} |" for one in shown]
    table = "\n".join(["| variable | default |", "|---|---|", *rows])
    return "\n".join([HEAD, table, *map(_section, shown), OTHERS.rstrip(), ""])


def _section(one: Shown) -> str:
    kept = f"; or `{one.name}` in `config.toml`" if one.name in VARIABLES else ""
    return (
        f"\n## `{one.variable}`\n\n"
        f"{one.description[0].upper()}{one.description[1:]}.\n\n"
        f"- Shown as `{one.name}`{kept}\n- Type: {kind_of(one.name)}\n- Default: {_default(one)}"
    )


def _default(one: Shown) -> str:
    if one.name in OF_THIS_MACHINE:
        return OF_THIS_MACHINE[one.name]
    value = one.default
    return f"`{value:g}`" if isinstance(value, float) else f"`{value if value is not None else 'none'}`"


def kind_of(name: str) -> str:
    """Type and unit of a setting, in words."""
    unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
    kind = _kind(Options.model_fields[name].annotation)
    return f"{kind}, {unit}" if unit else kind


def _kind(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return _kind(next(one for one in get_args(annotation) if one is not type(None)))
    if origin is Literal:
        return "one of " + ", ".join(f"`{one}`" for one in get_args(annotation))
    return KINDS[annotation]


@contextmanager
def _nothing_set() -> Iterator[None]:
    """An environment in which no setting is set, and a data folder without a file."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as home:
        for name in Options.model_fields:
            os.environ.pop(variable_of(name), None)
        os.environ[HOME_VARIABLE] = home
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
