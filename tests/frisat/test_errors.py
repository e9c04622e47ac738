"""Each error ends a command with its exit code; each record error has its reason."""

from __future__ import annotations

import pytest

from frisat import errors
from frisat.runner import WorkerDiedError


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.FrisatError, 1),
        (errors.UsageError, 2),
        (errors.DescriptorError, 2),
        (errors.RefusedError, 3),
        (errors.WorkspaceError, 1),
        (errors.WorkspaceBusyError, 1),
        (errors.DeliveryError, 1),
        (WorkerDiedError, 1),
    ],
)
def test_exit_codes(kind: type[errors.FrisatError], code: int) -> None:
    assert kind.exit_code == code
    assert issubclass(kind, errors.FrisatError)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(errors.BrokenRecordError, "broken"), (errors.EmptyRecordError, "empty"), (errors.NotTextError, "not_text")],
)
def test_reasons(kind: type[errors.RecordError], reason: str) -> None:
    assert kind.reason == reason
    assert issubclass(kind, errors.RecordError)
