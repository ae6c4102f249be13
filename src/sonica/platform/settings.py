"""Where Sonica keeps its data. Read once, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sonica.platform.errors import SonicaError

HOME_VARIABLE = "SONICA_HOME"


class SettingsError(SonicaError):
    """Codes: `home_not_a_folder`, `home_not_writable`."""


@dataclass(frozen=True)
class Settings:
    """What a person may choose. `home` is absolute; nothing has been created yet."""

    home: Path

    def create_home(self) -> Path:
        """The data folder, made when it is not there yet.

        Raises SettingsError when that is impossible.
        """
        hint = f"Choose another folder: {HOME_VARIABLE}=/path/to/a/folder sonica ..."
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise SettingsError(
                "home_not_a_folder", f"The data folder {self.home} is not a folder.", hint
            ) from None
        except OSError as error:
            raise SettingsError(
                "home_not_writable",
                f"The data folder {self.home} could not be made ({error.strerror}).",
                hint,
            ) from error
        if not os.access(self.home, os.W_OK | os.X_OK):
            raise SettingsError(
                "home_not_writable", f"The data folder {self.home} may not be written to.", hint
            )
        return self.home


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process: `SONICA_HOME`, or the user's data folder of this system."""
    chosen = environ.get(HOME_VARIABLE, "")
    if chosen:
        return Settings(Path(chosen).expanduser().absolute())
    return Settings(platformdirs.user_data_path("sonica", appauthor=False))
