"""The door as tests use it: its addresses, the code that was texted, whether somebody is in."""

import re

from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client

from charity_hub.people.models import TextMessage

PASSWORD = "a-long-demo-password"
LOGIN = "/accounts/login/"
REQUEST = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
SIGN_UP = "/accounts/signup/"
VERIFY = "/accounts/phone/verify/"


def sent_code(phone: str) -> str:
    """The code in the last text message to this phone."""
    found = re.search(r"\b\d{6}\b", TextMessage.objects.filter(phone=phone).latest("pk").text)
    assert found
    return found[0]


OF_THIS_VISIT = re.compile(
    r'139 0000 00\d\d|name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|"X-CSRFToken": "\w+"'
)


def plain(answer: HttpResponseBase) -> str:
    """A page without its tokens and without the (139 0000 00..) number that was typed."""
    return OF_THIS_VISIT.sub("", answer.getvalue().decode())


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def signed_in_by_code(phone: str) -> Client:
    client = Client()
    client.post(REQUEST, {"phone": phone})
    client.post(CONFIRM, {"code": sent_code(phone)})
    return client


def hours_pass(hours: int = 25) -> None:
    """Everything that is on record about people happened so many hours earlier, for PostgreSQL too."""
    columns = [
        "people_user_event.pgh_created_at",
        "people_membership_event.pgh_created_at",
        "people_phone_change.at",
        "people_factor_reset.at",
        "people_role_confirmation.at",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, column in (one.split(".") for one in columns):
            cursor.execute(f"UPDATE {table} SET {column} = {column} - %s * interval '1 hour'", [hours])
        cursor.execute("SET session_replication_role = DEFAULT")
