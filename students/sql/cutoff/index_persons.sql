-- Purpose: find all rows of a person, for those who change schools.
-- Inputs and output: cutoff_student.
-- Locks: none, the table is the run's own.
CREATE INDEX ON cutoff_student (person_id)
