-- Purpose: claims that the cut-off took out of statements stand there again.
-- Inputs: undo_record, schools_cutoffbefore, which loses the rows. Output: providers_entitlement.
-- Locks: the changed claims, which are held already.
WITH taken AS (
    DELETE FROM schools_cutoffbefore b
    USING providers_entitlement e, undo_record u
    WHERE e.record_id = u.id AND b.run_id = %(run_id)s AND b.kind = 'CLAIM' AND b.row_id = e.id
    RETURNING b.row_id, b.old
)
UPDATE providers_entitlement e
SET stage = t.old ->> 'stage', code = t.old ->> 'code', stage_at = (t.old ->> 'stage_at')::timestamptz
FROM taken t
WHERE e.id = t.row_id
