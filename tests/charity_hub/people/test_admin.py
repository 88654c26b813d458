"""The admin pages about people, organizations and regions."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from charity_hub.organizations.models import Kind, Organization
from charity_hub.people.masks import mask_phone
from charity_hub.people.models import Look, Membership, Role, SignIn, SignInEvent, TextMessage, User
from charity_hub.people.phones import format_phone
from charity_hub.pinyin import spell
from charity_hub.regions.models import Region
from tests import cast
from tests.builders import active_fund, credit_code_of, membership, organization, region, user

pytestmark = pytest.mark.django_db

NO_ROLES = {
    "memberships-TOTAL_FORMS": "0",
    "memberships-INITIAL_FORMS": "0",
    "memberships-2-TOTAL_FORMS": "0",
    "memberships-2-INITIAL_FORMS": "0",
}


@pytest.fixture
def ada() -> Client:
    return cast.client_of(cast.ada())


# What the search of a field asks the administration for.
SEARCHED_BY = ("app_label", "model_name", "field_name")


def person_page(person: User) -> str:
    return f"/admin/charity_hub/user/{person.pk}/change/"


def grant(role: Role, **scope: str) -> dict[str, str]:
    row = {
        "role": role,
        "region": "",
        "organization": "",
        "fund_code": "",
        "starts_on": "2026-01-01",
        "ends_on": "",
    }
    fields = {f"memberships-2-0-{name}": str(value) for name, value in (row | scope).items()}
    return NO_ROLES | {"memberships-2-TOTAL_FORMS": "1"} | fields


@pytest.mark.parametrize(
    "name",
    ["user", "membership", "signin", "look", "textmessage", "organization", "region"],
)
def test_every_list_opens(ada: Client, name: str) -> None:
    SignIn.objects.create(event=SignInEvent.SIGNED_IN, user=cast.mei(), phone="+8613900000001")
    Look.objects.create(user=cast.mei(), subject="x:1", field="phone")
    TextMessage.objects.create(phone="+8613900000001", text="123456 is your code")
    answer = ada.get(f"/admin/charity_hub/{name}/?q=x")

    assert answer.status_code == 200
    assert "13900000001" not in answer.content.decode()
    assert "123456" not in answer.content.decode()


@pytest.mark.parametrize("person", [cast.mei, cast.yan, cast.lan])
def test_only_administrators_come_in(person: Callable[[], User]) -> None:
    client = cast.client_of(person())

    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/charity_hub/user/").status_code == 403


def test_a_person_is_added_by_phone_without_a_password(ada: Client) -> None:
    data = {"name": "新人示例", "phone": "１３７ １１１１ ２２２２", "is_active": "on"} | NO_ROLES
    answer = ada.post("/admin/charity_hub/user/add/", data)

    assert answer.status_code == 302
    made = User.objects.get(phone="+8613711112222")
    assert not made.has_usable_password()
    assert not made.phone_verified
    assert not made.is_staff


@pytest.mark.parametrize("phone", ["12345", "139 0000 0009", ""])
def test_a_wrong_or_taken_phone_is_refused(ada: Client, phone: str) -> None:
    cast.lan()
    answer = ada.post("/admin/charity_hub/user/add/", {"name": "新人示例", "phone": phone} | NO_ROLES)

    assert answer.status_code == 200
    assert "phone" in answer.context["adminform"].form.errors


def test_a_role_is_granted_on_the_persons_page(ada: Client) -> None:
    holder = user("新人示例", "+8613711112222")
    data = {"name": holder.name, "phone": holder.phone, "is_active": "on"}
    answer = ada.post(person_page(holder), data | grant(Role.STREET_STAFF, region=region().pk))

    assert answer.status_code == 302
    held = Membership.objects.get(user=holder)
    assert (held.role, held.region_id) == (Role.STREET_STAFF, "440605011")


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.STREET_STAFF, {}),
        (Role.CHARITY_OFFICER, {"region": "440605011"}),
        (Role.FUND_SUPERVISOR, {"fund_code": "1", "region": "440605011"}),
    ],
)
def test_a_scope_that_does_not_fit_is_refused(ada: Client, role: Role, scope: dict[str, str]) -> None:
    region()
    holder = user("新人示例", "+8613711112222")
    data = {"name": holder.name, "phone": holder.phone, "is_active": "on"}
    answer = ada.post(person_page(holder), data | grant(role, **scope))

    assert answer.status_code == 200
    assert not Membership.objects.exists()
    said = answer.context["inline_admin_formsets"][1].forms[0].errors
    assert len(said.get("__all__", [])) <= 1


def test_a_role_in_a_fund_is_granted_by_finding_the_fund(ada: Client) -> None:
    fund = active_fund()
    holder = user("新人示例", "+8613711112222")
    data = {"name": holder.name, "phone": holder.phone, "is_active": "on"}
    page = ada.get(person_page(holder))
    search = page.context["inline_admin_formsets"][1].formset.empty_form["fund_code"].field.widget
    attributes = search.build_attrs({})
    asked = {name: attributes[f"data-{name.replace('_', '-')}"] for name in SEARCHED_BY}
    found = ada.get(search.get_url(), asked | {"term": fund.code}).json()["results"]
    ada.post(person_page(holder), data | grant(Role.FUND_SUPERVISOR, fund_code=found[0]["id"]))
    assert Membership.objects.get(user=holder).fund_code == fund.code


def test_no_role_is_chosen_beforehand(ada: Client) -> None:
    page = ada.get(person_page(user("新人示例", "+8613711112222")))
    role = page.context["inline_admin_formsets"][1].formset.empty_form["role"]
    assert not role.value()
    assert role.field.choices[0][0] == ""


def test_a_scope_that_is_no_number_is_named_on_the_form(ada: Client) -> None:
    holder = user("新人示例", "+8613711112222")
    data = {"name": holder.name, "phone": holder.phone, "is_active": "on"}
    answer = ada.post(person_page(holder), data | grant(Role.CHARITY_OFFICER, organization="x"))

    assert answer.status_code == 200
    assert "organization" in answer.context["inline_admin_formsets"][1].forms[0].errors


def test_a_role_is_ended_on_the_persons_page(ada: Client) -> None:
    mei = cast.mei()
    held = mei.memberships.get()
    data = {"name": mei.name, "phone": mei.phone, "is_active": "on"} | NO_ROLES
    data |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1"}
    data |= {"memberships-0-id": str(held.pk), "memberships-0-user": str(mei.pk)}
    ada.post(person_page(mei), data | {"memberships-0-ends_on": "2199-12-31"})

    held.refresh_from_db()
    assert str(held.ends_on) == "2199-12-31"


def test_a_held_role_cannot_be_turned_into_another(ada: Client) -> None:
    mei = cast.mei()
    held = mei.memberships.get()
    data = {"name": mei.name, "phone": mei.phone, "is_active": "on"} | NO_ROLES
    data |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1"}
    data |= {"memberships-0-id": str(held.pk), "memberships-0-user": str(mei.pk), "memberships-0-ends_on": ""}
    ada.post(person_page(mei), data | {"memberships-0-role": Role.CITY_OFFICER, "memberships-0-region": "44"})

    held.refresh_from_db()
    assert (held.role, held.region_id) == (Role.STREET_STAFF, "440605011")


def test_nobody_grants_themselves_a_role_here(ada: Client) -> None:
    role = grant(Role.CHARITY_OFFICER, organization=str(cast.host_charity().pk))
    for one, rank in ((cast.ada(), {"administrator": "on"}), (cast.lan(), {})):
        ada.post(person_page(one), {"name": one.name, "phone": one.phone, "is_active": "on"} | rank | role)

    assert [held.user for held in Membership.objects.filter(role=Role.CHARITY_OFFICER)] == [cast.lan()]


def test_nobody_switches_themselves_off_or_gives_up_their_rank(ada: Client) -> None:
    me = cast.ada()
    ada.post(person_page(me), {"name": me.name, "phone": me.phone} | NO_ROLES)

    me.refresh_from_db()
    assert me.is_active
    assert me.is_superuser


def test_a_new_number_has_to_be_verified_again(ada: Client) -> None:
    lan = cast.lan()
    ada.post(person_page(lan), {"name": lan.name, "phone": "13711112222", "is_active": "on"} | NO_ROLES)

    lan.refresh_from_db()
    assert (lan.phone, lan.phone_verified) == ("+8613711112222", False)


def test_looking_at_a_persons_page_is_recorded(ada: Client) -> None:
    lan = cast.lan()
    ada.get(person_page(lan))

    look = Look.objects.get()
    assert (look.user, look.subject, look.field) == (cast.ada(), f"charity_hub.user:{lan.pk}", "phone")


def test_a_number_that_is_only_written_otherwise_stays_verified(ada: Client) -> None:
    lan = cast.lan()
    written = format_phone(lan.phone)
    ada.post(person_page(lan), {"name": "兰新名示例", "phone": written, "is_active": "on"} | NO_ROLES)
    lan.refresh_from_db()
    assert (lan.name, lan.phone_verified) == ("兰新名示例", True)


def test_a_person_is_found_by_a_phone_in_any_way_of_writing(ada: Client) -> None:
    cast.mei()
    lan = cast.lan()

    found = ada.get("/admin/charity_hub/user/?q=139+0000-0009").context["cl"].queryset

    assert list(found) == [lan]


def test_people_are_not_deleted(ada: Client) -> None:
    lan = cast.lan()

    assert ada.post(f"/admin/charity_hub/user/{lan.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=lan.pk).exists()


def test_a_text_message_says_how_to_set_a_password(ada: Client) -> None:
    lan = cast.lan()
    address = f"/admin/charity_hub/user/{lan.pk}/invite/"
    assert ada.get(address).status_code == 200
    assert not TextMessage.objects.exists()

    ada.post(address)

    assert "/accounts/password/reset/" in TextMessage.objects.get(phone=lan.phone).text


def test_the_history_of_a_person_names_the_hand(ada: Client) -> None:
    lan = cast.lan()
    ada.post(person_page(lan), {"name": "兰新名示例", "phone": lan.phone, "is_active": "on"} | NO_ROLES)

    page = ada.get(f"/admin/charity_hub/user/{lan.pk}/history/").content.decode()

    assert "<td>兰示例</td><td>兰新名示例</td>" in page.replace("<p>", "").replace("</p>", "")
    assert "艾达示例" in page


def test_the_history_of_a_person_masks_the_phone(ada: Client) -> None:
    lan = cast.lan()

    page = ada.get(f"/admin/charity_hub/user/{lan.pk}/history/").content.decode()

    assert mask_phone(lan.phone) in page
    assert lan.phone not in page


def test_the_history_of_nobody_is_not_found(ada: Client) -> None:
    assert ada.get("/admin/charity_hub/user/nobody/history/").status_code == 404


@pytest.mark.parametrize("name", ["signin", "look", "textmessage", "region", "membership"])
def test_what_is_there_to_look_at_is_not_written(ada: Client, name: str) -> None:
    assert ada.post(f"/admin/charity_hub/{name}/add/", {}).status_code == 403


@pytest.mark.parametrize("words", ["440605011", "桂城", "guicheng", "nanhai guicheng"])
def test_a_region_is_found_by_code_name_and_pinyin(ada: Client, words: str) -> None:
    one = region()
    Region.objects.filter(pk=one.pk).update(pinyin=f"{spell('桂城街道')} {spell('南海区')}")

    found = ada.get("/admin/charity_hub/region/", {"q": words}).context["cl"].queryset

    assert list(found) == [one]


def test_lists_take_as_many_queries_for_fifty_as_for_one(
    ada: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        holder = user(f"示例{number}")
        membership(holder, Role.CHARITY_OFFICER, at=cast.host_charity())
    ada.get("/admin/charity_hub/user/")

    # session, user, memberships of the asker, counts, the page and its roles with their places
    with django_assert_max_num_queries(12):
        ada.get("/admin/charity_hub/user/")


def test_organizations_come_in_and_go_out_as_a_table(ada: Client) -> None:
    region()
    head = "kind,name,uscc,region,may_fundraise_publicly,qualification_number,qualified_from,active"
    row = f"charity,进表示例慈善会,{credit_code_of(88)},440605011,1,示例001,2020-01-01,1"
    upload = SimpleUploadedFile("组织.csv", f"\ufeff{head}\n{row}\n".encode(), content_type="text/csv")
    answer = ada.post("/admin/charity_hub/organization/import/", {"import_file": upload, "format": "0"})
    assert not answer.context["result"].has_errors(), answer.context["result"].row_errors()
    assert not answer.context["result"].has_validation_errors(), answer.context["result"].invalid_rows
    ada.post("/admin/charity_hub/organization/process_import/", answer.context["confirm_form"].initial)

    made = Organization.objects.get(name="进表示例慈善会")
    assert (made.kind, made.region_id, made.may_fundraise_publicly) == (Kind.CHARITY, "440605011", True)


def test_a_wrong_credit_code_does_not_come_in(ada: Client) -> None:
    region()
    text = "kind,name,uscc,region\ncharity,进表示例慈善会,52440605000000077A,440605011\n"
    upload = SimpleUploadedFile("x.csv", text.encode(), content_type="text/csv")
    answer = ada.post("/admin/charity_hub/organization/import/", {"import_file": upload, "format": "0"})

    assert answer.status_code == 200
    assert answer.context["result"].has_validation_errors()


def test_an_export_carries_no_formula(ada: Client) -> None:
    organization("=HYPERLINK(1)")
    answer = ada.post(
        "/admin/charity_hub/organization/export/",
        {"format": "0", "resource": "", "organizationresource_name": "on"},
    )

    body = answer.content.decode()
    assert body.startswith("\ufeff")
    assert "\n=HYPERLINK" not in body
    assert "HYPERLINK(1)" in body


@pytest.mark.parametrize(
    "path", ["/admin/account/emailaddress/", "/admin/mfa/authenticator/", "/admin/auth/group/"]
)
def test_secrets_of_third_parties_have_no_page(ada: Client, path: str) -> None:
    assert ada.get(path).status_code == 404


@pytest.mark.parametrize("typed", ["shili", "slcsh", "shili cishan", "示例慈善"])
def test_organizations_are_found_by_name_and_by_pinyin(ada: Client, typed: str) -> None:
    organization("示例慈善会", Kind.CHARITY)
    organization("别的机构", uscc=credit_code_of(7))
    page = ada.get("/admin/charity_hub/organization/", {"q": typed}).content.decode()
    assert "示例慈善会" in page
    assert "别的机构" not in page


def test_a_field_that_picks_an_organization_finds_it_by_pinyin(ada: Client) -> None:
    found = organization("示例慈善会", Kind.CHARITY)
    organization("别的机构")
    ask = {
        "app_label": "charity_hub",
        "model_name": "membership",
        "field_name": "organization",
        "term": "slcs",
    }
    answer = ada.get("/admin/autocomplete/", ask).json()
    assert [row["id"] for row in answer["results"]] == [str(found.pk)]
