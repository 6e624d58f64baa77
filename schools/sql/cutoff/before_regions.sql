-- Purpose: keep the regions that will be written as they are, for taking the cut-off back.
-- Inputs: cutoff_region_due, schools_region. Output: schools_cutoffbefore.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, old)
SELECT %(run_id)s, 'REGION', d.code::int, CASE WHEN r.code IS NOT NULL THEN to_jsonb(r) END
FROM cutoff_region_due d
LEFT JOIN schools_region r ON r.code = d.code
ON CONFLICT DO NOTHING
