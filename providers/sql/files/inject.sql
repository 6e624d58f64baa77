-- Purpose: an order: which number gets how many gigabytes.
-- Inputs: %(exchange)s. Locks: none, the lines are frozen.
COPY (
    SELECT exchange_id AS batch, line_no AS line, person_id AS pd_id, npsn, ltrim(number, '+') AS no_ponsel, gigabytes
    FROM providers_exchangeline
    WHERE exchange_id = %(exchange)s
    ORDER BY line_no
) TO STDOUT (FORMAT csv, HEADER true)
