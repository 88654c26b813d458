"""Finding a region: the search behind the picker, and the field that takes the answer."""

import pytest
from django import forms
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from charity_hub.people.access import Scope, scope_of
from charity_hub.pinyin import spell
from charity_hub.regions.forms import RegionField
from charity_hub.regions.models import Level, Region
from tests import cast
from tests.builders import region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _regions() -> None:
    region("440605011")
    region("440106018", "桂城街道")
    region("440605011001", "桂一示例社区居委会")
    for one in Region.objects.all():
        Region.objects.filter(pk=one.pk).update(pinyin=spell(one.full_name))


def codes(**asked: str | int) -> list[str]:
    answer = cast.client_of(cast.mei()).get("/regions/search/", asked)
    return [one.code for one in answer.context["regions"]]


@pytest.mark.parametrize(
    "words",
    [
        "440605011",
        "南海区桂城",
        "佛山 桂城街道",
        "nanhai guichengjiedao",
        "NANHAI guichengjiedao",
        "4406 gui",
    ],
)
def test_a_street_is_found_by_code_name_and_pinyin(words: str) -> None:
    assert "440605011" in codes(q=words, level=Level.STREET)


def test_two_streets_of_one_name_are_both_shown_with_their_addresses() -> None:
    answer = cast.client_of(cast.mei()).get("/regions/search/", {"q": "桂城街道", "level": "9"})

    assert "广东省佛山市南海区桂城街道" in answer.content.decode()
    assert "广东省广州市天河区桂城街道" in answer.content.decode()


def test_levels_limit_the_answers() -> None:
    assert codes(q="440605011", level=Level.COMMUNITY) == ["440605011001"]


def test_the_area_of_ones_roles_limits_the_answers() -> None:
    assert codes(q="桂城街道", level=9, scope=1) == ["440605011"]
    assert codes(q="桂城街道", level=9) == ["440106018", "440605011"]


@pytest.mark.parametrize("words", ["", "  ", "%", "_", "' OR 1=1 --", "\x00", "x" * 5000])
def test_strange_questions_find_nothing(words: str) -> None:
    assert codes(q=words) == []


def test_one_question_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = cast.client_of(cast.lan())
    client.get("/regions/search/")
    with django_assert_num_queries(4):
        # session, user, (resident: no) memberships, regions
        client.get("/regions/search/", {"q": "gui"})


def test_anonymous_people_are_led_to_sign_in() -> None:
    assert cast.client_of(None).get("/regions/search/", {"q": "gui"}).status_code == 302


class StreetForm(forms.Form):
    region = RegionField(levels=[Level.STREET])


def form(words: str, scope: Scope | None = None) -> forms.Form:
    made = StreetForm({"region": words})
    made.fields["region"].scope = scope  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    "words",
    [
        "440605011",
        "４４０６０５０１１",
        "440605011 广东省佛山市南海区桂城街道",
        "南海区桂城街道",
        "nanhaiqu guicheng",
    ],
)
def test_the_field_takes_code_name_and_pinyin(words: str) -> None:
    filled = form(words)

    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data["region"] == region("440605011")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("桂城街道", "Several regions match"),
        ("不存在的街道", "No region is called"),
        ("440605", "No region is called"),
        ("44060501", "No region is called"),
        ("440605011001", "No region is called"),
        ("", "required"),
        ("\x00", "required"),
        ("桂\x00城", "Several regions match"),
    ],
)
def test_the_field_says_what_is_wrong(words: str, sentence: str) -> None:
    with translation.override("en"):
        wrong = form(words)
        assert sentence in str(wrong.errors.get("region", ""))
        assert "\x00" not in str(wrong)


def test_another_streets_code_is_refused_by_the_scope() -> None:
    with translation.override("en"):
        filled = form("440106018", scope_of(cast.mei()))
        assert "not in your area" in str(filled.errors["region"])
        assert form("440605011", scope_of(cast.mei())).is_valid()


def test_the_field_shows_what_was_chosen_before() -> None:
    shown = StreetForm(initial={"region": region("440605011")})

    assert 'value="440605011 广东省佛山市南海区桂城街道"' in str(shown["region"])
    assert 'data-region-picker="/regions/search/?level=9"' in str(shown["region"])
