"""Reading mobile numbers as people type them: one pure function, nothing of Django.

The rule: where exactly one reading is certain it is read; where two are possible the text is refused with a code, and
the readings are offered as proposals. Nothing is ever guessed. ``providers/sql/functions/read_number.sql`` is the
set-based twin for bulk loads; a property test proves the two equal, so a change here is a change there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Code(StrEnum):
    """Why a text is no usable number. The sentences are in ``providers.catalogue``."""

    EMPTY = "EMPTY"  # nothing, a dash, zeros, or a word that means "none"
    NO_DIGITS = "NO_DIGITS"  # words only
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    NOT_MOBILE = "NOT_MOBILE"  # a landline, or digits that begin like no mobile number
    FOREIGN = "FOREIGN"
    NO_PROVIDER = "NO_PROVIDER"  # of correct form, but the prefix is nobody's
    DIGITS_LOST = "DIGITS_LOST"  # a spreadsheet wrote 6.28E+11
    DIGITS_HIDDEN = "DIGITS_HIDDEN"  # 0812-xxxx-7890
    TWO_NUMBERS = "TWO_NUMBERS"
    AMBIGUOUS = "AMBIGUOUS"  # more than one reading, or one that only a person can confirm
    LETTERS = "LETTERS"  # letters among the digits


@dataclass(frozen=True, slots=True)
class PrefixRange:
    """Prefixes ``first`` to ``last`` (811 is 0811), in force from ``valid_from`` until before ``valid_to``."""

    provider: str
    first: int
    last: int
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the range is in force on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class PrefixTable:
    """Whose prefix is whose, on one day."""

    owners: Mapping[int, str]

    @classmethod
    def on(cls, day: date, ranges: Iterable[PrefixRange]) -> "PrefixTable":
        """The table in force on ``day``."""
        held = (r for r in ranges if r.holds(day))
        return cls({prefix: r.provider for r in held for prefix in range(r.first, r.last + 1)})

    def provider_of(self, number: str) -> str | None:
        """Provider code of an E.164 number (``+62811…`` looks up 811), or None."""
        return self.owners.get(int(number[3:6]))


LONG_AGO = date(2000, 1, 1)

DEFAULT_RANGES = tuple(
    PrefixRange(provider, first, last, LONG_AGO)
    for provider, first, last in (
        ("TELKOMSEL", 811, 813),
        ("TELKOMSEL", 821, 823),
        ("TELKOMSEL", 851, 853),
        ("INDOSAT", 814, 816),
        ("INDOSAT", 855, 858),
        ("XL", 817, 819),
        ("XL", 859, 859),
        ("XL", 877, 879),
        ("AXIS", 831, 833),
        ("AXIS", 838, 838),
        ("TRI", 895, 899),
        ("SMARTFREN", 881, 889),
    )
)
"""The six brands of 2020, before any merger. Loaded into the database, where Pusdatin edits them."""

DEFAULT_PREFIXES = PrefixTable.on(LONG_AGO, DEFAULT_RANGES)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed text says. Either ``number`` and ``provider`` are filled, or ``code`` is."""

    typed: str
    number: str | None = None  # E.164, +628…
    provider: str | None = None
    code: Code | None = None
    proposals: tuple[str, ...] = ()  # E.164, in the order in which they stand in the text


def read_number(typed: str, prefixes: PrefixTable) -> Reading:
    """Read one cell. ``typed`` comes back untouched; a refused text has a code and perhaps proposals."""
    found = _one(typed[typed.index("8") :]) if _CLEAN.fullmatch(typed) else _read(_canonical(typed))
    if found.code:
        known = (f"+62{c}" for c in dict.fromkeys(found.candidates))
        return Reading(typed, code=found.code, proposals=tuple(n for n in known if prefixes.provider_of(n)))
    number = f"+62{found.number}"
    provider = prefixes.provider_of(number)
    if provider is None:
        return Reading(typed, code=Code.NO_PROVIDER)
    return Reading(typed, number, provider)


@dataclass(frozen=True, slots=True)
class _Found:
    """A step's outcome; numbers here begin with the 8."""

    code: Code | None
    candidates: tuple[str, ...] = ()

    @property
    def number(self) -> str | None:
        return self.candidates[0] if self.code is None else None


