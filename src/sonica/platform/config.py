"""What the operator chose: `config.toml` in the data folder, and above it the environment.

The file is for hands too: a line that is written anew keeps its comment, and all other lines stay.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sonica.platform.files import exclusive_lock, write_atomically
from sonica.platform.settings import SettingsError

FILE = "config.toml"
LOCK = ".config.lock"

Key = Literal["match_at", "unsure_at"]

VARIABLES: dict[Key, str] = {"match_at": "SONICA_MATCH_AT", "unsure_at": "SONICA_UNSURE_AT"}
"""Every setting that can be kept, and its variable. All are numbers from 0 to 1."""

ALLOWED = "a number from 0 to 1"


@dataclass(frozen=True)
class Choice:
    """A value that somebody chose; `where` names the variable or the file."""

    value: float
    source: Literal["environment", "file"]
    where: str


def read_config(home: Path, environ: Mapping[str, str] = os.environ) -> dict[Key, Choice]:
    """What was chosen for this process; what was not is left out, and the engine's own holds.

    Raises SettingsError where the file cannot be read, or it or a variable says what is not allowed.
    """
    file = home / FILE
    chosen = {key: Choice(value, "file", str(file)) for key, value in _parse(file, _text(file)).items()}
    for key, variable in VARIABLES.items():
        if said := environ.get(variable, ""):
            chosen[key] = Choice(_number(said, variable), "environment", variable)
    return chosen


def write_config(
    home: Path, key: Key, value: float | None, check: Callable[[Mapping[Key, float]], object]
) -> None:
    """Keeps `value` for `key` in the file, or with None takes it out; whole, or not at all.

    `check` is given all that the file will say, while nobody else can change it, and raises where that
    cannot be. `home` is there. Raises SettingsError.
    """
    file = home / FILE
    with exclusive_lock(home / LOCK):
        text = _text(file)
        wanted = _parse(file, text)
        if value is None:
            wanted.pop(key, None)
        else:
            wanted[key] = checked_share(value, key)
        check(wanted)
        new = _edited(text, key, value)
        if not _says(new, wanted):
            message = f"{file} spells {key} in a way that no program should change."
            raise SettingsError("config_unreadable", message, "Change that line by hand.")
        if new != text:
            write_atomically(file, new.encode())


def checked_share(value: object, where: str) -> float:
    """`value` where it is allowed; else raises SettingsError about `where`."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    said = value if isinstance(value, int | float | str) else type(value).__name__
    message = f"{where} is {str(said).lower() if isinstance(said, bool) else said!r}, which is not allowed."
    raise SettingsError("config_bad_value", message, f"It is {ALLOWED}, such as 0.9.")


def _number(said: str, variable: str) -> float:
    try:
        value = float(said)
    except ValueError:
        return checked_share(said, variable)
    return checked_share(value, variable)


def _text(file: Path) -> str:
    """What the file says; nothing where there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError:
        raise _unreadable(file, "it is no UTF-8") from None
    except OSError as error:
        raise _unreadable(file, error.strerror or "unknown error") from error


def _parse(file: Path, text: str) -> dict[Key, float]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(file, str(error)) from None
    for name in table:
        if name not in VARIABLES:
            raise SettingsError(
                "config_unknown_key",
                f"{file} sets {name!r}, which is no setting.",
                f"The settings are {' and '.join(VARIABLES)}. Mend the name there, or take it out.",
            )
    return {key: checked_share(table[key], f"{key} in {file}") for key in VARIABLES if key in table}


def _says(text: str, wanted: Mapping[Key, float]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _unreadable(file: Path, why: str) -> SettingsError:
    message = f"{file} cannot be read: {why}."
    return SettingsError("config_unreadable", message, "Mend it, or remove it: then the defaults hold.")


def _edited(text: str, key: Key, value: float | None) -> str:
    """The text with the line of `key` changed, added or left out; a text with nothing but such lines."""
    lines = text.splitlines()
    pattern = re.compile(rf"""(\s*["']?{key}["']?\s*=\s*)([^#\s]+)(.*)""")
    found = [(number, match) for number, line in enumerate(lines) if (match := pattern.fullmatch(line))]
    for number, match in found:
        lines[number : number + 1] = [] if value is None else [f"{match[1]}{value!r}{match[3]}"]
    if value is not None and not found:
        lines.append(f"{key} = {value!r}")
    return "".join(f"{line}\n" for line in lines)
