"""What is set, to what, and by whom: where configuration and recognition meet."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from sonica import _engine
from sonica.cli.thresholds import thresholds_of
from sonica.platform.config import FILE, Choice, Key, read_config
from sonica.platform.settings import HOME_VARIABLE, load_settings
from sonica.recognition import Measured, OperatingPoints, load_operating_points, shown_threshold


class Setting(BaseModel):
    """One setting, as `--json` tells it. `where`: the variable or the file that it comes from."""

    name: str
    value: float | str
    source: Literal["environment", "file", "default"]
    where: str | None
    default: float | str
    measured: Measured | None = None
    """Of a threshold: what was measured there, or at the next lower threshold that was measured."""

    @property
    def shown_value(self) -> str:
        """The value for a person or a shell; a confidence without digits that say nothing."""
        return self.value if isinstance(self.value, str) else shown_threshold(self.value)

    @property
    def shown_source(self) -> str:
        """Where it comes from, in a word."""
        if self.source == "default":
            return "default" if self.value == self.default or self.name == "home" else "not above match_at"
        return FILE if self.source == "file" else str(self.where)


def list_settings(home: Path) -> Iterator[Setting]:
    """All settings. Raises SettingsError."""
    chosen = read_config(home)
    thresholds, points = thresholds_of(chosen), load_operating_points()
    yield _threshold("match_at", thresholds.match_at, chosen, points)
    yield _threshold("unsure_at", thresholds.unsure_at, chosen, points)
    usual = load_settings({}).home
    is_usual = load_settings().home == usual
    yield Setting(
        name="home",
        value=str(home),
        source="default" if is_usual else "environment",
        where=None if is_usual else HOME_VARIABLE,
        default=str(usual),
    )


def _threshold(key: Key, value: float, chosen: Mapping[Key, Choice], points: OperatingPoints) -> Setting:
    choice = chosen.get(key)
    return Setting(
        name=key,
        value=_plain(value),
        source=choice.source if choice else "default",
        where=choice.where if choice else None,
        default=_plain(_engine.MATCH_AT if key == "match_at" else _engine.UNSURE_AT),
        measured=points.at(value),
    )


def _plain(value: float) -> float:
    return float(shown_threshold(value))
