"""Every form and trap of what people type into a cell for a mobile number."""

from datetime import date

import phonenumbers
import pytest

from providers.reading import DEFAULT_PREFIXES, DEFAULT_RANGES, Code, PrefixRange, PrefixTable, read_number

NUMBER = "+6281234567890"
OTHER = "+6281345678901"

CERTAIN = {
    "081234567890": NUMBER,
    "6281234567890": NUMBER,
    "+6281234567890": NUMBER,
    "+62 812-3456-7890": NUMBER,
    "62 081234567890": NUMBER,
    "62081234567890": NUMBER,
    "81234567890": NUMBER,
    "0 81234567890": NUMBER,
    "+62 (0)812 3456 7890": NUMBER,
    "(+62) 812 3456 7890": NUMBER,
    "(0812) 3456-7890": NUMBER,
    "006281234567890": NUMBER,
    "0062 812 3456 7890": NUMBER,
    "+0812 3456 7890": NUMBER,
    "++62 812 3456 7890": NUMBER,
    "0812.3456.7890": NUMBER,
    "0812 3456 7890": NUMBER,
    "0812-3456-7890": NUMBER,
    "0812–3456—7890": NUMBER,
    "08 12 34 56 78 90": NUMBER,
    "0812_3456_7890": NUMBER,
    "0812/3456/7890": NUMBER,
    "0812,3456,7890": NUMBER,
    "  081234567890 ": NUMBER,
    "081234567890\r": NUMBER,
    "0812\n34567890": NUMBER,
    "0812\u00a03456\u202f7890": NUMBER,
    "\u200b0812\u200d3456\u20607890\ufeff": NUMBER,
    "\u202a+6281234567890\u202c": NUMBER,
    "０８１２３４５６７８９０": NUMBER,
    "＋６２　８１２－３４５６－７８９０": NUMBER,
    "٠٨١٢٣٤٥٦٧٨٩٠": NUMBER,
    "۰۸۱۲۳۴۵۶۷۸۹۰": NUMBER,
    "0️⃣8️⃣1️⃣2️⃣34567890": NUMBER,
    "'081234567890": NUMBER,
    "’081234567890": NUMBER,
    '"081234567890"': NUMBER,
    '="081234567890"': NUMBER,
    "081234567890.": NUMBER,
    "081234567890,": NUMBER,
    "081234567890, -": NUMBER,
    "081234567890 (ibu)": NUMBER,
    "081234567890 (Ibu)": NUMBER,
    "081234567890ibu": NUMBER,
    "081234567890 XL": NUMBER,
    "ibu 081234567890": NUMBER,
    "Ibu: 081234567890": NUMBER,
    "HP1: 081234567890": NUMBER,
    "No. HP 081234567890": NUMBER,
    "081234567890 (anak ke-2)": NUMBER,
    "081234567890 (kelas 5)": NUMBER,
    "wa.me/6281234567890": NUMBER,
    "tel:+62-812-3456-7890": NUMBER,
    "📱081234567890": NUMBER,
    "O81234567890": NUMBER,
    "o8l234567890": NUMBER,
    "08I234567890": NUMBER,
    "О81234567890": NUMBER,
    "08l2O3456789": "+6281203456789",
    "081234567o": "+62812345670",
    "81234567890.0": NUMBER,
    "81234567890.00": NUMBER,
    "81234567890,0": NUMBER,
    "6281234567890.0": NUMBER,
    "+6281234567890.0": NUMBER,
    "81,234,567,890": NUMBER,
    "81,234,567,890.00": NUMBER,
    "81.234.567.890": NUMBER,
    "81.234.567.890,00": NUMBER,
    "०८१२३४५६७८९०": NUMBER,
    "๐๘๑๒๓๔๕๖๗๘๙๐": NUMBER,
    "꧐꧘꧑꧒꧓꧔꧕꧖꧗꧘꧙꧐": NUMBER,
    "𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎": NUMBER,
    "𝟢𝟪𝟣𝟤𝟥𝟦𝟧𝟨𝟩𝟪𝟫𝟢": NUMBER,
    "\u200f081234567890\u200e": NUMBER,
    "\u2067081234567890\u2069": NUMBER,
    "\ufeff081234567890": NUMBER,
    "081234567890\x00": NUMBER,
    "0812\u20073456\u20097890": NUMBER,
    "62 812 3456 7890": NUMBER,
    "62-812-3456-7890": NUMBER,
    "+62 0812 3456 7890": NUMBER,
    "+62.812.3456.7890": NUMBER,
    "+62(812)34567890": NUMBER,
    "(0)812 3456 7890": NUMBER,
    "0062 0812 3456 7890": NUMBER,
    "HP/WA 081234567890": NUMBER,
    "WA:081234567890": NUMBER,
    "Hp.081234567890": NUMBER,
    "Telp/HP: 0812-3456-7890": NUMBER,
    "081234567890 a.n. Siti": NUMBER,
    "081234567890 (WA)": NUMBER,
    "081234567890 [Ayah]": NUMBER,
    "‘081234567890": NUMBER,
    "`081234567890": NUMBER,
    "'+6281234567890": NUMBER,
    "(021) 5551234 / 081234567890": NUMBER,
    "- 081234567890": NUMBER,
    "--081234567890": NUMBER,
    " " * 300 + "081234567890": NUMBER,
    "0812345678": "+62812345678",
    "0812345678901": "+62812345678901",
    "812345678": "+62812345678",
    "081234567890 / 081234567890": NUMBER,
    "081234567890 +62 812 3456 7890": NUMBER,
    "081234567890 / 021-5551234": NUMBER,
    "081234567890 / 0": NUMBER,
}

