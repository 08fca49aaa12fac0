"""The command `rollbook`. It holds no logic: it reads options, calls the engine, and shows what came out.

Records go to standard output, everything else to standard error. Exit 0: complete; 3: complete, but something was set
aside or skipped (it is listed); 1: failed; 2: wrong usage or a wrong mapping; 130: interrupted.
"""

import os
import sys

import typer

from engine.cli import check, describe, explain, run, schema, test
from engine.cli.options import INTERRUPTED, failed

__all__ = ["app", "main"]

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


def main() -> None:
    """Run the command line; every error of the engine becomes a message and an exit code."""
    arguments = run.with_default_cassette(sys.argv[1:])
    try:
        app(arguments, prog_name="rollbook")
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone, as in `rollbook run … | head`: nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - an error of the engine is shown, any other raised again
        sys.exit(failed(error))
