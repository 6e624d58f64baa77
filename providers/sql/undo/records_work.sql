-- Purpose: the records of the people whose rows go back.
-- Inputs: undo_work, providers_phonerecord, schools_cutoffbefore, which loses them. Output: undo_record.
-- Locks: the rows taken.
CREATE TEMP TABLE undo_record (id bigint, old jsonb) ON COMMIT DROP;

WITH people AS (
    SELECT DISTINCT person_id FROM undo_work
), taken AS (
    DELETE FROM schools_cutoffbefore b
    USING people p, providers_phonerecord r
    WHERE r.role = %(role)s AND r.person_id = p.person_id AND b.run_id = %(run_id)s AND b.kind = 'RECORD' AND b.row_id = r.id
    RETURNING b.row_id, b.old
)
INSERT INTO undo_record SELECT row_id, old FROM taken
