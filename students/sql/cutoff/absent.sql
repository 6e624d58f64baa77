-- Purpose: whom a full cut-off of its scope no longer lists has left. A refused row still lists its person.
-- Inputs: students_student, cutoff_place. Output: cutoff_student, rows of origin L.
-- Locks: none, the table is the run's own.
INSERT INTO cutoff_student (origin, person_id, school_id, name, name_key, sex, birth_date, is_active, has_left, nisn, grade, class_name, receives_pip, register_number)
SELECT 'L', s.peserta_didik_id, s.school_id, s.name, s.name_key, s.sex, s.birth_date, s.is_active, true, s.nisn, s.grade, s.class_name, s.receives_pip,
       s.register_number
FROM students_student s
JOIN cutoff_place place ON place.id = s.school_id
WHERE NOT %(is_delta)s AND NOT s.has_left
  AND (%(scope_prefix)s = '' OR left(place.province_code, 2) = %(scope_prefix)s)
  AND NOT EXISTS (SELECT FROM cutoff_student c WHERE c.school_id = s.school_id AND c.person_id = s.peserta_didik_id)
