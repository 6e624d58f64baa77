-- Purpose: what rows had told by a word whose meaning was corrected since is taken back, so that they tell it anew: as if the
-- word had been understood from the start. Only what came of an earlier reading of the same file; what another file told
-- stays. A failure that was a success is taken back only while its claim can become one again: neither the record nor its
-- place among those who share the number is claimed anew. Otherwise both are kept, contradict each other, and a person looks.
-- Inputs: answer_found, answer_held, %(readings)s batches that read the file before, %(purpose)s, %(provider)s.
-- Locks: those lines; their records and claims are held already.
SELECT set_config('vervalponsel.correcting', 'on', true), set_config('vervalponsel.sharing_counted_later', 'on', true);
UPDATE answer_found f
SET was = ''
FROM providers_exchangeline l
JOIN providers_entitlement e ON e.id = l.entitlement_id
JOIN answer_held h ON h.id = l.record_id
WHERE l.id = f.line_id AND f.was IN ('FAILED', 'REVERSED') AND f.outcome = 'SUCCEEDED' AND e.stage IN ('FAILED', 'REVERSED')
  AND (e.closed OR (h.number, h.provider_id) IS DISTINCT FROM (l.number, %(provider)s) OR EXISTS (
      SELECT FROM providers_entitlement o
      WHERE o.period_id = e.period_id AND o.live AND (o.record_id = e.record_id OR (o.number, o.slot) = (e.number, e.slot))));
UPDATE answer_found SET was = '' WHERE was <> '' AND NOT coalesce(is_sent, false);
DELETE FROM providers_lineanswer k
USING answer_found f
WHERE f.was <> '' AND k.line_id = f.line_id AND k.batch_id = ANY (%(readings)s::bigint[])
  AND ((k.outcome, k.code, k.outcome_at) = (f.was, f.code, f.at)
       OR (k.outcome, k.code, k.outcome_at) = (f.outcome, f.code, f.at));
INSERT INTO providers_numbercheck (number)
SELECT DISTINCT l.number
FROM answer_found f
JOIN providers_exchangeline l ON l.id = f.line_id
WHERE f.was <> '' AND %(purpose)s = 'MATCH';
UPDATE providers_phonerecord r
SET state = 'ACTIVE', code = ''
FROM answer_found f
JOIN providers_exchangeline l ON l.id = f.line_id
WHERE f.was IN ('FAILED', 'REVERSED') AND f.outcome = 'SUCCEEDED' AND (l.outcome, l.outcome_at) = (f.was, f.at)
  AND r.id = f.record_id AND r.state = 'FAILED' AND r.answered_at <= f.at;
-- Of what was said of the line besides, anything stands in until all of it is weighed.
UPDATE providers_exchangeline l
SET outcome = coalesce(k.outcome, ''), code = coalesce(k.code, ''), outcome_at = k.outcome_at,
    answer_batch_id = k.batch_id, is_contradicted = false
FROM (SELECT DISTINCT line_id, was, code, at FROM answer_found WHERE was <> '') f
LEFT JOIN LATERAL (
    SELECT a.outcome, a.code, a.outcome_at, a.batch_id FROM providers_lineanswer a
    WHERE a.line_id = f.line_id
    ORDER BY a.outcome_at DESC, a.id
    LIMIT 1
) k ON true
WHERE l.id = f.line_id AND l.answer_batch_id = ANY (%(readings)s::bigint[])
  AND (l.outcome, l.code, l.outcome_at) = (f.was, f.code, f.at)
