-- Purpose: places are given up before they are taken back: the unique indexes on the eligible judge row by row.
-- Inputs: undo_work. Output: teachers_teacher.
-- Locks: the rows that give up a place.
UPDATE teachers_teacher s
SET eligibility = 'LEFT'
FROM undo_work w
WHERE s.id = w.row_id AND s.eligibility = 'OK'
