-- Purpose: figures of the students who are left out follow every change of their rows.
-- Locks: none.

CREATE OR REPLACE TRIGGER student_left_out_insert AFTER INSERT ON students_student
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_left_out('STUDENT');
-- Also while a first load leaves out the checks row by row.
ALTER TABLE students_student ENABLE ALWAYS TRIGGER student_left_out_insert;
CREATE OR REPLACE TRIGGER student_left_out_update AFTER UPDATE ON students_student
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_left_out('STUDENT');
CREATE OR REPLACE TRIGGER student_left_out_delete AFTER DELETE ON students_student
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION providers_tally_left_out('STUDENT');

-- reverse:
DROP TRIGGER IF EXISTS student_left_out_delete ON students_student;
DROP TRIGGER IF EXISTS student_left_out_update ON students_student;
DROP TRIGGER IF EXISTS student_left_out_insert ON students_student;
