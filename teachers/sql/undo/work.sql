-- Purpose: what is to be taken back for a range of schools.
-- Inputs: schools_cutoffbefore, which loses the rows in the same commit. Output: undo_work.
-- Locks: the rows taken.
CREATE TEMP TABLE undo_work ON COMMIT DROP AS
SELECT s.id AS row_id, s.ptk_id AS person_id, b.old
FROM schools_cutoffbefore b
JOIN teachers_teacher s ON s.id = b.row_id
WHERE b.run_id = %(run_id)s AND b.kind = %(role)s AND b.school_id BETWEEN %(first)s AND %(last)s;

DELETE FROM schools_cutoffbefore b
WHERE b.run_id = %(run_id)s AND b.kind = %(role)s AND b.school_id BETWEEN %(first)s AND %(last)s
