-- Purpose: a school that was entered anew in the register has another sekolah_id and the NPSN it always had. When the
-- old one is gone from a full cut-off, it is the same school, and its people, numbers and statements stay with it.
-- Inputs: cutoff_school, schools_school. Output: cutoff_adopted.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_adopted AS
SELECT s.id, c.sekolah_id
FROM schools_school s
JOIN cutoff_school c ON c.npsn = s.npsn AND c.sekolah_id <> s.sekolah_id
WHERE c.problem IS NULL AND NOT c.has_left AND NOT %(is_delta)s
  AND NOT EXISTS (SELECT FROM cutoff_school o WHERE o.sekolah_id = s.sekolah_id)
  AND NOT EXISTS (SELECT FROM schools_school o WHERE o.sekolah_id = c.sekolah_id)
