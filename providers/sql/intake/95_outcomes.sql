-- Purpose: in which outcome each row of the piece ended; the sums add up to the rows.
-- Inputs: answer_judged, answer_standing. Locks: none.
SELECT CASE WHEN j.verdict <> 'NEW' THEN lower(j.verdict)
            WHEN (s.outcome, s.code, s.at) IS DISTINCT FROM (j.outcome, j.code, j.at) THEN 'superseded'
            WHEN l.is_stale THEN 'stale'
            ELSE 'applied' END AS ended, count(*)
FROM answer_judged j
LEFT JOIN answer_standing s ON s.line_id = j.line_id
LEFT JOIN providers_exchangeline l ON l.id = j.line_id
GROUP BY ended
