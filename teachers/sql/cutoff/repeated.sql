-- Purpose: of several rows of one person at one school the first counts.
-- Inputs and output: cutoff_teacher.
-- Locks: none, the table is the run's own.
UPDATE cutoff_teacher c
SET problem = 'DUPLICATE_ROW', problem_column = 'ptk_id'
FROM (
    SELECT person_id, school_id, min(line_no) AS kept
    FROM cutoff_teacher
    WHERE problem IS NULL
    GROUP BY person_id, school_id
    HAVING count(*) > 1
) AS n
WHERE c.problem IS NULL AND c.person_id = n.person_id AND c.school_id = n.school_id AND c.line_no > n.kept