def _one(number: str) -> _Found:
    return _Found(None, (number,))


# What most cells look like: the whole machinery below is for the rest.
_CLEAN = re.compile(r"(?:\+?62)?0?8[1-9][0-9]{7,10}")

# --- Characters -------------------------------------------------------------------------------------------------------

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff"
)
_SPACE = re.compile(f"[{_SPACES}]")
_HIDDEN_MARK = re.compile(f"[{_INVISIBLE}]")
_DIGITS_OF_OTHERS = (
    "०१२३४५६७८९๐๑๒๓๔๕๖๗๘๙᭐᭑᭒᭓᭔᭕᭖᭗᭘᭙᮰᮱᮲᮳᮴᮵᮶᮷᮸᮹꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙"  # Devanagari, Thai, Balinese, Sundanese, Javanese
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡𝟢𝟣𝟤𝟥𝟦𝟧𝟨𝟩𝟪𝟫𝟬𝟭𝟮𝟯𝟰𝟱𝟲𝟳𝟴𝟵𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿"  # of mathematical text
)
_ALIKE = str.maketrans(
    _DIGITS_OF_OTHERS + "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ОоΟο‐‑‒–—―−﹘﹣·․‧∙⋅。…’‘ʼʹ′´`“”„″﹢•●×✕",
    "0123456789" * 10 + "01234567890123456789oooo---------.......'''''''\"\"\"\"+**xx",
)
_FULL_WIDTH = {0xFF00 + i: 0x20 + i for i in range(1, 0x5F)}
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghljklmnopqrstuvwxyz")  # a capital I is an l


def _canonical(typed: str) -> str:
    """Lower-case ASCII: look-alikes folded, the invisible gone, any other foreign character a two-letter word."""
    text = _HIDDEN_MARK.sub("", _SPACE.sub(" ", typed))
    text = text.translate(_FULL_WIDTH).translate(_ALIKE).translate(_LOWER)
    return re.sub(r"[^ -~]", "zz", text).strip(" '\"")


# --- The whole cell ---------------------------------------------------------------------------------------------------

MOST_CHARACTERS = 200
"""What is longer, once trimmed, is no cell for a number whatever stands in it."""
_NONE_WORDS = frozenset({
    "tldakada", "tdkada", "takada", "gakada", "ngakada", "tldakpunya", "tdkpunya", "takpunya", "gakpunya",
    "belumada", "blmada", "belumpunya", "blmpunya", "tldak", "kosong", "nlhll", "null", "none", "nan", "na", "nll", "o",
})  # fmt: skip
"""Texts that say "there is none": letters only, every i written as l because a capital I may be either."""
_LOST = re.compile(r"(?:[0-9][.,][0-9]+ ?e ?[+]?|[0-9] ?e ?[+]) ?[0-9]{1,2}(?![0-9])")
_HIDDEN = re.compile(r"[0-9][ .()-]*[x*?#]+(?![a-z])|(?<![a-z])[x*?]+[ .()-]*[0-9]")


def _read(text: str) -> _Found:
    """Read a canonical text. The patterns take their time with each other's leftovers, so a novel is not searched."""
    if not re.search(r"[0-9]", text):
        return _Found(_without_digits(text))
    if len(text) > MOST_CHARACTERS:
        return _Found(Code.TOO_LONG if text.strip(" -0") else Code.EMPTY)
    if _LOST.search(text):
        return _Found(Code.DIGITS_LOST)
    if _HIDDEN.search(text):
        return _Found(Code.DIGITS_HIDDEN)
    marked = _mark(_whole_number(text))
    found = _combine(marked)
    if found.number and re.search(r"[0-9]w|w[0-9]", marked):
        return _Found(Code.LETTERS, found.candidates)
    return found


def _without_digits(text: str) -> Code:
    letters = re.sub(r"[^a-z]", "", text).replace("i", "l")
    return Code.EMPTY if not letters or letters in _NONE_WORDS else Code.NO_DIGITS


