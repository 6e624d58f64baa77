-- Purpose: know the rows that were made, for taking the cut-off back.
-- Inputs: cutoff_work, students_student. Output: schools_cutoffbefore, rows without a past.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, school_id, old)
SELECT %(run_id)s, %(role)s, s.id, s.school_id, NULL
FROM cutoff_work w
JOIN students_student s ON s.peserta_didik_id = w.person_id AND s.school_id = w.school_id
WHERE w.row_id IS NULL
ON CONFLICT DO NOTHING
