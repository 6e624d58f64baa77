-- Purpose: numbers of which something else may have been said within a day, in the line of a sister, or in another file, are
-- compared when the file is through: nobody who takes in another of those lines right now can be seen from here.
-- Inputs: answer_standing, answer_held, %(purpose)s. Locks: none.
INSERT INTO providers_numbercheck (number)
SELECT DISTINCT h.number
FROM answer_standing s
JOIN answer_held h ON h.id = s.record_id
WHERE %(purpose)s = 'MATCH' AND NOT s.is_stale
  AND (h.share_count > 1 OR abs(extract(epoch FROM h.answered_at - s.at)) <= 7 * 86400)
