"""Publishing a release to the Hugging Face Hub: objects first, then one commit, then the tag.

Until the commit nothing of it can be seen; a break before it costs nothing but what was under way, since objects that
have arrived are not sent again. The commit names its parent, so that it cannot bury what somebody else committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from frisat.errors import UsageError
from frisat.report import Reporter
from frisat.workspace import version_key
from publishing._hub_client import Hub, HubError, Patience, open_hub, require_token
from publishing._hub_state import SIGNATURE, Commit, State, files_at, last_commit, look, plan
from publishing.publication import (
    File,
    ForeignCommitError,
    Operations,
    Published,
    PublishError,
    PublishOptions,
    Step,
    files_of,
)
from publishing.readback import read_back_hub
from publishing.record import read
from publishing.release import SUMS, Release
from publishing.withdrawn import MARK, mark_old_cards

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

_ADDRESS = re.compile(r"hf://datasets/([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)/?")
_TOGETHER = 8  # objects handed over at a time: what a break loses at most, and how fine the progress is
_THREADS = 4


def repository(to: str) -> str:
    """Return ``ORG/NAME`` of ``hf://datasets/ORG/NAME``.

    Raises:
        UsageError: it is something else.
    """
    if (found := _ADDRESS.fullmatch(to)) is None:
        raise UsageError(f"{to!r} is no dataset repository; write hf://datasets/ORG/NAME, the tag comes of the version")
    return found[1]


def publish_to_hub(
    release: Release,
    to: str,
    options: PublishOptions,
    report: Reporter,
    step: Step[Published],
    patience: Patience | None = None,
) -> Published:
    """Publish a verified release to the dataset repository ``to`` names; do nothing if it stands there.

    Raises:
        ForeignCommitError: the repository has a commit that frisat did not make.
        PublishError: the version, or a later one, stands there already with other content; or the Hub failed.
        UsageError: no repository is named, or there is no token.
    """
    with open_hub(repository(to), report, patience or Patience()) as hub:
        if not options.dry_run:
            require_token()
        publication = _Publication(hub, release, options)
        done = step("upload and commit", publication.put)
        return done if options.dry_run else step("read back", lambda: publication.check(done))


class _Publication:
    """One release on its way to one repository."""

    def __init__(self, hub: Hub, release: Release, options: PublishOptions) -> None:
        self.hub = hub
        self.release = release
        self.version = release.version
        self.options = options
        self.files = files_of(release.path)
        sums = next(file.sha256 for file in self.files if file.path == SUMS)
        self.signature = f"{SIGNATURE}{self.version} {sums}"
        """The last line of the commit: by it a later run knows its own commit again."""

    def put(self) -> Published:
        """Bring repository, files and tag to where they should be, or say what that would take."""
        state = look(self.hub)
        if state is not None and self.version in state.tags:
            return self._standing(state.tags[self.version])
        if state is not None:
            self._check_order(state)
            self._check_head(state)
        operations = plan(self.files, state.tree if state else {})
        notes = self._notes(state)
        if self.options.dry_run:
            return self._done("planned", operations, None, notes)
        if state is None or state.empty:
            state = self._create(state)
        stands = not operations.add and not operations.delete and state.head is not None
        commit = state.head.id if stands and state.head else self._commit(operations, state)
        self._tag(commit)
        return self._done("tagged" if stands else "published", operations, commit, notes)

    def check(self, done: Published) -> Published:
        """Read the published version back, and mark the cards of earlier ones that hold what was withdrawn."""
        found = read_back_hub(self.hub, self.release, self.files)
        _, history = read(self.release.path)
        marked = mark_old_cards(self.hub, self.release, history)
        return replace(done, marked=tuple(marked), read_back=found)

    def _done(self, state: str, operations: Operations, commit: str | None, notes: Sequence[str] = ()) -> Published:
        to = f"hf://datasets/{self.hub.repo}"
        return Published(self.version, to, state, operations, commit, tuple(notes))  # type: ignore[arg-type]

    def _standing(self, commit: str) -> Published:
        """Answer for a version that has its tag: a version never changes."""
        operations = plan(self.files, files_at(self.hub, commit))
        differing = {file.path for file in operations.add} | set(operations.delete)
        marked = differing == {"README.md"} and MARK in last_commit(self.hub, self.version).message
        if differing and not marked:
            raise PublishError(
                f"{self.version} stands on {self.hub.page} with other content ({len(differing)} files, such as "
                f"{min(differing)}). A version never changes: make a new one, or name another repository"
            )
        return self._done("unchanged", Operations((), (), tuple(self.files)), commit)

    def _check_order(self, state: State) -> None:
        """Refuse to go back behind what is published, or to follow what this release knows nothing of."""
        if (latest := state.latest()) is None:
            return
        if version_key(latest) > version_key(self.version):
            raise PublishError(
                f"{latest} is published on {self.hub.page} already, and {self.version} is older. To go back, release "
                "the older content under a new number"
            )
        if latest not in {entry["version"] for entry in read(self.release.path)[1]}:
            raise PublishError(
                f"{self.hub.page} holds {latest}, which is no ancestor of {self.version}: it was made in another "
                "workspace. Publish to another repository, or release from the workspace that made it"
            )

    def _check_head(self, state: State) -> None:
        head = state.head
        if head is None or state.empty or head.id in state.tags.values() or head.by_frisat:
            return
        operations = plan(self.files, state.tree)
        accepted = self.options.accept_commit
        if not (operations.add or operations.delete) or (accepted and head.id.startswith(accepted)):
            return
        raise self._foreign(head)

    def _foreign(self, head: Commit) -> ForeignCommitError:
        return ForeignCommitError(
            f"{self.hub.page} has a commit that frisat did not make: {head}. Nothing was written over. Look at it "
            f"({self.hub.page}/commit/{head.id}); what should stay belongs into the sources or the templates of the "
            f"release. Then publish over it with --accept-commit {head.id[:10]}"
        )

    def _notes(self, state: State | None) -> list[str]:
        wanted = "public" if self.options.public else "private"
        if state is None or state.empty:
            gate = f", gated ({self.options.gated})" if self.options.gated else ""
            return [f"the repository is {'new' if state is None else 'empty'}: {wanted}{gate}"]
        stands = "private" if state.private else "public"
        notes = [f"the repository is {stands} and stays so; who may read it is set on its page"]
        return notes if stands != wanted or (self.options.gated or False) != (state.gated or False) else []

    def _create(self, state: State | None) -> State:
        """Create the repository, or set up one that a break left empty, before anything is in it."""
        api, where, options = self.hub.api, self.hub.where(), self.options
        if state is None:
            made = lambda: api.create_repo(**where, private=not options.public, exist_ok=True)  # noqa: E731
            self.hub.ask(f"creating {self.hub.repo}", made)
        elif state.private == options.public:
            self.hub.ask("setting who may read", lambda: api.update_repo_settings(**where, private=not options.public))
        if options.gated:
            self.hub.ask("gating the repository", lambda: api.update_repo_settings(**where, gated=options.gated))
        found = look(self.hub)
        if found is None:
            raise PublishError(f"{self.hub.repo} was created, and cannot be seen with this token; check its rights")
        self._check_head(found)
        return found

    def _commit(self, operations: Operations, state: State) -> str:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        adds = [CommitOperationAdd(file.path, file.place) for file in operations.add]
        pairs = list(zip(operations.add, adds, strict=True))
        for _ in self.hub.report.track(self._uploaded(pairs), label="Uploading", total=len(pairs)):
            pass
        deletes = [CommitOperationDelete(path, is_folder=False) for path in operations.delete]
        changes: list[CommitOperationAdd | CommitOperationDelete] = [*adds, *deletes]
        parent = state.head.id if state.head else None
        counts = f"{len(adds)} files written, {len(deletes)} deleted, {len(operations.unchanged)} unchanged."
        for pause in [*self.hub.patience.pauses(), None]:
            try:
                made = self.hub.once(
                    "the commit",
                    lambda: self.hub.api.create_commit(
                        **self.hub.where(), operations=changes, parent_commit=parent, num_threads=_THREADS,
                        commit_message=f"frisat {self.version}", commit_description=f"{counts}\n\n{self.signature}",
                    ),
                )  # fmt: skip
            except HubError as error:
                # The commit may have been made although its answer was lost, or somebody else was quicker.
                head = last_commit(self.hub, "main")
                if head.id != parent:
                    if self.signature in head.message.splitlines():
                        return head.id
                    raise self._foreign(head) from None
                if pause is None:
                    raise
                self.hub.wait(error, pause)
            else:
                return made.oid
        raise AssertionError("the last try returns or raises")

    def _uploaded(self, pairs: Sequence[tuple[File, CommitOperationAdd]]) -> Iterator[File]:
        """Send the objects, some at a time and those in parallel; yield each file that has arrived."""
        for _, group in groupby(enumerate(pairs), lambda item: item[0] // _TOGETHER):
            batch = [pair for _, pair in group]
            additions = [addition for _, addition in batch]
            self.hub.ask(
                f"uploading {batch[0][0].path}" + (f" and {len(batch) - 1} more files" if len(batch) > 1 else ""),
                lambda additions=additions: self.hub.api.preupload_lfs_files(  # type: ignore[misc]
                    self.hub.repo, additions, repo_type="dataset", num_threads=_THREADS, free_memory=False
                ),
            )
            for file, addition in batch:
                if addition.upload_info.sha256.hex() != file.sha256:
                    raise PublishError(f"{file.place} was changed while it was being published; nothing was committed")
                yield file

    def _tag(self, commit: str) -> None:
        try:
            self.hub.ask(
                f"tagging {self.version}",
                lambda: self.hub.api.create_tag(**self.hub.where(), tag=self.version, revision=commit),
            )
        except HubError as error:
            if error.status != 409:
                raise
            stands = (look(self.hub) or State()).tags.get(self.version)
            if stands != commit:
                raise PublishError(
                    f"{self.hub.page} has a tag {self.version} already, on {stands or 'something else'} and not on the "
                    f"commit {commit} just made. Find out who set it, delete it on the Hub, and repeat"
                ) from None
