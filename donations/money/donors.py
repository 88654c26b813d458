"""Finding a donor again, so that one who gives ten times is one row.

Within one host charity a donor is the one with the same ID; else the one of the same kind with the same
phone and the same name; else, for organizations, the one with the same name. A phone alone says nothing:
families share one. What finds a row that was merged finds the donor it was merged into.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from charity_hub.numbering import draw_ids
from charity_hub.organizations.models import Organization
from charity_hub.people.encryption import blind_index, encrypt, end_index
from charity_hub.people.id_numbers import id_problem, normal_id
from charity_hub.people.models import User
from charity_hub.people.phones import parse_phone
from charity_hub.pinyin import spell
from charity_hub.plain_text import clean_name, name_key
from donations.money.bulk_insert import copy_rows
from donations.money.models import Donor, DonorKind
from donations.money.permissions import HANDLING

# A Chinese mobile number as ``parse_phone`` writes it: registers have parsed theirs already.
_STORED_MOBILE = re.compile(r"\+861[3-9][0-9]{9}")
_KNOWN = "SELECT id, kind, name_key, phone_index, id_index, merged_into_id, added_by_id FROM donations_donor"
# The columns of a new donor, and what of the identity stands in each: phone and ID sealed.
SAID: Final = {
    "kind": "kind",
    "name": "name",
    "name_key": "name_key",
    "pinyin": "pinyin",
    "phone": "sealed_phone",
    "phone_index": "phone_index",
    "phone_end_index": "phone_end_index",
    "id_number": "sealed_id",
    "id_index": "id_index",
}
# Namespace of the advisory lock under which a charity's donors are added.
_DONORS_OF_CHARITY = 0x444F4E52


@dataclass(frozen=True)
class Identity:
    """What a donor said of themselves, in the forms that are compared and kept; phone and ID sealed too."""

    kind: str
    name: str
    phone: str = ""
    id_number: str = ""
    name_key: str = field(default="", compare=False)
    phone_index: str = field(default="", compare=False)
    phone_end_index: str = field(default="", compare=False)
    id_index: str = field(default="", compare=False)
    pinyin: str = field(default="", compare=False)
    sealed_phone: str = field(default="", compare=False)
    sealed_id: str = field(default="", compare=False)


def identity(kind: str, name: str, phone: str = "", id_number: str = "") -> Identity:
    """Clean what was typed.

    A phone that is no mobile and an ID that cannot be right are kept, but find nobody.
    """
    mobile = phone if _STORED_MOBILE.fullmatch(phone) else parse_phone(phone) or ""
    number = normal_id(id_number) if kind == DonorKind.PERSON else uscc.compact(id_number).upper()
    kept = mobile or clean_name(phone)
    return Identity(
        kind=kind,
        name=clean_name(name),
        phone=kept,
        id_number=number,
        name_key=name_key(name),
        phone_index=blind_index(mobile),
        phone_end_index=end_index(kept),
        id_index=blind_index(number) if number and not donor_id_problem(kind, number) else "",
        pinyin=spell(name_key(name))[:320],  # the whole spelling and the initials: ``zhangsan zs``
        sealed_phone=kept and encrypt(kept),
        sealed_id=number and encrypt(number),
    )


def donor_id_problem(kind: str, number: str) -> str | None:
    """What is wrong with a donor's ID (person) or credit code (organization), as a sentence; None when
    right.
    """
    if kind == DonorKind.PERSON:
        return id_problem(number)
    if uscc.is_valid(number):
        return None
    return _(
        "This is not a unified social credit code: it has 18 characters and ends with a check character."
    )


@dataclass(slots=True)
class _Found:
    """As much of a donor as finding one again needs."""

    pk: int
    kind: str
    name_key: str
    phone_index: str
    id_index: str
    merged_into: int | None = None
    added_by: int | None = None


class _Known:
    """The donors of a charity that a batch may mean, by each way of finding them."""

    def __init__(self, charity: Organization, wanted: Sequence[Identity]) -> None:
        self.by_id: dict[str, _Found] = {}
        self.by_phone: dict[tuple[str, str, str], list[_Found]] = {}
        self.by_name: dict[str, list[_Found]] = {}
        found = _candidates(charity, wanted)
        self.kept = _kept_of(found)
        for donor in found:
            self.add(donor)

    def add(self, donor: _Found) -> None:
        if donor.id_index:
            self.by_id[donor.id_index] = donor
        if donor.phone_index:
            self.by_phone.setdefault((donor.kind, donor.phone_index, donor.name_key), []).append(donor)
        if donor.kind == DonorKind.ORGANIZATION:
            self.by_name.setdefault(donor.name_key, []).append(donor)

    def find(self, who: Identity) -> _Found | None:
        found = self._row_of(who)
        return self.kept.get(found.merged_into, found) if found and found.merged_into else found

    def _row_of(self, who: Identity) -> _Found | None:
        if who.id_index and who.id_index in self.by_id:
            return self.by_id[who.id_index]
        same = self.by_phone.get((who.kind, who.phone_index, who.name_key), []) if who.phone_index else []
        if who.kind == DonorKind.ORGANIZATION:
            same = [*same, *self.by_name.get(who.name_key, [])]
        # Two different IDs are two donors, whatever else is the same.
        fitting = [donor for donor in same if not (who.id_index and donor.id_index)]
        return min(fitting, key=_precedence) if fitting else None


def _precedence(donor: _Found) -> tuple[bool, bool, int]:
    """Donors who stand for themselves before merged ones, known IDs before unknown ones, older ones first."""
    return donor.merged_into is not None, not donor.id_index, donor.pk


def _candidates(charity: Organization, wanted: Sequence[Identity]) -> list[_Found]:
    """One query: every donor of the charity that one of these identities may mean."""
    asked = [(columns, texts) for columns, texts in _ways_to_find(wanted) if texts]
    query = " UNION ".join(
        f"{_KNOWN} WHERE charity_id = %s AND {columns} IN (SELECT json_array_elements_text(%s))"
        for columns, _texts in asked
    )
    values = [value for _columns, texts in asked for value in (charity.pk, json.dumps(list(texts)))]
    # The last of two rows with one ID wins: the one that stands for itself.
    return sorted(_rows(query, values), key=_precedence, reverse=True) if asked else []


def _ways_to_find(wanted: Sequence[Identity]) -> Iterator[tuple[str, set[str]]]:
    """Conditions, those of the indexes so that PostgreSQL may use them, and the texts they ask for."""
    ids = {who.id_index for who in wanted if who.id_index}
    yield "merged_into_id IS NULL AND id_index <> '' AND id_index", ids
    yield "merged_into_id IS NOT NULL AND id_index", ids
    yield "phone_index <> '' AND phone_index", {who.phone_index for who in wanted if who.phone_index}
    names = {who.name_key for who in wanted if who.kind == DonorKind.ORGANIZATION}
    yield "kind = 'organization' AND name_key", names


def _kept_of(found: Sequence[_Found]) -> dict[int, _Found]:
    """The donors that these rows were merged into; no query when none was."""
    merged = [donor.merged_into for donor in found if donor.merged_into]
    kept = _rows(f"{_KNOWN} WHERE id = ANY (%s)", [merged]) if merged else []
    return {donor.pk: donor for donor in kept}


def _rows(query: str, values: Sequence[Any]) -> list[_Found]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [_Found(*row) for row in cursor.fetchall()]


def find_donor(
    charity: Organization, *, kind: str, name: str, phone: str = "", id_number: str = ""
) -> Donor | None:
    """The donor of this charity that is meant, or None when nobody fits."""
    who = identity(kind, name, phone, id_number)
    found = _Known(charity, [who]).find(who)
    return Donor.objects.get(pk=found.pk) if found else None


@transaction.atomic
def find_or_add_donors(
    charity: Organization, wanted: Sequence[Identity], actor: User | None = None
) -> list[int]:
    """The id of each identity's donor, in the same order; those who are new are added, once however many
    ask at once.

    A constant number of statements for any number of identities. What an identity knows beyond the row
    (an ID, a phone) is added to the row; what the row has is never overwritten. ``actor`` says it, and
    neither learns the name of a person nor gives a phone to a donor who is no donor of theirs; without one
    nobody is a stranger.
    """
    known = _Known(charity, wanted)
    said = _as_said_by(actor, known, wanted)
    if any(_tells_more(known.find(who), who) for who in said):
        lock_donors(charity)
        known = _Known(charity, wanted)
        said = _as_said_by(actor, known, wanted)
    return _settle(charity, known, said, actor)


def _as_said_by(actor: User | None, known: _Known, wanted: Sequence[Identity]) -> Sequence[Identity]:
    """The identities without what their sayer may not do to the donors they mean.

    An ID alone does not tell whose it is: with another name it finds nobody, and the name stays as it was
    said. And who could give any donor a phone would see the gifts of that donor as their own.
    """
    found = [known.find(who) for who in wanted]
    doubtful = {
        donor.pk
        for who, donor in zip(wanted, found, strict=True)
        if donor and (_renames(donor, who) or _gives_phone(donor, who))
    }
    if actor is None or not doubtful:
        return wanted
    mine = Donor.objects.told_to(actor, *HANDLING).filter(pk__in=doubtful)
    strangers = doubtful - set(mine.values_list("pk", flat=True))
    return [
        _without(who, donor) if donor and donor.pk in strangers else who
        for who, donor in zip(wanted, found, strict=True)
    ]


def _renames(donor: _Found, who: Identity) -> bool:
    same_id = bool(who.id_index) and who.id_index == donor.id_index
    return who.kind == DonorKind.PERSON and same_id and who.name_key != donor.name_key


def _gives_phone(donor: _Found, who: Identity) -> bool:
    return bool(who.phone_index) and not donor.phone_index


def _without(who: Identity, donor: _Found) -> Identity:
    if _renames(donor, who):
        return replace(who, id_index="")
    without_phone = replace(who, phone="", phone_index="", phone_end_index="", sealed_phone="")
    return without_phone if _gives_phone(donor, who) else who


def lock_donors(charity: Organization) -> None:
    """Wait until nobody else adds, corrects or merges donors of this charity; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_DONORS_OF_CHARITY, charity.pk])


