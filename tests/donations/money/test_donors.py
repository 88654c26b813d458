"""One donor found again, not doubled: by ID, by phone and name, organizations by name."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from charity_hub.organizations.models import Organization
from charity_hub.plain_text import clean_name, name_key
from donations.money.donors import find_donor, find_or_add_donors, identity
from donations.money.models import Donor, DonorKind
from tests.builders import credit_code_of
from tests.cast import host_charity, other_charity

PHONE = "138 0000 1234"
ID = "11010519491231002X"
OTHER_ID = "440605199001010014"


def add(
    charity: Organization, name: str, phone: str = "", id_number: str = "", kind: str = "person"
) -> Donor:
    [pk] = find_or_add_donors(charity, [identity(kind, name, phone, id_number)])
    return Donor.objects.get(pk=pk)


@pytest.mark.django_db
def test_the_same_phone_and_name_is_the_same_donor() -> None:
    first = add(host_charity(), "陈示例", PHONE)
    assert add(host_charity(), "陈 示例", "+86 13800001234") == first


@pytest.mark.django_db
def test_a_full_width_name_is_the_same_name() -> None:
    first = add(host_charity(), "Chen Li", PHONE)
    assert add(host_charity(), "ＣＨＥＮ　Ｌｉ", PHONE) == first


@pytest.mark.django_db
def test_the_same_phone_with_another_name_is_another_donor() -> None:
    first = add(host_charity(), "陈示例", PHONE)
    assert add(host_charity(), "李示例", PHONE) != first


@pytest.mark.django_db
def test_the_same_id_is_the_same_donor_whatever_the_phone() -> None:
    first = add(host_charity(), "陈示例", PHONE, ID)
    assert add(host_charity(), "陈示例", "139 0000 5678", ID) == first


@pytest.mark.django_db
def test_a_name_alone_tells_nobody() -> None:
    first = add(host_charity(), "陈示例")
    assert add(host_charity(), "陈示例") != first


@pytest.mark.django_db
def test_two_ids_are_two_donors_though_name_and_phone_are_the_same() -> None:
    first = add(host_charity(), "陈示例", PHONE, ID)
    assert add(host_charity(), "陈示例", PHONE, OTHER_ID) != first


@pytest.mark.django_db
def test_an_id_learned_later_is_added_to_the_donor() -> None:
    first = add(host_charity(), "陈示例", PHONE)
    assert add(host_charity(), "陈示例", PHONE, ID.lower()) == first
    first.refresh_from_db()
    assert (first.id_number, first.phone) == (ID, "+8613800001234")


@pytest.mark.django_db
def test_a_phone_learned_later_is_added_and_an_old_one_is_kept() -> None:
    first = add(host_charity(), "陈示例", "", ID)
    add(host_charity(), "陈示例", PHONE, ID)
    add(host_charity(), "陈示例", "139 0000 5678", ID)
    first.refresh_from_db()
    assert first.phone == "+8613800001234"


@pytest.mark.django_db
def test_an_id_with_a_slip_finds_nobody_and_is_kept() -> None:
    first = add(host_charity(), "陈示例", PHONE, "110105194912310021")
    second = add(host_charity(), "李示例", "", "110105194912310021")
    assert first != second
    assert second.id_number == "110105194912310021"
    assert second.id_index == ""


@pytest.mark.django_db
def test_an_organization_is_found_by_its_name_alone() -> None:
    first = add(host_charity(), "示例（佛山）有限公司", kind=DonorKind.ORGANIZATION)
    assert add(host_charity(), "示例(佛山)有限公司", "0757-86330000", kind=DonorKind.ORGANIZATION) == first


@pytest.mark.django_db
def test_an_organization_is_found_by_its_credit_code_under_another_name() -> None:
    code = credit_code_of(77)
    first = add(host_charity(), "示例有限公司", "", code, kind=DonorKind.ORGANIZATION)
    assert add(host_charity(), "示例集团有限公司", "", code.lower(), kind=DonorKind.ORGANIZATION) == first


@pytest.mark.django_db
def test_a_person_is_no_organization_of_the_same_name() -> None:
    first = add(host_charity(), "示例", PHONE)
    assert add(host_charity(), "示例", PHONE, kind=DonorKind.ORGANIZATION) != first


@pytest.mark.django_db
def test_donors_belong_to_one_charity() -> None:
    first = add(host_charity(), "陈示例", PHONE, ID)
    assert add(other_charity(), "陈示例", PHONE, ID) != first
    assert find_donor(other_charity(), kind="person", name="李示例", phone=PHONE) is None


@pytest.mark.django_db
def test_a_batch_adds_each_donor_once() -> None:
    who = [
        identity("person", "陈示例", PHONE),
        identity("person", "李示例"),
        identity("person", "陈示例", PHONE, ID),
    ]
    first, second, third = find_or_add_donors(host_charity(), who)
    assert first == third != second
    assert Donor.objects.get(pk=first).id_number == ID


@pytest.mark.django_db
def test_a_batch_takes_the_same_number_of_statements_for_2_and_for_200(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    charity = host_charity()
    for size in (2, 200):
        who = [identity("person", f"示例{size}-{place}", f"138{size:04}{place:04}") for place in range(size)]
        with django_assert_num_queries(9):
            # savepoint, candidates, lock, candidates, ids, savepoint, insert, release, release
            find_or_add_donors(charity, who)


@pytest.mark.django_db
def test_phone_and_id_are_not_readable_in_the_database() -> None:
    donor = add(host_charity(), "陈示例", PHONE, ID)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM donations_donor d WHERE id = %s", [donor.pk])
        stored = cursor.fetchone()[0]
    assert "陈示例" in stored
    assert "13800001234" not in stored
    assert ID not in stored


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "𠮷田示例",
        "㙟示例",
        "爱心🌻小组",
        '=HYPERLINK("http://example.invalid")',
        "O'Neill · 玛丽",
        '"示例", \\N',
        r"\.",
    ],
)
def test_names_are_kept_as_they_are_written(name: str) -> None:
    donor = add(host_charity(), name, PHONE)
    donor.refresh_from_db()
    assert donor.name == name


def test_control_characters_and_double_blanks_are_taken_out_of_a_name() -> None:
    assert clean_name("  陈\x00示\u3000 例\n") == "陈示 例"


@pytest.mark.parametrize(
    "sign",
    [
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u202e",
        "\u2066",
        "\u00ad",
        "\u2060",
        "\ufe0f",
        "\U000e0100",
        "\u3164",
        "\u034f",
    ],
    ids=ascii,
)
@pytest.mark.django_db
def test_a_sign_that_nobody_sees_makes_no_second_donor(sign: str) -> None:
    first = add(host_charity(), "陈示例", PHONE)
    assert add(host_charity(), f"{sign}陈{sign}示例{sign}", PHONE) == first
    assert clean_name(f"{sign}陈{sign}示例") == "陈示例"


def test_a_name_of_signs_alone_keeps_a_key() -> None:
    assert name_key("·") != ""


@pytest.mark.django_db
def test_postgresql_refuses_a_second_donor_with_the_same_id() -> None:
    donor = add(host_charity(), "陈示例", PHONE, ID)
    with pytest.raises(IntegrityError, match="donor_id_once_per_charity"), transaction.atomic():
        copy_of(donor, name="另一示例")


@pytest.mark.django_db
def test_postgresql_refuses_a_second_donor_with_the_same_phone_and_name() -> None:
    donor = add(host_charity(), "陈示例", PHONE)
    with pytest.raises(IntegrityError, match="donor_phone_and_name_once_per_charity"), transaction.atomic():
        copy_of(donor)


@pytest.mark.django_db
def test_postgresql_refuses_a_second_organization_of_the_same_name() -> None:
    donor = add(host_charity(), "示例有限公司", kind=DonorKind.ORGANIZATION)
    with pytest.raises(IntegrityError, match="donor_organization_once_per_charity"), transaction.atomic():
        copy_of(donor)


def copy_of(donor: Donor, name: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO donations_donor (charity_id, kind, name, name_key, pinyin, phone, "
            "phone_index, id_number, id_index,"
            " created_at) SELECT charity_id, kind, coalesce(nullif(%s, ''), name), "
            "coalesce(nullif(%s, ''), name_key),"
            " pinyin, phone, phone_index, id_number, id_index, created_at FROM donations_donor WHERE id = %s",
            [name, name, donor.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_find_one_donor() -> None:
    charity = host_charity()
    gate = threading.Barrier(20)
    errors: list[BaseException] = []

    def give(number: int) -> None:
        try:
            gate.wait()
            add(charity, "陈示例", PHONE, ID if number % 2 else "")
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Donor.objects.count() == 1
