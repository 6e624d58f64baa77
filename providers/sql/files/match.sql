-- Purpose: the dump as the programme prescribes it, with batch and line in front; no name, no NISN, no birth date.
-- Inputs: %(exchange)s. Locks: none, the lines are frozen.
COPY (
    SELECT exchange_id AS batch, line_no AS line, person_id AS pd_id, grade AS tingkat_pendidikan, npsn,
           ltrim(number, '+') AS no_ponsel
    FROM providers_exchangeline
    WHERE exchange_id = %(exchange)s
    ORDER BY line_no
) TO STDOUT (FORMAT csv, HEADER true)
