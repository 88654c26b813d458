"""The admin shows the books and changes nothing."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse as address
from django.utils import timezone

from charity_hub.ledger.actions import Line, Posting, close_month, post_many, reverse
from charity_hub.ledger.admin import EstimatingPaginator
from charity_hub.ledger.kinds import in_words
from charity_hub.ledger.models import Account, AccountKind, Book, Entry, MonthTotal, Seal, Transfer, Unit
from charity_hub.ledger.seals import seal_through
from donations.deposits.workflow import receive_cash
from donations.money.models import DonorKind
from funds.spending.models import SpendingState
from tests.builders import account, book, cash_deposit, gift, posted, spending_request
from tests.cast import ada, client_of, ping

pytestmark = pytest.mark.django_db
MODELS: list[type[Model]] = [Book, Account, Transfer, Entry, MonthTotal, Seal]


@pytest.fixture
def client() -> Client:
    return client_of(ada())


def some_books(transfers: int) -> Transfer:
    bank = account("bank:示例")
    net = account("net:示例", AccountKind.NET_ASSETS)
    for n in range(transfers):
        account(f"bank:{n}", within=book(f"JJ-{n}"))
    lines = [Line(bank, 500), Line(net, -500)]
    day = date(2025, 3, 5)
    made = post_many(
        [
            Posting(kind=f"trial:{n}", lines=lines, key=str(n), occurred_on=day, actor=ada())
            for n in range(transfers)
        ]
    )
    reverse(made[0], "wrong", actor=ada())
    seal_through(day)
    return made[0]


def name_of(model: type[Model]) -> str:
    return model.__name__.lower()


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_list_takes_as_many_queries_for_50_rows_as_for_1(client: Client, model: type[Model]) -> None:
    url = address(f"admin:charity_hub_{name_of(model)}_changelist")
    some_books(1)
    client.get(url)
    with CaptureQueriesContext(connection) as for_one:
        assert client.get(url).status_code == 200
    posted(account("bank:示例"), account("net:示例", AccountKind.NET_ASSETS))
    for n in range(50):
        account(f"net:{n}", AccountKind.NET_ASSETS, within=book(f"JJ-{n}"))
        posted(account("bank:示例"), account("net:示例", AccountKind.NET_ASSETS), kind=f"trial:{n}")
    with CaptureQueriesContext(connection) as for_many:
        assert client.get(url).status_code == 200
    assert len(for_many) == len(for_one)


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_row_opens_and_none_is_changed(client: Client, model: type[Model]) -> None:
    some_books(1)
    row = model._default_manager.get(pk=model._default_manager.values_list("pk")[:1])
    url = address(f"admin:charity_hub_{name_of(model)}_change", args=[row.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"memo": "other"}).status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_nothing_is_added_or_deleted(client: Client, model: type[Model]) -> None:
    some_books(1)
    row = model._default_manager.get(pk=model._default_manager.values_list("pk")[:1])
    assert client.get(address(f"admin:charity_hub_{name_of(model)}_add")).status_code == 403
    delete = address(f"admin:charity_hub_{name_of(model)}_delete", args=[row.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_search_finds(client: Client, model: type[Model]) -> None:
    transfer = some_books(2)
    text: dict[type[Model], str] = {
        Book: "JJ-1",
        Account: "bank:1",
        Transfer: str(transfer.pk),
        Entry: str(transfer.pk),
        MonthTotal: "trial:1",
    }
    answer = client.get(address(f"admin:charity_hub_{name_of(model)}_changelist"), {"q": text.get(model, "")})
    assert answer.status_code == 200
    assert answer.context["cl"].result_count >= 1


@pytest.mark.parametrize("text", ["不是数字", "9" * 40, "bank:示例"])
@pytest.mark.parametrize("model", [Transfer, Entry], ids=name_of)
def test_any_text_may_be_searched(client: Client, model: type[Model], text: str) -> None:
    some_books(1)
    answer = client.get(address(f"admin:charity_hub_{name_of(model)}_changelist"), {"q": text})
    assert answer.context["cl"].result_count == (2 if (model, text) == (Entry, "bank:示例") else 0)


def test_transfers_are_filtered_by_kind(client: Client) -> None:
    some_books(3)
    answer = client.get(address("admin:charity_hub_transfer_changelist"), {"kind": "trial:2"})
    assert [transfer.kind for transfer in answer.context["cl"].result_list] == ["trial:2"]


@pytest.mark.parametrize("model", [Transfer, Entry, MonthTotal], ids=name_of)
def test_kinds_are_shown_as_people_call_them(client: Client, model: type[Model]) -> None:
    posted(account("bank:示例"), account("net:示例", AccountKind.NET_ASSETS), kind="trial:given")
    page = client.get(address(f"admin:charity_hub_{name_of(model)}_changelist")).text
    assert "Trial gift" in page
    assert ">trial:given<" not in page


def test_month_totals_are_searched_by_what_their_kind_is_called(client: Client) -> None:
    for kind in ("trial:given", "trial:came"):
        posted(account("bank:示例"), account("net:示例", AccountKind.NET_ASSETS), kind=kind)
    months = address("admin:charity_hub_monthtotal_changelist")
    found = client.get(months, {"q": "Trial income"}).context["cl"].result_list
    assert {total.kind for total in found} == {"trial:came"}


def test_every_kind_that_is_posted_has_words() -> None:
    """A whole year in the life of a fund and its station, with every step that moves money."""
    deposit = cash_deposit(amount_fen=gift().amount_fen)
    receive_cash(deposit, received_on=timezone.localdate(), actor=ping())
    gift(donor_kind=DonorKind.ANONYMOUS, name="", phone="")
    gift(donor_kind=DonorKind.ORGANIZATION, name="桂城示例公司")
    spending_request(state=SpendingState.PAID)
    spending_request(state=SpendingState.RELEASED)
    kinds = set(Transfer.objects.values_list("kind", flat=True))
    assert len(kinds) >= 9
    assert [kind for kind in kinds if in_words(kind) == kind] == []


def test_a_transfer_shows_its_entries_with_debit_and_credit(client: Client) -> None:
    transfer = some_books(1)
    page = client.get(address("admin:charity_hub_transfer_change", args=[transfer.pk])).content.decode()
    assert page.count("¥5.00") >= 3
    assert "bank:示例" in page


def test_an_entry_is_called_by_its_account_and_amount(client: Client) -> None:
    some_books(1)
    entry = Entry.objects.get(account__code="net:示例", number=1)
    page = client.get(address("admin:charity_hub_entry_change", args=[entry.pk]))
    assert "net:示例: -¥5.00" in page.content.decode()


def test_an_entry_of_hours_is_called_so() -> None:
    given, taken = (account(code, unit=Unit.TIME, floor=None) for code in ("hours:甲", "hours:乙"))
    posted(given, taken, 90)
    assert "hours:甲: 1 h 30 min" in map(str, Entry.objects.all())


def test_a_big_table_is_not_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = 3000000 WHERE relname = 'ledger_entry'")
    with CaptureQueriesContext(connection) as queries:
        assert EstimatingPaginator(Entry.objects.order_by("-id"), 50).count == 3_000_000
    assert "reltuples" in queries[0]["sql"]
    assert len(queries) == 1


def test_a_filtered_list_is_counted_exactly() -> None:
    some_books(1)
    assert EstimatingPaginator(Entry.objects.filter(amount__gt=0).order_by("-id"), 50).count == 2


def test_the_history_of_a_book_tells_of_its_closing(client: Client) -> None:
    close_month(book(), date(2025, 3, 1))
    page = client.get(address("admin:charity_hub_book_history", args=[book().pk])).content.decode()
    assert "2025-03-31" in page


def test_a_transfers_own_page_calls_it_by_its_words(client: Client) -> None:
    given = gift(donor_kind=DonorKind.PERSON)
    transfer = given.transfer
    page = client.get(address("admin:charity_hub_transfer_change", args=[transfer.pk])).content.decode()
    assert f"{in_words('gift:person')} {given.given_on} #{transfer.pk}" in page
    assert "gift:person 2" not in page
