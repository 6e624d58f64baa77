-- Purpose: a line that was not answered before and of which one row speaks bears that answer; stale when the record's number
-- is no longer the one asked, or no longer this provider's.
-- Inputs: answer_found, answer_held, %(batch)s, %(provider)s. Output: answer_standing; answer_judged, empty. Locks: those lines.
CREATE TEMP TABLE answer_judged (
    row_no bigint, outcome text, code text, at timestamptz, line_id bigint, record_id bigint, stood text,
    stood_by bigint, verdict text
) ON COMMIT DROP;
CREATE TEMP TABLE answer_standing (
    line_id bigint, record_id bigint, outcome text, code text, at timestamptz, latest timestamptz, batch_id bigint,
    contradicted boolean, is_stale boolean, is_first boolean
) ON COMMIT DROP;
WITH first AS (
    UPDATE providers_exchangeline l
    SET outcome = f.outcome, code = f.code, outcome_at = f.at, answer_batch_id = %(batch)s, live = false,
        is_stale = (h.number, h.provider_id) IS DISTINCT FROM (l.number, %(provider)s)
    FROM answer_found f
    JOIN answer_held h ON h.id = f.record_id
    WHERE f.is_sent AND NOT f.is_repeated AND l.id = f.line_id AND l.outcome = ''
    RETURNING l.id, l.record_id, l.outcome, l.code, l.outcome_at, l.is_stale
)
INSERT INTO answer_standing
SELECT id, record_id, outcome, code, outcome_at, outcome_at, %(batch)s, false, is_stale, true
FROM first
