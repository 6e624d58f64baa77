"""Pages that nobody's part owns: signing in, errors, and what every page weighs and promises."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

SIGNED_OUT = [
    "account_login",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
]
SIGNED_IN = ["account_logout", "account_change_password", "account_email", "account_reauthenticate"]
ERRORS = ["400", "403", "403_csrf", "404", "429", "500"]
WRITTEN = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def keeps_the_promises(page: str) -> None:
    assert '<html lang="id">' in page
    assert "css/tokens" in page
    assert page.count("<h1") == 1
    assert '<a class="skip" href="#isi">' in page
    assert 'id="isi"' in page


@pytest.mark.parametrize("route", SIGNED_OUT)
def test_pages_before_signing_in_are_ours(client, route):
    answer = client.get(reverse(route))
    assert answer.status_code == 200
    keeps_the_promises(answer.content.decode())


@pytest.mark.parametrize("route", SIGNED_IN)
def test_pages_of_ones_own_account_are_ours(client, django_user_model, route):
    client.force_login(django_user_model.objects.create_user(username="siti", password="rahasia-sekali"))
    answer = client.get(reverse(route))
    assert answer.status_code == 200
    keeps_the_promises(answer.content.decode())


def test_a_stale_reset_link_says_what_to_do(client):
    answer = client.get(reverse("account_reset_password_from_key", args=["1", "set-password"]))
    keeps_the_promises(answer.content.decode())
    assert "Minta tautan baru" in answer.content.decode()


def test_a_wrong_password_is_said_on_top(client):
    answer = client.post(reverse("account_login"), {"login": "siti", "password": "salah"})
    assert 'role="alert"' in answer.content.decode()


def test_a_name_that_is_tried_too_often_is_told_to_wait(client):
    wrong = {"login": "siti", "password": "salah"}
    tried = [client.post(reverse("account_login"), wrong) for _ in range(6)]
    assert [answer.status_code for answer in tried] == [200] * 5 + [429]
    assert tried[-1]["Retry-After"] == "300"
    assert "Terlalu banyak percobaan" in tried[-1].content.decode()
    assert client.post(reverse("account_login"), wrong | {"login": "budi"}).status_code == 200, "others are not held up"


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_need_no_request_and_name_the_helpdesk(name):
    page = render_to_string(f"{name}.html")
    keeps_the_promises(page)
    assert settings.HELPDESK_EMAIL in page


def test_a_form_from_another_site_gets_our_page():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "siti"})
    assert answer.status_code == 403
    assert "Halaman terlalu lama terbuka" in answer.content.decode()


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_no_template_needs_what_the_policy_forbids(file):
    text = file.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|\bjs:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_the_first_visit_weighs_at_most_60_kilobytes(client):
    page = client.get(reverse("account_login")).content.decode()
    names = re.findall(rf'(?:src|href)="{settings.STATIC_URL}([^"]+)"', page)
    found = [Path(str(finders.find(name))) for name in names]
    assert len(found) >= 9
    weight = sum(len(gzip.compress(file.read_bytes())) for file in found) + len(gzip.compress(page.encode()))
    assert weight <= 60_000