REFUSED: dict[str, tuple[Code, tuple[str, ...]]] = {
    "": (Code.EMPTY, ()),
    " ": (Code.EMPTY, ()),
    "\u00a0": (Code.EMPTY, ()),
    "-": (Code.EMPTY, ()),
    "--": (Code.EMPTY, ()),
    "—": (Code.EMPTY, ()),
    "0": (Code.EMPTY, ()),
    "0.0": (Code.EMPTY, ()),
    "00000000000": (Code.EMPTY, ()),
    "'": (Code.EMPTY, ()),
    "O": (Code.EMPTY, ()),
    "tidak ada": (Code.EMPTY, ()),
    "TIDAK ADA": (Code.EMPTY, ()),
    "Belum punya": (Code.EMPTY, ()),
    "NULL": (Code.EMPTY, ()),
    "nan": (Code.EMPTY, ()),
    "#N/A": (Code.EMPTY, ()),
    "ibu": (Code.NO_DIGITS, ()),
    "satu dua": (Code.NO_DIGITS, ()),
    "---": (Code.EMPTY, ()),
    "'-": (Code.EMPTY, ()),
    "\ufeff": (Code.EMPTY, ()),
    "\x00": (Code.EMPTY, ()),
    "０": (Code.EMPTY, ()),
    "-" * 300 + "0": (Code.EMPTY, ()),
    "08123": (Code.TOO_SHORT, ()),
    "081234567": (Code.TOO_SHORT, ()),
    "+62": (Code.TOO_SHORT, ()),
    "12345": (Code.TOO_SHORT, ()),
    "kelas 5": (Code.TOO_SHORT, ()),
    "08123456789012": (Code.TOO_LONG, ()),
    "+62 812 3456 7890 12": (Code.TOO_LONG, ()),
    "3201234567890001": (Code.TOO_LONG, ()),
    "081234567890" + "0" * 300: (Code.TOO_LONG, ()),
    "0" * 300 + "81234567890": (Code.TOO_LONG, ()),
    "*" * 300 + "1": (Code.TOO_LONG, ()),
    "021-5551234": (Code.NOT_MOBILE, ()),
    "(0282) 541 234": (Code.NOT_MOBILE, ()),
    "+62 274 512345": (Code.NOT_MOBILE, ()),
    "14045": (Code.TOO_SHORT, ()),
    "(0274) 512345": (Code.NOT_MOBILE, ()),
    "+62 21 5551234": (Code.NOT_MOBILE, ()),
    "0800 1234567": (Code.NOT_MOBILE, ()),
    "215551234": (Code.NOT_MOBILE, ()),
    "+60 12-345 6789": (Code.FOREIGN, ()),
    "+1 415 555 2671": (Code.FOREIGN, ()),
    "+966 50 123 4567": (Code.FOREIGN, ()),
    "0065 9123 4567": (Code.FOREIGN, ()),
    "+81234567890": (Code.FOREIGN, (NUMBER,)),
    "0081234567890": (Code.FOREIGN, (NUMBER,)),
    "+870 773 123456": (Code.FOREIGN, ()),
    "+6012-3456789 (Malaysia)": (Code.FOREIGN, ()),
    "0868 1234 5678": (Code.NO_PROVIDER, ()),
    "0828 1234 567": (Code.NO_PROVIDER, ()),
    "+62 868 1234 5678": (Code.NO_PROVIDER, ()),
    "0824 1234 5678": (Code.NO_PROVIDER, ()),
    "085412345678": (Code.NO_PROVIDER, ()),
    "087112345678": (Code.NO_PROVIDER, ()),
    "089212345678": (Code.NO_PROVIDER, ()),
    "6.28123E+11": (Code.DIGITS_LOST, ()),
    "6,28123E+11": (Code.DIGITS_LOST, ()),
    "6,28123e11": (Code.DIGITS_LOST, ()),
    "8.12E+10": (Code.DIGITS_LOST, ()),
    "6E+11": (Code.DIGITS_LOST, ()),
    "8,12346E+10": (Code.DIGITS_LOST, ()),
    "6.28123E11": (Code.DIGITS_LOST, ()),
    "'6.28123E+11": (Code.DIGITS_LOST, ()),
    "6.28 E + 11": (Code.DIGITS_LOST, ()),
    "６．２８Ｅ＋１１": (Code.DIGITS_LOST, ()),
    "HP 6.28123E+11": (Code.DIGITS_LOST, ()),
    "0812-xxxx-7890": (Code.DIGITS_HIDDEN, ()),
    "0812345678xx": (Code.DIGITS_HIDDEN, ()),
    "0812-••••-7890": (Code.DIGITS_HIDDEN, ()),
    "08123456****": (Code.DIGITS_HIDDEN, ()),
    "0812345678??": (Code.DIGITS_HIDDEN, ()),
    "081234567890 / 081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890/081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890, 081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890; 81345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890 081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890\n081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890 - 081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890 atau 081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890 (ibu), 081345678901 (ayah)": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "0812 3456 7890 0813 4567 8901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "+62 812 3456 7890 +62 813 4567 8901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890081345678901": (Code.TWO_NUMBERS, (NUMBER, OTHER)),
    "081234567890o": (Code.AMBIGUOUS, ("+62812345678900", NUMBER)),
    "O8I23456789O": (Code.AMBIGUOUS, (NUMBER, "+628123456789")),
    "081234567890 o": (Code.AMBIGUOUS, ("+62812345678900", NUMBER)),
    "081234567890l": (Code.AMBIGUOUS, ("+62812345678901", NUMBER)),
    "0812345678oo": (Code.AMBIGUOUS, ("+6281234567800", "+62812345678")),
    "0812345678901o": (Code.AMBIGUOUS, ("+62812345678901",)),
    "081234567890 1": (Code.AMBIGUOUS, ("+62812345678901", NUMBER)),
    "081234567890.5": (Code.AMBIGUOUS, ("+62812345678905", NUMBER)),
    "081234567890.0": (Code.AMBIGUOUS, ("+62812345678900", NUMBER)),
    "081234567890/91": (Code.AMBIGUOUS, (NUMBER,)),
    "1. 081234567890": (Code.AMBIGUOUS, (NUMBER,)),
    "081234567890 / 0813456": (Code.AMBIGUOUS, (NUMBER,)),
    "0628123456789": (Code.AMBIGUOUS, ("+628123456789",)),
    "0812a34567890": (Code.LETTERS, (NUMBER,)),
    "0812 ibu 34567890": (Code.LETTERS, (NUMBER,)),
    "081234567890a": (Code.LETTERS, (NUMBER,)),
}


