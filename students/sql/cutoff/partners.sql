-- Purpose: rows of the register that the loaded ones may change without being loaded: those who share an identity with
-- them, now or before, and everybody of a school whose own row is in a delta.
-- Inputs: students_student, cutoff_school. Output: cutoff_student, rows of origin D.
-- Locks: none, the table is the run's own.
INSERT INTO cutoff_student (origin, person_id, school_id, name, name_key, sex, birth_date, is_active, has_left, nisn, grade, class_name, receives_pip, register_number)
WITH met AS MATERIALIZED (
    SELECT person_id, nisn FROM cutoff_student WHERE problem IS NULL
    UNION
    SELECT s.peserta_didik_id, s.nisn
    FROM cutoff_student c
    JOIN students_student s ON s.peserta_didik_id = c.person_id AND s.school_id = c.school_id
    WHERE c.problem IS NULL
    UNION
    -- A school that a delta takes away, or brings back, changes whom its people collide with elsewhere.
    SELECT s.peserta_didik_id, s.nisn
    FROM cutoff_school c
    JOIN cutoff_place place ON place.sekolah_id = c.sekolah_id
    JOIN students_student s ON s.school_id = place.id
    WHERE %(is_delta)s AND c.problem IS NULL
), touched AS (
    SELECT s.id
    FROM cutoff_school c
    JOIN cutoff_place place ON place.sekolah_id = c.sekolah_id
    JOIN students_student s ON s.school_id = place.id
    WHERE %(is_delta)s AND c.problem IS NULL
    UNION
    SELECT s.id FROM met JOIN students_student s ON s.peserta_didik_id = met.person_id
    UNION
    SELECT s.id FROM met JOIN students_student s ON s.nisn = met.nisn WHERE s.nisn <> '' AND s.eligibility = 'OK'
    UNION
    SELECT s.id FROM met JOIN students_student s ON s.nisn = met.nisn WHERE s.nisn <> '' AND s.eligibility <> 'OK'
)
SELECT 'D', s.peserta_didik_id, s.school_id, s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.nisn, s.grade, s.class_name, s.receives_pip,
       s.register_number
FROM touched
JOIN students_student s ON s.id = touched.id
WHERE NOT s.has_left
  AND NOT EXISTS (
      SELECT FROM cutoff_student c WHERE c.problem IS NULL AND c.person_id = s.peserta_didik_id AND c.school_id = s.school_id
  )
