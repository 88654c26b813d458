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
    """Somebody of the demo, with the code that their authenticator app would show now."""

    name: str
    role: str
    phone: str
    password: str
    code: str


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
            code=code_now(one["totp_secret"]) if one.get("totp_secret") else "",
        )
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


def code_now(secret: str) -> str:
    """The six digits that an authenticator app with this secret shows at this moment (RFC 6238)."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS))
    return code
