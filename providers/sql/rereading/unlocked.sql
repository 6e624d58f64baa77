-- Purpose: numbers that were left because a live statement held them, are held no longer, and still have their old provider.
-- Inputs: %(kind)s of batches, %(day)s, %(most)s. Locks: none.
SELECT DISTINCT r.id
FROM batches_batch b
JOIN batches_rowerror e ON e.batch_id = b.id AND e.code = 'PREFIX_LOCKED'
JOIN providers_phonerecord r ON r.id = e.line AND r.number <> ''
LEFT JOIN providers_prefix_on(%(day)s) AS o ON o.prefix = substr(r.number, 4, 3)::int
WHERE b.kind = %(kind)s AND r.provider_id IS DISTINCT FROM o.provider_id
  AND NOT EXISTS (SELECT FROM providers_entitlement c WHERE c.record_id = r.id AND c.live)
ORDER BY r.id
LIMIT %(most)s
