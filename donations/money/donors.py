"""Finding a donor again, so that one who gives ten times is one row.

Within one host charity a donor is the one with the same ID; else the one of the same kind with the same
phone and the same name; else, for organizations, the one with the same name. A phone alone says nothing:
families share one. What finds a row that was merged finds the donor it was merged into.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from charity_hub.organizations.models import Organization
from charity_hub.people.encryption import blind_index, encrypt
from charity_hub.people.ids import id_problem, normal_id
from charity_hub.people.phones import parse_phone
from donations.money.batches import insert_donors
from donations.money.models import Donor, DonorKind
from donations.money.names import clean_name, name_key, pinyin_of

# A Chinese mobile number as ``parse_phone`` writes it: registers have parsed theirs already.
_STORED_MOBILE = re.compile(r"\+861[3-9][0-9]{9}")
_KNOWN_OF_A_DONOR = ("kind", "name", "name_key", "phone_index", "id_index", "charity", "merged_into")
# Namespace of the advisory lock under which a charity's donors are added.
_DONORS_OF_CHARITY = 0x444F4E52


@dataclass(frozen=True)
class Identity:
    """What a donor said about themselves, in the forms that are compared and kept.

    ``sealed`` holds phone and ID as they are, each beside its encrypted form.
    """

    kind: str
    name: str
    phone: str = ""
    id_number: str = ""
    name_key: str = field(default="", compare=False)
    phone_index: str = field(default="", compare=False)
    id_index: str = field(default="", compare=False)
    pinyin: str = field(default="", compare=False)
    sealed: tuple[tuple[str, str], ...] = field(default=(), compare=False)


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
        id_index=blind_index(number) if number and not donor_id_problem(kind, number) else "",
        pinyin=pinyin_of(name),
        sealed=tuple((text, encrypt(text)) for text in (kept, number) if text),
    )


def donor_id_problem(kind: str, number: str) -> str | None:
    """What is wrong with a donor's ID (person) or credit code (organization), as a sentence; None when
    right.
    """
    if kind == DonorKind.PERSON:
        return id_problem(number)
    if uscc.is_valid(number):
        return None
    return _("This is no unified social credit code: it has 18 characters and ends with a check character.")


class _Known:
    """The donors of a charity that a batch may mean, by each way of finding them."""

    def __init__(self, charity: Organization, wanted: Iterable[Identity]) -> None:
        self.charity = charity
        self.by_id: dict[str, Donor] = {}
        self.by_phone: dict[tuple[str, str, str], list[Donor]] = {}
        self.by_name: dict[str, list[Donor]] = {}
        found = _candidates(charity, list(wanted))
        self.kept = _kept_of(found)
        for donor in found:
            self.add(donor)

    def add(self, donor: Donor) -> None:
        if donor.id_index:
            self.by_id[donor.id_index] = donor
        if donor.phone_index:
            self.by_phone.setdefault((donor.kind, donor.phone_index, donor.name_key), []).append(donor)
        if donor.kind == DonorKind.ORGANIZATION:
            self.by_name.setdefault(donor.name_key, []).append(donor)

    def find(self, who: Identity) -> Donor | None:
        found = self._row_of(who)
        return self.kept.get(found.merged_into_id, found) if found and found.merged_into_id else found

    def _row_of(self, who: Identity) -> Donor | None:
        if who.id_index and who.id_index in self.by_id:
            return self.by_id[who.id_index]
        same = self.by_phone.get((who.kind, who.phone_index, who.name_key), []) if who.phone_index else []
        if who.kind == DonorKind.ORGANIZATION:
            same = [*same, *self.by_name.get(who.name_key, [])]
        # Two different IDs are two donors, whatever else is the same.
        fitting = [donor for donor in same if not (who.id_index and donor.id_index)]
        return min(fitting, key=_precedence) if fitting else None


def _precedence(donor: Donor) -> tuple[bool, bool, int]:
    """Donors who stand for themselves before merged ones, known IDs before unknown ones, older ones first."""
    return donor.merged_into_id is not None, not donor.id_index, donor.pk


def _candidates(charity: Organization, wanted: Sequence[Identity]) -> list[Donor]:
    """One query: every donor of the charity that one of these identities may mean."""
    donors = Donor.objects.filter(charity=charity).only(*_KNOWN_OF_A_DONOR)
    ids = {who.id_index for who in wanted if who.id_index}
    phones = {who.phone_index for who in wanted if who.phone_index}
    names = {who.name_key for who in wanted if who.kind == DonorKind.ORGANIZATION}
    parts = [
        donors.filter(id_index__in=ids),
        donors.filter(phone_index__in=phones),
        donors.filter(kind=DonorKind.ORGANIZATION, name_key__in=names),
    ]
    # The last of two rows with one ID wins: the one that stands for itself.
    return sorted(parts[0].union(*parts[1:]), key=_precedence, reverse=True)


def _kept_of(found: Sequence[Donor]) -> dict[int, Donor]:
    """The donors that these rows were merged into; no query when none was."""
    merged = {donor.merged_into_id for donor in found if donor.merged_into_id}
    return Donor.objects.only(*_KNOWN_OF_A_DONOR).in_bulk(merged) if merged else {}


def find_donor(
    charity: Organization, *, kind: str, name: str, phone: str = "", id_number: str = ""
) -> Donor | None:
    """The donor of this charity that is meant, or None when nobody fits."""
    who = identity(kind, name, phone, id_number)
    return _Known(charity, [who]).find(who)


def donors_with_phone(charity: Organization, phone: str) -> list[Donor]:
    """Everyone of this charity who gave this phone number."""
    index = blind_index(parse_phone(phone) or "")
    if not index:
        return []
    rows = Donor.objects.filter(charity=charity, phone_index=index)
    return list(Donor.objects.standing_for(rows).order_by("pk"))


@transaction.atomic
def find_or_add_donors(charity: Organization, wanted: Sequence[Identity]) -> list[Donor]:
    """The donor of each identity, in the same order; those who are new are added, once however many
    ask at once.

    A constant number of statements for any number of identities. What an identity knows beyond the row
    (an ID, a phone) is added to the row; what the row has is never overwritten.
    """
    known = _Known(charity, wanted)
    if any(_tells_more(known.find(who), who) for who in wanted):
        lock_donors(charity)
        known = _Known(charity, wanted)
    return _settle(known, wanted)


def lock_donors(charity: Organization) -> None:
    """Wait until nobody else adds, corrects or merges donors of this charity; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_DONORS_OF_CHARITY, charity.pk])


