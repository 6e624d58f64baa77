-- Purpose: keep the schools that will be written as they are, for taking the cut-off back.
-- Inputs: cutoff_school_due, schools_school. Output: schools_cutoffbefore.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, school_id, old)
SELECT %(run_id)s, 'SCHOOL', d.id, d.id, CASE WHEN s.id IS NOT NULL THEN to_jsonb(s) END
FROM cutoff_school_due d
LEFT JOIN schools_school s ON s.id = d.id
ON CONFLICT DO NOTHING
