"""WeChat: there when its keys are set, and nowhere when not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

PROJECT = Path(__file__).resolve().parents[3]
PROBE = """
import json
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from charity_hub.people.third_party_access import pages
from charity_hub.people.wechat import WeChatSignUpForm
from allauth.socialaccount.models import SocialLogin
from charity_hub.people.models import User
for name in ("signup", "login", "connections", "login_cancelled", "authentication_error"):
    get_template(f"socialaccount/{name}.html")
form = WeChatSignUpForm(sociallogin=SocialLogin(user=User(name="微信示例")))
print(json.dumps({
    "address": reverse("weixin_login"),
    "undeclared": [page.route for page in pages() if page.rule is None],
    "fields": list(form.fields),
    "name": form.initial["name"],
    "form_action": settings.SECURE_CSP["form-action"],
}))
"""


def test_without_keys_there_is_no_wechat() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("weixin_login")


@pytest.mark.django_db
def test_without_keys_no_button_is_shown() -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert 'name="login"' in page
    assert "weixin" not in page


def test_with_keys_everything_is_wired() -> None:
    """Settings decide at start: so a process of its own, which asks no database anything."""
    environment = os.environ | {"WEIXIN_APP_ID": "wx-example", "WEIXIN_SECRET": "example"}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", PROBE]
    ended = subprocess.run(  # noqa: S603 - our own interpreter and code
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )

    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    assert told["address"] == "/accounts/wechat/weixin/login/"
    assert told["undeclared"] == []
    assert told["fields"] == ["name", "phone", "agreed"]
    assert told["name"] == "微信示例"
    assert "https://open.weixin.qq.com" in told["form_action"]
