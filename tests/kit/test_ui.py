"""What the filters, tags and components write."""

import datetime as dt

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.utils import timezone

from vervalponsel.kit import figures, zones
from vervalponsel.kit.templatetags import ui

MORNING = dt.datetime(2020, 9, 13, 1, 10, tzinfo=dt.UTC)


def written(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (999, "999"), (1234567, "1.234.567"), ("53000000", "53.000.000"), (None, "–"), ("", "–")],
)
def test_numbers_are_grouped_with_points(value, shown):
    assert ui.thousands(value) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(573, 1000, "57,3 %"), (1, 2, "50 %"), (1, 0, "–"), (None, 5, "–"), (2, 3, "66,7 %")]
)
def test_shares_have_at_most_one_decimal(part, whole, shown):
    assert ui.percent(part, whole) == shown


@pytest.mark.parametrize(
    ("number", "shown", "masked"),
    [
        ("+6281234567890", "0812-3456-7890", "0812-••••-7890"),
        ("+62895123456789", "0895-1234-56789", "0895-••••-6789"),
        ("+628561234567", "0856-123-4567", "0856-••••-4567"),
        ("+62812345678", "0812-34-5678", "0812-••••-5678"),
        ("", "–", "–"),
        (None, "–", "–"),
    ],
)
def test_phone_numbers_are_grouped_and_masked(number, shown, masked):
    assert ui.phone(number) == shown
    assert ui.masked_phone(number) == masked


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 B"), (812_000, "812 KB"), (4_200_000, "4,2 MB"), (3_000_000, "3 MB"), (None, "–")]
)
def test_sizes_of_files(count, shown):
    assert ui.filesize(count) == shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("WIB", "13 Sep 2020 08.10 WIB"),
        ("WITA", "13 Sep 2020 09.10 WITA"),
        ("250101", "13 Sep 2020 10.10 WIT"),
        ("032900", "13 Sep 2020 08.10 WIB"),
    ],
)
def test_an_instant_is_told_in_a_named_zone(zone, shown):
    assert ui.wib(MORNING, zone) == shown


def test_an_instant_without_a_zone_is_told_in_the_readers():
    with timezone.override(zones.zone_of("220000")):
        assert ui.wib(MORNING) == "13 Sep 2020 09.10 WITA"
    with timezone.override(dt.UTC):
        assert ui.wib(MORNING) == "13 Sep 2020 08.10 WIB"
    assert ui.wib(None) == "–"


def test_a_day_is_the_readers_day():
    late = dt.datetime(2020, 9, 12, 18, 0, tzinfo=dt.UTC)
    assert ui.tanggal(late) == "13 Sep 2020"
    assert ui.tanggal(dt.date(2020, 8, 1)) == "1 Agu 2020"
    assert ui.tanggal(None) == "–"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (20, "kurang dari 1 menit"),
        (130, "sekitar 2 menit"),
        (7200, "sekitar 2 jam"),
        (47 * 3600, "sekitar 47 jam"),
        (4 * 24 * 3600, "sekitar 4 hari"),
        (None, ""),
    ],
)
def test_lengths_of_time_are_rounded(seconds, shown):
    assert ui.lama(seconds) == shown


def test_a_badge_escapes_what_it_says():
    assert written('{% load ui %}{% badge "fix" word %}', word="<b>") == '<span class="badge fix">&lt;b&gt;</span>'


def test_bars_fill_the_width_by_the_longest():
    made = figures.bars([("Telkomsel", 200, "/t"), ("Tri", 50)])
    assert [(bar.share, bar.url) for bar in made] == [("100.00", "/t"), ("25.00", "")]
    assert figures.bars([("Tri", 0)])[0].share == "0"


def test_the_parts_of_a_balance_stand_side_by_side():
    made = figures.balance([("Aktif", 3, "", "ok"), ("Residu", 1, "", "fix")])
    assert [(bar.start, bar.share) for bar in made] == [("0.00", "75.00"), ("75.00", "25.00")]


def test_a_bar_chart_is_a_table_whose_lengths_have_points():
    page = render_to_string("ui/bars.html", {"rows": figures.bars([("A", 3, "/a"), ("B", 1234)]), "caption": "Nomor"})
    assert 'width="0.24%"' in page
    assert "<caption>Nomor</caption>" in page
    assert '<a href="/a">A</a>' in page
    assert "1.234" in page


class Correction(forms.Form):
    number = forms.CharField(label="Nomor ponsel", help_text="Diawali 08.")
    reason = forms.CharField(label="Alasan", required=False)
    kind = forms.ChoiceField(label="Jenis", widget=forms.RadioSelect, choices=[("a", "A")])


def test_a_wrong_form_names_each_error_on_top_and_beside_its_field():
    page = str(Correction({"kind": "a"}))
    assert 'href="#id_number"' in page
    assert 'id="id_number_error"' in page
    assert 'aria-describedby="id_number_helptext id_number_error"' in page
    assert 'aria-invalid="true"' in page
    assert page.count("boleh kosong)") == 1


def test_a_fresh_form_shows_no_error():
    page = str(Correction())
    assert "notice" not in page
    assert "<legend>Jenis</legend>" in page


def test_the_title_stands_in_the_tab_and_as_heading():
    page = written('{% extends "public.html" %}{% block title %}Nomor {{ word }}{% endblock %}', word="guru")
    assert "<title>Nomor guru · Verval Ponsel</title>" in page
    assert "<h1>Nomor guru</h1>" in page


@pytest.mark.parametrize("live", [True, False])
def test_progress_asks_again_only_while_it_lasts(live):
    context = {"id": "p", "title": "Cetak", "what": "Menggambar", "done": 1200, "total": 4800, "left": 90, "live": live}
    page = render_to_string("ui/progress.html", {**context, "url": "/p", "result": "Selesai."})
    assert ('hx-trigger="every 2s"' in page) is live
    assert ('value="1200"' in page) is live
    assert ("data-announce" in page) is not live


@pytest.mark.parametrize(("value", "is_long"), [(999_999, False), (1_000_000, True), (None, False)])
def test_a_tile_of_millions_is_written_smaller_on_a_phone(value, is_long):
    tile = written('{% include "ui/stat.html" with label="Dikirim" %}', value=value)
    assert ('class="stat-value long"' in tile) is is_long
