"""One simulated provider as a process: ``python -m providers.simulator TRI``."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

import httpx

from providers.client.interface import Interface, Problem

from .faults import Faults
from .line import BadLine
from .machine import Machine
from .subscribers import ACTIVE_RATE, Subscribers


def main() -> int:
    """Work in rounds until told to stop, or until nothing is left; never longer than the process that started it."""
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    key = json.loads(os.environ["PROVIDER_CREDENTIAL"])
    known = json.loads(os.environ.get("SIMULATED_NUMBERS") or "{}")
    subscribers = Subscribers.load(options.provider, known, options.memory, options.rate)
    faults, parent = Faults.named(options.faults.split()), os.getppid()
    transport = BadLine(httpx.HTTPTransport()) if "500s" in faults.names else None
    with Interface(options.url, key["key_id"], key["secret"], pause=options.pause, transport=transport) as interface:
        machine = Machine(interface, subscribers, faults=faults, latency=options.latency)
        while os.getppid() == parent:
            done = one_round(machine, options.provider)
            if options.once and not done:
                return int(done is None)
            if not options.once:
                time.sleep(options.interval * (5 if done is None else 1))
    return 0


def one_round(machine: Machine, provider: str) -> int | None:
    """Work one round and say so; how much was done, None when it failed. What is still open is done in the next one."""
    try:
        done = machine.round()
    except (Problem, ValueError, OSError, httpx.HTTPError) as reason:
        sys.stderr.write(f"{provider}: {type(reason).__name__}: {reason}\n")
        return None
    if done:
        sys.stdout.write(f"{provider}: {done} files answered\n")
        sys.stdout.flush()
    return done


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m providers.simulator")
    parser.add_argument("provider", choices=sorted(ACTIVE_RATE))
    parser.add_argument("--url", required=True)
    parser.add_argument("--memory", type=Path)
    parser.add_argument("--faults", default="")
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--interval", type=float, default=3)
    parser.add_argument("--pause", type=float, default=0.2)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--once", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
