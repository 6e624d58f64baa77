-- Purpose: every row of a person points to their number, also a row written before that number was there.
-- Inputs: cutoff_teacher, providers_phonerecord. Output: teachers_teacher.
-- Locks: the changed rows.
UPDATE teachers_teacher s
SET record_id = r.id
FROM cutoff_teacher c
JOIN providers_phonerecord r ON r.role = 'TEACHER' AND r.person_id = c.person_id
WHERE s.ptk_id = c.person_id AND s.record_id IS NULL