def _whole_number(text: str) -> str:
    """Undo what a spreadsheet adds to a number: ``81234567890.0``, ``81,234,567,890.00``, ``81.234.567.890,0``."""
    text = re.sub(r"^([+]?[1-9][0-9]*)[.,]0{1,3}$", r"\1", text)
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:[.]0{1,3})?", text):
        return text.partition(".")[0].replace(",", "")
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:[.][0-9]{3})+,0{1,3}", text):
        return text.partition(",")[0].replace(".", "")
    return text


_SOFT = str.maketrans(dict.fromkeys(".-()[]_'\"`~^", " "))
_WORD = re.compile(r"(?:[lo]+[a-kmnp-z]|[a-kmnp-z][a-z])[a-z]*")
_LETTER = re.compile(r"[a-kmnp-z]")
_HARD = re.compile(r"[^0-9a-zW +]")
_SMALL_COUNT = re.compile(r"(?<![0-9lo])W *[0-9]{1,2} *(?=[Ww/]|$)")


def _mark(text: str) -> str:
    """Digits, o, l, spaces and plus stay; a word becomes W, a single letter w, what parts two numbers a slash.

    A small count that belongs to a word ("HP 1:", "(anak ke-2)") is no part of any number and goes with it.
    """
    text = _WORD.sub("W", text.translate(_SOFT))
    text = _LETTER.sub("w", _HARD.sub("/", text)).replace("+", "/+")
    return _SMALL_COUNT.sub("W", text)


def _segments(marked: str) -> list[str]:
    return [s.strip() for s in re.split(r"[Ww/]", marked) if re.search(r"[0-9]", s)]


def _combine(marked: str) -> _Found:
    """The outcome of all segments together."""
    segments = _segments(marked)
    if not segments:
        return _Found(Code.TOO_SHORT)  # the only digits were a count beside a word
    found = [_read_segment(s) for s in segments]
    numbers = tuple(dict.fromkeys(f.number for f in found if f.number))
    candidates = tuple(c for f in found for c in f.candidates)
    if len(numbers) > 1 or any(f.code is Code.TWO_NUMBERS for f in found):
        return _Found(Code.TWO_NUMBERS, candidates)
    if any(f.code is Code.AMBIGUOUS for f in found):
        return _Found(Code.AMBIGUOUS, candidates)
    if numbers:
        alone = all(f.number or _is_harmless(s, f) for s, f in zip(segments, found, strict=True))
        return _Found(None if alone else Code.AMBIGUOUS, numbers)
    return _join(marked, segments, found)


def _is_harmless(segment: str, found: _Found) -> bool:
    """Zeros, or a landline written out in full, beside a mobile number."""
    if found.code is Code.EMPTY:
        return True
    return found.code is Code.NOT_MOBILE and segment.startswith("0") and len(_digits(segment)) >= 9


def _join(marked: str, segments: Sequence[str], found: Sequence[_Found]) -> _Found:
    """No segment is a number by itself: perhaps they are one number in pieces (``0812/3456/7890``)."""
    longest = max(range(len(segments)), key=lambda i: len(_digits(segments[i])))
    whole = _shape("".join(map(_digits, segments)), has_plus=segments[0].startswith("+"))
    if len(segments) == 1 or not whole.number:
        return found[longest]
    if re.search(r"[0-9].*[Ww].*[0-9]", marked):
        return _Found(Code.LETTERS, whole.candidates)
    if all(re.match(r"[1-57-9][0-9]{2}|6[013-9][0-9]", _digits(s)) and s[0] != "+" for s in segments[1:]):
        return whole
    return _Found(Code.AMBIGUOUS, whole.candidates)


# --- One segment: digits, o, l and spaces, perhaps a plus in front --------------------------------------------------

_AS_DIGITS = str.maketrans("ol", "01")


def _digits(segment: str) -> str:
    return re.sub(r"[^0-9]", "", segment.translate(_AS_DIGITS))


def _read_segment(segment: str) -> _Found:
    """An o or l between digits is 0 or 1; at an edge it may also be a stray letter, and both readings are weighed."""
    as_digits = _read_runs(segment.translate(_AS_DIGITS))
    if not re.search(r"^[+ ]*[lo]|[lo]$", segment):
        return as_digits
    bare = re.sub(r"[lo ]+$", "", re.sub(r"^([+]?)[lo ]+", r"\1", segment))
    as_letters = _read_runs(bare.translate(_AS_DIGITS))
    if as_letters.number and as_letters.number != as_digits.number:
        return _Found(Code.AMBIGUOUS, (*as_digits.candidates, *as_letters.candidates))
    return as_digits


