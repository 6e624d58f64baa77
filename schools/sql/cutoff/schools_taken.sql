-- Purpose: an NPSN that another school of the register already bears cannot be given a second time.
-- Inputs: schools_school, cutoff_adopted. Output: cutoff_school.
-- Locks: none, the table is the run's own.
UPDATE cutoff_school c
SET problem = 'NPSN_TAKEN', problem_column = 'npsn'
FROM schools_school s
WHERE c.problem IS NULL AND NOT c.has_left AND s.npsn = c.npsn AND s.sekolah_id <> c.sekolah_id
  AND NOT EXISTS (SELECT FROM cutoff_adopted a WHERE a.id = s.id)
