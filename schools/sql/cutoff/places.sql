-- Purpose: the schools as they will be after the merge, for judging people before anything is written.
-- Inputs: schools_school, cutoff_school, cutoff_school_due. Output: cutoff_place.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_place AS
SELECT s.id, s.sekolah_id, s.npsn, s.jenjang, s.regency_code, s.province_code, s.is_synchronised, s.has_left OR d.id IS NOT NULL AS has_left
FROM schools_school s
LEFT JOIN cutoff_school_due d ON d.id = s.id
WHERE d.line_no IS NULL
UNION ALL
SELECT d.id, c.sekolah_id, c.npsn, c.jenjang, c.regency_code, c.province_code, c.is_synchronised, false
FROM cutoff_school_due d
JOIN cutoff_school c ON c.line_no = d.line_no
