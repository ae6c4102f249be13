"""Sonica names the song that is playing. `from sonica import Recognizer` is all that a program needs."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sonica.library import Recognizer

    __version__: str

__all__ = ["Recognizer", "__version__"]


def __getattr__(name: str) -> object:
    """What takes a while to load, when it is asked for: who wants a part of Sonica waits for no other."""
    if name == "Recognizer":
        return import_module("sonica.library").Recognizer
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  see above

        try:
            return version("sonica")
        except PackageNotFoundError:  # a source tree that was never installed
            return "0.0.0"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
