-- Purpose: schools and regions are again as they were; those that the cut-off made go, with their figures and offices.
-- Inputs: schools_cutoffbefore. Output: schools_school, schools_region, schools_office, schools_tally.
-- Locks: the changed rows.
DELETE FROM schools_cutoffchange WHERE run_id = %(run_id)s;

DELETE FROM schools_tally t
USING schools_cutoffbefore b
WHERE b.run_id = %(run_id)s AND b.kind = 'SCHOOL' AND b.old IS NULL AND t.school_id = b.row_id;

DELETE FROM schools_school s
USING schools_cutoffbefore b
WHERE b.run_id = %(run_id)s AND b.kind = 'SCHOOL' AND b.old IS NULL AND s.id = b.row_id;

UPDATE schools_school s
SET sekolah_id = o.sekolah_id, npsn = o.npsn, name = o.name, form_code = o.form_code, jenjang = o.jenjang,
    is_public = o.is_public, region_id = o.region_id, regency_code = o.regency_code, province_code = o.province_code,
    address = o.address, head_name = o.head_name, head_nip = o.head_nip, last_sync_at = o.last_sync_at,
    is_synchronised = o.is_synchronised, has_left = o.has_left
FROM schools_cutoffbefore b
CROSS JOIN LATERAL jsonb_populate_record(NULL::schools_school, b.old) AS o
WHERE b.run_id = %(run_id)s AND b.kind = 'SCHOOL' AND b.old IS NOT NULL AND s.id = b.row_id;

DELETE FROM schools_office f
USING schools_cutoffbefore b
WHERE b.run_id = %(run_id)s AND b.kind = 'OFFICE' AND f.id = b.row_id;

DELETE FROM schools_region r
USING schools_cutoffbefore b
WHERE b.run_id = %(run_id)s AND b.kind = 'REGION' AND b.old IS NULL AND r.code = lpad(b.row_id::text, 6, '0');

UPDATE schools_region r
SET name = b.old ->> 'name'
FROM schools_cutoffbefore b
WHERE b.run_id = %(run_id)s AND b.kind = 'REGION' AND b.old IS NOT NULL AND r.code = lpad(b.row_id::text, 6, '0');

DELETE FROM schools_cutoffbefore WHERE run_id = %(run_id)s
