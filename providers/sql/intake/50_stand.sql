-- Purpose: the answer that stands for each touched line. Of a match the latest, at the same moment the more cautious; of an
-- injection the gravest (a reversal over a failure over a success), then the latest.
-- Latest: the moment of the last thing said of the line, whichever answer stands.
-- Contradicted: two outcomes of a match within a day; a failure beside anything else.
-- Inputs: answer_judged, answer_held, %(purpose)s, %(batch)s, %(provider)s. Output: answer_standing. Locks: none.
WITH touched AS (
    SELECT DISTINCT line_id, record_id FROM answer_judged WHERE verdict = 'NEW'
), candidates AS (
    SELECT t.line_id, t.record_id, k.outcome, k.code, k.outcome_at AS at, k.batch_id, true AS contested
    FROM touched t
    JOIN providers_lineanswer k ON k.line_id = t.line_id
    UNION ALL
    SELECT j.line_id, j.record_id, j.outcome, j.code, j.at, %(batch)s, false
    FROM answer_judged j
    WHERE j.verdict = 'NEW' AND (SELECT k.id FROM providers_lineanswer k WHERE k.line_id = j.line_id LIMIT 1) IS NULL
), ranked AS (
    SELECT *, array_position(
        ARRAY['ACTIVE', 'POSTPAID', 'GRACE', 'INACTIVE', 'NOT_OURS', 'SUCCEEDED', 'FAILED', 'REVERSED'], outcome::text
    ) AS gravity, max(at) OVER (PARTITION BY line_id) AS latest
    FROM candidates
)
INSERT INTO answer_standing
SELECT DISTINCT ON (ranked.line_id) ranked.line_id, ranked.record_id, ranked.outcome, ranked.code, ranked.at, latest,
    ranked.batch_id,
    contested AND CASE %(purpose)s
        WHEN 'MATCH' THEN EXISTS (
            SELECT FROM providers_lineanswer a
            JOIN providers_lineanswer b ON b.line_id = a.line_id AND b.outcome <> a.outcome
             AND b.outcome_at BETWEEN a.outcome_at - interval '1 day' AND a.outcome_at + interval '1 day'
            WHERE a.line_id = ranked.line_id)
        ELSE EXISTS (
            SELECT FROM providers_lineanswer a
            JOIN providers_lineanswer b ON b.line_id = a.line_id AND b.outcome <> 'FAILED'
            WHERE a.line_id = ranked.line_id AND a.outcome = 'FAILED')
    END AS contradicted, (h.number, h.provider_id) IS DISTINCT FROM (l.number, %(provider)s), false
FROM ranked
JOIN providers_exchangeline l ON l.id = ranked.line_id
JOIN answer_held h ON h.id = ranked.record_id
ORDER BY ranked.line_id, CASE %(purpose)s WHEN 'INJECT' THEN gravity END DESC, at DESC, gravity DESC, ranked.code DESC
