"""Packages that load their parts when these are asked for."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

LAZY = ["sonica.audio", "sonica.recognition"]


@pytest.mark.parametrize("name", LAZY)
def test_every_public_name_is_there_and_no_module(name: str) -> None:
    package = import_module(name)
    for module in iter_modules(package.__path__):  # then these are attributes, too
        import_module(f"{name}.{module.name}")
    modules = {module.name for module in iter_modules(package.__path__)}
    assert not modules & set(package.__all__)
    for public in package.__all__:
        assert getattr(package, public) is not None


@pytest.mark.parametrize("name", LAZY)
def test_other_names_are_not(name: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        import_module(name).nothing  # noqa: B018  asking is all
