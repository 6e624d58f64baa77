-- Purpose: words of an exchange's files of answers that nobody has given a meaning yet, and how many rows use each. A file
-- that was read again counts by its last reading.
-- Inputs: %(kind)s of those files, %(exchange)s, %(known)s the words that have a meaning. Locks: none.
SELECT e.facts->>'word' AS word, count(*)
FROM batches_rowerror e
JOIN batches_batch b ON b.id = e.batch_id
WHERE b.kind = %(kind)s AND b.params->'exchange' = to_jsonb(%(exchange)s::bigint) AND e.code = 'UNKNOWN_WORD'
  AND NOT e.facts->>'word' = ANY (%(known)s)
  AND NOT EXISTS (
      SELECT FROM batches_batch later WHERE later.kind = %(kind)s AND later.params->'again_of' = to_jsonb(b.id))
GROUP BY word
ORDER BY count(*) DESC, word
