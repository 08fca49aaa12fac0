"""The commands, each under its name."""

import os
import sys

import typer

from engine.cli import check, describe, explain, run, schema, test
from engine.cli.options import failed

__all__ = ["app", "call"]

app = typer.Typer(
    help="Course enrollments from any learning management system, in one shape.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("providers")(describe.providers)
app.command("show")(describe.show)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("test")(test.test)
app.command("explain")(explain.explain)
app.command("schema")(schema.schema)


def call(arguments: list[str]) -> int:
    """Call a command and return its exit code; every error of the engine becomes a message."""
    try:
        app(run.with_default_cassette(arguments), prog_name="rollbook")
    except BrokenPipeError:
        # Whoever read our output has gone, as in `rollbook run … | head`: nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - an error of the engine is shown, any other raised again
        return failed(error)
    return 0
