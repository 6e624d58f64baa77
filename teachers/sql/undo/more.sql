-- Purpose: whoever changed places with somebody in the range goes back in the same commit, wherever their school.
-- Inputs: undo_work, teachers_teacher, schools_cutoffbefore, which loses the rows. Output: undo_work; repeated until nobody is added.
-- Locks: the rows taken.
WITH near AS (
    SELECT s.id
    FROM undo_work w
    JOIN teachers_teacher s ON s.ptk_id = w.person_id
), taken AS (
    DELETE FROM schools_cutoffbefore b
    USING near
    WHERE b.run_id = %(run_id)s AND b.kind = %(role)s AND b.row_id = near.id
    RETURNING b.row_id, b.old
)
INSERT INTO undo_work
SELECT taken.row_id, s.ptk_id, taken.old
FROM taken
JOIN teachers_teacher s ON s.id = taken.row_id
