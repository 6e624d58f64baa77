-- Purpose: after a first load, the other rows of a person point to their number too. Few rows of many: those without one are
-- found first. The register may be without its indexes now, and the planner knows nothing of the new rows: what looks like
-- one teacher among pupils to it would be joined row by row.
-- Inputs: providers_phonerecord. Output: teachers_teacher.
-- Locks: the changed rows.
SET LOCAL enable_nestloop = off;

UPDATE teachers_teacher s
SET record_id = r.id
FROM providers_phonerecord r
WHERE s.record_id IS NULL AND r.role = 'TEACHER' AND r.person_id = s.ptk_id
