-- Purpose: rows that the cut-off made go.
-- Inputs: undo_work. Output: students_student.
-- Locks: the rows that go.
DELETE FROM students_student s
USING undo_work w
WHERE s.id = w.row_id AND w.old IS NULL
