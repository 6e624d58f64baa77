-- Purpose: the verdict on every row, in the order of precedence.
-- Inputs: cutoff_teacher, cutoff_teacher_twin, cutoff_place, the current period's rules. Output: the view
-- cutoff_teacher_judged.
-- Locks: none, the view is the run's own.
CREATE VIEW cutoff_teacher_judged AS
SELECT v.line_no, v.origin, v.person_id, v.school_id, v.name, v.name_key, v.sex, v.birth_date, v.is_active, v.has_left,
       v.nuptk, v.ptk_type, v.is_home, v.register_number, v.eligibility,
       CASE WHEN v.eligibility IN ('DUPLICATE_SCHOOL') THEN coalesce(v.other, '') ELSE '' END AS other_npsn,
       CASE WHEN v.eligibility = 'NISN_CONFLICT' THEN v.similarity END AS name_similarity
FROM (
    SELECT c.*, t.other_npsn AS other, t.name_similarity AS similarity,
       CASE WHEN c.has_left OR place.has_left THEN 'LEFT'
            WHEN NOT c.is_active THEN 'INACTIVE'
            WHEN NOT place.is_synchronised THEN 'NOT_SYNCED'
            WHEN NOT c.is_home THEN 'NOT_HOME_SCHOOL'
            WHEN c.ptk_type IS NULL OR c.ptk_type <> ALL (%(teacher_types)s::int[]) THEN 'NOT_TEACHER'
            WHEN t.code IS NOT NULL THEN t.code
            WHEN place.jenjang <> ALL (%(served)s::text[]) THEN 'NOT_SERVED'
            ELSE 'OK'
       END AS eligibility
    FROM cutoff_teacher c
    JOIN cutoff_place place ON place.id = c.school_id
    LEFT JOIN cutoff_teacher_twin t ON t.person_id = c.person_id AND t.school_id = c.school_id
    WHERE c.problem IS NULL
) AS v
