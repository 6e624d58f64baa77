-- Purpose: keep the rows that will get their person's number as they are, for taking the cut-off back.
-- Inputs: cutoff_teacher, providers_phonerecord. Output: schools_cutoffbefore.
-- Locks: none beyond the new rows.
INSERT INTO schools_cutoffbefore (run_id, kind, row_id, school_id, old)
SELECT DISTINCT %(run_id)s, 'TEACHER', s.id, s.school_id, to_jsonb(s)
FROM teachers_teacher s
JOIN cutoff_teacher c ON c.person_id = s.ptk_id
JOIN providers_phonerecord r ON r.role = 'TEACHER' AND r.person_id = c.person_id
WHERE s.record_id IS NULL
ON CONFLICT DO NOTHING
