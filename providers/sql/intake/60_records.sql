-- Purpose: an answer makes the number usable or not, if it is still the number that was asked and nothing later is known.
-- At the same moment the later question's answer counts.
-- No number changes, so nobody's sharers need to be counted again.
-- Inputs: answer_standing, answer_held, %(exchange)s, %(now)s. Locks: those records (held already).
SELECT set_config('vervalponsel.sharing_counted_later', 'on', true);
UPDATE providers_phonerecord r
SET state = CASE WHEN f.newer THEN f.outcome ELSE r.state END,
    code = CASE WHEN f.newer THEN '' ELSE r.code END,
    answered_at = CASE WHEN f.newer THEN f.at ELSE r.answered_at END,
    state_at = CASE WHEN f.newer AND r.state <> f.outcome THEN %(now)s ELSE r.state_at END,
    asked_in_id = nullif(r.asked_in_id, %(exchange)s)
FROM (
    SELECT s.record_id, s.outcome, s.at,
           h.answered_at IS NULL OR h.answered_at < s.at OR (h.answered_at = s.at AND NOT EXISTS (
               SELECT FROM providers_exchangeline n
               WHERE n.record_id = s.record_id AND n.exchange_id > %(exchange)s AND n.number = h.number
                 AND NOT n.live AND n.outcome <> '' AND n.outcome_at >= s.at)) AS newer
    FROM answer_standing s
    JOIN answer_held h ON h.id = s.record_id
    WHERE NOT s.is_stale
) f
WHERE r.id = f.record_id AND (f.newer OR r.asked_in_id = %(exchange)s)
