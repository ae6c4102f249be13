"""Sonica names the song that is playing."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("sonica")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"
