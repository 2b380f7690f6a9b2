"""The settings of a deployment, read from the environment once and checked all together before anything starts."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import phonenumbers
from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# The account that the simulator answers for. Twilio issues no such SID, so it can't be a real credential.
DEMO_ACCOUNT_SID = "AC" + "d0" * 16
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """The environment does not describe a deployment that may start; the message lists every fault."""


class Settings(BaseSettings):
    """What differs from one deployment to the next; docs/settings.md describes each."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    database_url: str = "sqlite:///var/dripline.db"
    database_pool_size: int = Field(default=5, ge=1, le=100)
    public_base_url: str
    secret_key: str = Field(min_length=32)
    encryption_keys: str
    lookup_key: str = Field(min_length=32)

    twilio_account_sid: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$")
    twilio_auth_token: str = Field(min_length=1)
    twilio_auth_token_previous: str = ""
    twilio_api_key: str = ""
    twilio_api_secret: str = ""
    twilio_from_number: str
    twilio_api_url: str = ""
    twilio_timeout_seconds: float = Field(default=8.0, gt=0, le=60)
    twilio_messages_per_second: float = Field(default=1.0, gt=0, le=1000)

    tick_seconds: float = Field(default=5.0, gt=0, le=60)
    demo_clock_file: Path | None = None
    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str) -> str:
        """Heroku hands out postgres://, which SQLAlchemy does not know; name psycopg for both forms."""
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        if url.startswith(("sqlite:///", "postgresql+psycopg://")):
            return url
        raise ValueError("must begin with postgres://, postgresql:// or sqlite:///")

    @field_validator("public_base_url")
    @classmethod
    def _bare_base_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be the address that Twilio calls, such as https://clinic.example")
        return url.rstrip("/")

    @field_validator("encryption_keys")
    @classmethod
    def _usable_keys(cls, keys: str) -> str:
        try:
            usable = [Fernet(key.strip()) for key in keys.split(",") if key.strip()]
        except ValueError:
            usable = []
        if not usable:
            raise ValueError(
                "must be Fernet keys parted by commas, the newest first; make one with: dripline keys new"
            )
        return keys

    @field_validator("twilio_from_number")
    @classmethod
    def _possible_number(cls, number: str) -> str:
        try:
            parsed = phonenumbers.parse(number, None)
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is None or not phonenumbers.is_possible_number(parsed):
            raise ValueError("must be a phone number in the form +12025550100")
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    @model_validator(mode="after")
    def _no_demo_with_real_credentials(self) -> Settings:
        host = urlsplit(self.twilio_api_url).hostname
        if self.is_demo:
            if self.twilio_api_url and host not in _LOOPBACK:
                raise ValueError(
                    "TWILIO_API_URL must be on this machine while TWILIO_ACCOUNT_SID is the demo's"
                )
            return self
        if self.demo_clock_file is not None:
            raise ValueError(
                "DEMO_CLOCK_FILE is set with a real TWILIO_ACCOUNT_SID: a real clinic's clock is never moved"
            )
        if host in _LOOPBACK:
            raise ValueError(
                "TWILIO_API_URL is the simulator's with a real TWILIO_ACCOUNT_SID: remove one of the two"
            )
        return self

    @property
    def is_demo(self) -> bool:
        """Return whether this is the demo or a test: its account exists at no Twilio but the simulator."""
        return self.twilio_account_sid == DEMO_ACCOUNT_SID

    @cached_property
    def auth_tokens(self) -> tuple[str, ...]:
        """Return the tokens that webhooks may be signed with; two while one is being rotated."""
        return tuple(token for token in (self.twilio_auth_token, self.twilio_auth_token_previous) if token)

    @property
    def twilio_login(self) -> tuple[str, str]:
        """Return what requests to Twilio are signed in with: the API key where there is one, else the account itself."""
        if self.twilio_api_key:
            return self.twilio_api_key, self.twilio_api_secret
        return self.twilio_account_sid, self.twilio_auth_token

    @property
    def text_every(self) -> timedelta | None:
        """Return the time between two texts, or None for as fast as it goes: the demo, where nobody said how fast."""
        if self.is_demo and "twilio_messages_per_second" not in self.model_fields_set:
            return None
        return timedelta(seconds=1 / self.twilio_messages_per_second)

    @property
    def twilio_timeout(self) -> timedelta:
        """Return how long a call to Twilio may take before its outcome counts as unknown."""
        return timedelta(seconds=self.twilio_timeout_seconds)


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: naming every missing or wrong variable at once.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the environment supplies the required ones
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            variable = ".".join(str(part) for part in fault["loc"]).upper()
            sentence = (
                "is not set" if fault["type"] == "missing" else fault["msg"].removeprefix("Value error, ")
            )
            faults.append(f"  {variable} {sentence}." if variable else f"  {sentence}.")
        raise SettingsError(
            "Dripline can't start with these settings (docs/settings.md describes each):\n"
            + "\n".join(faults)
        ) from None
