"""The interface as calls: each method is one step of the protocol."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BLOCK = 256 * 1024


class Problem(Exception):
    """The server refused a call: HTTP status, code, sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


class Interface:
    """One provider's view of the server at ``url`` (its root, such as ``http://127.0.0.1:8000``)."""

    def __init__(self, url: str, key_id: str, secret: str, *, timeout: float = 60) -> None:
        headers = {"Authorization": f"Bearer {key_id}.{secret}"}
        base = f"{url.rstrip('/')}/api/provider/v1/"
        self.http = httpx.Client(base_url=base, headers=headers, timeout=timeout, trust_env=False)

    def __enter__(self) -> Interface:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.http.close()

    def exchanges(self, purpose: str = "", statuses: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
        """Own frozen files, oldest first, all pages."""
        after: int | None = 0
        while after is not None:
            query = {"purpose": purpose or None, "status": list(statuses), "after": after}
            page = self._json("GET", "exchanges", params={name: value for name, value in query.items() if value})
            yield from page["items"]
            after = page["next_after"]

    def manifest(self, exchange: int) -> dict[str, Any]:
        return self._json("GET", f"exchanges/{exchange}")

    def pull(self, exchange: int, target: Path) -> int:
        """Bring the file to ``target``, whose bytes are taken for its beginning; returns how many came now."""
        have = target.stat().st_size if target.exists() else 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self.http.stream("GET", f"exchanges/{exchange}/file", headers=headers) as answer:
            if answer.status_code == 416:
                return 0
            self._check(answer)
            with target.open("ab" if answer.status_code == 206 else "wb") as file:
                return sum(file.write(block) for block in answer.iter_raw(BLOCK))

    def receipt(self, exchange: int, said: dict[str, Any]) -> dict[str, Any]:
        """Tell what was counted; ``said`` is ``verify``'s answer."""
        return self._json("POST", f"exchanges/{exchange}/receipt", json=said)

    def send(self, exchange: int, what: str, body: bytes, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Hand in a file; ``what`` is ``answers`` or ``reports``."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        told = {"Content-Type": "text/csv", "Content-Digest": f"sha-256=:{digest}:", **(headers or {})}
        return self._json("POST", f"exchanges/{exchange}/{what}", content=body, headers=told)

    def batch(self, batch: int) -> dict[str, Any]:
        return self._json("GET", f"batches/{batch}")

    def refused(self, batch: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self._json("GET", f"batches/{batch}/refused", params={"after": after})
            found, after = found + page["items"], page["next_after"]
        return found

    def keys(self) -> dict[str, str]:
        """Public keys by their id."""
        return {key["key_id"]: key["public_key"] for key in self._json("GET", "keys")}

    def _json(self, method: str, path: str, **options: Any) -> Any:
        answer = self.http.request(method, path, **options)
        self._check(answer)
        return answer.json()

    @staticmethod
    def _check(answer: httpx.Response) -> None:
        if answer.is_success:
            return
        try:
            said = json.loads(answer.read())
            code, message = said["code"], said["message"]
        except (ValueError, KeyError, TypeError):
            code, message = "HTTP", answer.reason_phrase
        raise Problem(answer.status_code, code, message)


def verify(path: Path, manifest: dict[str, Any], keys: dict[str, str] | None = None) -> dict[str, Any]:
    """Check a pulled file against its manifest; returns the receipt, raises ValueError naming what differs."""
    if keys is not None:
        check_signature(manifest, keys)
    with path.open("rb") as file:
        digest, rows, total = hashlib.file_digest(file, "sha256").hexdigest(), 0, 0
    if digest != manifest["sha256"]:
        raise ValueError("sha256 differs: pull the file again")
    for row in rows_of(path):
        rows, total = rows + 1, total + int(row["no_ponsel"])
    if (rows, str(total)) != (manifest["rows"], manifest["control_sum"]):
        raise ValueError("rows or control sum differ from the manifest")
    return {"rows": rows, "sha256": digest, "control_sum": str(total)}


def check_signature(manifest: dict[str, Any], keys: dict[str, str]) -> None:
    """Raise ValueError for a manifest that none of the published keys has signed."""
    facts = {name: value for name, value in manifest.items() if name != "signature"}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[manifest["key_id"]]))
        key.verify(base64.b64decode(manifest["signature"]), text)
    except (KeyError, InvalidSignature) as reason:
        raise ValueError("the manifest is not signed by a published key") from reason


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a pulled file as dictionaries; its values hold neither commas nor quotes."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        names = next(lines).rstrip("\n").split(",")
        for line in lines:
            yield dict(zip(names, line.rstrip("\n").split(","), strict=True))
