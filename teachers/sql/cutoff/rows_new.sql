-- Purpose: write the rows of the range when the register was empty, each with the number that its person got with it.
-- Inputs: cutoff_work, cutoff_person. Output: teachers_teacher.
-- Locks: the new rows.
INSERT INTO teachers_teacher (
    school_id, record_id, ptk_id, name, name_key, sex, birth_date, is_active, has_left, eligibility, other_npsn,
    name_similarity, register_number, nuptk, ptk_type, is_home
)
SELECT w.school_id, p.new_id, w.person_id, w.name, w.name_key, w.sex, w.birth_date, w.is_active, w.has_left, w.eligibility, w.other_npsn,
       w.name_similarity, w.register_number, w.nuptk, w.ptk_type, w.is_home
FROM cutoff_work w
LEFT JOIN cutoff_person p ON p.person_id = w.person_id AND p.school_id = w.school_id
ORDER BY w.school_id, w.name_key, w.person_id
