-- Purpose: keep the records that will change as they are, for taking the cut-off back.
-- Inputs: cutoff_person, providers_phonerecord. Output: schools_cutoffbefore; what an earlier attempt kept stands.
-- Locks: the records of the range's people, in the order of their ids.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, school_id, old)
SELECT %(run_id)s, 'RECORD', r.id, r.school_id, to_jsonb(r.whole)
FROM (SELECT * FROM cutoff_person WHERE record_id IS NOT NULL ORDER BY record_id) AS p
CROSS JOIN LATERAL (
    SELECT o AS whole, o.id, o.school_id, o.grade, o.eligibility
    FROM providers_phonerecord o WHERE o.id = p.record_id FOR NO KEY UPDATE
) AS r
WHERE p.is_told_anew OR p.eligibility <> r.eligibility
   OR (p.eligibility = 'OK' AND (p.school_id, p.grade) IS DISTINCT FROM (r.school_id, r.grade))
ON CONFLICT DO NOTHING
