-- Purpose: keep the rows that will be written as they are, for taking the cut-off back.
-- Inputs: cutoff_work, students_student. Output: schools_cutoffbefore; what an earlier attempt kept stands.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, school_id, old)
SELECT %(run_id)s, %(role)s, s.id, s.school_id, to_jsonb(s)
FROM cutoff_work w
JOIN students_student s ON s.id = w.row_id
ON CONFLICT DO NOTHING
