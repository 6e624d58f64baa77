-- Purpose: know the records that were made, for taking the cut-off back.
-- Inputs: cutoff_person, providers_phonerecord. Output: schools_cutoffbefore, records without a past.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, school_id, old)
SELECT %(run_id)s, 'RECORD', r.id, r.school_id, NULL
FROM cutoff_person p
JOIN providers_phonerecord r ON r.role = %(role)s AND r.person_id = p.person_id
WHERE p.record_id IS NULL AND p.eligibility = 'OK'
ON CONFLICT DO NOTHING
