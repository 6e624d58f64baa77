-- Purpose: a row that is judged anew must meet everybody who shares an identity with it; these are met, not written.
-- Inputs: teachers_teacher. Output: cutoff_teacher, rows of origin P.
-- Locks: none, the table is the run's own.
INSERT INTO cutoff_teacher (origin, person_id, school_id, name, name_key, sex, birth_date, is_active, has_left, nuptk, ptk_type, is_home, register_number)
WITH met AS (
    SELECT s.id FROM cutoff_teacher c JOIN teachers_teacher s ON s.ptk_id = c.person_id WHERE c.origin = 'D'
)
SELECT 'P', s.ptk_id, s.school_id, s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.nuptk, s.ptk_type, s.is_home,
       s.register_number
FROM met
JOIN teachers_teacher s ON s.id = met.id
WHERE NOT s.has_left
  AND NOT EXISTS (
      SELECT FROM cutoff_teacher c WHERE c.problem IS NULL AND c.person_id = s.ptk_id AND c.school_id = s.school_id
  )
