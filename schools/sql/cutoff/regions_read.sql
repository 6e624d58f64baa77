-- Purpose: read the regions of wilayah.csv; codes that lost their leading zero get it back.
-- Inputs: cutoff_raw_wilayah. Output: cutoff_region, refused rows with their problem.
-- Locks: none, the table is the run's own.
CREATE UNLOGGED TABLE cutoff_region AS
WITH cells AS (
    SELECT line_no,
           btrim(coalesce(kode_wilayah, ''), E' \t''') AS typed,
           regexp_replace(btrim(coalesce(nama, '')), '\s+', ' ', 'g') AS name
    FROM cutoff_raw_wilayah
), coded AS (
    SELECT line_no, name,
           CASE WHEN typed ~ '^0+$' THEN '000000'
                WHEN typed ~ '^[0-9]{6}$' THEN typed
                WHEN typed ~ '^[1-9][0-9]{4}$' THEN '0' || typed
           END AS code
    FROM cells
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY code ORDER BY line_no) AS nth FROM coded
), judged AS (
    SELECT line_no, name, code,
           CASE WHEN code IS NULL THEN 'REGION_CODE_INVALID'
                WHEN nth > 1 THEN 'DUPLICATE_ROW'
                WHEN %(scope_prefix)s <> '' AND code <> '000000' AND left(code, 2) <> %(scope_prefix)s THEN 'OUT_OF_SCOPE'
                WHEN name = '' THEN 'NAME_MISSING'
                WHEN length(name) > 100 THEN 'VALUE_TOO_LONG'
           END AS problem
    FROM numbered
)
SELECT line_no, code, name, problem,
       CASE WHEN problem IN ('NAME_MISSING', 'VALUE_TOO_LONG') THEN 'nama' ELSE 'kode_wilayah' END AS problem_column,
       CASE WHEN code = '000000' THEN 0 WHEN right(code, 4) = '0000' THEN 1 WHEN right(code, 2) = '00' THEN 2 ELSE 3 END AS level,
       CASE WHEN code = '000000' THEN NULL
            WHEN right(code, 4) = '0000' THEN '000000'
            WHEN right(code, 2) = '00' THEN left(code, 2) || '0000'
            ELSE left(code, 4) || '00'
       END AS parent_id
FROM judged
