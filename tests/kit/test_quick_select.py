"""The quick select is Django's own, letter for letter."""

from django import forms

from vervalponsel.kit.forms import QuickSelect

CHOICES = [("", "Semua"), ("a<b", 'Kelas "1" & 2'), ("Satu per satu", [("x", "X"), (7, "Tujuh")])]


def test_it_is_written_as_django_writes_it():
    for value in ("", "x", 7, "unknown", None):
        for attrs in ({}, {"id": "id_k", "class": "short", "required": True, "disabled": False, "aria-label": "<>"}):
            plain, quick = forms.Select(choices=CHOICES), QuickSelect(choices=CHOICES)
            assert quick.render("k", value, attrs) == plain.render("k", value, attrs)
