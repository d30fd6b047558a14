#!/usr/bin/env python3
"""Runs the emulator until Ctrl-C or POST /__stop and prints the environment that terraform needs."""
import argparse
import json
import os
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from armemu.applycheck import parse_option  # noqa: E402
from armemu.server import DEFAULTS, Emulator  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", action="append", metavar="F")
    parser.add_argument("--log", metavar="F", help="request log, JSON lines")
    parser.add_argument("--state", metavar="F", help="written at exit")
    parser.add_argument("--env-file", metavar="F", help="shell file with the exports")
    parser.add_argument("--folder", metavar="D", help="where certificates go (a temporary folder)")
    parser.add_argument("--set", action="append", metavar="OPTION=VALUE", help="; ".join(f"{k}={v}" for k, v in DEFAULTS.items()))
    args = parser.parse_args()
    seeds = []
    for path in args.seed or []:
        data = json.load(open(path, encoding="utf-8"))
        seeds.extend(data["resources"] if isinstance(data, dict) else data)
    options = {}
    for pair in args.set or []:
        key, _, value = pair.partition("=")
        if key not in DEFAULTS:
            parser.error(f"unknown option '{key}'")
        options[key] = parse_option(DEFAULTS[key], value)
    with Emulator(options, seeds, args.port, args.log, args.folder) as emulator:
        lines = "".join(f"export {k}='{v}'\n" for k, v in sorted(emulator.environment().items()))
        if args.env_file:
            with open(args.env_file, "w", encoding="utf-8") as out:
                out.write(lines)
        print(lines, flush=True)
        signal.signal(signal.SIGTERM, lambda *_: emulator.app.stop.set())
        try:
            emulator.app.stop.wait()
        except KeyboardInterrupt:
            pass
        if args.state:
            with open(args.state, "w", encoding="utf-8") as out:
                json.dump(emulator.app.store.dump(), out, indent=2, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