def _tells_more(donor: Donor | None, who: Identity) -> bool:
    return donor is None or bool(
        (who.id_index and not donor.id_index) or (who.phone_index and not donor.phone_index)
    )


def _settle(known: _Known, wanted: Sequence[Identity]) -> list[Donor]:
    answers: list[Donor] = []
    new: list[Donor] = []
    identified: list[Donor] = []
    reachable: list[Donor] = []
    ids = iter(_next_ids(sum(known.find(who) is None for who in wanted)))
    for who in wanted:
        donor = known.find(who)
        if donor is None:
            donor = _new(known.charity, who, next(ids))
            new.append(donor)
            known.add(donor)
        elif _tells_more(donor, who):
            identified += [donor] if _learn_id(donor, who) else []
            reachable += [donor] if _learn_phone(donor, who) else []
            known.add(donor)
        answers.append(donor)
    insert_donors(new, dict(pair for who in wanted for pair in who.sealed))
    Donor.objects.bulk_update(identified, ["id_number", "id_index"])
    Donor.objects.bulk_update(reachable, ["phone", "phone_index"])
    return answers


def _next_ids(count: int) -> list[int]:
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('donations_donor', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _new(charity: Organization, who: Identity, pk: int) -> Donor:
    return Donor(
        pk=pk,
        charity=charity,
        kind=who.kind,
        name=who.name,
        name_key=who.name_key,
        pinyin=who.pinyin,
        phone=who.phone,
        phone_index=who.phone_index,
        id_number=who.id_number,
        id_index=who.id_index,
    )


def _learn_id(donor: Donor, who: Identity) -> bool:
    if donor.id_index or not who.id_index:
        return False
    donor.id_number, donor.id_index = who.id_number, who.id_index
    return True


def _learn_phone(donor: Donor, who: Identity) -> bool:
    if donor.phone_index or not who.phone_index:
        return False
    donor.phone, donor.phone_index = who.phone, who.phone_index
    return True
