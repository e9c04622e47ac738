"""The command line. Only ``click`` is imported to show help; each command imports what it needs."""

from __future__ import annotations

import sys

import click

from flows.cli import deciding, evidence, export, look, publish, review, rights, run, tend, withdrawing
from flows.cli.common import fail, say_as_json

_COMMANDS = (
    run.demo, run.run, run.harvest, run.build, run.release, publish.publish, export.export, run.ui,
    withdrawing.withdraw, rights.rights,
    look.sources, look.show, look.sample, look.diff, look.verify, look.doctor,
    review.review, tend.prune, tend.new,
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="frisat")
def cli() -> None:
    """Collect public Danish text, clean it, settle its rights, and publish it as versioned datasets.

    \b
    Begin with:   frisat demo
    Exit codes:   0 done, 1 the work failed, 2 wrong use, 3 refused by a rule of rights or privacy
    """


for _command in _COMMANDS:
    cli.add_command(_command)
for _command in (
    deciding.decide,
    evidence.detect,
    evidence.compare,
    evidence.recheck,
    rights.check,
    rights.bundle,
    rights.key,
    rights.log,
    rights.event,
    rights.read,
    withdrawing.request,
):
    review.review.add_command(_command)


def main() -> None:
    """Run the command line; what the console script calls."""
    try:
        # click hands back the code of a command that ended itself; every other command gives nothing.
        sys.exit(cli.main(prog_name="frisat", standalone_mode=False) or 0)
    except (click.Abort, KeyboardInterrupt):  # click turns Ctrl-C into its own
        message = "stopped; what was done is kept, and the same command goes on from there"
        click.echo(message, err=True)
        say_as_json("KeyboardInterrupt", message, 130)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        say_as_json("UsageError", error.format_message(), 2)
        sys.exit(2)
    except Exception as error:
        sys.exit(fail(error))
