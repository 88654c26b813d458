"""Registering and signing in: on a phone by code, at a desk by password and factor, by passkey."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from charity_hub.people.demo_people import code_now, codes_ahead
from charity_hub.people.models import Role, TextMessage, User
from charity_hub.pinyin import spell
from charity_hub.regions.models import Region
from tests import cast
from tests.browser.conftest import DESK, PHONE, Open, axe_findings, fits_the_screen
from tests.builders import membership, region, user

PASSWORD = "a-long-demo-password"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def go_on(page: Page) -> None:
    page.locator("main form .btn-primary").first.click()


def last_code(phone: str) -> str:
    message = TextMessage.objects.filter(phone=phone).latest("pk")
    found = re.search(r"\d{6}", message.text)
    assert found
    return found[0]


def clerk() -> User:
    person = user("职员示例", "+8613711112222", PASSWORD)
    membership(person, Role.STREET_STAFF)
    return person


def sign_in_by_password(page: Page, person: User) -> None:
    page.fill("input[name=login]", person.phone)
    page.fill("input[name=password]", PASSWORD)
    go_on(page)


def test_a_resident_registers_on_the_phone(open_as: Open) -> None:
    page = open_as(None, "/accounts/signup/", screen=PHONE)
    page.fill("input[name=name]", "陈𠮷祥")
    page.fill("input[name=phone]", "１３７ １１１１ ４４４４")
    page.check("input[name=agreed]")
    go_on(page)
    expect(page.locator("input[name=code]")).to_be_focused()
    page.fill("input[name=code]", last_code("+8613711114444"))
    go_on(page)

    expect(page).to_have_url(re.compile("/me/$"))
    assert User.objects.get(phone="+8613711114444").name == "陈𠮷祥"


def test_a_resident_signs_in_by_code_after_a_slip(open_as: Open) -> None:
    lan = cast.lan()
    page = open_as(None, "/me/profile/", screen=PHONE)
    page.locator(".ways-in a").first.click()
    page.fill("input[name=phone]", "139-0000-0009")
    go_on(page)
    page.fill("input[name=code]", "000000" if last_code(lan.phone) != "000000" else "111111")
    go_on(page)
    expect(page.locator("#id_code")).to_have_attribute("aria-invalid", "true")
    assert axe_findings(page) == []

    page.fill("input[name=code]", last_code(lan.phone))
    go_on(page)

    expect(page).to_have_url(re.compile("/me/profile/$"))


def test_staff_sign_in_with_password_and_app(open_as: Open) -> None:
    person = cast.has_factor(clerk())
    page = open_as(None, "/accounts/login/")
    sign_in_by_password(page, person)
    page.fill("input[name=code]", code_now(cast.TOTP_SECRET))
    go_on(page)

    expect(page).to_have_url(re.compile("/desk/$"))


def test_new_staff_set_up_the_app_before_anything_else(open_as: Open) -> None:
    page = open_as(None, "/accounts/login/", screen=PHONE)
    sign_in_by_password(page, clerk())
    expect(page).to_have_url(re.compile("/accounts/2fa/totp/activate/"))
    expect(page.locator(".totp-picture")).to_be_visible()
    assert axe_findings(page) == []
    assert fits_the_screen(page)

    page.fill("input[name=code]", code_now(page.locator(".totp-key").inner_text()))
    go_on(page)

    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.goto("/desk/")
    expect(page).to_have_url(re.compile("/desk/$"))


def test_a_passkey_is_added_and_opens_the_door_alone(open_as: Open) -> None:
    page = open_as(None, "/accounts/login/", screen=PHONE)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in_by_password(page, clerk())
    page.goto("/accounts/2fa/webauthn/add/")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    expect(page.locator(".recovery-codes li")).to_have_count(10)

    page.goto("/accounts/logout/")
    go_on(page)
    page.goto("/accounts/login/")
    page.click("#passkey_login")

    expect(page).to_have_url(re.compile("/desk/$"))


def test_a_passkey_that_is_refused_is_said_in_words(open_as: Open) -> None:
    page = open_as(None, "/accounts/login/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": False}})
    page.click("#passkey_login")

    expect(page.locator("[data-passkey-error]")).to_be_visible()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_ones_account_is_readable_by_everybody(
    open_as: Open, screen: dict[str, object]
) -> None:
    page = open_as(cast.mei(), "/me/profile/", screen=screen)
    findings = {}
    for path in (
        "/me/profile/",
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/sessions/",
        "/accounts/password/set/",
        "/accounts/phone/change/",
        "/accounts/logout/",
    ):
        page.goto(path)
        if found := axe_findings(page):
            findings[path] = found
        assert fits_the_screen(page), path
    assert findings == {}


@pytest.mark.parametrize("path", ["login/", "login/code/", "signup/", "password/reset/", "inactive/"])
def test_the_entrance_is_readable_by_everybody(open_as: Open, path: str) -> None:
    page = open_as(None, f"/accounts/{path}", screen=PHONE)

    assert axe_findings(page) == []
    assert fits_the_screen(page)


def test_a_region_is_chosen_by_keyboard(open_as: Open) -> None:
    for code in ("440605011", "440605"):
        Region.objects.filter(pk=region(code).pk).update(pinyin=spell(region(code).full_name))
    page = open_as(cast.ada(), "/desk/funds/new/")
    picker = page.locator("[data-region-picker] input")
    picker.fill("")
    picker.press_sequentially("guicheng")
    expect(page.locator("[data-region-picker] [role=option]")).to_have_count(1)
    picker.press("ArrowDown")
    picker.press("Enter")

    expect(picker).to_have_value("440605011 广东省佛山市南海区桂城街道")
    expect(picker).to_have_attribute("aria-expanded", "false")
    assert axe_findings(page) == []


def test_the_demos_people_sign_in_by_enter_and_never_with_a_code_that_is_over(
    open_as: Open, settings: Settings, tmp_path: Path
) -> None:
    person = cast.has_factor(clerk())
    one = {"name": person.name, "role": "-", "phone": person.phone, "password": PASSWORD}
    (tmp_path / "demo-people.json").write_text(json.dumps([one | {"totp_secret": cast.TOTP_SECRET}]))
    settings.DEBUG, settings.VAR_DIR = True, tmp_path
    page = open_as(None, "/accounts/login/")
    page.locator("[data-demo-phone]").click()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=code]")).to_be_focused()
    page.clock.install()
    page.reload()
    ahead = codes_ahead(cast.TOTP_SECRET)
    expect(page.locator("input[name=code]")).to_have_value(re.compile("|".join(ahead[:2])))
    page.clock.fast_forward(120_000)
    expect(page.locator("input[name=code]")).to_have_value(re.compile("|".join(ahead[4:6])))
    page.fill("input[name=code]", code_now(cast.TOTP_SECRET))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desk/$"))
