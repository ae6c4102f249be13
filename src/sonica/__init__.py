"""Sonica names the song that is playing. `from sonica import Recognizer` is all that a program needs."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sonica.library import Recognizer

try:
    __version__ = version("sonica")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"
__all__ = ["Recognizer", "__version__"]


def __getattr__(name: str) -> object:
    """Loads `Recognizer` when it is asked for: who wants only a part of Sonica waits for no other."""
    if name == "Recognizer":
        from sonica.library import Recognizer  # noqa: PLC0415  see above

        return Recognizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
