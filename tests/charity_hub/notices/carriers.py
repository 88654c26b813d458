"""Carriers of the tests' own, named by their paths in the settings."""

from charity_hub.people.models import User
from charity_hub.people.sms import CarrierError

handed_over: list[tuple[str, str]] = []


def text(phone: str, words: str) -> None:
    handed_over.append((phone, words))


def refuses(phone: str, words: str) -> None:
    raise CarrierError("the carrier is closed")


def breaks(phone: str, words: str) -> None:
    raise ValueError(words)


def wechat(person: User, words: str, address: str) -> None:
    handed_over.append((address, words))
