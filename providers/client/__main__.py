"""Protokol pertukaran dari baris perintah, langkah demi langkah."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from .interface import WAITING, Differs, Interface, Problem, path_of, verify

REFUSED, WRONG_USE, UNREACHABLE, DIFFERS, SET_ASIDE, INTERRUPTED = 1, 2, 3, 4, 5, 130
ENDED = ("DONE", "REFUSED", "STOPPED", "FAILED", "PARKED")
LOOK_AGAIN_SECONDS = 1.0

CODES = """
Kode keluar: 0 berhasil · 1 ditolak server, alasannya di stderr · 2 perintah, alamat, kunci atau
berkasnya salah tulis · 3 server tidak dapat
dihubungi, ulangi nanti · 4 berkas yang diambil tidak sama dengan manifesnya · 5 berkas selesai diolah, tetapi ada baris
yang ditolak atau ditahan · 130 dihentikan di tengah jalan.

Kunci dibaca dari PROVIDER_KEY (key_id:secret atau key_id.secret) atau dari berkas PROVIDER_KEY_FILE, alamat dari
PROVIDER_API_URL.
Setiap langkah boleh diulang; keluarannya JSON.
"""


class Trouble(Exception):
    """Ends the step with a sentence and an exit code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def main(arguments: list[str] | None = None) -> int:
    """Run one step; its exit code, with a sentence on stderr unless it is 0."""
    options = parser().parse_args(arguments)
    try:
        key_id, secret = key_of(options.key_file)
        with Interface(options.url, key_id, secret, timeout=options.timeout) as interface:
            STEPS[options.step](interface, options)
        return 0
    except (Trouble, Problem, httpx.HTTPError, httpx.InvalidURL, Differs, OSError) as reason:
        return told(*ending_of(reason, options.url))
    except KeyboardInterrupt:
        return told(INTERRUPTED, "Dihentikan. Yang sudah terambil dipakai lagi: ulangi langkah yang sama, atau resume.")


def ending_of(reason: Exception, url: str) -> tuple[int, str]:
    """Exit code and sentence of what ended a step."""
    match reason:
        case Trouble():
            return reason.code, str(reason)
        case Problem():
            return UNREACHABLE if reason.may_pass else REFUSED, str(reason)
        case Differs():
            return DIFFERS, str(reason)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return WRONG_USE, f"Alamat server salah: {url}. Contoh: http://127.0.0.1:8000"
        case httpx.HTTPError():
            return UNREACHABLE, f"{url} tidak dapat dihubungi: {type(reason).__name__}"
    name = getattr(reason, "filename", None)
    return WRONG_USE, f"{name or 'Berkas'} tidak dapat dibuka: {getattr(reason, 'strerror', None) or reason}"


