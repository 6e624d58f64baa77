-- Purpose: hold the records of a stretch of numbers whose prefix belongs to another provider now, or to nobody.
-- Inputs: %(start)s (inclusive) and %(end)s (exclusive) as E.164, %(day)s. Output: reread(id, number, owner).
-- Locks: those records, in the order of their ids.
CREATE TEMP TABLE reread ON COMMIT DROP AS
SELECT r.id, r.number, o.provider_id AS owner
FROM providers_phonerecord r
LEFT JOIN providers_prefix_on(%(day)s) AS o ON o.prefix = substr(r.number, 4, 3)::int
WHERE r.number >= %(start)s AND r.number < %(end)s AND r.number <> '' AND r.provider_id IS DISTINCT FROM o.provider_id
ORDER BY r.id
FOR NO KEY UPDATE OF r
