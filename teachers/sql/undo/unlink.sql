-- Purpose: rows that stay point to no number that goes.
-- Inputs: undo_record. Output: teachers_teacher.
-- Locks: the changed rows.
UPDATE teachers_teacher s
SET record_id = NULL
FROM undo_record u
WHERE s.record_id = u.id AND u.old IS NULL
