"""Every error frisat raises on purpose, and the exit code each one ends a command with.

    FrisatError                    1  the work failed
    ├── UsageError                 2  wrong use: an unknown source, option, column, or a bad descriptor
    │   └── DescriptorError        2  a source.toml that cannot be used
    ├── RefusedError               3  a rule of rights or privacy says no
    ├── WorkspaceError             1  the workspace cannot be used
    │   └── WorkspaceBusyError     1  another command holds the workspace
    ├── DeliveryError              1  a delivery on disk cannot be opened at all
    ├── HarvestError (sources)     1  a publisher could not be harvested as it should; what came is kept
    ├── FetchError (sources)       1  one address could not be fetched
    ├── PublishError (publishing)  1  a release could not be published; what stands published stays as it was
    └── RecordError                –  one record gave no document; counted, never fatal
        ├── BrokenRecordError      –  reason ``broken``
        ├── EmptyRecordError       –  reason ``empty``
        └── NotTextError           –  reason ``not_text``

A message says what happened, where (file, source, id, line) and what to do next.
"""

from typing import ClassVar


class FrisatError(Exception):
    """The root of all errors that frisat raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(FrisatError):
    """The command, option, source or column asked for does not exist or does not fit."""

    exit_code = 2


class DescriptorError(UsageError):
    """A ``source.toml`` with a missing, misspelt or impossible key."""


class RefusedError(FrisatError):
    """A rule of rights or privacy refuses the whole operation."""

    exit_code = 3


class WorkspaceError(FrisatError):
    """The workspace cannot be read or written."""


class WorkspaceBusyError(WorkspaceError):
    """Another command holds the lock of the workspace."""


class DeliveryError(FrisatError):
    """A delivery on disk cannot be opened as what it says it is."""


class RecordError(FrisatError):
    """One record that gives no document. Extraction counts it and goes on."""

    reason: ClassVar[str] = "broken"


class BrokenRecordError(RecordError):
    """A record that is not what it should be: malformed, cut short, hostile or too large."""


class EmptyRecordError(RecordError):
    """A record that is well formed and holds no text."""

    reason = "empty"


class NotTextError(RecordError):
    """A record that is something else than text in the publisher's format."""

    reason = "not_text"
