"""The schools' own steps: regions and offices, schools, and afterwards the figures."""

from __future__ import annotations

from schools import tallies
from schools.choices import JENJANG_OF_FORM, PROVINCE_JENJANG, REGENCY_JENJANG

from .cutoff import Cutoff
from .refusing import kept_and_refused
from .registry import Phase, Step, register_step


def register() -> None:
    """Make the steps known."""
    register_step(Step(Phase.REGISTER, "regions", "Menggabungkan wilayah", merge_regions))
    register_step(Step(Phase.REGISTER, "schools", "Menggabungkan sekolah", merge_schools))
    register_step(Step(Phase.AFTERWARDS, "tallies", "Menghitung rekap", fold_tallies))


def merge_regions(cutoff: Cutoff) -> None:
    """Regions first: schools lie in them. A new one gets its office."""
    with cutoff.transaction() as cursor:
        cutoff.run_file(cursor, "schools", "regions_read")
        changed = cutoff.run_file(cursor, "schools", "regions_ancestors")
        changed += cutoff.run_file(cursor, "schools", "regions_merge")
        offices = {"province_jenjang": list(PROVINCE_JENJANG), "regency_jenjang": list(REGENCY_JENJANG)}
        cutoff.run_file(cursor, "schools", "offices", **offices)
        cutoff.add_changes(cursor, changed)
    cutoff.receipt["regions"] = kept_and_refused(cutoff, "wilayah.csv", "cutoff_region")


def merge_schools(cutoff: Cutoff) -> None:
    """All schools in one commit; regions' sums follow in it when a school changed its place."""
    forms = {"forms": list(JENJANG_OF_FORM), "jenjang": [str(value) for value in JENJANG_OF_FORM.values()]}
    with cutoff.transaction() as cursor:
        cutoff.run_file(cursor, "schools", "schools_read", **forms)
        cutoff.run_file(cursor, "schools", "schools_repeated")
        cutoff.run_file(cursor, "schools", "schools_adopt")
        cutoff.run_file(cursor, "schools", "schools_taken")
        moved = cutoff.run_file(cursor, "schools", "schools_moved")
        changed = cutoff.run_file(cursor, "schools", "schools_merge")
        changed += cutoff.run_file(cursor, "schools", "schools_left")
        cutoff.add_changes(cursor, changed)
        if moved:
            tallies.rebuild_rollups()
    cutoff.receipt["schools"] = kept_and_refused(cutoff, "sekolah.csv", "cutoff_school")


def fold_tallies(cutoff: Cutoff) -> None:
    """Sum what the merging appended, so that the first reader finds short sums."""
    with cutoff.transaction():
        tallies.fold()
