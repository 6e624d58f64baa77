-- Purpose: each line that was answered before, or several times at once, bears the answer that stands. Once contradicted it
-- stays so: answers are only added.
-- Inputs: answer_standing. Locks: those lines.
UPDATE providers_exchangeline l
SET outcome = s.outcome, code = s.code, outcome_at = s.at, answer_batch_id = s.batch_id,
    is_contradicted = l.is_contradicted OR s.contradicted, is_stale = s.is_stale, live = false
FROM answer_standing s
WHERE NOT s.is_first AND l.id = s.line_id
