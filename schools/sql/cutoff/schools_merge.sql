-- Purpose: bring the schools up to date; rows that do not differ are not written.
-- Inputs: cutoff_school_due, cutoff_school. Output: schools_school.
-- Locks: the changed rows.
INSERT INTO schools_school (
    id, sekolah_id, npsn, name, form_code, jenjang, is_public, region_id, regency_code, province_code, address, head_name,
    head_nip, last_sync_at, is_synchronised, no_coverage, has_left
)
SELECT d.id, c.sekolah_id, c.npsn, c.name, c.form_code, c.jenjang, c.is_public, c.region_id, c.regency_code, c.province_code,
       c.address, c.head_name, c.head_nip, c.last_sync_at, c.is_synchronised, false, false
FROM cutoff_school_due d
JOIN cutoff_school c ON c.line_no = d.line_no
ORDER BY c.line_no
ON CONFLICT (id) DO UPDATE SET
    sekolah_id = excluded.sekolah_id, npsn = excluded.npsn, name = excluded.name, form_code = excluded.form_code,
    jenjang = excluded.jenjang, is_public = excluded.is_public, region_id = excluded.region_id,
    regency_code = excluded.regency_code, province_code = excluded.province_code, address = excluded.address,
    head_name = excluded.head_name, head_nip = excluded.head_nip, last_sync_at = excluded.last_sync_at,
    is_synchronised = excluded.is_synchronised, has_left = false
