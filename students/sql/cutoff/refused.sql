-- Purpose: a person whose row was refused stays as the register knows them, and others may still collide with them.
-- Inputs: students_student. Output: cutoff_student, rows of origin D.
-- Locks: none, the table is the run's own.
INSERT INTO cutoff_student (origin, person_id, school_id, name, name_key, sex, birth_date, is_active, has_left, nisn, grade, class_name, receives_pip, register_number)
SELECT DISTINCT 'D', s.peserta_didik_id, s.school_id, s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.nisn, s.grade, s.class_name, s.receives_pip,
       s.register_number
FROM cutoff_student c
JOIN students_student s ON s.peserta_didik_id = c.person_id AND s.school_id = c.school_id
WHERE c.problem IS NOT NULL AND NOT s.has_left
  AND NOT EXISTS (
      SELECT FROM cutoff_student o WHERE o.problem IS NULL AND o.person_id = c.person_id AND o.school_id = c.school_id
  )
