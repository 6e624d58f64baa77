-- Purpose: the least that taking in answers can be: one statement that tells each record what was answered.
-- Inputs: yardstick_answer, yardstick_record. Locks: all of those rows.
UPDATE yardstick_record r
SET state = a.status, answered_at = a.answered_at, state_at = a.answered_at, asked_in_id = NULL
FROM yardstick_answer a
WHERE r.number = '+' || a.no_ponsel
