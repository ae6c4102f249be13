"""How sure an answer must be, as was chosen. Apart from the other settings, which take longer to load."""

from collections.abc import Mapping
from pathlib import Path

from sonica import _engine
from sonica.platform.config import FILE, VARIABLES, Choice, Key, read_config
from sonica.platform.settings import SettingsError
from sonica.recognition import ThresholdError, Thresholds, shown_threshold


def chosen_thresholds(home: Path) -> Thresholds:
    """The thresholds by environment, file and engine. Raises SettingsError where they contradict."""
    return thresholds_of(read_config(home))


def check_thresholds(values: Mapping[Key, float]) -> None:
    """Raises SettingsError where a file that says this would contradict itself."""
    thresholds_of({key: Choice(value, "file", FILE) for key, value in values.items()})


def thresholds_of(chosen: Mapping[Key, Choice]) -> Thresholds:
    """The thresholds where so much was chosen. Raises SettingsError where that contradicts itself."""
    try:
        return Thresholds.moved(**{key: choice.value for key, choice in chosen.items()})
    except ThresholdError:
        raise _contradiction(chosen) from None


def _contradiction(chosen: Mapping[Key, Choice]) -> SettingsError:
    """How `unsure_at` came to lie above `match_at`: each is in its range by itself."""
    usual = {"match_at": _engine.MATCH_AT, "unsure_at": _engine.UNSURE_AT}
    said = []
    for key in VARIABLES:
        choice = chosen.get(key)
        value = shown_threshold(choice.value if choice else usual[key])
        said.append(f"{key} is {value} ({choice.where if choice else 'the default'})")
    return SettingsError(
        "config_thresholds",
        f"{said[0]} and {said[1]}: what is named must be surer than what is mentioned.",
        "Lower unsure_at, or raise match_at, so that unsure_at is at most match_at.",
    )
