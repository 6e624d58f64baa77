-- Purpose: figures of the teachers who are left out follow every change of their rows.
-- Locks: none.

CREATE OR REPLACE TRIGGER teacher_left_out_insert AFTER INSERT ON teachers_teacher
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_left_out('TEACHER');
-- Also while a first load leaves out the checks row by row.
ALTER TABLE teachers_teacher ENABLE ALWAYS TRIGGER teacher_left_out_insert;
CREATE OR REPLACE TRIGGER teacher_left_out_update AFTER UPDATE ON teachers_teacher
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_left_out('TEACHER');
CREATE OR REPLACE TRIGGER teacher_left_out_delete AFTER DELETE ON teachers_teacher
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_left_out('TEACHER');

-- reverse:
DROP TRIGGER IF EXISTS teacher_left_out_delete ON teachers_teacher;
DROP TRIGGER IF EXISTS teacher_left_out_update ON teachers_teacher;
DROP TRIGGER IF EXISTS teacher_left_out_insert ON teachers_teacher;