def _read_runs(text: str) -> _Found:
    """Digits in runs parted by spaces: one number, or one with stray digits, or several."""
    has_plus = text.startswith("+")
    runs = text.lstrip("+ ").split()
    joined = "".join(runs)
    whole, first = _shape(joined, has_plus), _shape(runs[0], has_plus)
    if whole.number and first.number in (None, whole.number):
        return whole
    if whole.number:
        return _Found(Code.AMBIGUOUS, whole.candidates + first.candidates)
    if len(runs) > 1:
        return _read_groups(runs, has_plus) or whole
    return _read_glued(joined, has_plus) or whole


def _read_groups(runs: Sequence[str], has_plus: bool) -> _Found | None:
    """Several numbers parted by spaces alone, or a number beside digits that belong to none."""
    shapes = [_shape(g, has_plus and i == 0) for i, g in enumerate(_groups(runs, has_plus))]
    numbers = tuple(dict.fromkeys(s.number for s in shapes if s.number))
    if len(shapes) > 1 and all(s.number for s in shapes):
        return _Found(Code.TWO_NUMBERS if len(numbers) > 1 else None, numbers)
    complete = tuple(n for run in runs if run.startswith(("0", "62")) and (n := _shape(run).number))
    if numbers or complete:
        return _Found(Code.AMBIGUOUS, numbers + complete)
    return None


def _groups(runs: Sequence[str], has_plus: bool) -> list[str]:
    """Runs put together until they are a number and the next run begins another one."""
    groups = [runs[0]]
    for run in runs[1:]:
        is_full = _shape(groups[-1], has_plus and len(groups) == 1).number
        if is_full and (run.startswith(("0", "62")) or _shape(run).number):
            groups.append(run)
        else:
            groups[-1] += run
    return groups


def _read_glued(digits: str, has_plus: bool) -> _Found | None:
    """Two numbers without anything between them."""
    for left, right in ((digits[:at], digits[at:]) for at in range(10, 16)):
        one, other = _shape(left, has_plus), _shape(right)
        if one.number and other.number and right.startswith(("0", "62")):
            return _Found(Code.TWO_NUMBERS, one.candidates + other.candidates)
    return None


# --- The shape of one number ----------------------------------------------------------------------------------------


def _shape(digits: str, has_plus: bool = False) -> _Found:
    """Judge digits as one number by what they begin with, then by length."""
    rest = digits.lstrip("0")
    zeros = len(digits) - len(rest)
    if not rest:
        return _Found(Code.EMPTY)
    if rest.startswith("62") and (zeros != 1 or has_plus):
        return _national(rest[2:].lstrip("0"))
    if zeros == 1 and rest.startswith("628"):
        # A landline of 0628, or a zero before the country's code.
        found = _national(rest[2:])
        return _Found(Code.AMBIGUOUS, found.candidates) if found.number else _Found(_by_length(rest, Code.NOT_MOBILE))
    if zeros == 2 or (has_plus and zeros == 0):
        # Dialled abroad; but +812… and 00812… may also be a plus or a zero too many, so that reading is offered.
        return _Found(_by_length(rest, Code.FOREIGN), _national(rest).candidates)
    return _national(rest)


def _national(rest: str) -> _Found:
    """Digits without zero and country code: a mobile number has 9 to 12 and begins with 81 to 89."""
    if not re.match(r"8(?!0)", rest):
        return _Found(_by_length(rest, Code.NOT_MOBILE))
    if len(rest) < 9:
        return _Found(Code.TOO_SHORT)
    return _Found(Code.TOO_LONG) if len(rest) > 12 else _one(rest)


def _by_length(rest: str, otherwise: Code) -> Code:
    """No number in the world has more than 15 digits, no subscriber's here fewer than 6."""
    if len(rest) < 6:
        return Code.TOO_SHORT
    return Code.TOO_LONG if len(rest) > 15 else otherwise