@pytest.mark.parametrize(("typed", "number"), CERTAIN.items())
def test_one_certain_reading_is_read(typed: str, number: str) -> None:
    reading = read_number(typed, DEFAULT_PREFIXES)

    assert (reading.typed, reading.number, reading.code, reading.proposals) == (typed, number, None, ())
    assert reading.provider == "TELKOMSEL"


@pytest.mark.parametrize(("typed", "expected"), REFUSED.items())
def test_anything_else_is_refused_with_its_code_and_readings(typed: str, expected: tuple[Code, tuple[str]]) -> None:
    reading = read_number(typed, DEFAULT_PREFIXES)

    assert (reading.number, reading.provider) == (None, None)
    assert (reading.code, reading.proposals) == expected


def test_every_code_is_reached() -> None:
    assert {code for code, _ in REFUSED.values()} == set(Code)


@pytest.mark.parametrize("typed", CERTAIN)
def test_a_second_library_holds_what_is_read_for_a_possible_mobile_number(typed: str) -> None:
    parsed = phonenumbers.parse(read_number(typed, DEFAULT_PREFIXES).number or "")

    assert parsed.country_code == 62
    assert phonenumbers.is_possible_number(parsed)
    assert phonenumbers.is_possible_number_for_type(parsed, phonenumbers.PhoneNumberType.MOBILE)


