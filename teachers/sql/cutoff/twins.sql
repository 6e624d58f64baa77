-- Purpose: teachers whom two schools both call their own.
-- Inputs: cutoff_teacher, cutoff_teacher_same_person, cutoff_place. Output: cutoff_teacher_twin.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_teacher_twin AS
WITH suspects AS MATERIALIZED (
    SELECT c.person_id, c.school_id, place.npsn, row_number() OVER (PARTITION BY c.person_id ORDER BY c.school_id) AS nth
    FROM cutoff_teacher c
    JOIN cutoff_teacher_same_person same ON same.person_id = c.person_id
    JOIN cutoff_place place ON place.id = c.school_id
    WHERE c.problem IS NULL AND c.is_active AND c.is_home AND NOT c.has_left AND NOT place.has_left
)
SELECT a.person_id, a.school_id, 'DUPLICATE_SCHOOL' AS code, min(b.npsn) AS other_npsn, NULL::int AS name_similarity
FROM suspects a
JOIN suspects b ON b.person_id = a.person_id AND b.school_id <> a.school_id AND abs(a.nth - b.nth) <= 10
GROUP BY a.person_id, a.school_id
