-- Purpose: which line of the exchange a row speaks of, and whether it says anything new.
-- Inputs: answer_side, %(exchange)s, %(asked_at)s. Output: answer_judged. Locks: none; callers serialise per exchange.
-- An answer dated before its question counts as of the question.
CREATE TEMP TABLE answer_judged ON COMMIT DROP AS
SELECT a.row_no, a.outcome, a.code, a.at, l.id AS line_id, l.record_id, l.outcome AS stood,
       CASE WHEN l.id IS NULL THEN 'UNKNOWN_LINE'
            WHEN l.number <> a.number THEN 'NUMBER_NOT_SENT'
            WHEN (l.outcome, l.code, l.outcome_at) = (a.outcome, a.code, a.at) THEN 'DUPLICATE'
            WHEN row_number() OVER (PARTITION BY l.id, a.outcome, a.code, a.at ORDER BY a.row_no) > 1 THEN 'DUPLICATE'
            WHEN l.outcome <> '' AND EXISTS (
                SELECT FROM providers_lineanswer k
                WHERE k.line_id = l.id AND (k.outcome, k.code, k.outcome_at) = (a.outcome, a.code, a.at)
            ) THEN 'DUPLICATE'
            ELSE 'NEW'
       END AS verdict
FROM (
    SELECT row_no, line_no, number, outcome, code, greatest(at, %(asked_at)s) AS at FROM answer_side
) a
LEFT JOIN providers_exchangeline l ON l.exchange_id = %(exchange)s AND l.line_no = a.line_no
