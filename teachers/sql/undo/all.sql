-- Purpose: of a part of which the cut-off was the first, everything in a range of schools goes.
-- Inputs: teachers_teacher, providers_phonerecord. Output: teachers_teacher, undo_record.
-- Locks: the rows that go.
CREATE TEMP TABLE undo_record ON COMMIT DROP AS
SELECT r.id, NULL::jsonb AS old
FROM providers_phonerecord r
WHERE r.role = %(role)s AND r.school_id BETWEEN %(first)s AND %(last)s;

DELETE FROM teachers_teacher s
WHERE s.school_id BETWEEN %(first)s AND %(last)s
