-- Purpose: teachers whom two schools both call their own.
-- Inputs: cutoff_teacher, cutoff_place. Output: cutoff_teacher_twin.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_teacher_twin AS
WITH competing AS NOT MATERIALIZED (
    SELECT c.person_id, c.school_id, place.npsn
    FROM cutoff_teacher c
    JOIN cutoff_place place ON place.id = c.school_id
    WHERE c.problem IS NULL AND c.is_active AND c.is_home AND NOT c.has_left AND NOT place.has_left
), suspects AS MATERIALIZED (
    SELECT s.*, row_number() OVER (PARTITION BY person_id ORDER BY school_id) AS nth
    FROM competing s
    WHERE person_id IN (SELECT person_id FROM competing GROUP BY person_id HAVING count(*) > 1)
)
SELECT a.person_id, a.school_id, 'DUPLICATE_SCHOOL' AS code, min(b.npsn) AS other_npsn, NULL::int AS name_similarity
FROM suspects a
JOIN suspects b ON b.person_id = a.person_id AND b.school_id <> a.school_id AND abs(a.nth - b.nth) <= 10
GROUP BY a.person_id, a.school_id
