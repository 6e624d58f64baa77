-- Purpose: the verdict on every row, in the order of precedence.
-- Inputs: cutoff_student, cutoff_student_twin, cutoff_place, the current period's rules. Output: the view
-- cutoff_student_judged.
-- Locks: none, the view is the run's own.
CREATE VIEW cutoff_student_judged AS
SELECT v.line_no, v.origin, v.person_id, v.school_id, v.name, v.name_key, v.sex, v.birth_date, v.is_active, v.has_left,
       v.nisn, v.grade, v.class_name, v.receives_pip, v.register_number, v.eligibility,
       CASE WHEN v.eligibility IN ('DUPLICATE_SCHOOL', 'NISN_CONFLICT') THEN coalesce(v.other, '') ELSE '' END AS other_npsn,
       CASE WHEN v.eligibility = 'NISN_CONFLICT' THEN v.similarity END AS name_similarity
FROM (
    SELECT c.*, t.other_npsn AS other, t.name_similarity AS similarity,
       CASE WHEN c.has_left OR place.has_left THEN 'LEFT'
            WHEN NOT c.is_active THEN 'INACTIVE'
            WHEN NOT place.is_synchronised THEN 'NOT_SYNCED'
            WHEN c.nisn = '' THEN 'NISN_MISSING'
            WHEN c.nisn !~ '^[0-9]{10}$' THEN 'NISN_INVALID'
            WHEN t.code IS NOT NULL THEN t.code
            WHEN c.receives_pip AND %(excludes_pip)s THEN 'RECEIVES_PIP'
            WHEN place.jenjang <> ALL (%(served)s::text[]) THEN 'NOT_SERVED'
            ELSE 'OK'
       END AS eligibility
    FROM cutoff_student c
    JOIN cutoff_place place ON place.id = c.school_id
    LEFT JOIN cutoff_student_twin t ON t.person_id = c.person_id AND t.school_id = c.school_id
    WHERE c.problem IS NULL
) AS v
