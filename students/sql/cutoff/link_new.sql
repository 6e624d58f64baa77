-- Purpose: after a first load, the other rows of a person point to their number too. Few rows of many: those without one are
-- found first. The register may be without its indexes now, and the planner knows nothing of the new rows: what looks like
-- one teacher among pupils to it would be joined row by row.
-- Inputs: providers_phonerecord. Output: students_student.
-- Locks: the changed rows.
SET LOCAL enable_nestloop = off;

UPDATE students_student s
SET record_id = r.id
FROM providers_phonerecord r
WHERE s.record_id IS NULL AND r.role = 'STUDENT' AND r.person_id = s.peserta_didik_id
