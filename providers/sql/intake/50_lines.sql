-- Purpose: each touched line bears the answer that stands; stale when the record's number is no longer the one asked.
-- Inputs: answer_standing. Locks: those lines.
UPDATE providers_exchangeline l
SET outcome = s.outcome, code = s.code, outcome_at = s.at, answer_batch_id = s.batch_id,
    is_contradicted = s.contradicted, is_stale = r.number <> l.number, live = false
FROM answer_standing s
JOIN providers_phonerecord r ON r.id = s.record_id
WHERE l.id = s.line_id
