"""Where Sonica keeps its data. Read once, from the environment."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sonica.platform.errors import SonicaError

HOME_VARIABLE = "SONICA_HOME"
LONGEST_VARIABLE = "SONICA_LONGEST_MINUTES"
URL_VARIABLE = "DATABASE_URL"
MOST_MINUTES = 240
"""What the engine hears."""
OTHER_HOME = f"Choose another folder: {HOME_VARIABLE}=/path/to/a/folder sonica ..."


class SettingsError(SonicaError):
    """Codes: `home_not_a_folder`, `home_not_writable`, `longest_bad_value`; of what was chosen,
    `config_unreadable`, `config_unknown_key`, `config_bad_value`, `config_thresholds` (match_at below
    unsure_at); of the service, `option_bad_value`.
    """


def without_user(url: str) -> str:
    """What was said for a URL, without the user and the password that may stand before its host."""
    return re.sub(r"^([A-Za-z][\w+.-]*://)?.*@", r"\1***@", url, flags=re.DOTALL)


@dataclass(frozen=True)
class Settings:
    """What a person may choose. `home` is absolute; nothing has been created yet.

    `longest_s`: seconds that a recording of the catalogue may have; None where nobody said.
    """

    home: Path
    longest_s: float | None = None

    def create_home(self) -> Path:
        """The data folder, made when it is not there yet.

        Raises SettingsError when that is impossible.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise self._not_a_folder() from None
        except OSError as error:
            raise SettingsError(
                "home_not_writable",
                f"The data folder {self.home} could not be made ({error.strerror}).",
                OTHER_HOME,
            ) from error
        if not os.access(self.home, os.W_OK | os.X_OK):
            raise SettingsError(
                "home_not_writable", f"The data folder {self.home} may not be written to.", OTHER_HOME
            )
        return self.home

    def find_home(self) -> Path:
        """The data folder to read from, whether or not it is there yet; nothing is created.

        Raises SettingsError when it can never be there.
        """
        try:
            is_possible = stat.S_ISDIR(self.home.stat().st_mode)
        except NotADirectoryError:  # a file is where a folder above should be
            is_possible = False
        except OSError:  # not there yet; or whoever reads its files will say what is wrong
            is_possible = True
        if not is_possible:
            raise self._not_a_folder()
        return self.home

    def _not_a_folder(self) -> SettingsError:
        message = f"The data folder {self.home} is not a folder."
        return SettingsError("home_not_a_folder", message, OTHER_HOME)


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process: `SONICA_HOME`, or the user's data folder of this system, and
    `SONICA_LONGEST_MINUTES`. Raises SettingsError (`longest_bad_value`).
    """
    longest = _longest(environ.get(LONGEST_VARIABLE, ""))
    chosen = environ.get(HOME_VARIABLE, "")
    if chosen:
        return Settings(Path(chosen).expanduser().absolute(), longest)
    return Settings(platformdirs.user_data_path("sonica", appauthor=False), longest)


def _longest(said: str) -> float | None:
    """Minutes, as seconds."""
    if not said:
        return None
    try:
        minutes = float(said)
    except ValueError:
        minutes = 0.0
    if not 1 <= minutes <= MOST_MINUTES:
        message = f"{LONGEST_VARIABLE} is {said!r}, which is not allowed."
        raise SettingsError(
            "longest_bad_value", message, f"It is a number of minutes from 1 to {MOST_MINUTES}."
        )
    return 60 * minutes
