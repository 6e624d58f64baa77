"""Names of people as they are given across the country; which word is heard where decides the style."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """First names of boys and girls, and words that may follow."""

    boys: tuple[str, ...]
    girls: tuple[str, ...]
    boys_last: tuple[str, ...]
    girls_last: tuple[str, ...]


def _style(boys: str, girls: str, boys_last: str, girls_last: str = "") -> Style:
    return Style(
        tuple(boys.split()), tuple(girls.split()), tuple(boys_last.split()), tuple((girls_last or boys_last).split())
    )


JAVANESE = _style(
    "Agus Bagas Bambang Bayu Dimas Dwi Eko Fajar Galih Gilang Hendra Ilham Joko Krisna Lukman Prasetyo Rangga Rizky "
    "Slamet Sugeng Tegar Teguh Tri Wahyu Wisnu Yoga Yudha Zaki Aditya Arif Danang Guntur",
    "Anisa Ayu Citra Dewi Dian Dwi Endah Fitri Galuh Hesti Indah Intan Kartika Lestari Maya Nia Novi Nur Putri Ratna "
    "Retno Rina Sekar Siti Sri Tri Tutik Wahyuni Wulan Yuli Yunita Zahra",
    "Adi Anggoro Kurniawan Nugroho Prabowo Pradana Pramono Prasetya Pratama Purnomo Purwanto Raharjo Santoso Saputra "
    "Setiawan Setyawan Subekti Sulistyo Susanto Sutrisno Utomo Wibowo Wicaksono Widodo Winarno Yulianto Ramadhan",
    "Agustina Anggraeni Astuti Damayanti Fatimah Handayani Hidayati Kusumawati Lestari Maharani Maulida Mulyani "
    "Ningrum Ningsih Nurhayati Oktaviani Permatasari Pratiwi Puspitasari Rahayu Rahmawati Safitri Setyowati "
    "Sulistyowati Utami Wahyuningsih Wijayanti Wulandari",
)
SUNDANESE = _style(
    "Aceng Agung Asep Cecep Dadan Dede Deden Denis Endang Gilang Iman Jajang Maman Nandang Rian Ridwan Rizal Sandi "
    "Ujang Wawan Yana Yayan Fikri Rafli",
    "Ai Eneng Euis Imas Lilis Neng Nenden Neneng Nina Popi Rina Rini Sinta Siti Tati Teti Tuti Wiwin Yani Yanti Alya "
    "Nabila Salsa Zaskia",
    "Firmansyah Gunawan Hermawan Hidayat Kosasih Mulyana Nugraha Permana Pratama Priatna Rohman Rukmana Setiawan "
    "Sopian Suherman Sukmana Supriatna Suryana Sutisna Wijaya",
    "Aisyah Handayani Julianti Komalasari Kurniasih Lestari Maesaroh Mulyani Nuraeni Nurjanah Permatasari Puspita "
    "Rahmawati Rohaeti Rosmiati Sopiah Sumiati Suryani Wulandari Yulianti",
)
MUSLIM = _style(
    "Muhammad Ahmad Abdul Abdullah Ali Amir Fadhil Faisal Farhan Hafiz Hamzah Hasan Husein Ibrahim Irfan Ismail "
    "Khairul Luthfi Mahmud Rahmat Reza Rizki Syahrul Umar Yusuf Zainal Zulfikar Naufal",
    "Siti Nur Aisyah Aminah Annisa Azizah Fadila Farah Fatimah Halimah Hasna Khadijah Laila Maryam Mutiara Nabila "
    "Nadia Najwa Naura Qonita Rahma Salma Salsabila Syifa Ulfa Yasmin Zahra Zulaikha",
    "Akbar Alamsyah Anshari Arifin Azhari Fadillah Fauzan Fauzi Firdaus Habibi Hakim Hanafi Hidayatullah Ikhsan "
    "Maulana Mubarak Mustofa Nasution Rahman Ramadhan Rasyid Ridho Siddiq Syahputra Wahid Yahya Ma'ruf",
    "Amalia Aulia Azzahra Fauziah Hafizah Hasanah Humaira Khairunnisa Latifah Maghfirah Maulidya Mufidah Musdalifah "
    "Nafisah Nurhaliza Putri Rahmah Ramadhani Rizkia Sakinah Salamah Syahira Syarifah Ummah Zakiyah Nur'aini Ma'rifah",
)
BATAK = _style(
    "Andreas Binsar Bonar Daniel David Edward Ferdinand Hotman Jhon Jonathan Lamhot Manahan Parlin Patar Poltak "
    "Ramses Rudi Saut Sihol Togar Tumpal Yosua",
    "Agnes Berliana Christina Debora Elisabeth Ester Grace Hotmaida Kristina Lamria Maria Martha Natalia Rebeka "
    "Rosmaida Ruth Sondang Tiurma Veronika Yohana",
    "Hutabarat Hutagalung Manalu Manurung Marpaung Nainggolan Pakpahan Panjaitan Pardede Pasaribu Purba Saragih "
    "Siahaan Siregar Silalahi Simamora Simanjuntak Sinaga Sitompul Sitorus Situmorang Tambunan Tampubolon",
)
BALINESE = _style(
    "Agung Dewa Gede Kadek Ketut Komang Made Nengah Nyoman Putu Wayan Ngurah",
    "Ayu Desak Kadek Ketut Komang Luh Made Ni'luh Nyoman Putu Sagung Wayan",
    "Adnyana Arimbawa Ariawan Artawan Darmawan Dharma Mahendra Mertayasa Pradnyana Putra Sanjaya Sedana Suardana "
    "Sudarsana Suparta Wiguna Wijaya Wirawan Yudana",
    "Andayani Apriliani Ariani Cahyani Dewi Kusuma Lestari Mahayani Parwati Pradnyani Purnami Puspita Sari Savitri "
    "Suastini Sukerti Widiani Wulandari Yuliani",
)
EASTERN = _style(
    "Adrianus Agustinus Albertus Antonius Benediktus Dominggus Elias Fransiskus Gabriel Hendrik Ignasius Jefri Karel "
    "Markus Melkianus Paulus Petrus Simon Stefanus Thomas Yakobus Yeremias Yohanes",
    "Adolfina Agustina Anastasia Bernadeta Dorkas Elisabet Fransiska Getruida Helena Imelda Kornelia Margareta Maria "
    "Marlina Naomi Oktavina Priskila Rosalina Sarlota Theresia Welmince Yosefina Yuliana",
    "Bili Bria Dacosta Fallo Kase Kogoya Lado Laoli Latuconsina Leba Manuputty Nahak Ndun Pattiasina Pelupessy Rumbiak "
    "Rumbewas Seran Taek Tabuni Tutuarima Wanimbo Wenda Yikwa",
)
MALAY = _style(
    "Andi Ardiansyah Arman Basri Dedi Erwin Firman Hamdan Hendri Ilham Irwan Jamal Kamaruddin Mulyadi Nasrul Ramli "
    "Rizal Rusdi Syamsul Taufik Yusran Zulkifli",
    "Asmawati Dahlia Darna Erna Fitriani Hasnah Hasni Irma Jumiati Kasmawati Marlina Mirna Nurlela Nurul Rahmatia "
    "Rosmini Rosnani Rusmini Sitti Suryani Wahidah Yusnita",
    "Anwar Arsyad Bakri Burhanuddin Effendi Hamid Hasanuddin Idris Ismail Jalil Kadir Latif Mansyur Mappa Nasir Rauf "
    "Saleh Samad Syarif Tahir Usman Yunus Zainuddin",
    "Amir Arifin Bahar Daud Halim Hamzah Hasan Ibrahim Kadir Latif Mahmud Rasyid Said Saleh Salim Syukur Tahir Umar "
    "Yasin Yusuf",
)

MIXES: dict[str, tuple[Style, ...]] = {
    "java": (JAVANESE, JAVANESE, JAVANESE, MUSLIM),
    "sunda": (SUNDANESE, SUNDANESE, MUSLIM, JAVANESE),
    "capital": (JAVANESE, SUNDANESE, MUSLIM, BATAK, MALAY),
    "batak": (BATAK, BATAK, MUSLIM, MALAY),
    "sumatra": (MUSLIM, MALAY, JAVANESE, MALAY),
    "settlers": (JAVANESE, JAVANESE, MUSLIM, MALAY),
    "borneo": (MALAY, MUSLIM, JAVANESE),
    "bali": (BALINESE, BALINESE, BALINESE, JAVANESE),
    "celebes": (MALAY, MALAY, MUSLIM, EASTERN),
    "east": (EASTERN, EASTERN, EASTERN, MALAY),
}
"""The styles of a province, as often as they stand here."""


def full_name(random: Callable[[], float], style: Style, is_girl: bool) -> str:
    """A name of one to three words."""
    firsts, lasts = (style.girls, style.girls_last) if is_girl else (style.boys, style.boys_last)
    first = firsts[int(random() * len(firsts))]
    words = random()
    if words < 0.06:
        return first
    last = lasts[int(random() * len(lasts))]
    if words < 0.66:
        return f"{first} {last}"
    middle = firsts[int(random() * len(firsts))]
    return f"{first} {middle} {last}" if middle != first else f"{first} {last}"
