"""All settings in one model, and where each value comes from: for the service, and for who looks at them.

The commands that name songs read the few that they need by themselves (`settings`, `config`), by the same
rules: loading this takes a tenth of a second.
"""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from sonica.platform.config import FILE, VARIABLES, read_config
from sonica.platform.objects import ENDPOINT_VARIABLE, OBJECTS_VARIABLE, checked_objects_url
from sonica.platform.settings import (
    HOME_VARIABLE,
    LONGEST_VARIABLE,
    URL_VARIABLE,
    SettingsError,
    load_settings,
    without_user,
)

LOCAL, ANYONE, NOBODY = "local", "*", "none"
"""Web pages of this machine; all; none."""
_ORIGIN = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


OFF = "off"
_ENGINE = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})|unix:[^,\s]+")
_RATE = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,4})([smh])")
_MEMORY = re.compile(r"([1-9]\d{0,3})([MG])")
MEMORY_BYTES = 64 << 20
"""Of the caches in memory, where nobody says otherwise."""
REDIS_VARIABLE = "REDIS_URL"
_REDIS = re.compile(r"(?:rediss?://[^\s/]+(?:/\d*)?|unix://\S*/[^\s?]+)(?:\?\S*)?")

FOLDERS_VARIABLE = "SONICA_INGEST_FOLDERS"
PREFIXES_VARIABLE = "SONICA_INGEST_PREFIXES"
ENGINES_VARIABLE = "SONICA_ENGINES"
CHECKOUT = Path(__file__).resolve().parents[3]
"""Where Sonica was installed from, editable; else nothing of ours."""
OWN = "own"
"""Originals are heard at an address of the service."""


class Origin(NamedTuple):
    """Where a value comes from; `where`: the variable or the file."""

    source: Literal["environment", "file", "default"]
    where: str | None


def _home(said: str) -> Path:
    return load_settings({HOME_VARIABLE: said}).home


def _minutes(said: str) -> float | None:
    longest = load_settings({LONGEST_VARIABLE: said}).longest_s
    return None if longest is None else longest / 60


def _origins(said: str) -> str:
    origins = [one.strip() for one in said.split(",")]
    if said.strip() in {LOCAL, ANYONE, NOBODY} or all(_ORIGIN.fullmatch(one) for one in origins):
        return ",".join(origins)
    raise SettingsError(
        "option_bad_value",
        f"SONICA_CORS_ORIGINS is {said!r}, which is not allowed.",
        f"It is {LOCAL}, {ANYONE}, {NOBODY}, or origins such as https://songs.example,https://other.example:8443.",
    )


def _prefixes(said: str) -> str:
    prefixes = [checked_objects_url(one, PREFIXES_VARIABLE) for one in said.split(",")]
    if not all(one.startswith("s3://") for one in prefixes):
        hint = "They are like s3://bucket/new; folders are named by SONICA_INGEST_FOLDERS."
        raise SettingsError("option_bad_value", f"{PREFIXES_VARIABLE} names no prefixes.", hint)
    return ",".join(prefixes)


def _audio(said: str) -> str:
    if said in {OWN, NOBODY} or re.fullmatch(r"https?://[^\s?#@]+", said):
        return said.rstrip("/")
    raise SettingsError(
        "option_bad_value",
        f"SONICA_AUDIO_URL is {without_user(said)!r}, which is not allowed.",
        f"It is {NOBODY}, {OWN}, or where a CDN has the objects, such as https://cdn.example/music.",
    )


def _rate(said: str) -> str:
    parse_rate(said)
    return said


def _proxies(said: str) -> str:
    names = [one.strip() for one in said.split(",")]
    try:
        if said.strip() != NOBODY:
            for name in names:
                ipaddress.ip_network(name, strict=False)
    except ValueError:
        raise SettingsError(
            "option_bad_value",
            f"SONICA_TRUSTED_PROXIES is {said!r}, which is not allowed.",
            f"It is {NOBODY}, or addresses and networks such as 127.0.0.1,10.0.0.0/8.",
        ) from None
    return ",".join(names)


def _memory(said: str) -> str:
    parse_memory(said)
    return said


