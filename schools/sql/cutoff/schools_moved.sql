-- Purpose: which schools of the register change region or jenjang: the sums of regions must then be made anew.
-- Inputs: cutoff_school, schools_school. Output: one row for each.
-- Locks: none.
SELECT s.id
FROM schools_school s
JOIN cutoff_school c ON c.sekolah_id = s.sekolah_id
WHERE c.problem IS NULL AND NOT c.has_left
  AND (s.regency_code, s.province_code, s.jenjang) IS DISTINCT FROM (c.regency_code, c.province_code, c.jenjang)
