"""The `web` process: gunicorn serves `app`."""

import sys

from service.bootstrap import LibraryError, NoDatabase, SchemaBehind, SettingsError, skip_ahead, start
from service.web.app import create_app
from service.web.inflow import follow_up_beside
from service.web.site import Site, SkipReport
from service.web.watchdog import start_watchdog

# gunicorn stops, instead of trying again for ever, when a worker ends with this code.
_UNABLE_TO_LOAD = 4

try:
    service = start("web")
except (SettingsError, LibraryError, SchemaBehind, NoDatabase) as error:
    print(error, file=sys.stderr)
    sys.exit(_UNABLE_TO_LOAD)


def _skip() -> SkipReport:
    skipped = skip_ahead(service)
    return SkipReport(now=skipped.now, skipped_seconds=skipped.ahead.total_seconds(), what=skipped.what)


settings = service.settings
app = create_app(
    service.deps,
    Site(
        secret_key=settings.secret_key,
        public_base_url=settings.public_base_url,
        auth_tokens=settings.auth_tokens,
        account_sid=settings.twilio_account_sid,
        is_demo=settings.is_demo,
        skip_ahead=_skip if settings.is_demo and settings.demo_clock_file else None,
        simulator_url=settings.twilio_api_url if settings.is_demo else "",
    ),
    follow_up_beside(service.deps),
)
# gunicorn loads this module in each worker, after its fork, so that the thread lives where the worker does.
start_watchdog(service.deps)
