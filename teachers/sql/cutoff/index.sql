-- Purpose: find the judged rows by range of schools.
-- Inputs and output: cutoff_teacher.
-- Locks: none, the table is the run's own.
CREATE INDEX ON cutoff_teacher (school_id)
