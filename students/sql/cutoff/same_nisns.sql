-- Purpose: the NISNs of more than one row that counts: only of them can rows collide.
-- Inputs: cutoff_student. Output: cutoff_student_same_nisn.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_student_same_nisn AS
SELECT nisn
FROM cutoff_student
WHERE problem IS NULL AND is_active AND NOT has_left AND nisn ~ '^[0-9]{10}$'
GROUP BY nisn
HAVING count(*) > 1
