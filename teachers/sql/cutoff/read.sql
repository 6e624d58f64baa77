-- Purpose: read the teachers of ptk.csv: text becomes values, and a row that cannot be kept gets its problem.
-- Inputs: cutoff_raw_ptk, cutoff_place. Output: cutoff_teacher. Its origin says where a row comes from:
-- B the bundle, L the register (left), D the register (judged anew), P the register (only met by others).
-- Locks: none, the table is the run's own.
-- OFFSET keeps what was worked out from being worked out again at every use; as text it is a constant, which several processes
-- may read by.
CREATE UNLOGGED TABLE cutoff_teacher AS
WITH cells AS (
    SELECT line_no,
           btrim(ptk_id) AS typed_id,
           btrim(sekolah_id) AS typed_school,
           CASE WHEN nama ~ '  |[\t\n\r]|^ | $' THEN btrim(regexp_replace(nama, '\s+', ' ', 'g')) ELSE coalesce(nama, '') END AS name,
           btrim(coalesce(nuptk, ''), E' \t''') AS nuptk,
           upper(left(ltrim(coalesce(jenis_kelamin, '')), 1)) AS sex,
           btrim(coalesce(tanggal_lahir, '')) AS born,
           btrim(coalesce(jenis_ptk_id, '')) AS ptk_type,
           lower(btrim(coalesce(ptk_induk, ''))) IN ('1', '1.0', 't', 'true', 'y', 'ya') AS is_home,
           lower(btrim(coalesce(aktif, ''))) IN ('1', '1.0', 't', 'true', 'y', 'ya') AS is_active,
           lower(btrim(coalesce(soft_delete, ''))) IN ('1', '1.0', 't', 'true') AS has_left,
           left(btrim(coalesce(no_hp, '')), 120) AS register_number
    FROM cutoff_raw_ptk
    OFFSET '0'
), typed AS (
    SELECT *,
           CASE WHEN pg_input_is_valid(typed_id, 'uuid') THEN typed_id::uuid END AS person_id,
           CASE WHEN pg_input_is_valid(typed_school, 'uuid') THEN typed_school::uuid END AS sekolah_id,
           translate(lower(name), ' .,''-`"()/’', '') AS key,
           CASE WHEN length(born) = 10 AND substr(born, 5, 1) = '-' AND substr(born, 8, 1) = '-' THEN born
                WHEN born ~ '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}' THEN
                    translate(substring(born, '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}'), '/', '-')
                WHEN born ~ '^[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{4}' THEN
                    regexp_replace(born, '^([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4}).*$', '\3-\2-\1')
           END AS born_iso
    FROM cells
    OFFSET '0'
)
SELECT t.line_no, 'B'::"char" AS origin, t.person_id, s.id AS school_id, t.name,
       left(CASE WHEN t.key ~ '[^a-z0-9]' THEN regexp_replace(t.key, '[^[:alnum:]]', '', 'g') ELSE t.key END, 160) AS name_key,
       CASE WHEN t.sex IN ('L', 'P') THEN t.sex ELSE '' END AS sex,
       CASE WHEN pg_input_is_valid(t.born_iso, 'date') THEN
           CASE WHEN t.born_iso::date BETWEEN '1900-01-01' AND %(cutoff_date)s THEN t.born_iso::date END
       END AS birth_date,
       t.is_active, t.has_left,
       CASE WHEN t.nuptk IN ('-', '--') THEN '' ELSE left(t.nuptk, 20) END AS nuptk,
       CASE WHEN t.ptk_type ~ '^[0-9]{1,2}$' THEN t.ptk_type::smallint END AS ptk_type,
       t.is_home, t.register_number,
       CASE WHEN t.person_id IS NULL THEN 'ID_INVALID'
            WHEN s.id IS NULL THEN 'SCHOOL_UNKNOWN'
            WHEN %(scope_prefix)s <> '' AND left(s.province_code, 2) <> %(scope_prefix)s THEN 'OUT_OF_SCOPE'
            WHEN t.name = '' AND NOT t.has_left THEN 'NAME_MISSING'
            WHEN length(t.name) > 160 THEN 'VALUE_TOO_LONG'
       END AS problem,
       CASE WHEN t.person_id IS NULL THEN 'ptk_id'
            WHEN s.id IS NULL OR (%(scope_prefix)s <> '' AND left(s.province_code, 2) <> %(scope_prefix)s) THEN 'sekolah_id'
            ELSE 'nama'
       END AS problem_column
FROM typed t
LEFT JOIN cutoff_place s ON s.sekolah_id = t.sekolah_id
