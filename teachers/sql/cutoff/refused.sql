-- Purpose: a person whose row was refused stays as the register knows them, and others may still collide with them.
-- Inputs: teachers_teacher. Output: cutoff_teacher, rows of origin D.
-- Locks: none, the table is the run's own.
INSERT INTO cutoff_teacher (origin, person_id, school_id, name, name_key, sex, birth_date, is_active, has_left, nuptk, ptk_type, is_home, register_number)
SELECT DISTINCT 'D', s.ptk_id, s.school_id, s.name, s.name_key, s.sex, s.birth_date, s.is_active, s.has_left, s.nuptk, s.ptk_type, s.is_home,
       s.register_number
FROM cutoff_teacher c
JOIN teachers_teacher s ON s.ptk_id = c.person_id AND s.school_id = c.school_id
WHERE c.problem IS NOT NULL AND NOT s.has_left
  AND NOT EXISTS (
      SELECT FROM cutoff_teacher o WHERE o.problem IS NULL AND o.person_id = c.person_id AND o.school_id = c.school_id
  )
