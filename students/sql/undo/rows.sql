-- Purpose: rows are again as they were.
-- Inputs: undo_work. Output: students_student.
-- Locks: the changed rows.
UPDATE students_student s
SET school_id = o.school_id,
    record_id = o.record_id,
    name = o.name,
    name_key = o.name_key,
    sex = o.sex,
    birth_date = o.birth_date,
    is_active = o.is_active,
    has_left = o.has_left,
    eligibility = o.eligibility,
    other_npsn = o.other_npsn,
    name_similarity = o.name_similarity,
    register_number = o.register_number,
    nisn = o.nisn,
    grade = o.grade,
    class_name = o.class_name,
    receives_pip = o.receives_pip
FROM undo_work w
CROSS JOIN LATERAL jsonb_populate_record(NULL::students_student, w.old) AS o
WHERE s.id = w.row_id AND w.old IS NOT NULL
