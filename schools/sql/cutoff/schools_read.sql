-- Purpose: read the schools of sekolah.csv and judge each row by itself.
-- Inputs: cutoff_raw_sekolah, cutoff_area. Output: cutoff_school, refused rows with their problem.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_school AS
WITH cells AS (
    SELECT line_no,
           btrim(coalesce(sekolah_id, '')) AS typed_id,
           upper(btrim(coalesce(npsn, ''), E' \t''')) AS npsn,
           regexp_replace(btrim(coalesce(nama, '')), '\s+', ' ', 'g') AS name,
           btrim(coalesce(bentuk_pendidikan_id, '')) AS form,
           btrim(coalesce(status_sekolah, '')) AS status,
           btrim(coalesce(kode_wilayah, ''), E' \t''') AS region,
           regexp_replace(btrim(coalesce(alamat_jalan, '')), '\s+', ' ', 'g') AS address,
           regexp_replace(btrim(coalesce(nama_kepala_sekolah, '')), '\s+', ' ', 'g') AS head_name,
           btrim(coalesce(nip_kepala_sekolah, ''), E' \t''') AS head_nip,
           translate(btrim(coalesce(last_sync, '')), 'T', ' ') AS synced,
           lower(btrim(coalesce(soft_delete, ''))) IN ('1', 't', 'true') AS has_left
    FROM cutoff_raw_sekolah
), typed AS (
    SELECT *,
           CASE WHEN pg_input_is_valid(typed_id, 'uuid') THEN typed_id::uuid END AS sekolah_id,
           CASE WHEN form ~ '^[0-9]{1,3}(\.0)?$' THEN form::numeric::int END AS form_code,
           CASE WHEN region ~ '^[0-9]{6}([0-9]{2})?$' THEN left(region, 6)
                WHEN region ~ '^[1-9]([0-9]{4}|[0-9]{6})$' THEN '0' || left(region, 5)
           END AS region_code,
           CASE WHEN synced ~ '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}' THEN synced
                WHEN synced ~ '^[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{4}'
                    THEN regexp_replace(synced, '^([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})', '\3-\2-\1')
           END AS synced_iso
    FROM cells
), placed AS (
    SELECT t.*, f.jenjang, r.code AS region_id,
           CASE WHEN synced_iso ~ ':.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' AND pg_input_is_valid(synced_iso, 'timestamptz')
                    THEN synced_iso::timestamptz
                WHEN pg_input_is_valid(synced_iso, 'timestamp') THEN synced_iso::timestamp AT TIME ZONE 'Asia/Jakarta'
           END AS synced_at
    FROM typed t
    LEFT JOIN unnest(%(forms)s::int[], %(jenjang)s::text[]) AS f (form_code, jenjang) ON f.form_code = t.form_code
    LEFT JOIN cutoff_area r ON r.code = t.region_code AND r.level > 0
), judged AS (
    SELECT *,
           CASE WHEN sekolah_id IS NULL THEN 'ID_INVALID'
                WHEN has_left THEN NULL
                WHEN npsn !~ '^[0-9A-Z]{8}$' THEN 'NPSN_INVALID'
                WHEN name = '' THEN 'NAME_MISSING'
                WHEN length(name) > 160 THEN 'VALUE_TOO_LONG'
                WHEN jenjang IS NULL THEN 'FORM_NOT_OURS'
                WHEN region_id IS NULL THEN 'REGION_UNKNOWN'
                WHEN %(scope_prefix)s <> '' AND left(region_id, 2) <> %(scope_prefix)s THEN 'OUT_OF_SCOPE'
           END AS problem
    FROM placed
)
SELECT line_no, sekolah_id, npsn, name, form_code, jenjang, status IN ('1', '1.0') AS is_public, region_id,
       left(region_id, 4) || '00' AS regency_code, left(region_id, 2) || '0000' AS province_code,
       left(address, 255) AS address, left(head_name, 120) AS head_name, left(head_nip, 30) AS head_nip,
       CASE WHEN synced_at BETWEEN '1990-01-01' AND '2100-01-01' THEN synced_at END AS last_sync_at,
       coalesce(synced_at BETWEEN %(semester_start)s AND '2100-01-01', false) AS is_synchronised,
       has_left, problem,
       CASE problem
           WHEN 'ID_INVALID' THEN 'sekolah_id' WHEN 'NPSN_INVALID' THEN 'npsn' WHEN 'FORM_NOT_OURS' THEN 'bentuk_pendidikan_id'
           WHEN 'NAME_MISSING' THEN 'nama' WHEN 'VALUE_TOO_LONG' THEN 'nama'
           WHEN 'REGION_UNKNOWN' THEN 'kode_wilayah' WHEN 'OUT_OF_SCOPE' THEN 'kode_wilayah' ELSE ''
       END AS problem_column
FROM judged
ORDER BY line_no
