"""What commands take from settings files if no flag and no variable says it."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from voxlogica_core.cli.options import folder_of
from voxlogica_core.configuration import settings


class _FromFiles(click.Command):
    """A command whose options may stand in settings files: those beside the program it is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what neither flags nor variables say from the settings files."""
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        folder = _folder(given.get("file") or given.get("files"))
        if not set(self.get_help_option_names(ctx)).intersection(args):
            ctx.default_map = {**settings(folder.absolute()), **(ctx.default_map or {})}
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as problem:
            raise _with_variable(problem, ctx, given) from None


class Configured(_FromFiles):
    """A command; see `_FromFiles`."""


class ConfiguredGroup(_FromFiles, click.Group):
    """A group of commands that take settings from files, and so does the group."""

    command_class = Configured

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, each with its whole first paragraph."""
        helped = [(name, self.commands[name].help or "") for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, " ".join(text.split("\n\n")[0].split())) for name, text in helped]
            )


def _folder(given: object) -> Path:
    """Return where the first program stands that a command is given."""
    match given:
        case str(program) | (str(program), *_):
            return folder_of(program)
        case _:
            return Path.cwd()


def _with_variable(
    problem: click.BadParameter, ctx: click.Context, given: Mapping[str, object]
) -> click.BadParameter:
    """Return what is wrong with a value, naming the variable it came from if no flag gave it."""
    option = problem.param
    variable = option.envvar if option is not None and option.name not in given else None
    if not isinstance(variable, str) or not os.environ.get(variable):
        return problem
    message = f"{problem.message} (it came from the variable {variable})"
    return click.BadParameter(message, ctx, option)