def _tells_more(donor: _Found | None, who: Identity) -> bool:
    return donor is None or bool(who.id_index and not donor.id_index) or _gives_phone(donor, who)


def _settle(
    charity: Organization, known: _Known, wanted: Sequence[Identity], actor: User | None
) -> list[int]:
    answers: list[int] = []
    new: list[tuple[int, Identity]] = []
    identified: list[Donor] = []
    reachable: list[Donor] = []
    ids = iter(draw_ids(Donor, sum(known.find(who) is None for who in wanted)))
    for who in wanted:
        donor = known.find(who)
        if donor is None:
            donor = _Found(next(ids), who.kind, who.name_key, who.phone_index, who.id_index)
            donor.added_by = actor.pk if actor else None
            new.append((donor.pk, who))
            known.add(donor)
        elif _tells_more(donor, who):
            if actor is None or donor.added_by != actor.pk:
                donor.added_by = None
            identified += _learn_id(donor, who)
            reachable += _learn_phone(donor, who)
            known.add(donor)
        answers.append(donor.pk)
    told, now, added_by = attrgetter(*SAID.values()), timezone.now(), actor.pk if actor else None
    copy_rows(
        "donations_donor",
        ["id", "charity_id", "created_at", "added_by_id", *SAID],
        [(pk, charity.pk, now, added_by, *told(who)) for pk, who in new],
    )
    Donor.objects.bulk_update(identified, ["id_number", "id_index", "added_by"])
    Donor.objects.bulk_update(reachable, ["phone", "phone_index", "phone_end_index", "added_by"])
    return answers


def _learn_id(donor: _Found, who: Identity) -> list[Donor]:
    """The row to write, if the donor's ID was not known."""
    if donor.id_index or not who.id_index:
        return []
    donor.id_index = who.id_index
    return [Donor(pk=donor.pk, id_number=who.id_number, id_index=who.id_index, added_by_id=donor.added_by)]


def _learn_phone(donor: _Found, who: Identity) -> list[Donor]:
    """The row to write, if the donor's phone was not known."""
    if donor.phone_index or not who.phone_index:
        return []
    donor.phone_index = who.phone_index
    return [
        Donor(
            pk=donor.pk,
            phone=who.phone,
            phone_index=who.phone_index,
            phone_end_index=who.phone_end_index,
            added_by_id=donor.added_by,
        )
    ]
