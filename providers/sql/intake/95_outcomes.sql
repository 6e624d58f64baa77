-- Purpose: in which outcome each row of the chunk ended; the sums add up to the rows. A row of this file that stood until
-- now, from a chunk before, and is overtaken by one of this chunk, becomes a superseded one: the order of chunks shows in
-- no count.
-- Inputs: answer_judged, answer_standing, %(batch)s. Locks: none.
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
    UNION ALL
    SELECT moved.ended, moved.n
    FROM answer_judged j
    JOIN answer_standing s ON s.line_id = j.line_id AND (s.outcome, s.code, s.at) = (j.outcome, j.code, j.at)
    CROSS JOIN LATERAL (
        VALUES ('superseded', 1), (CASE WHEN s.is_stale THEN 'stale' ELSE 'applied' END, -1)
    ) AS moved (ended, n)
    WHERE j.verdict = 'NEW' AND j.stood <> '' AND j.stood_by = %(batch)s
) found
GROUP BY ended
