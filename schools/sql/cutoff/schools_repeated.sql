-- Purpose: of several rows with one sekolah_id, or with one NPSN, the first counts.
-- Inputs and output: cutoff_school.
-- Locks: none, the table is the run's own.
UPDATE cutoff_school s
SET problem = CASE WHEN n.same_id > 1 THEN 'DUPLICATE_ROW' ELSE 'NPSN_TAKEN' END,
    problem_column = CASE WHEN n.same_id > 1 THEN 'sekolah_id' ELSE 'npsn' END
FROM (
    SELECT line_no,
           row_number() OVER (PARTITION BY sekolah_id ORDER BY line_no) AS same_id,
           CASE WHEN NOT has_left THEN row_number() OVER (PARTITION BY has_left, npsn ORDER BY line_no) END AS same_npsn
    FROM cutoff_school
    WHERE problem IS NULL
) n
WHERE s.line_no = n.line_no AND (n.same_id > 1 OR n.same_npsn > 1)
