-- Purpose: every province and kab/kota has an education office; abroad nobody sits in it, so Pusdatin judges there.
-- Inputs: schools_region. Output: schools_office, only rows that were missing.
-- Locks: the new rows.
INSERT INTO schools_office (scope_code, name, jenjang, is_staffed)
SELECT CASE r.level WHEN 1 THEN left(r.code, 2) ELSE left(r.code, 4) END,
       'Dinas Pendidikan ' || r.name,
       CASE r.level WHEN 1 THEN %(province_jenjang)s::text[] ELSE %(regency_jenjang)s::text[] END,
       left(r.code, 2) <> '35'
FROM schools_region r
WHERE r.level IN (1, 2)
ORDER BY r.code
ON CONFLICT (scope_code) DO NOTHING
