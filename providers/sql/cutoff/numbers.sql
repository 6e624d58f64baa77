-- Purpose: read the numbers that are needed: of new recipients, and those that the register tells for the first time.
-- Inputs: cutoff_person. Output: cutoff_number, one row for each number read, with the state that it gives a record.
-- Locks: none.
CREATE TEMP TABLE cutoff_number ON COMMIT DROP AS
SELECT cell.person_id,
       CASE WHEN owner.provider_id IS NULL THEN '' ELSE cell.reading END AS number,
       owner.provider_id,
       CASE WHEN owner.provider_id IS NOT NULL THEN 'READY' WHEN cell.reading = 'EMPTY' THEN 'EMPTY' ELSE 'MALFORMED' END AS state,
       CASE WHEN owner.provider_id IS NOT NULL OR cell.reading = 'EMPTY' THEN ''
            WHEN left(cell.reading, 1) = '+' THEN 'NO_PROVIDER'
            ELSE cell.reading
       END AS code
FROM (
    -- OFFSET 0 keeps the reading from being evaluated again at every use.
    SELECT person_id, providers_number(register_number) AS reading
    FROM cutoff_person
    WHERE (record_id IS NULL AND eligibility = 'OK') OR is_told_anew
    OFFSET 0
) AS cell
LEFT JOIN providers_prefix_on((%(now)s::timestamptz AT TIME ZONE 'Asia/Jakarta')::date) AS owner
    ON owner.prefix = CASE WHEN left(cell.reading, 1) = '+' THEN substr(cell.reading, 4, 3)::int END
