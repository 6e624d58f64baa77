-- Purpose: rows are again as they were.
-- Inputs: undo_work. Output: teachers_teacher.
-- Locks: the changed rows.
UPDATE teachers_teacher s
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
    nuptk = o.nuptk,
    ptk_type = o.ptk_type,
    is_home = o.is_home
FROM undo_work w
CROSS JOIN LATERAL jsonb_populate_record(NULL::teachers_teacher, w.old) AS o
WHERE s.id = w.row_id AND w.old IS NOT NULL
