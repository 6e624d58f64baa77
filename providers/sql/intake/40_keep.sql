-- Purpose: where answers to a line differ, all of them are kept: which one stands is decided from the whole set, so that
-- order, repetition and splitting of files make no difference.
-- Inputs: answer_judged, %(batch)s. Locks: none.
WITH contested AS (
    SELECT line_id FROM answer_judged
    WHERE verdict = 'NEW'
    GROUP BY line_id
    HAVING count(*) > 1 OR bool_or(stood <> '')
)
INSERT INTO providers_lineanswer (line_id, outcome, code, outcome_at, batch_id)
SELECT j.line_id, j.outcome, j.code, j.at, %(batch)s
FROM answer_judged j
JOIN contested c ON c.line_id = j.line_id
WHERE j.verdict = 'NEW'
UNION ALL
SELECT l.id, l.outcome, l.code, l.outcome_at, l.answer_batch_id
FROM providers_exchangeline l
JOIN contested c ON c.line_id = l.id
WHERE l.outcome <> ''
ON CONFLICT DO NOTHING
