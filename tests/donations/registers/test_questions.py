"""Rows in question: each is decided by somebody, who is kept with it, before the register is recorded."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.errors import Refused
from charity_hub.people.models import Look
from donations.money.models import DonorLookup, Gift
from donations.registers.actions import answer_questions, check_register, confirm_columns, import_good_rows
from donations.registers.duplicates import LookupsUsedUp
from donations.registers.models import Register, RegisterAnswer, RegisterState
from donations.registers.questions import listed, open_count
from donations.registers.workflow import begin_import
from donations.stations.models import Station
from tests import cast
from tests.builders import gift, organization, station
from tests.cast import client_of
from tests.donations.registers.bringing import brought_in, count_of, sent, uploaded
from tests.donations.registers.workbooks import HEAD

pytestmark = pytest.mark.django_db

NOTED = [*HEAD, "备注"]
DAY = "2025-03-05"
DOUBTFUL: list[list[Any]] = [[DAY, "陈示例", 100, ""], [DAY, "李示例", 200, "已退"], [DAY, "陈示例", 100, ""]]
MORNING: list[list[Any]] = [[DAY, "匿名", 100], [DAY, "匿名", 50], [DAY, "王示例", 200]]
AFTERNOON: list[list[Any]] = [
    [DAY, "匿名", 100],
    [DAY, "匿名", 100],
    [DAY, "王示例", 200],
    [DAY, "晚示例", 300],
]
ID = "11010519491231002X"


def checked(folder: Path, rows: list[list[Any]], head: list[str] = HEAD) -> Register:
    return check_register(uploaded(folder, rows, head), actor=cast.wen())


def decide(register: Register, *choices: str) -> Register:
    """Answer the register's questions in the order in which they are listed."""
    asked = [entry["about"] for entry in listed(register.summary) if entry["answer"] is None]
    return answer_questions(
        register,
        {each: choice == "take" for each, choice in zip(asked, choices, strict=True)},
        actor=cast.wen(),
    )


