-- Purpose: what is to be written for a range of schools: rows that are new or differ.
-- Inputs: cutoff_student_due. Output: cutoff_work.
-- Locks: none.
CREATE TEMP TABLE cutoff_work ON COMMIT DROP AS
SELECT * FROM cutoff_student_due WHERE school_id BETWEEN %(first)s AND %(last)s
