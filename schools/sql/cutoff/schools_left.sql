-- Purpose: a school that a full cut-off of its scope no longer lists, or that a delta takes away, has left. One whose
-- row was refused is listed all the same and stays as it was.
-- Inputs: cutoff_school. Output: schools_school.
-- Locks: the changed rows.
UPDATE schools_school s
SET has_left = true
WHERE NOT s.has_left
  AND (
      EXISTS (SELECT FROM cutoff_school c WHERE c.sekolah_id = s.sekolah_id AND c.has_left AND c.problem IS NULL)
      OR (NOT %(is_delta)s
          AND (%(scope_prefix)s = '' OR left(s.province_code, 2) = %(scope_prefix)s)
          AND NOT EXISTS (SELECT FROM cutoff_school c WHERE c.sekolah_id = s.sekolah_id))
  )
