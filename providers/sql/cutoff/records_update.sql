-- Purpose: records follow their people: where they belong, whether they are recipients; an empty number that nobody edited
-- is filled. The state of every other number stays as it is.
-- Inputs: cutoff_person, cutoff_number. Output: providers_phonerecord.
-- Locks: the records of the range's people, in the order of their ids.
WITH wanted AS (
    SELECT r.id, p.eligibility,
           CASE WHEN p.eligibility = 'OK' THEN p.school_id ELSE r.school_id END AS school_id,
           CASE WHEN p.eligibility = 'OK' THEN p.grade ELSE r.grade END AS grade,
           p.eligibility = 'OK' AND r.state = 'EMPTY' AND r.edited_at IS NULL AND coalesce(n.state <> 'EMPTY', false) AS fills,
           p.register_number, n.number, n.provider_id, n.state, n.code
    FROM (SELECT * FROM cutoff_person WHERE record_id IS NOT NULL ORDER BY record_id) AS p
    CROSS JOIN LATERAL (SELECT * FROM providers_phonerecord o WHERE o.id = p.record_id FOR NO KEY UPDATE) AS r
    LEFT JOIN cutoff_number n ON n.person_id = p.person_id
)
UPDATE providers_phonerecord r
SET school_id = w.school_id, grade = w.grade, eligibility = w.eligibility,
    typed = CASE WHEN w.fills THEN w.register_number ELSE r.typed END,
    number = CASE WHEN w.fills THEN w.number ELSE r.number END,
    provider_id = CASE WHEN w.fills THEN w.provider_id ELSE r.provider_id END,
    state = CASE WHEN w.fills THEN w.state ELSE r.state END,
    code = CASE WHEN w.fills THEN w.code ELSE r.code END,
    state_at = CASE WHEN w.fills THEN %(now)s ELSE r.state_at END,
    version = r.version + w.fills::int
FROM wanted w
WHERE r.id = w.id AND (w.fills OR (r.school_id, r.grade, r.eligibility) IS DISTINCT FROM (w.school_id, w.grade, w.eligibility))
