"""What each type of problem means, and what to do about it: the text of its page (`pages/problems.toml`)."""

import tomllib
from importlib.resources import files
from typing import NamedTuple


class Advice(NamedTuple):
    """Whole sentences for whoever writes a client. `meaning`: what happened; `todo`: what to do next."""

    meaning: str
    todo: tuple[str, ...]


UNKNOWN = Advice("The request failed.", ("Read `detail` in the answer.",))
"""Of a type that nobody wrote about."""

ADVICE = {
    name: Advice(said["meaning"], tuple(said["todo"]))
    for name, said in tomllib.loads(
        files("sonica.gateway").joinpath("pages", "problems.toml").read_text(encoding="utf-8")
    ).items()
}
"""By the name of the type."""
