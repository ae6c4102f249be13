"""Packages that load a part of theirs when it is asked for: who wants one waits for no other."""

from collections.abc import Callable
from importlib import import_module


def parts(package: str, **modules: str) -> Callable[[str], object]:
    """The `__getattr__` (PEP 562) of a package whose public names stand, by words, in these modules of it.

    No name may be that of a module: once that is loaded, Python would give it instead.
    """
    where = {name: module for module, names in modules.items() for name in names.split()}

    def load(name: str) -> object:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{where[name]}"), name)

    return load
