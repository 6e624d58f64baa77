-- Purpose: find all rows of a person, for those who change schools.
-- Inputs and output: cutoff_teacher.
-- Locks: none, the table is the run's own.
CREATE INDEX ON cutoff_teacher (person_id)
