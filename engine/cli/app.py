"""The commands, each under its name."""

import sys
from importlib import metadata
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from engine.cli import check, connect, describe, explain, new, record, run, schema, serve, test, try_
from engine.cli.accounts import accounts
from engine.cli.database import database
from engine.cli.keys import keys
from engine.cli.options import failed
from engine.errors import UsageError

__all__ = ["app", "call"]

app = typer.Typer(
    help="Course enrollments from any learning management system, in one shape.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rollbook {metadata.version('rollbook')}")
        raise typer.Exit


@app.callback()
def _rollbook(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Show the version; what else there is are commands."""


app.command("providers")(describe.providers)
app.command("show")(describe.show)
app.command("run")(run.run)
app.command("new")(new.new)
app.command("check")(check.check)
app.command("try")(try_.try_)
app.command("record")(record.record)
app.command("test")(test.test)
app.command("explain")(explain.explain)
app.command("serve")(serve.serve)
app.command("schema")(schema.schema)
app.command("connect")(connect.connect)
app.add_typer(accounts, name="accounts")
app.add_typer(keys, name="keys")
app.add_typer(database, name="database")


def call(arguments: list[str]) -> int:
    """Call a command and return its exit code; every error of the engine becomes a message."""
    # Not through `app(…)`, which has exit codes of its own for a reader that has gone and for Ctrl-C.
    command = typer.main.get_command(app)
    try:
        with command.make_context("rollbook", run.with_default_cassette(arguments)) as context:
            command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as ended:
        return ended.exit_code
    except typer.Abort as asked:
        if isinstance(asked.__context__, KeyboardInterrupt):  # while it waited for an answer
            raise asked.__context__ from None
        return failed(UsageError("there is nobody to answer; give the value, or @env:NAME or @file:PATH"))
    except TyperException as wrong:
        shown: Any = wrong  # what it raises can show itself, but is of a class that is not public
        shown.show()
        return wrong.exit_code
    except BrokenPipeError:
        return 0  # whoever read our output has gone, as in `rollbook show … | head`: nothing is wrong
    except Exception as error:  # noqa: BLE001 - an error of the engine is shown, any other raised again
        return failed(error)
    return 0