def told(code: int, sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def say(found: Any) -> None:
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def key_of(file: Path | None) -> tuple[str, str]:
    """The key from its file or the environment: on a command line every user of the machine could read it."""
    text = file.read_text() if file else os.environ.get("PROVIDER_KEY", "")
    key_id, secret = (*re.split("[:.]", text.strip(), maxsplit=1), "")[:2]
    if not (key_id and secret and text.isascii()):
        raise Trouble(WRONG_USE, "Kunci belum ada. Isi PROVIDER_KEY dengan key_id:secret, atau beri --key-file.")
    return key_id, secret


def parser() -> argparse.ArgumentParser:
    """The steps and what they need."""
    made = argparse.ArgumentParser(
        prog="python -m providers.client",
        description=__doc__,
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    key_file = os.environ.get("PROVIDER_KEY_FILE")
    made.add_argument("--url", default=os.environ.get("PROVIDER_API_URL", "http://127.0.0.1:8000"), help="akar server")
    made.add_argument("--key-file", type=Path, default=Path(key_file) if key_file else None, help="berkas kunci")
    made.add_argument("--folder", type=Path, default=Path(), help="tempat berkas yang diambil")
    made.add_argument("--timeout", type=float, default=60, help="detik tanpa balasan sampai menyerah")
    steps = made.add_subparsers(dest="step", required=True, metavar="LANGKAH")
    listing = steps.add_parser("list", help="berkas yang menunggu dikerjakan")
    listing.add_argument("--purpose", choices=["MATCH", "INJECT"], default="", help="pemadanan atau pengisian saja")
    listing.add_argument("--all", action="store_true", help="juga yang sudah selesai")
    for name, text in (("pull", "ambil satu berkas, atau sisanya"), ("verify", "periksa lalu kirim tanda terima")):
        steps.add_parser(name, help=text).add_argument("exchange", type=int, help="nomor berkas (id)")
    _sending(steps.add_parser("answer", help="kirim jawaban pemadanan"))
    _sending(steps.add_parser("report", help="kirim laporan pengisian kuota"))
    steps.add_parser("status", help="hasil satu kiriman").add_argument("batch", type=int, help="nomor kiriman (batch)")
    steps.add_parser("resume", help="ambil dan periksa semua yang menunggu, dari tempat terputus")
    return made


def _sending(step: argparse.ArgumentParser) -> None:
    step.add_argument("exchange", type=int, help="nomor berkas yang dijawab")
    step.add_argument("file", type=Path, help="CSV, CSV gzip, atau JSON per baris")
    step.add_argument(
        "--wait", type=float, nargs="?", const=600, default=0, help="tunggu hasilnya, paling lama 600 detik"
    )


def _list(interface: Interface, options: argparse.Namespace) -> None:
    say(list(interface.exchanges(options.purpose, () if options.all else WAITING)))


def _pull(interface: Interface, options: argparse.Namespace) -> None:
    options.folder.mkdir(parents=True, exist_ok=True)
    pulled, manifest = interface.pull(options.exchange, options.folder), interface.manifest(options.exchange)
    files = [str(path_of(options.folder, options.exchange, part["no"])) for part in manifest["parts"]]
    say({"files": files, "pulled": pulled, "size": manifest["size"]})


def _verify(interface: Interface, options: argparse.Namespace) -> None:
    say(_checked(interface, options.folder, options.exchange))


def _checked(interface: Interface, folder: Path, exchange: int) -> Any:
    said = verify(folder, interface.manifest(exchange), interface.keys())
    return interface.receipt(exchange, said)


def _send(interface: Interface, options: argparse.Namespace) -> None:
    what = {"answer": "answers", "report": "reports"}[options.step]
    sent = interface.send(options.exchange, what, options.file)
    if options.wait:
        _result(interface, _awaited(interface, sent["batch"], options.wait))
    else:
        say(sent)


def _awaited(interface: Interface, batch: int, seconds: float) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while (found := interface.batch(batch))["status"] not in ENDED:
        if time.monotonic() > until:
            raise Trouble(UNREACHABLE, f"Kiriman {batch} masih diolah. Lihat lagi dengan: status {batch}")
        time.sleep(LOOK_AGAIN_SECONDS)
    return found


def _status(interface: Interface, options: argparse.Namespace) -> None:
    _result(interface, interface.batch(options.batch))


def _result(interface: Interface, batch: dict[str, Any]) -> None:
    refused = interface.refused(batch["id"])
    say({**batch, "refused": refused})
    if batch["status"] in ("REFUSED", "FAILED", "STOPPED"):
        raise Trouble(REFUSED, batch["error"] or batch["status"])
    if refused or batch["status"] == "PARKED":
        raise Trouble(SET_ASIDE, batch["error"] or f"{len(refused)} baris ditolak atau ditahan; alasannya di atas.")


def _resume(interface: Interface, options: argparse.Namespace) -> None:
    """Everything that waits; one file that fails does not hold up the others."""
    options.folder.mkdir(parents=True, exist_ok=True)
    done, wrong = [], []
    for exchange in [found["id"] for found in interface.exchanges("", WAITING)]:
        try:
            interface.pull(exchange, options.folder)
            done.append(_checked(interface, options.folder, exchange))
        except (Differs, Problem) as reason:
            if isinstance(reason, Problem) and reason.may_pass:
                raise
            wrong.append((ending_of(reason, "")[0], f"berkas {exchange}: {reason}"))
    say(done)
    if wrong:
        raise Trouble(max(code for code, _ in wrong), "; ".join(sentence for _, sentence in wrong))


STEPS: dict[str, Callable[[Interface, argparse.Namespace], None]] = {
    "list": _list,
    "pull": _pull,
    "verify": _verify,
    "answer": _send,
    "report": _send,
    "status": _status,
    "resume": _resume,
}

if __name__ == "__main__":
    sys.exit(main())
