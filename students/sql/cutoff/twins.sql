-- Purpose: who collides with whom. One pupil at two schools, or two rows with one NISN: the same person (equal birth date
-- and folded name) is registered twice, anybody else is in conflict, with the similarity of the names in percent (shared
-- pairs of letters, Dice). Who left or is not active collides with nobody. In a large crowd of one NISN only the ten
-- nearest in the order of names are compared.
-- Inputs: cutoff_student, cutoff_student_same_person, cutoff_student_same_nisn, cutoff_place. Output: cutoff_student_twin.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_student_twin AS
WITH suspects AS MATERIALIZED (
    SELECT c.person_id, c.school_id, c.name_key, c.birth_date, c.nisn, place.npsn,
           row_number() OVER (PARTITION BY person_id ORDER BY school_id) AS nth_of_person,
           row_number() OVER (PARTITION BY nisn ORDER BY name_key, person_id, school_id) AS nth_of_nisn,
           ARRAY(
               SELECT DISTINCT substr(name_key, i, 2) FROM generate_series(1, greatest(length(name_key) - 1, 1)) AS i
           ) AS pairs
    FROM cutoff_student c
    JOIN cutoff_place place ON place.id = c.school_id
    WHERE c.problem IS NULL AND c.is_active AND NOT c.has_left AND NOT place.has_left
      AND (c.person_id IN (SELECT person_id FROM cutoff_student_same_person)
           OR c.nisn IN (SELECT nisn FROM cutoff_student_same_nisn))
), collisions AS (
    SELECT a.person_id, a.school_id, b.npsn AS other_npsn, 'DUPLICATE_SCHOOL' AS code, NULL::int AS name_similarity, 1 AS rank
    FROM suspects a
    JOIN suspects b ON b.person_id = a.person_id AND b.school_id <> a.school_id
        AND abs(a.nth_of_person - b.nth_of_person) <= 10
    UNION ALL
    SELECT a.person_id, a.school_id, b.npsn,
           CASE WHEN same.is_same THEN 'DUPLICATE_SCHOOL' ELSE 'NISN_CONFLICT' END,
           CASE WHEN NOT same.is_same THEN round(200.0 * (
               SELECT count(*) FROM unnest(a.pairs) AS pair WHERE pair = ANY (b.pairs)
           ) / (cardinality(a.pairs) + cardinality(b.pairs))) END,
           CASE WHEN same.is_same THEN 2 ELSE 3 END
    FROM suspects a
    JOIN suspects b ON b.nisn = a.nisn AND a.nisn ~ '^[0-9]{10}$' AND b.person_id <> a.person_id AND abs(a.nth_of_nisn - b.nth_of_nisn) <= 10
    CROSS JOIN LATERAL (
        SELECT coalesce(a.name_key = b.name_key AND a.birth_date = b.birth_date, false) AS is_same
    ) AS same
)
SELECT DISTINCT ON (person_id, school_id) person_id, school_id, code, other_npsn, name_similarity
FROM collisions
ORDER BY person_id, school_id, rank, name_similarity DESC NULLS LAST, other_npsn
