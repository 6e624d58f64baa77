-- Purpose: a row that is judged anew must meet everybody who shares an identity with it; these are met, not written.
-- Inputs: students_student. Output: cutoff_student, rows of origin P.
-- Locks: none, the table is the run's own.
INSERT INTO cutoff_student (origin, person_id, school_id, name, name_key, sex, birth_date, is_active, has_left, nisn, grade, class_name, receives_pip, register_number)
WITH met AS (
    SELECT s.id FROM cutoff_student c JOIN students_student s ON s.peserta_didik_id = c.person_id WHERE c.origin = 'D'
    UNION
    SELECT s.id FROM cutoff_student c JOIN students_student s ON s.nisn = c.nisn
    WHERE c.origin = 'D' AND s.nisn <> '' AND s.eligibility = 'OK'
    UNION
    SELECT s.id FROM cutoff_student c JOIN students_student s ON s.nisn = c.nisn
    WHERE c.origin = 'D' AND s.nisn <> '' AND s.eligibility <> 'OK'
)
SELECT 'P', s.peserta_didik_id, s.school_id, s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.nisn, s.grade, s.class_name, s.receives_pip,
       s.register_number
FROM met
JOIN students_student s ON s.id = met.id
WHERE NOT s.has_left
  AND NOT EXISTS (
      SELECT FROM cutoff_student c WHERE c.problem IS NULL AND c.person_id = s.peserta_didik_id AND c.school_id = s.school_id
  )
