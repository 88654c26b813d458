import io
from decimal import Decimal
from urllib.parse import quote

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from charity_hub.organizations.models import Kind, Organization
from charity_hub.portal.exports import Column, escape_formula, workbook
from charity_hub.portal.filters import HubFilter, PinyinSearchFilter
from tests.builders import organization, region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
LIST = "/sample/organizations/"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def names(answer: object) -> list[str]:
    return [row.record.name for row in answer.context["table"].paginated_rows]  # type: ignore[attr-defined]


def exported(address: str) -> list[tuple[object, ...]]:
    answer = Client().get(address)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    return list(sheet.iter_rows(values_only=True))


def test_a_list_is_filtered_by_its_address() -> None:
    organization("示例慈善会", Kind.CHARITY)
    organization("示例公司", Kind.COMPANY)
    assert names(Client().get(LIST, {"kind": "charity"})) == ["示例慈善会"]


@pytest.mark.parametrize("typed", ["桂城", "guicheng", "GCSG", "gui cheng", "城 社工"])
def test_the_search_takes_chinese_and_pinyin(typed: str) -> None:
    organization("桂城社工站")
    organization("石门示例中心")
    assert names(Client().get(LIST, {"q": typed})) == ["桂城社工站"]


def test_a_list_is_sorted_by_a_column_and_an_unknown_column_does_no_harm() -> None:
    organization("A", address="2")
    organization("B", address="1")
    assert names(Client().get(LIST, {"sort": "address"})) == ["B", "A"]
    assert names(Client().get(LIST, {"sort": "-address"})) == ["A", "B"]
    assert names(Client().get(LIST, {"sort": "password"})) == ["A", "B"]


def test_a_page_has_one_of_the_offered_sizes() -> None:
    for number in range(55):
        organization(f"示例{number:03}")
    assert len(names(Client().get(LIST))) == 20
    assert len(names(Client().get(LIST, {"per_page": "50"}))) == 50
    assert len(names(Client().get(LIST, {"per_page": "100000"}))) == 20
    assert len(names(Client().get(LIST, {"page": "3"}))) == 15
    assert len(names(Client().get(LIST, {"page": "99"}))) == 15


@pytest.mark.parametrize("asked", [{"per_page": "0"}, {"per_page": "-1"}, {"per_page": "-1", "page": "-2"}])
def test_an_impossible_page_is_the_first(asked: dict[str, str]) -> None:
    organization("示例慈善会")
    assert names(Client().get(LIST, asked)) == ["示例慈善会"]


def test_a_filter_that_makes_no_sense_shows_nothing_and_says_why() -> None:
    organization("示例")
    answer = Client().get(LIST, {"kind": "nonsense"})
    assert answer.status_code == 200
    assert names(answer) == []


def test_htmx_gets_the_table_alone_and_a_clean_address() -> None:
    organization("示例")
    answer = Client().get(f"{LIST}?q=&kind=agency&active=unknown", headers=PARTIAL)
    page = answer.content.decode()
    assert page.lstrip().startswith('<section id="list"')
    assert answer["HX-Push-Url"] == f"{LIST}?kind=agency"
    assert "HX-Request-Type" in answer["Vary"]


def test_a_list_that_is_asked_for_where_it_is_adds_no_step_to_the_history() -> None:
    organization("示例")
    shown = {"HX-Current-URL": f"http://testserver{LIST}?q=%E7%A4%BA%E4%BE%8B"}
    assert "HX-Push-Url" not in Client().get(f"{LIST}?q=示例&kind=", headers=PARTIAL | shown)
    assert Client().get(f"{LIST}?page=2", headers=PARTIAL | shown)["HX-Push-Url"] == f"{LIST}?page=2"


