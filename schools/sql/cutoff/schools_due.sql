-- Purpose: the schools that will be written: rows that differ, schools that are new (their ids are given here, in the order
-- of the file), and those that left: a full cut-off of their scope no longer lists them, or a delta takes them away. One
-- whose row was refused is listed all the same and stays as it was.
-- Inputs: cutoff_school, cutoff_adopted, schools_school. Output: cutoff_school_due; line_no is empty for who left.
-- Locks: none, the table is the run's own; ids are taken from the sequence and may stay unused.
CREATE UNLOGGED TABLE cutoff_school_due AS
WITH known AS NOT MATERIALIZED (
    SELECT s.*, coalesce(a.sekolah_id, s.sekolah_id) AS will_be
    FROM schools_school s
    LEFT JOIN cutoff_adopted a ON a.id = s.id
), differing AS (
    SELECT c.line_no, s.id, c.sekolah_id,
           s.id IS NOT NULL
           AND (s.regency_code, s.province_code, s.jenjang) IS DISTINCT FROM (c.regency_code, c.province_code, c.jenjang) AS moves
    FROM cutoff_school c
    LEFT JOIN known s ON s.will_be = c.sekolah_id
    WHERE c.problem IS NULL AND NOT c.has_left
      AND (s.id IS NULL OR (
          s.sekolah_id, s.npsn, s.name, s.form_code, s.jenjang, s.is_public, s.region_id, s.address, s.head_name, s.head_nip,
          s.last_sync_at, s.is_synchronised, s.has_left
      ) IS DISTINCT FROM (
          c.sekolah_id, c.npsn, c.name, c.form_code, c.jenjang, c.is_public, c.region_id, c.address, c.head_name, c.head_nip,
          c.last_sync_at, c.is_synchronised, false
      ))
    ORDER BY c.line_no
), gone AS (
    SELECT s.id, s.sekolah_id
    FROM known s
    WHERE NOT s.has_left
      AND (
          EXISTS (SELECT FROM cutoff_school c WHERE c.sekolah_id = s.will_be AND c.has_left AND c.problem IS NULL)
          OR (NOT %(is_delta)s
              AND (%(scope_prefix)s = '' OR left(s.province_code, 2) = %(scope_prefix)s)
              AND NOT EXISTS (SELECT FROM cutoff_school c WHERE c.sekolah_id = s.will_be))
      )
)
SELECT line_no, coalesce(id, nextval(pg_get_serial_sequence('schools_school', 'id'))) AS id, sekolah_id, id IS NULL AS is_new, moves
FROM differing
UNION ALL
SELECT NULL, id, sekolah_id, false, false
FROM gone
