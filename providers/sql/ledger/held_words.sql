-- Purpose: words of an exchange's files of answers that nobody knew when the file was read, and how many rows of the file
-- use each. A file that was read again counts by its last reading; one that is parked for its words by what was seen of it.
-- Inputs: %(kind)s of those files, %(exchange)s. Locks: none.
WITH files AS (
    SELECT b.id, b.status, b.params
    FROM batches_batch b
    WHERE b.kind = %(kind)s AND b.params->'exchange' = to_jsonb(%(exchange)s::bigint)
      AND NOT EXISTS (
          SELECT FROM batches_batch later WHERE later.kind = %(kind)s AND later.params->'again_of' = to_jsonb(b.id))
)
SELECT f.id, e.facts->>'word' AS word, count(*) AS rows
FROM files f
JOIN batches_rowerror e ON e.batch_id = f.id
WHERE e.code = 'UNKNOWN_WORD'
GROUP BY f.id, word
UNION ALL
SELECT f.id, seen.key, seen.value::bigint
FROM files f
CROSS JOIN jsonb_each_text(f.params->'unknown') AS seen
WHERE f.status = 'PARKED'
ORDER BY rows DESC, word
