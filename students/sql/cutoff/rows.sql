-- Purpose: write the rows of the range, each with the number of its person.
-- Inputs: cutoff_work, providers_phonerecord. Output: students_student.
-- Locks: the changed rows.
INSERT INTO students_student (
    school_id, record_id, peserta_didik_id, name, name_key, sex, birth_date, is_active, has_left, eligibility, other_npsn,
    name_similarity, register_number, nisn, grade, class_name, receives_pip
)
SELECT w.school_id, r.id, w.person_id, w.name, w.name_key, w.sex, w.birth_date, w.is_active, w.has_left, w.eligibility, w.other_npsn,
       w.name_similarity, w.register_number, w.nisn, w.grade, w.class_name, w.receives_pip
FROM cutoff_work w
LEFT JOIN LATERAL (
    SELECT * FROM providers_phonerecord o WHERE o.role = 'STUDENT' AND o.person_id = w.person_id OFFSET 0
) AS r ON true
ORDER BY w.school_id, w.name_key, w.person_id
ON CONFLICT (peserta_didik_id, school_id) DO UPDATE SET
    record_id = excluded.record_id,
    name = excluded.name,
    name_key = excluded.name_key,
    sex = excluded.sex,
    birth_date = excluded.birth_date,
    is_active = excluded.is_active,
    has_left = excluded.has_left,
    eligibility = excluded.eligibility,
    other_npsn = excluded.other_npsn,
    name_similarity = excluded.name_similarity,
    register_number = excluded.register_number,
    nisn = excluded.nisn,
    grade = excluded.grade,
    class_name = excluded.class_name,
    receives_pip = excluded.receives_pip
