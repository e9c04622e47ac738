"""Publishing a release: checked first, then put where it is to stand, then read back from there."""

from __future__ import annotations

from pathlib import Path

from frisat.report import Reporter
from publishing.hub import publish_to_hub
from publishing.publication import Published, PublishError, PublishOptions, Step, straight
from publishing.release import load_release
from publishing.store import publish_to_store
from publishing.verify import verify

_SHOWN = 5


def publish(
    folder: Path, to: str, report: Reporter, options: PublishOptions | None = None, step: Step[Published] = straight
) -> Published:
    """Publish the release in ``folder``; a second time does nothing.

    Args:
        folder: a finished release, as ``frisat release`` made it.
        to: ``hf://datasets/ORG/NAME``; else a folder, or an address that ``fsspec`` reaches.
        report: is told of progress.
        options: how; see :class:`publishing.publication.PublishOptions`.
        step: runs each step of the work.

    Raises:
        PublishError: the release does not hold together, something else stands where it is to be, or the work failed.
        UsageError: ``to`` cannot be used, or nobody is logged in.
    """
    faults = verify(folder, report)
    if faults:
        shown = "; ".join(faults[:_SHOWN]) + (f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else "")
        raise PublishError(
            f"{folder} is not as it was made, and is not published: {shown}. Change the source, the decision or the "
            "template instead, and make a new release"
        )
    release = load_release(folder)
    if to.startswith("hf://"):
        return publish_to_hub(release, to, options or PublishOptions(), report, step)
    return publish_to_store(release, to, options or PublishOptions(), report, step)
