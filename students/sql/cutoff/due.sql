-- Purpose: which rows are new or differ from the register: what is still to be written. Compared once for all, before the
-- merging, because only a cut-off or the opening of a period writes here, and both hold the lock of cut-offs.
-- Inputs: cutoff_student_judged, students_student. Output: cutoff_student_due; a range takes its rows out of it.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_student_due AS
SELECT j.*, s.id AS row_id, s.eligibility AS was
FROM cutoff_student_judged j
LEFT JOIN students_student s ON s.peserta_didik_id = j.person_id AND s.school_id = j.school_id
WHERE j.origin <> 'P'
  AND CASE WHEN s.id IS NULL THEN NOT j.has_left ELSE (
      s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.eligibility, s.other_npsn,
      s.name_similarity, s.register_number, s.nisn, s.grade, s.class_name, s.receives_pip
  ) IS DISTINCT FROM (
      j.name, j.name_key, j.sex, j.birth_date, j.is_active, j.has_left, j.eligibility, j.other_npsn,
      j.name_similarity, j.register_number, j.nisn, j.grade, j.class_name, j.receives_pip
  ) END;

CREATE INDEX ON cutoff_student_due (school_id);
CREATE INDEX ON cutoff_student_due (person_id);
ANALYZE cutoff_student_due
