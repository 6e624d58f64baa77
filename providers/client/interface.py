"""The interface as calls: each method is one step of the protocol."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BLOCK = 256 * 1024
WAITING = ("PREPARED", "OFFERED")
MAY_PASS = (429, 500, 502, 503, 504)
TYPES = ((b"\x1f\x8b", "application/gzip"), (b"{", "application/x-ndjson"))


class Problem(Exception):
    """The server refused a call: HTTP status, code, sentence. ``may_pass``: the same call may work later."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code
        self.may_pass = status in MAY_PASS


class Differs(ValueError):
    """What was pulled is not what its manifest says, or nobody known signed that; the message names what differs."""


class Interface:
    """One provider's view of the server at ``url`` (its root, such as ``http://127.0.0.1:8000``).

    A call that fails for a reason that may pass (no connection, 429, 5xx) is made ``tries`` times with growing pauses
    from ``pause`` seconds: every call of the protocol may be repeated.
    """

    def __init__(
        self,
        url: str,
        key_id: str,
        secret: str,
        *,
        timeout: float = 60,
        tries: int = 4,
        pause: float = 1,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key_id}.{secret}"}
        base = f"{url.rstrip('/')}/api/provider/v1/"
        self.tries, self.pause = tries, pause
        self.http = httpx.Client(base_url=base, headers=headers, timeout=timeout, trust_env=False, transport=transport)

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

    def pull(self, exchange: int, folder: Path) -> int:
        """Bring all parts into ``folder``, each from where it broke off; returns how many bytes came now."""
        return sum(self.pull_part(exchange, part, folder) for part in self.manifest(exchange)["parts"])

    def pull_part(self, exchange: int, part: dict[str, Any], folder: Path) -> int:
        """Bring one part; bytes that lie there are taken for its beginning, unless they are whole and wrong."""
        target = path_of(folder, exchange, part["no"])
        have = target.stat().st_size if target.exists() else 0
        if have >= part["size"]:
            if digest_of(target) == part["sha256"]:
                return 0
            target.unlink()
            have = 0
        for tried in range(1, self.tries + 1):
            try:
                self._pull_rest(f"exchanges/{exchange}/parts/{part['no']}", target)
                break
            except (httpx.TransportError, Problem) as reason:
                if tried == self.tries or (isinstance(reason, Problem) and not reason.may_pass):
                    raise
                time.sleep(self.pause * 2 ** (tried - 1))
        return target.stat().st_size - have

    def _pull_rest(self, path: str, target: Path) -> None:
        have = target.stat().st_size if target.exists() else 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        with self.http.stream("GET", path, headers=headers, follow_redirects=True) as answer:
            self._check(answer)
            with target.open("ab" if answer.status_code == 206 else "wb") as file:
                for block in answer.iter_raw():  # as it comes: what broke off is kept to its last byte
                    file.write(block)

    def receipt(self, exchange: int, said: dict[str, Any]) -> dict[str, Any]:
        """Tell what was counted; ``said`` is ``verify``'s answer."""
        return self._json("POST", f"exchanges/{exchange}/receipt", json=said)

    def send(
        self, exchange: int, what: str, body: bytes | Path, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Hand in a file or its bytes; ``what`` is ``answers`` or ``reports``. A file is streamed."""
        with opened(body) as stream:
            digest = base64.b64encode(hashlib.file_digest(stream, "sha256").digest()).decode()
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            told = {"Content-Type": type_of(stream), "Content-Digest": f"sha-256=:{digest}:"}
            told |= {"Content-Length": str(size)} | (headers or {})
            return self._json("POST", f"exchanges/{exchange}/{what}", content=stream, headers=told)

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

    def _json(self, method: str, path: str, content: IO[bytes] | None = None, **options: Any) -> Any:
        answer = self._asked(method, path, content, **options)
        self._check(answer)
        try:
            return answer.json()
        except ValueError as reason:
            raise Problem(answer.status_code, "HTTP", "balasannya bukan JSON; periksa alamat server") from reason

    def _asked(self, method: str, path: str, content: IO[bytes] | None, **options: Any) -> httpx.Response:
        """The answer to a call; it is made again while what hinders it may pass."""
        tried = 0
        while True:
            tried, told = tried + 1, None
            try:
                answer = self.http.request(method, path, content=streamed(content), **options)
                if answer.status_code not in MAY_PASS or tried >= self.tries:
                    return answer
                told = answer.headers.get("Retry-After")
            except httpx.TransportError:
                if tried >= self.tries:
                    raise
            time.sleep(float(told) if told and told.isdecimal() else self.pause * 2 ** (tried - 1))

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


def streamed(content: IO[bytes] | None) -> Iterator[bytes] | None:
    """The whole of a file in blocks, from its start."""
    if content is None:
        return None
    content.seek(0)
    return iter(partial(content.read, BLOCK), b"")


def opened(body: bytes | Path) -> io.BytesIO | io.BufferedReader:
    return body.open("rb") if isinstance(body, Path) else io.BytesIO(body)


def type_of(stream: IO[bytes]) -> str:
    """The content type of a file of answers by its first bytes; leaves it at its start."""
    head = stream.read(2)
    stream.seek(0)
    return next((name for sign, name in TYPES if head.startswith(sign)), "text/csv")


def verify(folder: Path, manifest: dict[str, Any], keys: dict[str, str] | None = None) -> dict[str, Any]:
    """Check the pulled parts against their manifest; returns the receipt, raises Differs."""
    if keys is not None:
        check_signature(manifest, keys)
    for part in manifest["parts"]:
        verify_part(path_of(folder, manifest["batch"], part["no"]), part)
    together = "".join(part["sha256"] for part in manifest["parts"])
    said = {
        "rows": sum(part["rows"] for part in manifest["parts"]),
        "sha256": hashlib.sha256(together.encode()).hexdigest(),
        "control_sum": str(sum(int(part["control_sum"]) for part in manifest["parts"])),
    }
    if any(said[name] != manifest[name] for name in said):
        raise Differs("jumlah semua bagian tidak sama dengan manifes")
    return said


def verify_part(path: Path, part: dict[str, Any]) -> None:
    """Check one file: digest, rows and control sum."""
    if not path.exists() or digest_of(path) != part["sha256"]:
        raise Differs(f"bagian {part['no']}: sha256 tidak sama dengan manifes, ambil ulang")
    rows = total = 0
    for row in rows_of_file(path):
        rows, total = rows + 1, total + int(row["no_ponsel"])
    if (rows, str(total)) != (part["rows"], part["control_sum"]):
        raise Differs(f"bagian {part['no']}: jumlah baris atau jumlah kendali tidak sama dengan manifes")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def path_of(folder: Path, exchange: int, no: int) -> Path:
    """Where a part lies once it is pulled."""
    return folder / f"{exchange}-{no}.csv.gz"


def check_signature(manifest: dict[str, Any], keys: dict[str, str]) -> None:
    """Raise Differs for a manifest that none of the published keys has signed."""
    facts = {name: value for name, value in manifest.items() if name != "signature"}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[manifest["key_id"]]))
        key.verify(base64.b64decode(manifest["signature"]), text)
    except (KeyError, InvalidSignature) as reason:
        raise Differs("manifes tidak ditandatangani kunci yang diumumkan") from reason


def rows_of(folder: Path, manifest: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The rows of all pulled parts, in order."""
    for part in manifest["parts"]:
        yield from rows_of_file(path_of(folder, manifest["batch"], part["no"]))


def rows_of_file(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one pulled file as dictionaries; its values hold neither commas nor quotes."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        names = next(lines).rstrip("\n").split(",")
        for line in lines:
            yield dict(zip(names, line.rstrip("\n").split(","), strict=True))
