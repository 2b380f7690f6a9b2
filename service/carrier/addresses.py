"""Where Twilio must call us, and what is wrong with where it does: the settings of our number, by the SDK's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Wanted = Mapping[str, str]

# Twilio by itself tries once more, and only where it could not connect. So it tries three times more, whatever failed,
# with time for each within the fifteen seconds that it has (the part after the # is for Twilio, and is never sent):
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
_RETRIES: Final = "#rc=3&ct=2000&rt=4000&rp=all"
# Any of these set, and Twilio calls none of the number's own addresses.
_OVERRIDES: Final = ("sms_application_sid", "voice_application_sid", "trunk_sid")
SERVICE_SETTINGS: Final = ("use_inbound_webhook_on_number", "inbound_request_url")


def number_settings(public_base_url: str) -> Wanted:
    """Return how our number must be set, by the names of the SDK."""
    here = f"{public_base_url}/twilio"
    addresses = {
        "sms_url": f"{here}/text{_RETRIES}",
        "sms_fallback_url": f"{here}/text/fallback{_RETRIES}",
        "voice_url": f"{here}/voice{_RETRIES}",
        "voice_fallback_url": f"{here}/voice/fallback{_RETRIES}",
        "status_callback": f"{here}/voice/status{_RETRIES}",
    }
    methods = {f"{name.removesuffix('_url')}_method": "POST" for name in addresses}
    return addresses | methods | dict.fromkeys(_OVERRIDES, "")


def wrong(found: Mapping[str, str], wanted: Wanted) -> Wanted:
    """Return the settings that are not as wanted, each with what it must be."""
    return {name: value for name, value in wanted.items() if found.get(name, "") != value}


def why(name: str, found: str, wanted: str) -> str:
    """Return the sentence that says what is wrong with a setting, and what it must be."""
    if name in _OVERRIDES:
        return (
            f"{name} is {found}: Twilio calls that instead of the number's own addresses. It must be empty."
        )
    if not found:
        return f"{name} is not set. It must be {wanted}"
    if found.partition("#")[0] == wanted.partition("#")[0]:
        return f"{name} lets Twilio give up too early. It must be {wanted}"
    return f"{name} is {found}, and must be {wanted}"


def service_fault(found: Mapping[str, str], wanted_text_url: str) -> str:
    """Return what is wrong with the Messaging Service that the number is in; empty where nothing is."""
    url = found["inbound_request_url"]
    if found["use_inbound_webhook_on_number"] == "true" or url == wanted_text_url:
        return ""
    if not url:
        return (
            "inbound_request_url is not set: Twilio throws away what patients write, without a trace. "
            "Let the number's own address decide."
        )
    return f"inbound_request_url is {url}, and not the number's own. Let the number's own address decide."
