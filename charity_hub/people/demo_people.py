"""The demo's sign-ins, shown on the sign-in page while DEBUG is on.

``load_demo`` writes them to ``VAR_DIR/demo-people.json``: a list of objects with ``name``, ``role``,
``phone``, ``password`` and, for staff, ``totp_secret``. Nothing is read and nothing is shown with DEBUG off.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

PERIOD_SECONDS = 30


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo, with the codes that their authenticator app shows now and in the next minutes."""

    name: str
    role: str
    phone: str
    password: str
    codes: list[str]

    @property
    def code(self) -> str:
        return self.codes[0] if self.codes else ""


def demo_people() -> list[DemoPerson]:
    """The demo's people, or nobody when DEBUG is off or no demo was loaded."""
    path = Path(settings.VAR_DIR) / "demo-people.json"
    if not settings.DEBUG or not path.exists():
        return []
    return [
        DemoPerson(
            name=one.get("name", ""),
            role=one.get("role", ""),
            phone=one.get("phone", ""),
            password=one.get("password", ""),
            codes=codes_ahead(one["totp_secret"]) if one.get("totp_secret") else [],
        )
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


def codes_ahead(secret: str, count: int = 20) -> list[str]:
    """The codes that an authenticator app with this secret shows now and in the next periods (RFC 6238)."""
    now = int(time.time()) // PERIOD_SECONDS
    return [format_hotp_value(hotp_value(secret, period)) for period in range(now, now + count)]


def code_now(secret: str) -> str:
    """The six digits that an authenticator app with this secret shows at this moment."""
    return codes_ahead(secret, 1)[0]


def seconds_into_period() -> int:
    """How long the codes of now have been shown already."""
    return int(time.time()) % PERIOD_SECONDS
