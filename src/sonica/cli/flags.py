"""Commands whose flags look like flags."""

from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption


def _flags_bare(parameters: list[Any]) -> list[Any]:
    """Typer would show a flag as if it took a value: `--json <bool>`."""
    for parameter in parameters:
        if isinstance(parameter, TyperOption) and parameter.is_flag:
            parameter.metavar = ""
    return parameters


class Command(TyperCommand):
    """A command."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its arguments and options, flags without a value."""
        return _flags_bare(super().get_params(ctx))


class Group(TyperGroup):
    """A command of commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options, flags without a value."""
        return _flags_bare(super().get_params(ctx))
