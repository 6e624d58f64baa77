-- Purpose: in which outcome each row of the chunk ended; the sums add up to the rows.
-- Inputs: answer_judged, answer_standing. Locks: none.
SELECT ended, sum(n)::bigint
FROM (
    SELECT CASE WHEN is_stale THEN 'stale' ELSE 'applied' END AS ended, count(*) AS n
    FROM answer_standing
    WHERE is_first
    GROUP BY is_stale
    UNION ALL
    SELECT CASE WHEN j.verdict <> 'NEW' THEN lower(j.verdict)
                WHEN (s.outcome, s.code, s.at) IS DISTINCT FROM (j.outcome, j.code, j.at) THEN 'superseded'
                WHEN s.is_stale THEN 'stale'
                ELSE 'applied' END, count(*)
    FROM answer_judged j
    LEFT JOIN answer_standing s ON s.line_id = j.line_id
    GROUP BY 1
) found
GROUP BY ended
