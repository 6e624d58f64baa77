-- Purpose: rows that the cut-off made go.
-- Inputs: undo_work. Output: teachers_teacher.
-- Locks: the rows that go.
DELETE FROM teachers_teacher s
USING undo_work w
WHERE s.id = w.row_id AND w.old IS NULL