def test_an_empty_list_says_what_to_do_and_a_filtered_one_offers_everything() -> None:
    assert "Nobody is here yet." in Client().get(LIST).content.decode()
    organization("示例")
    filtered = Client(headers={"accept-language": "en"}).get(LIST, {"q": "nothing like it"}).content.decode()
    assert "Nobody is here yet." not in filtered
    assert f'href="{LIST}"' in filtered


@pytest.mark.parametrize("rows", [1, 50])
def test_a_list_costs_two_queries_however_long_it_is(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        organization(f"示例{number:03}")
    Client().get(LIST)
    with django_assert_num_queries(2):  # the count, and the page with its regions
        Client().get(LIST, {"per_page": "50"})


def test_the_export_holds_what_is_filtered_in_the_order_of_the_screen() -> None:
    place = region()
    for number in range(25):
        organization(f"示例{number:03}", Kind.AGENCY, at=place)
    organization("示例公司", Kind.COMPANY, at=place)
    head, *rows = exported(f"{LIST}?kind=agency&sort=-name&export=xlsx&page=2")
    assert len(rows) == 25
    assert [row[0] for row in rows[:2]] == ["示例024", "示例023"]
    assert rows[0][2] == place.full_name
    assert isinstance(rows[0][3], int)
    assert len(head) == 4


FORMULA = '=HYPERLINK("https://example.org","click")'


def test_a_formula_as_a_name_is_exported_as_harmless_text() -> None:
    organization(FORMULA)
    organization("@SUM(1)")
    _head, *rows = exported(f"{LIST}?export=xlsx&sort=name")
    assert {row[0] for row in rows} == {"'" + FORMULA, "'@SUM(1)"}


def test_an_export_that_would_be_too_long_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charity_hub.portal.list_page.MOST_ROWS", 1)
    organization("A")
    organization("B")
    answer = Client().get(f"{LIST}?export=xlsx")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@A1", "\t=1", " =1", "＝1+1", "\r=1"]
)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert escape_formula(text) == "'" + text


@pytest.mark.parametrize("text", ["示例", "+8613800001234", "+86 138-0000-1234", "-12.50", "a=b", "", "𠮷㙟"])
def test_plain_text_and_signed_numbers_stay_as_they_are(text: str) -> None:
    assert escape_formula(text) == text


def test_a_workbook_keeps_types_and_rare_characters() -> None:
    stream = workbook(
        [["𠮷㙟", Decimal("12345.60"), 7, None]], [Column("A"), Column("B"), Column("C"), Column("=D")]
    )
    sheet = openpyxl.load_workbook(stream).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["A", "B", "C", "'=D"],
        ["𠮷㙟", 12345.6, 7, None],
    ]


def test_a_search_text_with_odd_characters_does_no_harm() -> None:
    organization("示例")
    for text in ("%", "\\", "'", "a" * 500, "\N{PILE OF POO}"):
        assert Client().get(f"{LIST}?q={quote(text)}").status_code == 200


class ManyFilters(HubFilter):
    q = PinyinSearchFilter(fields=["name"])

    class Meta:
        model = Organization
        fields = ["kind", "q", "active", "address"]


@pytest.mark.parametrize(
    ("asked", "folded"), [({}, "closed"), ({"q": "桂城"}, "closed"), ({"q": "", "kind": "agency"}, "open")]
)
def test_a_phone_folds_many_filters_unless_one_is_set(asked: dict[str, str], folded: str) -> None:
    filterset = ManyFilters(asked, queryset=Organization.objects.all())
    assert [field.name for field in filterset.search_fields] == ["q"]
    assert [field.name for field in filterset.other_fields] == ["kind", "active", "address"]
    assert filterset.folded == folded


def test_few_filters_are_not_folded_and_one_page_has_no_row_of_pages() -> None:
    one = organization("示例")
    page = Client().get(LIST).text
    assert one.name in page
    assert 'name="q"' in page
    assert "hub-folded" not in page
    assert "per_page=50" not in page
    for number in range(20):
        organization(f"示例{number}")
    assert "per_page=50" in Client().get(LIST).text
