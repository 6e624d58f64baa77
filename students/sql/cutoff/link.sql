-- Purpose: every row of a person points to their number, also a row written before that number was there.
-- Inputs: cutoff_student, providers_phonerecord. Output: students_student.
-- Locks: the changed rows.
UPDATE students_student s
SET record_id = r.id
FROM cutoff_student c
JOIN providers_phonerecord r ON r.role = 'STUDENT' AND r.person_id = c.person_id
WHERE s.peserta_didik_id = c.person_id AND s.record_id IS NULL
