"""How the stand-in Hub answers, once it behaves: one method for each of its routes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.standins._hub_state import ATTRIBUTES, Blob, Commit, Repository
from tests.standins._wire import Answer

_JSON = "application/json; charset=utf-8"
_WRITING = {"create", "settings", "preupload", "batch", "verify", "commit", "tag", "untag", "branch", "unbranch"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what it was for, by the names of the routes above, and what it carried."""

    what: str
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    rev: str = "main"
    inner: str = ""
    oid: str = ""

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class HubAnswers:
    """The repositories, and what is said of them. ``token`` is the one that is known."""

    token = "hf_" + "standin" * 4

    def __init__(self) -> None:
        self.url = ""
        self.repos: dict[str, Repository] = {}
        self._spoil: deque[Callable[[bytes], bytes]] = deque()

    def create(self, name: str, *, private: bool = False) -> Repository:
        """Create a repository as its owner would on the page."""
        repo = self.repos[name] = Repository(name, private)
        repo.commit("main", {".gitattributes": Blob(ATTRIBUTES)}, "initial commit", author="system")
        return repo

    def _answer(self, asked: Asked, name: str | None) -> Answer:
        known = asked.headers.get("authorization") == f"Bearer {self.token}"
        if asked.what == "unknown":
            return _error(404, "EntryNotFound", f"no such page: {asked.path}")
        if asked.what in _WRITING and not known:
            return _error(401, None, "Invalid credentials in Authorization header")
        if asked.what == "create":
            return self._create(asked)
        if asked.what == "validate":
            return _json({"errors": [], "warnings": []})
        repo = self.repos.get(name or "")
        if repo is None or (repo.private and not known and asked.what != "put"):
            return _error(404, "RepoNotFound", "Repository not found")
        answer: Answer = getattr(self, f"_{asked.what}")(repo, asked)
        return answer

    def _create(self, asked: Asked) -> Answer:
        body = asked.json()
        name = f"{body['organization']}/{body['name']}"
        if name in self.repos:
            return _error(409, None, "You already created this dataset repo", url=f"{self.url}/datasets/{name}")
        self.create(name, private=body.get("visibility") == "private")
        return _json({"url": f"{self.url}/datasets/{name}", "name": name})

    def _settings(self, repo: Repository, asked: Asked) -> Answer:
        body = asked.json()
        repo.gated = body.get("gated", repo.gated)
        if "visibility" in body:
            repo.private = body["visibility"] == "private"
        return _json({})

    def _info(self, repo: Repository, asked: Asked) -> Answer:
        commit = repo.find(asked.rev)
        if commit is None:
            return _no_revision(asked)
        return _json(
            {
                "id": repo.name, "sha": commit.oid, "private": repo.private, "gated": repo.gated, "disabled": False,
                "lastModified": commit.date, "createdAt": commit.date, "downloads": 0, "likes": 0, "tags": [],
                "siblings": [{"rfilename": path} for path in sorted(commit.tree)],
            }
        )  # fmt: skip

    def _refs(self, repo: Repository, _: Asked) -> Answer:
        def shown(kind: str, refs: dict[str, str]) -> list[dict[str, str]]:
            return [{"name": n, "ref": f"refs/{kind}/{n}", "targetCommit": oid} for n, oid in sorted(refs.items())]

        return _json({"branches": shown("heads", repo.branches), "tags": shown("tags", repo.tags), "converts": []})

    def _commits(self, repo: Repository, asked: Asked) -> Answer:
        commit = repo.find(asked.rev)
        if commit is None:
            return _no_revision(asked)
        return _json(
            [
                {"id": c.oid, "title": c.title, "message": c.message, "date": c.date, "authors": [{"user": c.author}]}
                for c in repo.history(commit.oid)
            ]
        )

    def _tree(self, repo: Repository, asked: Asked) -> Answer:
        commit = repo.find(asked.rev)
        if commit is None:
            return _no_revision(asked)
        start = f"{asked.inner}/" if asked.inner else ""
        inside = {path: blob for path, blob in commit.tree.items() if path.startswith(start)}
        if not inside:
            return _error(404, "EntryNotFound", f"{asked.inner} does not exist")
        entries = []
        for path, blob in sorted(inside.items()):
            entries += [_folder(start + folder) for folder in _parents(path[len(start) :])]
            entries.append(blob.entry(path))
        unique = list({str(entry["path"]): entry for entry in entries}.values())
        if asked.query.get("recursive", "").lower() != "true":
            unique = [entry for entry in unique if "/" not in str(entry["path"])[len(start) :]]
        return _json(unique)

    def _paths(self, repo: Repository, asked: Asked) -> Answer:
        commit = repo.find(asked.rev)
        if commit is None:
            return _no_revision(asked)
        if "json" in asked.headers.get("content-type", ""):
            wanted = asked.json()["paths"]
        else:
            wanted = [value for key, value in parse_qsl(asked.body.decode()) if key == "paths"]
        files = [commit.tree[path].entry(path) for path in wanted if path in commit.tree]
        folders = [path for path in wanted if any(name.startswith(f"{path}/") for name in commit.tree)]
        return _json([*files, *map(_folder, folders)])

    def _preupload(self, repo: Repository, asked: Asked) -> Answer:
        commit = repo.find(asked.rev)
        if commit is None:
            return _no_revision(asked)
        files = []
        for file in asked.json()["files"]:
            stored = commit.tree.get(file["path"])
            large = file["path"].endswith(".parquet") or file["size"] > 10_000_000
            mode = {"path": file["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": False}
            files.append({**mode, "oid": (stored.sha256 or stored.oid) if stored else None})
        return _json({"files": files})

    def _batch(self, repo: Repository, asked: Asked) -> Answer:
        objects = []
        for item in asked.json()["objects"]:
            entry = {"oid": item["oid"], "size": item["size"]}
            if item["oid"] not in repo.objects:
                place = f"{repo.name}/{item['oid']}"
                put, verify = f"{self.url}/objects/{place}?signature=secret", f"{self.url}/verify/{place}"
                entry["actions"] = {"upload": {"href": put}, "verify": {"href": verify}}
            objects.append(entry)
        return _json({"transfer": "basic", "objects": objects})

    def _put(self, repo: Repository, asked: Asked) -> Answer:
        repo.objects[asked.oid] = self._spoil.popleft()(asked.body) if self._spoil else asked.body
        return Answer(200)

    def _verify(self, repo: Repository, asked: Asked) -> Answer:
        kept = repo.objects.get(asked.oid, b"")
        if hashlib.sha256(kept).hexdigest() != asked.oid or len(kept) != asked.json()["size"]:
            repo.objects.pop(asked.oid, None)
            return _error(422, None, "what arrived has another hash or size")
        return _json({})

    def _commit(self, repo: Repository, asked: Asked) -> Answer:
        lines = [json.loads(line) for line in asked.body.splitlines()]
        header = lines[0]["value"]
        stands = repo.find(asked.rev)
        if stands is None or asked.rev not in repo.branches:
            return _no_revision(asked)
        if header.get("parentCommit") not in (None, stands.oid):
            return _error(412, None, "A commit has happened since. Please refresh and try again.")
        tree = dict(stands.tree)
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "file":
                tree[value["path"]] = Blob(base64.b64decode(value["content"]))
            elif line["key"] == "lfsFile":
                if value["oid"] not in repo.objects:
                    return _error(400, None, f"LFS pointer of {value['path']} pointed to a file that does not exist")
                tree[value["path"]] = Blob(repo.objects[value["oid"]], value["oid"])
            elif tree.pop(value["path"], None) is None:
                return _error(404, "EntryNotFound", "A file with this name doesn't exist")
        made = repo.commit(asked.rev, tree, header["summary"], header["description"])
        return _json({"commitOid": made.oid, "commitUrl": f"{self.url}/datasets/{repo.name}/commit/{made.oid}"})

    def _tag(self, repo: Repository, asked: Asked) -> Answer:
        commit, name = repo.find(asked.rev), asked.json()["tag"]
        if commit is None:
            return _no_revision(asked)
        if name in repo.tags:
            return _error(409, None, f"Tag {name} exists")
        repo.tags[name] = commit.oid
        return _json({})

    def _untag(self, repo: Repository, asked: Asked) -> Answer:
        return _json({}) if repo.tags.pop(asked.rev, None) else _no_revision(asked)

    def _branch(self, repo: Repository, asked: Asked) -> Answer:
        start = repo.find(asked.json().get("startingPoint", "main"))
        if start is None:
            return _no_revision(asked)
        if asked.rev in repo.branches:
            return _error(409, None, f"Branch {asked.rev} exists")
        repo.branches[asked.rev] = start.oid
        return _json({})

    def _unbranch(self, repo: Repository, asked: Asked) -> Answer:
        return _json({}) if repo.branches.pop(asked.rev, None) else _no_revision(asked)

    def _resolve(self, repo: Repository, asked: Asked) -> Answer:
        commit = repo.find(asked.rev)
        if commit is None:
            return _no_revision(asked)
        blob = commit.tree.get(asked.inner)
        if blob is None:
            return _error(404, "EntryNotFound", f"{asked.inner} does not exist", commit)
        tag = f'"{blob.sha256 or blob.oid}"'
        headers = {
            "X-Repo-Commit": commit.oid, "ETag": tag, "X-Linked-Etag": tag, "X-Linked-Size": str(len(blob.content)),
            "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream",
        }  # fmt: skip
        if (wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("range", ""))) is None:
            return Answer(200, headers, blob.content)
        total = len(blob.content)
        first, last = int(wanted[1]), min(int(wanted[2] or total - 1), total - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{total}"
        return Answer(206, headers, blob.content[first : last + 1])


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": _JSON}, json.dumps(value).encode())


def _error(status: int, code: str | None, message: str, commit: Commit | None = None, **more: str) -> Answer:
    headers = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {})}
    if commit is not None:
        headers["X-Repo-Commit"] = commit.oid
    answer = _json({"error": message, **more}, status)
    return Answer(status, {**answer.headers, **headers}, answer.body)


def _no_revision(asked: Asked) -> Answer:
    return _error(404, "RevisionNotFound", f"Invalid rev id: {asked.rev}")


def _folder(path: str) -> dict[str, object]:
    return {"type": "directory", "path": path, "size": 0, "oid": hashlib.sha256(path.encode()).hexdigest()[:40]}


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]
