-- Purpose: find the judged rows by range of schools.
-- Inputs and output: cutoff_student.
-- Locks: none, the table is the run's own.
CREATE INDEX ON cutoff_student (school_id)
