-- Purpose: what is to be written for a range of schools: rows that are new or differ.
-- Inputs: cutoff_student_due, which loses them in the same commit. Output: cutoff_work.
-- Locks: none, the tables are the run's own.
CREATE TEMP TABLE cutoff_work (LIKE cutoff_student_due) ON COMMIT DROP;

WITH taken AS (
    DELETE FROM cutoff_student_due WHERE school_id BETWEEN %(first)s AND %(last)s RETURNING *
)
INSERT INTO cutoff_work SELECT * FROM taken
