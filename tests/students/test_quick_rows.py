"""Rows that are filled into their template's text are those that the template gives."""

from itertools import product

from django.template.loader import render_to_string

from providers.recipients.quick import drawn
from providers.recipients.rows import Button, Row

BAD = "<b>&\"'\\ {{ x }} {} \ue000"


def rows():
    buttons = [Button("recheck", "Minta cek ulang", "/a?b&c"), Button("confirm", "Nomor benar", "/d")]
    flags = product((True, False), (True, False), ("", BAD), ("", BAD), (0, 1, 2))
    for pk, (locked, can_edit, some, other, count) in enumerate(flags, 1000):
        yield Row(
            pk=pk,
            name=BAD,
            who=other,
            number="0812",
            whose=some,
            tone="ok",
            word="Aktif",
            sentence=some,
            acts=other,
            question=some,
            locked=locked,
            says_locked=bool(other),
            can_edit=can_edit,
            edit_url="/e/1",
            edit_label="Ubah",
            story_url=f"/s/{pk}?a=1&b=2",
            buttons=buttons[:count],
        )


def test_each_is_as_the_template_gives_it():
    for editable in (True, False):
        found = "".join(render_to_string("recipients/_row.html", {"row": row, "editable": editable}) for row in rows())
        assert drawn(rows(), editable=editable) == found