def _redis(said: str) -> str:
    if not _REDIS.fullmatch(said):
        raise SettingsError(
            "option_bad_value",
            f"{REDIS_VARIABLE} is {without_user(said.partition('?')[0])!r}, which is not allowed.",
            "It is the URL of a Redis, such as redis://host:6379/0, rediss://user:secret@host/0 or unix:///run/redis.sock.",
        )
    return said


def parse_memory(said: str) -> int:
    """Bytes, of 64M, 1G, or off. Raises SettingsError."""
    if said == OFF:
        return 0
    found = _MEMORY.fullmatch(said)
    if found is None:
        raise SettingsError(
            "option_bad_value",
            f"SONICA_CACHE_MEMORY is {said!r}, which is not allowed.",
            f"It is {OFF}, or so many megabytes or gigabytes, such as 64M or 1G.",
        )
    return int(found[1]) << {"M": 20, "G": 30}[found[2]]


def checked_engine(said: str) -> str:
    """The address of an engine, `HOST:PORT` or `unix:PATH`. Raises SettingsError."""
    found = _ENGINE.fullmatch(said.strip())
    if found is None or (found[1] and int(found[1]) > 65535):
        raise SettingsError(
            "option_bad_value",
            f"{said!r} is no address of an engine.",
            "It is like 127.0.0.1:7000, [::1]:7000 or unix:/run/sonica/engine.sock.",
        )
    return said.strip()


def _engines(said: str) -> str:
    return ",".join(map(checked_engine, said.split(",")))


def parse_rate(said: str) -> tuple[int, int] | None:
    """Requests, and in how many seconds; None where there is no limit. Raises SettingsError."""
    if said == OFF:
        return None
    found = _RATE.fullmatch(said)
    if found is None:
        raise SettingsError(
            "option_bad_value",
            f"SONICA_RATE_LIMIT is {said!r}, which is not allowed.",
            f"It is {OFF}, or so many requests in a time, such as 100/15m, 5/30s or 1000/1h.",
        )
    return int(found[1]), int(found[2]) * {"s": 1, "m": 60, "h": 3600}[found[3]]