PREFIXES = {
    "TELKOMSEL": "0811 0812 0813 0821 0822 0823 0851 0852 0853",
    "INDOSAT": "0814 0815 0816 0855 0856 0857 0858",
    "XL": "0817 0818 0819 0859 0877 0878 0879",
    "AXIS": "0831 0832 0833 0838",
    "TRI": "0895 0896 0897 0898 0899",
    "SMARTFREN": "0881 0882 0883 0884 0885 0886 0887 0888 0889",
}
OWNERS = {prefix: provider for provider, prefixes in PREFIXES.items() for prefix in prefixes.split()}


@pytest.mark.parametrize("prefix", [f"08{i:02}" for i in range(10, 100)])
def test_the_prefix_decides_the_provider(prefix: str) -> None:
    reading = read_number(f"{prefix}1234567", DEFAULT_PREFIXES)

    assert reading.provider == OWNERS.get(prefix)
    assert (reading.code == Code.NO_PROVIDER) == (prefix not in OWNERS)


def test_prefixes_are_dated() -> None:
    sold = date(2021, 3, 1)
    ranges = (PrefixRange("TRI", 895, 899, date(2020, 1, 1), sold), PrefixRange("INDOSAT", 895, 899, sold))

    days = {day: read_number("089512345678", PrefixTable.on(day, ranges)) for day in (date(2021, 2, 28), sold)}

    assert [r.provider for r in days.values()] == ["TRI", "INDOSAT"]
    assert read_number("089512345678", PrefixTable.on(date(2019, 12, 31), ranges)).code == Code.NO_PROVIDER


@pytest.mark.parametrize("prefix", OWNERS)
@pytest.mark.parametrize(("size", "code"), [(9, "TOO_SHORT"), (10, None), (13, None), (14, "TOO_LONG")])
def test_a_number_has_ten_to_thirteen_digits_whatever_its_provider(prefix: str, size: int, code: str | None) -> None:
    typed = prefix + "1357924680"[: size - 4]

    assert read_number(typed, DEFAULT_PREFIXES).code == code


def test_a_long_text_is_refused_in_no_time() -> None:
    """Patterns over megabytes of leftovers would take minutes."""
    for leftovers in ("*", "1,", "a1", "+62", "0 1 ", "o1", "."):
        assert read_number(leftovers * 1_000_000 + "b1", DEFAULT_PREFIXES).code == Code.TOO_LONG


def test_what_is_offered_belongs_to_a_provider() -> None:
    assert read_number("085412345678 / 081234567890", DEFAULT_PREFIXES).proposals == (NUMBER,)


def test_the_built_in_table_holds_six_providers() -> None:
    assert {r.provider for r in DEFAULT_RANGES} == set(PREFIXES)
