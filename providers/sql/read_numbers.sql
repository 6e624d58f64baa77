-- Purpose: read a side table of typed texts in one pass, as providers/reading.py reads one cell.
-- Inputs: number_side(row_id bigint, typed text), the day whose prefixes count: %(day)s.
-- Leaves: number_read(row_id, number, provider_id, code), unlogged, made anew; number and provider_id are NULL where code is not.
-- Locks: none but those of its own new table.
--
-- OFFSET 0 keeps the reading in a subquery of its own: flattened into the join it would be evaluated at each of its five uses.
DROP TABLE IF EXISTS number_read;
CREATE UNLOGGED TABLE number_read AS
SELECT
    cell.row_id,
    CASE WHEN owner.provider_id IS NOT NULL THEN cell.reading END AS number,
    owner.provider_id,
    CASE
        WHEN owner.provider_id IS NOT NULL THEN NULL
        WHEN left(cell.reading, 1) = '+' THEN 'NO_PROVIDER'
        ELSE cell.reading
    END AS code
FROM (SELECT row_id, providers_number(typed) AS reading FROM number_side OFFSET 0) AS cell
LEFT JOIN providers_prefix_on(%(day)s) AS owner
    ON owner.prefix = CASE WHEN left(cell.reading, 1) = '+' THEN substr(cell.reading, 4, 3)::int END
