-- Purpose: rows of the register that the loaded ones may change without being loaded: those who share an identity with
-- them, now or before, and everybody of a school whose own row is in a delta.
-- Inputs: teachers_teacher, cutoff_school. Output: cutoff_teacher, rows of origin D.
-- Locks: none, the table is the run's own.
INSERT INTO cutoff_teacher (origin, person_id, school_id, name, name_key, sex, birth_date, is_active, has_left, nuptk, ptk_type, is_home, register_number)
WITH met AS MATERIALIZED (
    SELECT person_id FROM cutoff_teacher WHERE problem IS NULL
    UNION
    SELECT s.ptk_id
    FROM cutoff_teacher c
    JOIN teachers_teacher s ON s.ptk_id = c.person_id AND s.school_id = c.school_id
    WHERE c.problem IS NULL
    UNION
    -- A school that a delta takes away, or brings back, changes whom its people collide with elsewhere.
    SELECT s.ptk_id
    FROM cutoff_school c
    JOIN cutoff_place place ON place.sekolah_id = c.sekolah_id
    JOIN teachers_teacher s ON s.school_id = place.id
    WHERE %(is_delta)s AND c.problem IS NULL
), touched AS (
    SELECT s.id
    FROM cutoff_school c
    JOIN cutoff_place place ON place.sekolah_id = c.sekolah_id
    JOIN teachers_teacher s ON s.school_id = place.id
    WHERE %(is_delta)s AND c.problem IS NULL
    UNION
    SELECT s.id FROM met JOIN teachers_teacher s ON s.ptk_id = met.person_id
)
SELECT 'D', s.ptk_id, s.school_id, s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.nuptk, s.ptk_type, s.is_home,
       s.register_number
FROM touched
JOIN teachers_teacher s ON s.id = touched.id
WHERE NOT s.has_left
  AND NOT EXISTS (
      SELECT FROM cutoff_teacher c WHERE c.problem IS NULL AND c.person_id = s.ptk_id AND c.school_id = s.school_id
  )
