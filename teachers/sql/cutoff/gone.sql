-- Purpose: who is taken away keeps the facts that the register knows; such a row may bear nothing but its key.
-- Inputs: teachers_teacher. Output: cutoff_teacher.
-- Locks: none, the table is the run's own.
UPDATE cutoff_teacher c
SET name = s.name, name_key = s.name_key, sex = s.sex, birth_date = s.birth_date, is_active = s.is_active,
    nuptk = s.nuptk, ptk_type = s.ptk_type, is_home = s.is_home, register_number = s.register_number
FROM teachers_teacher s
WHERE c.problem IS NULL AND c.has_left AND s.ptk_id = c.person_id AND s.school_id = c.school_id
