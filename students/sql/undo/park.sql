-- Purpose: places are given up before they are taken back: the unique indexes on the eligible judge row by row.
-- Inputs: undo_work. Output: students_student.
-- Locks: the rows that give up a place.
UPDATE students_student s
SET eligibility = 'LEFT'
FROM undo_work w
WHERE s.id = w.row_id AND s.eligibility = 'OK'
