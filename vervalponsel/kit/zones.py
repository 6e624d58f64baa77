"""Indonesia's three time zones, found by region."""

from zoneinfo import ZoneInfo

WESTERN = "WIB"
CENTRAL = "WITA"
EASTERN = "WIT"

ZONES = {
    WESTERN: ZoneInfo("Asia/Jakarta"),
    CENTRAL: ZoneInfo("Asia/Makassar"),
    EASTERN: ZoneInfo("Asia/Jayapura"),
}

# By the first two digits of kode_wilayah; every other province keeps western time.
_CENTRAL_PROVINCES = {"15", "16", "17", "18", "19", "20", "22", "23", "24", "30", "33", "34"}
_EASTERN_PROVINCES = {"21", "25", "27", "32"}


def zone_name(kode_wilayah: str) -> str:
    """Give WIB, WITA or WIT for a region's code; the nation ("" or 000000) keeps WIB."""
    province = kode_wilayah[:2]
    if province in _CENTRAL_PROVINCES:
        return CENTRAL
    if province in _EASTERN_PROVINCES:
        return EASTERN
    return WESTERN


def zone_of(kode_wilayah: str) -> ZoneInfo:
    """Give the time zone of a region, for `timezone.activate`."""
    return ZONES[zone_name(kode_wilayah)]
