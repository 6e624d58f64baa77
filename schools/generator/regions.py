"""Provinces with the register's own codes; kab/kota and kecamatan beyond the well-known ones are invented."""

from __future__ import annotations

from dataclasses import dataclass

ABROAD = "35"


@dataclass(frozen=True, slots=True)
class Province:
    """``share`` is its part of about a thousand of the nation's schools; ``block`` begins the NPSN of its schools."""

    prefix: str
    name: str
    kabupaten: int
    kota: int
    share: int
    block: str
    mix: str

    @property
    def code(self) -> str:
        return f"{self.prefix}0000"


PROVINCES = (
    Province("01", "D.K.I. Jakarta", 1, 5, 27, "201", "capital"),
    Province("02", "Jawa Barat", 18, 9, 140, "202", "sunda"),
    Province("03", "Jawa Tengah", 29, 6, 122, "203", "java"),
    Province("04", "D.I. Yogyakarta", 4, 1, 19, "204", "java"),
    Province("05", "Jawa Timur", 29, 9, 156, "205", "java"),
    Province("06", "Aceh", 18, 5, 24, "101", "sumatra"),
    Province("07", "Sumatera Utara", 25, 8, 52, "102", "batak"),
    Province("08", "Sumatera Barat", 12, 7, 26, "103", "sumatra"),
    Province("09", "Riau", 10, 2, 25, "104", "sumatra"),
    Province("10", "Jambi", 9, 2, 17, "105", "sumatra"),
    Province("11", "Sumatera Selatan", 13, 4, 29, "106", "sumatra"),
    Province("12", "Lampung", 13, 2, 33, "108", "settlers"),
    Province("13", "Kalimantan Barat", 12, 2, 22, "301", "borneo"),
    Province("14", "Kalimantan Tengah", 13, 1, 16, "302", "borneo"),
    Province("15", "Kalimantan Selatan", 11, 2, 20, "303", "borneo"),
    Province("16", "Kalimantan Timur", 7, 3, 14, "304", "borneo"),
    Province("17", "Sulawesi Utara", 11, 4, 15, "401", "east"),
    Province("18", "Sulawesi Tengah", 12, 1, 19, "402", "celebes"),
    Province("19", "Sulawesi Selatan", 21, 3, 41, "403", "celebes"),
    Province("20", "Sulawesi Tenggara", 15, 2, 20, "404", "celebes"),
    Province("21", "Maluku", 9, 2, 12, "601", "east"),
    Province("22", "Bali", 8, 1, 16, "501", "bali"),
    Province("23", "Nusa Tenggara Barat", 8, 2, 28, "502", "sumatra"),
    Province("24", "Nusa Tenggara Timur", 21, 1, 33, "503", "east"),
    Province("25", "Papua", 28, 1, 15, "603", "east"),
    Province("26", "Bengkulu", 9, 1, 11, "107", "sumatra"),
    Province("27", "Maluku Utara", 8, 2, 9, "602", "east"),
    Province("28", "Banten", 4, 4, 39, "206", "sunda"),
    Province("29", "Kepulauan Bangka Belitung", 6, 1, 6, "109", "sumatra"),
    Province("30", "Gorontalo", 5, 1, 8, "405", "celebes"),
    Province("31", "Kepulauan Riau", 5, 2, 9, "110", "sumatra"),
    Province("32", "Papua Barat", 12, 1, 6, "604", "east"),
    Province("33", "Sulawesi Barat", 6, 0, 9, "406", "celebes"),
    Province("34", "Kalimantan Utara", 4, 1, 4, "305", "borneo"),
    Province(ABROAD, "Luar Negeri", 2, 0, 1, "699", "capital"),
)

_WELL_KNOWN = {
    "016000": "Kota Jakarta Pusat",
    "020800": "Kab. Bandung",
    "032900": "Kab. Brebes",
    "120300": "Kab. Lampung Utara",
    "126000": "Kota Bandar Lampung",
    "350100": "Malaysia",
    "350200": "Arab Saudi",
}
"""Real codes with real names; they come before the invented ones of their province."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_STARTS = _words(
    "Suka Sumber Karang Tanjung Muara Bandar Gunung Batu Pulau Kali Rawa Banjar Tirta Mekar Marga Candi Talang Teluk "
    "Padang Sungai Kota Wono Sido Purwo Giri Lubuk Ujung"
)
_ENDS = _words(
    "jaya maju makmur rejo sari mulya agung harjo indah raya asri wangi baru tani bakti mukti luhur tengah anyar damai"
)


def place_name(number: int) -> str:
    """An invented name; the first 540 differ."""
    lap, place = divmod(number, len(_STARTS))
    return _STARTS[place] + _ENDS[(lap + place) % len(_ENDS)]


def regency_codes(province: Province) -> list[tuple[str, str]]:
    """Code and name of every kab/kota: the well-known first, kab from 01, kota from 60."""
    codes = [f"{province.prefix}{number:02d}00" for number in range(1, province.kabupaten + 1)]
    codes += [f"{province.prefix}{number:02d}00" for number in range(60, 60 + province.kota)]
    before = sum(other.kabupaten + other.kota for other in PROVINCES if other.prefix < province.prefix)
    named = [(code, _WELL_KNOWN.get(code) or _invented(code, before + place)) for place, code in enumerate(codes)]
    return sorted(named, key=lambda pair: (pair[0] not in _WELL_KNOWN, pair[0]))


def well_known_count(province: Province) -> int:
    """How many of its kab/kota bear a real name; at least one is always made."""
    return max(1, sum(code.startswith(province.prefix) for code in _WELL_KNOWN))


def _invented(code: str, number: int) -> str:
    kind = "Kota" if int(code[2:4]) >= 60 else "Kab."
    return f"{kind} {place_name(number)}"


def district(regency_code: str, number: int) -> tuple[str, str]:
    """Code and name of the kecamatan with that number, counted from 0."""
    code = f"{regency_code[:4]}{number + 1:02d}"
    if code.startswith(ABROAD):
        return code, f"Wilayah {number + 1}"
    if regency_code == "032900" and number < len(_BREBES):
        return code, f"Kec. {_BREBES[number]}"
    return code, f"Kec. {place_name(int(code[:2]) * 31 + int(code[2:4]) * 14 + number)}"


_BREBES = ("Brebes", "Wanasari", "Bulakamba", "Tanjung", "Jatibarang", "Ketanggungan", "Losari", "Songgom")
