-- Purpose: know the offices that came with new regions, for taking the cut-off back.
-- Inputs: schools_cutoffbefore, schools_region, schools_office. Output: schools_cutoffbefore.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, old)
SELECT b.run_id, 'OFFICE', o.id, NULL
FROM schools_cutoffbefore b
JOIN schools_region r ON r.code = lpad(b.row_id::text, 6, '0') AND r.level IN (1, 2)
JOIN schools_office o ON o.scope_code = CASE r.level WHEN 1 THEN left(r.code, 2) ELSE left(r.code, 4) END
WHERE b.run_id = %(run_id)s AND b.kind = 'REGION' AND b.old IS NULL
ON CONFLICT DO NOTHING
