-- Purpose: hold the records whose number was nobody's and whose prefix belongs to a provider now.
-- Inputs: %(start)s and %(end)s, ids of records (inclusive); %(day)s. Output: reread(id, number, owner).
-- Locks: those records, in the order of their ids.
CREATE TEMP TABLE reread ON COMMIT DROP AS
WITH cells AS MATERIALIZED (
    SELECT r.id, providers_number(r.typed) AS reading
    FROM providers_phonerecord r
    WHERE r.state = 'MALFORMED' AND r.code = 'NO_PROVIDER' AND r.id BETWEEN %(start)s AND %(end)s
    ORDER BY r.id
    FOR NO KEY UPDATE
)
SELECT c.id, c.reading AS number, o.provider_id AS owner
FROM cells c
JOIN providers_prefix_on(%(day)s) AS o ON o.prefix = CASE WHEN left(c.reading, 1) = '+' THEN substr(c.reading, 4, 3)::int END
