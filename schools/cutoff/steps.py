"""The schools' own steps: regions and offices, schools, and afterwards the figures."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from schools import tallies
from schools.choices import JENJANG_OF_FORM, PROVINCE_JENJANG, REGENCY_JENJANG

from .cutoff import Cutoff
from .refusing import kept_and_refused
from .registry import Phase, Step, register_step


def register() -> None:
    """Make the steps known."""
    register_step(Step(Phase.REGISTER, "regions", "Menggabungkan wilayah", merge_regions, plan_regions))
    register_step(Step(Phase.REGISTER, "schools", "Menggabungkan sekolah", merge_schools, plan_schools))
    register_step(Step(Phase.AFTERWARDS, "tallies", "Menghitung rekap", fold_tallies))


def plan_regions(cutoff: Cutoff) -> None:
    """Judge wilayah.csv and lay the regions out as they will be."""
    cutoff.run.progress("Menilai wilayah.csv")
    with cutoff.transaction() as cursor:
        cutoff.run_file(cursor, "schools", "regions_read")
        cutoff.run_file(cursor, "schools", "regions_due")
        cutoff.run_file(cursor, "schools", "areas")
        cutoff.due += _rows(cursor, "cutoff_region_due")
    cutoff.receipt["regions"] = kept_and_refused(cutoff, "wilayah.csv", "cutoff_region")


def plan_schools(cutoff: Cutoff) -> None:
    """Judge sekolah.csv and lay the schools out as they will be, so that people can be judged before they are."""
    cutoff.run.progress("Menilai sekolah.csv")
    forms = {"forms": list(JENJANG_OF_FORM), "jenjang": [str(value) for value in JENJANG_OF_FORM.values()]}
    with cutoff.transaction() as cursor:
        cutoff.run_file(cursor, "schools", "schools_read", **forms)
        for name in ("schools_repeated", "schools_adopted", "schools_taken", "schools_due"):
            cutoff.run_file(cursor, "schools", name)
        cutoff.due += (due := _rows(cursor, "cutoff_school_due"))
        if due or not cutoff.bundle.manifest.is_delta:
            cutoff.run_file(cursor, "schools", "places")
            cutoff.run_file(cursor, "schools", "places_index")
            cursor.execute("ANALYZE cutoff_place")
        else:
            cutoff.run_file(cursor, "schools", "places_as_they_are")
    cutoff.receipt["schools"] = kept_and_refused(cutoff, "sekolah.csv", "cutoff_school")


def merge_regions(cutoff: Cutoff) -> None:
    """Regions first: schools lie in them. A new one gets its office."""
    offices = {"province_jenjang": list(PROVINCE_JENJANG), "regency_jenjang": list(REGENCY_JENJANG)}
    with cutoff.transaction() as cursor:
        cutoff.run_file(cursor, "schools", "before_regions")
        changed = cutoff.run_file(cursor, "schools", "regions_merge")
        cutoff.run_file(cursor, "schools", "offices", **offices)
        cutoff.run_file(cursor, "schools", "before_offices")
        cutoff.add_changes(cursor, changed)


def merge_schools(cutoff: Cutoff) -> None:
    """All schools in one commit; regions' sums follow in it when a school changed its place."""
    with cutoff.transaction() as cursor:
        cutoff.run_file(cursor, "schools", "before_schools")
        changed = cutoff.run_file(cursor, "schools", "schools_merge")
        changed += cutoff.run_file(cursor, "schools", "schools_left")
        cutoff.add_changes(cursor, changed)
        cursor.execute("SELECT EXISTS (SELECT FROM cutoff_school_due WHERE moves)")
        if cursor.fetchone()[0]:
            tallies.rebuild_rollups()


def _rows(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return int(cursor.fetchone()[0])


def fold_tallies(cutoff: Cutoff) -> None:
    """Sum what the merging appended, so that the first reader finds short sums."""
    with cutoff.transaction():
        tallies.fold()
