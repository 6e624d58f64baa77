-- Purpose: who is taken away keeps the facts that the register knows; such a row may bear nothing but its key.
-- Inputs: students_student. Output: cutoff_student.
-- Locks: none, the table is the run's own.
UPDATE cutoff_student c
SET name = s.name, name_key = s.name_key, sex = s.sex, birth_date = s.birth_date, is_active = s.is_active,
    nisn = s.nisn, grade = s.grade, class_name = s.class_name, receives_pip = s.receives_pip, register_number = s.register_number
FROM students_student s
WHERE c.problem IS NULL AND c.has_left AND s.peserta_didik_id = c.person_id AND s.school_id = c.school_id
