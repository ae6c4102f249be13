"""`sonica config show`: every setting, its value, and where it comes from."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, SecretStr
from rich.text import Text

from sonica.audio import RECORDING
from sonica.cli.console import out, plain, print_json
from sonica.cli.thresholds import chosen_thresholds
from sonica.platform.config import FILE
from sonica.platform.options import Options, variable_of
from sonica.platform.settings import without_user
from sonica.recognition import Thresholds, shown_threshold

OWN = "Sonica's own"
HIDDEN = "***"


class Shown(BaseModel):
    """One setting, as `--json` tells it. `where`: the variable or the file that it comes from.

    Of a secret, `value` holds no more than may be seen. A database that nobody named is null.
    """

    name: str
    value: float | str | None
    source: Literal["environment", "file", "default"]
    where: str | None
    default: float | str | None
    variable: str
    description: str


def list_options() -> Iterator[Shown]:
    """All settings of this process. Raises SettingsError."""
    options = Options()
    thresholds = chosen_thresholds(options.home)
    usual = Thresholds()
    longest = RECORDING.seconds / 60
    url = options.database_url
    values: dict[str, tuple[float | str | None, float | str | None]] = {
        "home": (str(options.home), str(Options.model_fields["home"].get_default(call_default_factory=True))),
        "match_at": (_plain(thresholds.match_at), _plain(usual.match_at)),
        "unsure_at": (_plain(thresholds.unsure_at), _plain(usual.unsure_at)),
        "longest_minutes": (options.longest_minutes or longest, longest),
        "ingest_folders": (options.ingest_folders or "none", "none"),
        "database_url": (_hidden(url.get_secret_value()) if url else None, None),
    }
    place = f"file://{options.home}"
    values["objects_url"] = (options.objects_url or place, place)
    values["ingest_prefixes"] = (options.ingest_prefixes or "none", "none")
    values["engines"] = (options.engines or "none", "none")
    app = options.model_copy(update={"web": None}).web_folder
    values["web"] = (str(options.web_folder or "none"), str(app or "none"))
    values["s3_endpoint"] = (without_user(options.s3_endpoint or "none"), "none")
    for name in ("s3_region", "s3_key", "s3_secret", "s3_token"):
        value = getattr(options, name)
        values[name] = (HIDDEN if isinstance(value, SecretStr) else value or "none", "none")
    redis = options.redis_url
    values["redis_url"] = (_without_query(redis.get_secret_value()) if redis else "none", "none")
    for name in ("cache_memory", "cors_origins", "rate_limit", "trusted_proxies", "audio_url"):
        values[name] = (getattr(options, name), Options.model_fields[name].default)
    for name, field in Options.model_fields.items():
        value, default = values[name]
        source, where = options.origin(name)
        yield Shown(
            name=name,
            value=value,
            source=source,
            where=where,
            default=default,
            variable=variable_of(name),
            description=field.description or "",
        )


def show(*, json: bool) -> None:
    """Prints them: a table for people, one JSON object a line for programs."""
    shown = list(list_options())
    if json:
        for one in shown:
            print_json(one)
        return
    told = [(one.name, plain(_value(one)), _from(one), one.description) for one in shown]
    widths = [max(map(len, column)) for column in zip(*told, strict=True)]
    for row in told:
        cells = [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=False)]
        line = Text.assemble(f" {cells[0]}  ", (cells[1], "bold"), f"  {cells[2]}  ", (row[3], "dim"))
        out.print(line, soft_wrap=True)


def _value(one: Shown) -> str:
    if one.value is None:
        return OWN
    return f"{one.value:g}" if isinstance(one.value, float) else one.value


def _from(one: Shown) -> str:
    if one.source == "default":
        return f"default ({one.variable} is not set)"
    return FILE if one.source == "file" else one.variable


def _plain(value: float) -> float:
    return float(shown_threshold(value))


def _without_query(url: str) -> str:
    """A URL without its user, password and options: they may hold another."""
    return without_user(url.partition("?")[0])


def _hidden(url: str) -> str:
    """The URL of a database without its password, and without options: they may hold another."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415  it is slow to load, and seldom needed
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return HIDDEN
