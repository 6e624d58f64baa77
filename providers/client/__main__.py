"""The protocol on the command line: list, pull, verify, answer, report, status, resume."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx

from .interface import Interface, Problem, verify

WAITING = ("PREPARED", "OFFERED")


def main(arguments: list[str] | None = None) -> int:
    """Run one step; 0 when it worked, 1 with a sentence on stderr otherwise."""
    options = parser().parse_args(arguments)
    key_id, _, secret = options.key.partition(":")
    try:
        with Interface(options.url, key_id, secret) as interface:
            say(STEPS[options.step](interface, options))
        return 0
    except (Problem, ValueError, OSError, httpx.HTTPError) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


def say(found: Any) -> None:
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m providers.client", description=__doc__)
    made.add_argument("--url", default=os.environ.get("PROVIDER_API_URL", "http://127.0.0.1:8000"))
    made.add_argument("--key", default=os.environ.get("PROVIDER_KEY", ""), help="key_id:secret (or PROVIDER_KEY)")
    made.add_argument("--folder", type=Path, default=Path(), help="where pulled files lie")
    steps = made.add_subparsers(dest="step", required=True)
    listing = steps.add_parser("list", help="files that wait")
    listing.add_argument("--purpose", choices=["MATCH", "INJECT"], default="")
    listing.add_argument("--all", action="store_true", help="also the finished ones")
    for name, text in (("pull", "bring one file, or the rest of it"), ("verify", "check it and send the receipt")):
        steps.add_parser(name, help=text).add_argument("exchange", type=int)
    for name in ("answer", "report"):
        sending = steps.add_parser(name, help="hand in a CSV file")
        sending.add_argument("exchange", type=int)
        sending.add_argument("file", type=Path)
    steps.add_parser("status", help="what came of a file").add_argument("batch", type=int)
    steps.add_parser("resume", help="pull and verify everything that waits, from where it broke off")
    return made


def _list(interface: Interface, options: argparse.Namespace) -> Any:
    return list(interface.exchanges(options.purpose, () if options.all else WAITING))


def _pull(interface: Interface, options: argparse.Namespace) -> Any:
    target = path_of(options.folder, options.exchange)
    pulled = interface.pull(options.exchange, target)
    return {"file": str(target), "pulled": pulled, "size": target.stat().st_size}


def _verify(interface: Interface, options: argparse.Namespace) -> Any:
    manifest = interface.manifest(options.exchange)
    said = verify(path_of(options.folder, options.exchange), manifest, interface.keys())
    return interface.receipt(options.exchange, said)


def _send(interface: Interface, options: argparse.Namespace) -> Any:
    what = {"answer": "answers", "report": "reports"}[options.step]
    return interface.send(options.exchange, what, options.file.read_bytes())


def _status(interface: Interface, options: argparse.Namespace) -> Any:
    return {**interface.batch(options.batch), "refused": interface.refused(options.batch)}


def _resume(interface: Interface, options: argparse.Namespace) -> Any:
    done = []
    for found in list(interface.exchanges("", WAITING)):
        options.exchange = found["id"]
        _pull(interface, options)
        done.append(_verify(interface, options))
    return done


def path_of(folder: Path, exchange: int) -> Path:
    return folder / f"{exchange}.csv.gz"


STEPS = {
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
