"""The one clock. ``SOURCE_DATE_EPOCH`` (seconds since 1970) stops it, so that a run can be repeated exactly."""

import os
from datetime import UTC, date, datetime

from frisat.errors import UsageError


def now() -> datetime:
    """Return the time in UTC, in whole milliseconds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}: give whole seconds since 1970") from error


def today() -> date:
    """Return the date in UTC."""
    return now().date()
