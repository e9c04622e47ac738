"""Talking to the Hugging Face Hub: waiting and trying again, errors that say what to do, and no secret in any of them.

``huggingface_hub`` tries again by itself where it uploads objects, and nowhere else; it waits for an answer for ever.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal, TypedDict, TypeVar

from frisat.errors import UsageError
from frisat.report import Reporter
from publishing.publication import PublishError

T = TypeVar("T")

_PASSING = {408, 425, 429, 500, 502, 503, 504}
_SECRET = re.compile(r"hf_\w{6,}|(?<=Bearer )\S+|(?<=\?)[^\s'\"<>]+")
"""Tokens, and what stands behind the question mark of an address: object stores sign there."""


class HubError(PublishError):
    """The Hub said no, or nothing at all.

    Attributes:
        status: the HTTP status, None where no answer came.
        passing: whether it may go better later.
        wait: the seconds the Hub asks to wait, where it does.
    """

    def __init__(self, message: str, status: int | None, *, passing: bool, wait: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.passing = passing
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait: ``tries`` in all, pauses that double from ``first`` to ``most`` seconds.

    ``longest`` is the longest pause the Hub may ask for; ``answer`` how long an answer may take.
    """

    tries: int = 6
    first: float = 1.0
    most: float = 30.0
    longest: float = 600.0
    answer: float = 300.0
    sleep: Callable[[float], None] = time.sleep

    def pauses(self) -> Iterator[float]:
        """Yield the pause before each further try."""
        for number in range(self.tries - 1):
            yield min(self.first * 2**number, self.most)


class Where(TypedDict):
    """The arguments by which the library's calls name a repository."""

    repo_id: str
    repo_type: Literal["dataset"]


class Hub:
    """One dataset repository on the Hub. Made by :func:`open_hub`."""

    def __init__(self, repo: str, report: Reporter, patience: Patience) -> None:
        from huggingface_hub import HfApi

        self.repo = repo
        self.report = report
        self.patience = patience
        self.api = HfApi(library_name="frisat", library_version=version("frisat"))

    @property
    def page(self) -> str:
        """The address of the repository, for people."""
        return f"{self.api.endpoint}/datasets/{self.repo}"

    def where(self) -> Where:
        """Return what every call needs."""
        return {"repo_id": self.repo, "repo_type": "dataset"}

    def once(self, what: str, call: Callable[[], T]) -> T:
        """Make one call.

        Raises:
            HubError: it failed; ``what`` says in the message what was being done.
        """
        from httpx2 import TransportError
        from huggingface_hub import get_session
        from huggingface_hub.errors import HfHubHTTPError

        get_session().timeout = self.patience.answer
        try:
            return call()
        except (HfHubHTTPError, TransportError, RuntimeError, ValueError) as error:
            chain = list(_chain(error))
            cause = next((e for e in chain if isinstance(e, (HfHubHTTPError, TransportError))), chain[-1])
            # Without its cause: that names signed addresses, and a flow's log keeps the whole chain.
            raise _told(what, cause) from None

    def ask(self, what: str, call: Callable[[], T]) -> T:
        """Make a call that may be made twice; wait and try again while the Hub is busy or broken.

        Raises:
            HubError: it failed for good, or for too long.
        """
        for pause in self.patience.pauses():
            try:
                return self.once(what, call)
            except HubError as error:
                self.wait(error, pause)
        return self.once(what, call)

    def wait(self, error: HubError, pause: float) -> None:
        """Wait after ``error``; raise it when waiting does not help."""
        wanted = max(error.wait or 0, pause)
        if not error.passing or wanted > self.patience.longest:
            raise error
        self.report.note(f"{error}; trying again in {wanted:.0f} s")
        self.patience.sleep(wanted)


@contextmanager
def open_hub(repo: str, report: Reporter, patience: Patience) -> Iterator[Hub]:
    """Give a :class:`Hub`; while it is open, what the library says goes to ``report``, without secrets.

    Raises:
        UsageError: the Hub's library says that it must not be asked (``HF_HUB_OFFLINE``).
    """
    from huggingface_hub import close_session, constants
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    if constants.is_offline_mode():
        raise UsageError("HF_HUB_OFFLINE is set: clear it to publish to the Hub")
    shown = not are_progress_bars_disabled()
    disable_progress_bars()
    try:
        with _log_to(report):
            yield Hub(repo, report, patience)
    finally:
        close_session()  # the next user of the library has its own time limit
        if shown:
            enable_progress_bars()


def require_token() -> None:
    """Check that there is a token to write with.

    Raises:
        UsageError: there is none.
    """
    from huggingface_hub import get_token

    if not get_token():
        raise UsageError("the Hub asks who you are: set HF_TOKEN to a token that may write, or run 'hf auth login'")


def clean(text: str) -> str:
    """Return ``text`` without tokens, and without what is signed in addresses."""
    from huggingface_hub import get_token

    token = get_token()
    return _SECRET.sub("…", text.replace(token, "…") if token else text)


class _Forward(logging.Handler):
    """Passes what a library logs on to a reporter."""

    def __init__(self, report: Reporter) -> None:
        super().__init__(logging.WARNING)
        self.report = report

    def emit(self, record: logging.LogRecord) -> None:
        self.report.note(clean(record.getMessage()))


@contextmanager
def _log_to(report: Reporter) -> Iterator[None]:
    """Send the logs of the Hub's libraries to ``report`` instead of the terminal and the logs of others.

    ``httpx2`` would log every address with its signature.
    """
    loggers = [logging.getLogger(name) for name in ("huggingface_hub", "datasets", "httpx2", "httpcore2")]
    before = [(logger.handlers[:], logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [_Forward(report)], False
    try:
        yield
    finally:
        for logger, (handlers, propagate) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came of."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _told(what: str, error: BaseException) -> HubError:
    """Return a failure in our words: what was being done, what came back, what to do."""
    response = getattr(error, "response", None)
    if response is None:
        passing = not isinstance(error, (RuntimeError, ValueError))
        why = f"{type(error).__name__}: {clean(str(error))}"
        return HubError(f"{what} failed: {why}", None, passing=passing)
    status = int(response.status_code)
    said = clean(str(getattr(error, "server_message", None) or response.reason_phrase or "no reason given"))
    message = f"{what} failed: the Hub answered {status} ({said.strip()[:500]})"
    return HubError(
        message + _ADVICE.get(status, ""), status, passing=status in _PASSING, wait=_asked(response.headers)
    )


_ADVICE: Mapping[int, str] = {
    401: "; the token is missing, wrong or expired: set HF_TOKEN, or run 'hf auth login'",
    403: "; the token may not do this: it needs the right to write to this repository or organisation",
    413: "; the commit is too large for the Hub",
}


def _asked(headers: Mapping[str, Any]) -> float | None:
    """Return how many seconds the Hub asks to wait."""
    if (after := str(headers.get("retry-after", ""))).isdigit():
        return float(after)
    limit = re.search(r";\s*r=0\s*;\s*t=(\d+)", str(headers.get("ratelimit", "")))
    return float(limit[1]) if limit else None
