-- Purpose: whether the rows that are left say anything new of their line.
-- Inputs: answer_found, answer_standing. Output: answer_judged. Locks: none; the lines' records are held.
INSERT INTO answer_judged
SELECT f.row_no, f.outcome, f.code, f.at, l.id, l.record_id, l.outcome, l.answer_batch_id,
       CASE WHEN f.line_id IS NULL THEN 'UNKNOWN_LINE'
            WHEN NOT f.is_sent THEN 'NUMBER_NOT_SENT'
            WHEN (l.outcome, l.code, l.outcome_at) = (f.outcome, f.code, f.at) THEN 'DUPLICATE'
            WHEN row_number() OVER (PARTITION BY f.line_id, f.outcome, f.code, f.at ORDER BY f.row_no) > 1 THEN 'DUPLICATE'
            WHEN l.outcome <> '' AND EXISTS (
                SELECT FROM providers_lineanswer k
                WHERE k.line_id = l.id AND (k.outcome, k.code, k.outcome_at) = (f.outcome, f.code, f.at)
            ) THEN 'DUPLICATE'
            ELSE 'NEW'
       END
FROM answer_found f
LEFT JOIN providers_exchangeline l ON l.id = f.line_id
WHERE NOT EXISTS (SELECT FROM answer_standing s WHERE s.line_id = f.line_id)
