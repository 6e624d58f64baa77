-- Purpose: places are given up before they are taken: the unique indexes on the eligible judge row by row.
-- Inputs: cutoff_work. Output: students_student.
-- Locks: the rows that give up a place.
UPDATE students_student s
SET eligibility = CASE WHEN w.eligibility <> 'OK' THEN w.eligibility ELSE 'NISN_CONFLICT' END
FROM cutoff_work w
WHERE s.id = w.row_id AND s.eligibility = 'OK' AND (w.eligibility <> 'OK' OR s.nisn <> w.nisn)
