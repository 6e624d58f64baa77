"""Mobile numbers as people type them: mostly clean, some readable with care, some not at all (domain.md §3)."""

from __future__ import annotations

from collections.abc import Callable

Random = Callable[[], float]

_SHARES = (
    (50.0, "0811 0812 0812 0813 0813 0821 0822 0823 0851 0852 0852 0853"),
    (17.1, "0814 0815 0816 0855 0856 0857 0857 0858 0858"),
    (12.2, "0817 0818 0819 0859 0877 0878 0879"),
    (5.2, "0831 0832 0833 0838"),
    (11.0, "0895 0896 0897 0898 0899"),
    (4.6, "0881 0882 0883 0884 0885 0886 0887 0888 0889"),
)
"""Telkomsel, Indosat, XL, Axis, Tri, Smartfren by their share of the numbers (domain.md §5)."""


def _prefixes() -> tuple[str, ...]:
    table: list[str] = []
    for share, listed in _SHARES:
        prefixes = listed.split()
        table += [prefixes[place % len(prefixes)] for place in range(round(share * 10))]
    return tuple(table)


_PREFIXES = _prefixes()
_REST = ((10**8, 8), (10**8, 8), (10**8, 8), (10**7, 7), (10**9, 9))
_READABLE_ODDLY = 0.085


def mobile(random: Random) -> str:
    """A number of a provider, 11 to 13 digits beginning with 0."""
    span, digits = _REST[int(random() * len(_REST))]
    return f"{_PREFIXES[int(random() * len(_PREFIXES))]}{int(random() * span):0{digits}d}"


def typed(random: Random) -> str:
    """A number that can be read, usually clean."""
    number = mobile(random)
    if random() >= _READABLE_ODDLY:
        return number
    return _ODD[int(random() * len(_ODD))](number)


def unreadable(random: Random) -> str:
    """What cannot be read as one number of a provider."""
    return _BROKEN[int(random() * len(_BROKEN))](mobile(random))


def _grouped(number: str, mark: str) -> str:
    return mark.join((number[:4], number[4:8], number[8:]))


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

_ODD: tuple[Callable[[str], str], ...] = (
    *[lambda number: number[1:]] * 6,  # the spreadsheet ate the zero
    *[lambda number: "62" + number[1:]] * 5,
    *[lambda number: "+62" + number[1:]] * 4,
    *[lambda number: _grouped(number, "-")] * 4,
    *[lambda number: _grouped(number, " ")] * 3,
    lambda number: "+62 " + _grouped(number, "-")[1:],
    lambda number: "62 " + number,
    lambda number: "+62 (0)" + number[1:],
    lambda number: _grouped(number, "."),
    lambda number: _grouped(number, "\u00a0"),
    lambda number: "\u200b" + number,
    lambda number: number + "\u202c",
    lambda number: "'" + number,
    lambda number: "\u2019" + number,
    lambda number: number + " (ibu)",
    lambda number: "HP " + number,
    lambda number: "O" + number[1:],
    lambda number: "o" + number[1:],
    lambda number: number.replace("1", "l"),
    lambda number: number.translate(_FULL_WIDTH),
    lambda number: number.translate(_ARABIC),
    lambda number: "0062" + number[1:],
    lambda number: f" {number} ",
)

_BROKEN: tuple[Callable[[str], str], ...] = (
    *[lambda _: "-"] * 5,
    *[lambda _: "0"] * 4,
    *[lambda number: number[:9]] * 4,
    *[lambda number: (number + number[4:])[:15]] * 2,
    lambda _: "--",
    lambda _: "000000000000",
    lambda _: "tidak ada",
    lambda number: "0283" + number[5:11],  # a landline of Brebes
    lambda number: "021" + number[3:10],
    lambda number: "+60" + number[2:11],
    lambda number: "0824" + number[4:],  # a prefix of nobody
    lambda number: "0871" + number[4:],
    lambda number: f"6.28{number[2:5]}E+11",
    lambda number: f"6,28{number[2:5]}E+11",
    lambda number: f"{number} / 0857{number[4:12]}",
    lambda number: f"{number}, 0896{number[4:12]}",
    lambda number: number[1:] + ".0",
)
