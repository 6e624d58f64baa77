-- Purpose: rows that stay point to no number that goes.
-- Inputs: undo_record. Output: students_student.
-- Locks: the changed rows.
UPDATE students_student s
SET record_id = NULL
FROM undo_record u
WHERE s.record_id = u.id AND u.old IS NULL
