"""Start the simulator from the command line: `python -m service.simulator --help`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from service.simulator.app import close_simulator, create_simulator
from service.simulator.archive import UnreadableArchiveError
from service.simulator.clock import UnreadableClockFileError
from service.simulator.server import create_server
from service.simulator.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        app = create_simulator(_settings(options))
    except (UnreadableArchiveError, UnreadableClockFileError) as error:
        print(error, file=sys.stderr)
        return 2
    # make_server ends the process by itself, with a sentence, where the port is taken.
    server = create_server(app, options.host, options.port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"Simulated phones: http://{options.host}:{server.server_port}/", flush=True)
    server.serve_forever()
    server.server_close()
    close_simulator(app)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m service.simulator",
        description="Twilio and the phones on one machine: a REST twin, signed webhooks, handsets on a page.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=5001, help="port to listen on; 0 takes a free one (default: %(default)s)")
    add("--service-url", required=True, help="where the service answers, e.g. http://127.0.0.1:5000")
    add("--account-sid", required=True, help="the account, AC and 32 hexadecimal digits")
    add("--auth-token", required=True, help="the token that opens the account and signs webhooks")
    add("--number", action="append", required=True, help="a number of the account in E.164; may be repeated")
    add("--sms-url", default="", help="webhook for texts (default: SERVICE_URL/twilio/text)")
    add("--voice-url", default="", help="webhook for calls (default: SERVICE_URL/twilio/voice)")
    add("--fallback-url", default="", help="fallback for texts (default: none)")
    add("--messaging-service", default="", help="sid (MG…) of a Messaging Service with all the numbers in it")
    add(
        "--zone",
        default="America/New_York",
        help="IANA zone that the page shows times in (default: %(default)s)",
    )
    add("--clock-file", type=Path, help='file with {"offset_seconds": N} that moves the clock')
    add("--state", type=Path, help="file that keeps messages and handsets over a restart")
    add(
        "--delay",
        type=float,
        default=0.3,
        help="seconds that a message stays in each status (default: %(default)s)",
    )
    add(
        "--speaking",
        type=float,
        default=0.06,
        help="seconds that a spoken character takes (default: %(default)s)",
    )
    add("--api-key", action="append", default=[], metavar="SK…:SECRET", help="an API key; may be repeated")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    keys = [key.partition(":") for key in options.api_key]
    return Settings(
        service_url=options.service_url.rstrip("/"),
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        numbers=tuple(options.number),
        zone=options.zone,
        sms_url=options.sms_url,
        voice_url=options.voice_url,
        fallback_url=options.fallback_url,
        service_sid=options.messaging_service,
        clock_file=options.clock_file,
        state_file=options.state,
        delay=options.delay,
        speaking=options.speaking,
        own_url=f"http://{options.host}:{options.port}",
        api_keys=tuple((name, secret) for name, _, secret in keys),
    )


if __name__ == "__main__":
    sys.exit(main())