class Options(BaseSettings):
    """Every setting; None where nobody said, and what is built in holds.

    For each the first of these: its variable (one that is empty says nothing), `config.toml` in the data
    folder where it is kept there, the default. Making one raises SettingsError about what is not allowed.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, case_sensitive=True, hide_input_in_errors=True
    )

    home: Annotated[Path, BeforeValidator(_home)] = Field(
        default_factory=lambda: load_settings({}).home,
        validation_alias=HOME_VARIABLE,
        description="where songs and all else are kept",
    )
    match_at: float | None = Field(
        default=None,
        validation_alias=VARIABLES["match_at"],
        description="confidence from which on a song is named",
    )
    unsure_at: float | None = Field(
        default=None,
        validation_alias=VARIABLES["unsure_at"],
        description="confidence from which on a song is mentioned",
    )
    longest_minutes: Annotated[float | None, BeforeValidator(_minutes)] = Field(
        default=None,
        validation_alias=LONGEST_VARIABLE,
        description="minutes that a recording of the catalogue may have",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=URL_VARIABLE,
        description="the PostgreSQL to use in place of Sonica's own",
    )
    cors_origins: Annotated[str, BeforeValidator(_origins)] = Field(
        default=LOCAL,
        validation_alias="SONICA_CORS_ORIGINS",
        description="web pages that may ask the service: origins with commas between, local, * or none",
    )
    rate_limit: Annotated[str, BeforeValidator(_rate)] = Field(
        default="100/15m",
        validation_alias="SONICA_RATE_LIMIT",
        description="how often an address may have songs recognised: such as 100/15m, or off",
    )
    trusted_proxies: Annotated[str, BeforeValidator(_proxies)] = Field(
        default=NOBODY,
        validation_alias="SONICA_TRUSTED_PROXIES",
        description="proxies that are believed who asks: addresses and networks with commas between, or none",
    )
    engines: Annotated[str, BeforeValidator(_engines)] | None = Field(
        default=None,
        validation_alias=ENGINES_VARIABLE,
        description="addresses of engine processes that search for the service, with commas between",
    )

    cache_memory: Annotated[str, BeforeValidator(_memory)] = Field(
        default="64M",
        validation_alias="SONICA_CACHE_MEMORY",
        description="memory for answers that are kept for who asks again: such as 64M or 1G, or off",
    )
    redis_url: Annotated[SecretStr, BeforeValidator(_redis)] | None = Field(
        default=None,
        validation_alias=REDIS_VARIABLE,
        description="the Redis in which services share such answers",
    )

    ingest_folders: str | None = Field(
        default=None,
        validation_alias=FOLDERS_VARIABLE,
        description="folders that music may be added from over HTTP",
    )

    ingest_prefixes: Annotated[str, BeforeValidator(_prefixes)] | None = Field(
        default=None,
        validation_alias=PREFIXES_VARIABLE,
        description="prefixes of object stores that music may be added from over HTTP, with commas between",
    )
    objects_url: Annotated[str, BeforeValidator(checked_objects_url)] | None = Field(
        default=None,
        validation_alias=OBJECTS_VARIABLE,
        description="where originals are kept: file:///folder or s3://bucket/prefix",
    )
    audio_url: Annotated[str, BeforeValidator(_audio)] = Field(
        default=NOBODY,
        validation_alias="SONICA_AUDIO_URL",
        description="where everybody may hear originals: none, own (the service), or the URL of a CDN",
    )
    web: str | None = Field(
        default=None,
        validation_alias="SONICA_WEB",
        description="the folder of the web app, which the service shows at its own address; none for no app",
    )
    s3_endpoint: str | None = Field(
        default=None, validation_alias=ENDPOINT_VARIABLE, description="the S3 to use in place of Amazon's"
    )
    s3_region: str | None = Field(
        default=None, validation_alias="AWS_REGION", description="the region of the bucket"
    )
    s3_key: str | None = Field(
        default=None, validation_alias="AWS_ACCESS_KEY_ID", description="the key to the bucket"
    )
    s3_secret: SecretStr | None = Field(
        default=None, validation_alias="AWS_SECRET_ACCESS_KEY", description="the secret of that key"
    )
    s3_token: SecretStr | None = Field(
        default=None, validation_alias="AWS_SESSION_TOKEN", description="the token of a key for some hours"
    )

    @property
    def web_folder(self) -> Path | None:
        """`web`, or where a checkout builds the app; None where there is no app."""
        if self.web is None:
            app = CHECKOUT / "clients" / "web"
            return app / "out" if (app / "package.json").is_file() else None
        return None if self.web == NOBODY else Path(self.web).expanduser().absolute()

    @property
    def engine_addresses(self) -> tuple[str, ...]:
        """`engines` one by one."""
        return tuple(self.engines.split(",")) if self.engines else ()

    @property
    def prefixes(self) -> tuple[str, ...]:
        """`ingest_prefixes` one by one."""
        return tuple(self.ingest_prefixes.split(",")) if self.ingest_prefixes else ()

    @property
    def folders(self) -> tuple[Path, ...]:
        """`ingest_folders` one by one; they are separated as those of PATH are."""
        said = (self.ingest_folders or "").split(os.pathsep)
        return tuple(Path(folder).expanduser().absolute() for folder in said if folder)

    @property
    def longest_s(self) -> float | None:
        """`longest_minutes` in seconds."""
        return None if self.longest_minutes is None else 60 * self.longest_minutes

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, and below it the file: no others."""
        del init_settings, dotenv_settings, file_secret_settings
        return env_settings, _File(settings_cls)

    def origin(self, name: str) -> Origin:
        """Where the value of the setting `name` comes from."""
        variable = variable_of(name)
        if os.environ.get(variable):
            return Origin("environment", variable)
        if name in VARIABLES and name in read_config(self.home, {}):
            return Origin("file", str(self.home / FILE))
        return Origin("default", None)


class _File(PydanticBaseSettingsSource):
    """`config.toml` in the data folder that the environment names, or in the usual one."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Never asked: all of the file is read at once."""
        raise NotImplementedError

    def __call__(self) -> dict[str, Any]:
        """What is chosen there; with the thresholds of the environment, which are checked alike."""
        home = load_settings({HOME_VARIABLE: self.current_state.get(HOME_VARIABLE) or ""}).home
        return {VARIABLES[key]: choice.value for key, choice in read_config(home).items()}


def variable_of(name: str) -> str:
    """The variable of a setting."""
    return str(Options.model_fields[name].validation_alias)
