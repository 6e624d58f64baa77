-- Purpose: bring the schools up to date; rows that do not differ are not written.
-- Inputs: cutoff_school. Output: schools_school.
-- Locks: the changed rows.
INSERT INTO schools_school (
    sekolah_id, npsn, name, form_code, jenjang, is_public, region_id, regency_code, province_code, address, head_name,
    head_nip, last_sync_at, is_synchronised, no_coverage, has_left
)
SELECT c.sekolah_id, c.npsn, c.name, c.form_code, c.jenjang, c.is_public, c.region_id, c.regency_code, c.province_code,
       c.address, c.head_name, c.head_nip, c.last_sync_at, c.is_synchronised, false, false
FROM cutoff_school c
LEFT JOIN schools_school s ON s.sekolah_id = c.sekolah_id
WHERE c.problem IS NULL AND NOT c.has_left
  AND (s.id IS NULL OR (
      s.npsn, s.name, s.form_code, s.jenjang, s.is_public, s.region_id, s.address, s.head_name, s.head_nip,
      s.last_sync_at, s.is_synchronised, s.has_left
  ) IS DISTINCT FROM (
      c.npsn, c.name, c.form_code, c.jenjang, c.is_public, c.region_id, c.address, c.head_name, c.head_nip,
      c.last_sync_at, c.is_synchronised, false
  ))
ORDER BY c.line_no
ON CONFLICT (sekolah_id) DO UPDATE SET
    npsn = excluded.npsn, name = excluded.name, form_code = excluded.form_code, jenjang = excluded.jenjang,
    is_public = excluded.is_public, region_id = excluded.region_id, regency_code = excluded.regency_code,
    province_code = excluded.province_code, address = excluded.address, head_name = excluded.head_name,
    head_nip = excluded.head_nip, last_sync_at = excluded.last_sync_at, is_synchronised = excluded.is_synchronised,
    has_left = false
