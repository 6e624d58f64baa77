-- Purpose: whom the current period serves or no longer serves, in a range of schools. Nothing else of a verdict depends on
-- the period.
-- Inputs: teachers_teacher, schools_school, the current period's rules. Output: cutoff_person, as merging makes it.
-- Locks: the rows that will change.
CREATE TEMP TABLE cutoff_person ON COMMIT DROP AS
SELECT v.*, r.id AS record_id, r.school_id AS was_school_id, false AS is_told_anew
FROM (
    SELECT s.id AS row_id, s.ptk_id AS person_id, s.school_id, 0 AS grade, s.register_number, s.eligibility AS was,
           CASE WHEN place.jenjang <> ALL (%(served)s::text[]) THEN 'NOT_SERVED'
                ELSE 'OK'
           END AS eligibility
    FROM teachers_teacher s
    JOIN schools_school place ON place.id = s.school_id
    WHERE s.school_id BETWEEN %(first)s AND %(last)s AND s.eligibility IN ('OK', 'NOT_SERVED')
    FOR NO KEY UPDATE OF s
) AS v
LEFT JOIN providers_phonerecord r ON r.role = %(role)s AND r.person_id = v.person_id
WHERE v.was <> v.eligibility