def amounts() -> list[int]:
    return sorted(fen // 100 for fen in Gift.objects.values_list("amount_fen", flat=True))


def test_nothing_is_recorded_while_rows_are_undecided(tmp_path: Path) -> None:
    register = checked(tmp_path, DOUBTFUL, NOTED)
    assert (register.summary["acceptable"], open_count(register.summary)) == (2, 2)
    with pytest.raises(Refused):
        import_good_rows(register, actor=cast.wen())
    assert not Gift.objects.exists()


def test_undecided_rows_can_be_left_out_all_at_once(tmp_path: Path) -> None:
    import_good_rows(checked(tmp_path, DOUBTFUL, NOTED), leave_open=True, actor=cast.wen())
    assert amounts() == [100]


@pytest.mark.parametrize(
    ("take", "recorded"),
    [(("take", "take"), [100, 100, 200]), (("take", "leave"), [100, 200]), (("leave", "take"), [100, 100])],
)
def test_each_row_in_question_and_each_likely_double_is_decided_alone(
    tmp_path: Path, take: tuple[str, str], recorded: list[int]
) -> None:
    register = decide(checked(tmp_path, DOUBTFUL, NOTED), *take)
    assert open_count(register.summary) == 0
    import_good_rows(register, actor=cast.wen())
    assert amounts() == recorded


def test_more_likely_doubles_than_are_listed_are_decided_in_turn(tmp_path: Path) -> None:
    register = checked(tmp_path, [[DAY, "陈示例", 100]] * 203)
    register = decide(register, *["leave"] * 200)
    assert open_count(register.summary) == 2
    register = decide(register, "take", "leave")
    assert open_count(register.summary) == 0
    import_good_rows(register, actor=cast.wen())
    assert amounts() == [100, 100]


def test_who_decided_and_when_is_kept(tmp_path: Path) -> None:
    register = decide(checked(tmp_path, DOUBTFUL, NOTED), "take", "leave")
    answers = RegisterAnswer.objects.filter(register=register)
    assert {(each.row, each.take, each.answered_by) for each in answers} == {
        (3, True, cast.wen()),
        (4, False, cast.wen()),
    }
    assert all(each.answered_at for each in answers)


def test_a_decision_does_not_outlive_what_it_was_about(tmp_path: Path) -> None:
    register = checked(tmp_path, DOUBTFUL, NOTED)
    entry = register.summary["questions"][0]
    RegisterAnswer.objects.create(
        register=register, about=entry["about"].replace("may_be_void", "pledged"), row=3, take=True
    )
    assert check_register(register, actor=cast.wen()).summary["question_count"] == 1


def test_decisions_are_made_on_the_page_by_those_who_record_there(tmp_path: Path) -> None:
    register = checked(tmp_path, DOUBTFUL, NOTED)
    about = register.summary["questions"][0]["about"]
    url = reverse("registers:answer", args=[register.pk])
    assert client_of(cast.jun()).post(url, {about: "take"}).status_code == 404
    assert client_of(cast.wen()).post(url, {about: "take", "invented|void": "take"}).status_code == 302
    assert RegisterAnswer.objects.get().about == about


def test_a_total_that_disagrees_stops_until_somebody_says_why(tmp_path: Path) -> None:
    register = checked(tmp_path, [[DAY, "陈示例", 100], ["合计", "", 650]])
    with pytest.raises(Refused):
        import_good_rows(register, actor=cast.wen())
    import_good_rows(register, why_total="手工合计有误", actor=cast.wen())
    answer = RegisterAnswer.objects.get()
    assert (answer.row, answer.why, answer.answered_by) == (0, "手工合计有误", cast.wen())


def test_the_command_does_not_pass_over_a_total_that_disagrees(tmp_path: Path) -> None:
    rows = [[DAY, "陈示例", 100], ["合计", "", 650]]
    with pytest.raises(Refused):
        brought_in(sent(tmp_path, rows))
    assert not Register.objects.exists()
    assert count_of(brought_in(sent(tmp_path, rows), why_total="手工合计有误")) == (1, 0)


def test_a_total_that_counts_rows_to_fix_or_to_decide_agrees(tmp_path: Path) -> None:
    rows = [*DOUBTFUL, ["合计", "", 400, ""]]
    assert not checked(tmp_path, rows, NOTED).summary["total_differs"]


def test_a_reason_is_demanded_by_postgresql(tmp_path: Path) -> None:
    register = checked(tmp_path, MORNING)
    with pytest.raises(IntegrityError, match="answer_about_a_register_says_why"), transaction.atomic():
        RegisterAnswer.objects.create(register=register, about="total|1|2", row=0, take=True)


def test_equal_rows_of_another_file_of_the_day_are_asked_about(tmp_path: Path) -> None:
    brought_in(sent(tmp_path, MORNING))
    register = checked(tmp_path, AFTERNOON)
    assert [entry["row"] for entry in register.summary["questions"]] == [2, 4]
    import_good_rows(decide(register, "take", "take"), actor=cast.wen())
    assert amounts() == [50, 100, 100, 100, 200, 200, 300]


def test_equal_rows_that_were_the_recorded_ones_add_nothing(tmp_path: Path) -> None:
    brought_in(sent(tmp_path, MORNING))
    register = import_good_rows(decide(checked(tmp_path, AFTERNOON), "leave", "leave"), actor=cast.wen())
    assert count_of(register) == (2, 2)


def test_the_command_leaves_such_rows_out_and_names_them(tmp_path: Path) -> None:
    brought_in(sent(tmp_path, MORNING))
    register = brought_in(sent(tmp_path, AFTERNOON))
    assert count_of(register) == (2, 0)
    assert [entry["row"] for entry in register.summary["questions"]] == [2, 4]


@pytest.mark.parametrize(
    ("head", "rows"),
    [(HEAD, AFTERNOON), (NOTED, DOUBTFUL), ([*HEAD, "证件号码"], [[DAY, "乙示例", 200, ID]])],
)
def test_what_the_command_could_not_ask_is_decided_on_the_page(
    tmp_path: Path, head: list[str], rows: list[list[Any]]
) -> None:
    brought_in(sent(tmp_path, MORNING))
    gift(given_on=date(2025, 3, 1), amount_fen=100, name="甲示例", id_number=ID)
    register = brought_in(sent(tmp_path, rows, head))
    added = register.summary["import"]["added"]
    assert register.state == RegisterState.CHECKED
    assert list(begin_import.rows_waiting(cast.wen())) == [register]
    asked = open_count(register.summary)
    register = import_good_rows(decide(register, *["take"] * asked), actor=cast.wen())
    assert (register.state, count_of(register)) == (RegisterState.IMPORTED, (asked, added))


def test_a_register_that_grew_is_not_asked_about(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[DAY, f"示例{name}", 100] for name in "甲乙丙丁"]
    brought_in(sent(tmp_path, rows))
    grown = checked(tmp_path, [*rows, [DAY, "示例戊", 100]])
    assert (open_count(grown.summary), grown.summary["there"]) == (0, 4)


def test_an_id_on_file_under_another_name_is_asked_about_and_the_name_kept(tmp_path: Path) -> None:
    gift(given_on=date(2025, 3, 1), amount_fen=100, name="甲示例", id_number=ID)
    register = checked(tmp_path, [[DAY, "乙示例", 200, ID]], [*HEAD, "证件号码"])
    assert register.summary["questions"][0]["problems"][0][0] == "id_of_another"
    import_good_rows(decide(register, "take"), actor=cast.wen())
    donor = Gift.objects.get(amount_fen=20_000).donor
    assert donor is not None
    assert (donor.name, donor.id_number) == ("乙示例", "")


@pytest.mark.parametrize("name", ["甲示例", "乙示例"])
def test_an_id_on_file_beyond_reach_is_asked_about_whatever_the_name(tmp_path: Path, name: str) -> None:
    given = gift(station=_elsewhere(), actor=cast.mei(), name="甲示例", id_number=ID)
    register = checked(tmp_path, [[DAY, name, 200, ID]], [*HEAD, "证件号码"])
    assert [one["problems"][0][0] for one in register.summary["questions"]] == ["id_of_another"]
    assert Look.objects.get(user=cast.wen()).subject == f"donations.donor:{given.donor_id}"


def test_gift_of_another_station_is_not_told(tmp_path: Path) -> None:
    day = date(2025, 3, 5)
    gift(station=_elsewhere(), actor=cast.mei(), name="甲示例", given_on=day, amount_fen=20_000)
    assert checked(tmp_path, [[DAY, "甲示例", 200]]).summary["twin_count"] == 0
    gift(name="甲示例", given_on=day, amount_fen=20_000)
    assert checked(tmp_path, [[DAY, "甲示例", 200], [DAY, "丙示例", 5]]).summary["twin_count"] == 1


def _elsewhere() -> Station:
    return station("ZD-440605011-02", operator=organization("另一示例机构"))


def test_the_command_records_nothing_under_anothers_name(tmp_path: Path) -> None:
    gift(given_on=date(2025, 3, 1), amount_fen=100, name="甲示例", id_number=ID)
    register = brought_in(sent(tmp_path, [[DAY, "乙示例", 200, ID]], [*HEAD, "证件号码"]))
    assert (count_of(register), register.summary["question_count"]) == ((0, 0), 1)


def test_a_register_whose_rows_are_all_recorded_leaves_the_list(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[DAY, f"示例{name}", 100] for name in "甲乙丙丁"]
    brought_in(sent(tmp_path, rows))
    again = checked(tmp_path, rows)
    assert again.state == RegisterState.CHECKED
    assert not begin_import.rows_waiting(cast.wen()).exists()
    checked(tmp_path, [*rows, [DAY, "示例戊", 100]])
    assert begin_import.rows_waiting(cast.wen()).count() == 1


def people_with_ids() -> set[tuple[str, str]]:
    donors = [gift.donor for gift in Gift.objects.select_related("donor")]
    return {(donor.name, donor.id_number) for donor in donors if donor}


@pytest.mark.parametrize(
    ("choices", "recorded"),
    [
        (("keep", "take"), {("甲示例", ID), ("乙示例", "")}),
        (("take", "keep"), {("甲示例", ""), ("乙示例", ID)}),
        (("take", "take"), {("甲示例", ""), ("乙示例", "")}),
        (("leave", "keep"), {("乙示例", ID)}),
    ],
)
def test_an_id_beside_several_names_is_kept_where_somebody_says_so(
    tmp_path: Path, choices: tuple[str, str], recorded: set[tuple[str, str]]
) -> None:
    rows = [[DAY, "甲示例", 100, ID], [DAY, "乙示例", 200, ID]]
    register = checked(tmp_path, rows, [*HEAD, "证件号码"])
    asked = register.summary["questions"]
    assert {entry["problems"][0][1] for entry in asked} == {"110105********002X"}
    data = {entry["about"]: choice for entry, choice in zip(asked, choices, strict=True)}
    client_of(cast.wen()).post(reverse("registers:answer", args=[register.pk]), data)
    import_good_rows(register, actor=cast.wen())
    assert people_with_ids() == recorded


def test_an_id_kept_for_two_names_is_asked_about_again(tmp_path: Path) -> None:
    rows = [[DAY, "甲示例", 100, ID], [DAY, "乙示例", 200, ID]]
    register = checked(tmp_path, rows, [*HEAD, "证件号码"])
    data = {entry["about"]: "keep" for entry in register.summary["questions"]}
    client_of(cast.wen()).post(reverse("registers:answer", args=[register.pk]), data)
    register.refresh_from_db()
    assert [(one["row"], one["problems"][0][0]) for one in register.summary["questions"]] == [
        (3, "id_of_another")
    ]
    import_good_rows(decide(register, "take"), actor=cast.wen())
    assert people_with_ids() == {("甲示例", ID), ("乙示例", "")}


def test_rows_left_undecided_are_decided_together(tmp_path: Path) -> None:
    register = checked(tmp_path, DOUBTFUL, NOTED)
    data = {register.summary["questions"][0]["about"]: "take", "others": "leave"}
    client_of(cast.wen()).post(reverse("registers:answer", args=[register.pk]), data)
    import_good_rows(register, actor=cast.wen())
    assert amounts() == [100, 200]


OTHER_IDS = ["110105194912310046", "440524188001010014", "110105198806050031"]


def of_strangers(folder: Path) -> Register:
    """A register in which three people stand whom only another station knows."""
    names = ["甲示例", "乙示例", "丙示例"]
    for name, number in zip(names, OTHER_IDS, strict=True):
        gift(station=_elsewhere(), actor=cast.mei(), name=name, id_number=number)
    rows = [[DAY, name, 200, number] for name, number in zip(names, OTHER_IDS, strict=True)]
    return uploaded(folder, rows, [*HEAD, "证件号码"])


def test_matches_of_ids_beyond_reach_are_limited_and_reading_goes_on_an_hour_later(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 2
    register = of_strangers(tmp_path)
    with pytest.raises(LookupsUsedUp):
        check_register(register, actor=cast.wen())
    register.refresh_from_db()
    assert (register.state, Look.objects.count()) == (RegisterState.UPLOADED, 2)
    assert "questions" not in register.summary
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        register = check_register(register, actor=cast.wen())
        assert len(register.summary["questions"]) == 3
        again = check_register(register, actor=cast.wen())
    assert (again.state, Look.objects.count()) == (RegisterState.CHECKED, 3)


def test_past_the_limit_a_register_does_not_tell_an_id_on_file_from_a_new_one(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 2
    with pytest.raises(LookupsUsedUp):
        check_register(of_strangers(tmp_path), actor=cast.wen())
    with pytest.raises(LookupsUsedUp):
        checked(tmp_path, [[DAY, "丁示例", 200, ID]], [*HEAD, "证件号码"])


def test_ids_of_own_donors_and_new_ones_are_not_limited(tmp_path: Path, settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 1
    gift(name="甲示例", id_number=OTHER_IDS[0])
    rows = [[DAY, "甲示例", 200, OTHER_IDS[0]], [DAY, "乙示例", 300, OTHER_IDS[1]]]
    assert checked(tmp_path, rows, [*HEAD, "证件号码"]).summary["acceptable"] == 2
    assert not DonorLookup.objects.exists()


def test_other_columns_are_not_imported_on_the_strength_of_an_earlier_check(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 0
    register = of_strangers(tmp_path)
    fields = register.columns["fields"]
    without = {title: "" if meaning == "id_number" else meaning for title, meaning in fields.items()}
    confirm_columns(register, without, default_way="cash", actor=cast.wen())
    with pytest.raises(LookupsUsedUp):
        confirm_columns(register, fields, default_way="cash", actor=cast.wen())
    register.refresh_from_db()
    assert register.state == RegisterState.UPLOADED
