-- Purpose: a school that was entered anew in the register has another sekolah_id and the NPSN it always had. When the
-- old one is gone from a full cut-off, it is the same school, and its people, numbers and statements stay with it.
-- Inputs: cutoff_school. Output: schools_school.
-- Locks: the adopted rows.
UPDATE schools_school s
SET sekolah_id = c.sekolah_id
FROM cutoff_school c
WHERE c.problem IS NULL AND NOT c.has_left AND NOT %(is_delta)s
  AND s.npsn = c.npsn AND s.sekolah_id <> c.sekolah_id
  AND NOT EXISTS (SELECT FROM cutoff_school o WHERE o.sekolah_id = s.sekolah_id)
  AND NOT EXISTS (SELECT FROM schools_school o WHERE o.sekolah_id = c.sekolah_id)
