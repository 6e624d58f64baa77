-- Purpose: which line of the exchange each row speaks of. Only what never changes of a line is looked at: nothing is held
-- yet. An answer dated before its question counts as of the question.
-- Inputs: answer_side, %(exchange)s, %(asked_at)s, %(first_line)s and %(last_line)s that rows speak of, %(repeated)s lines
-- of which several rows speak, %(most)s lines of an exchange at most: a greater number would be another's key. Output: answer_found. Locks: none.
CREATE TEMP TABLE answer_found ON COMMIT DROP AS
SELECT a.row_no, a.outcome, a.was, a.code, greatest(a.at, %(asked_at)s) AS at, l.id AS line_id, l.record_id,
       l.number = a.number AS is_sent, a.line_no = ANY (%(repeated)s::bigint[]) AS is_repeated
FROM answer_side a
LEFT JOIN providers_exchangeline l
    ON l.id = CASE WHEN a.line_no BETWEEN 1 AND %(most)s - 1 THEN %(exchange)s * %(most)s::bigint + a.line_no END
    AND l.id BETWEEN %(exchange)s * %(most)s::bigint + %(first_line)s AND %(exchange)s * %(most)s::bigint + %(last_line)s;
-- Without it the joins to come are planned as if for millions, by reading the largest tables whole.
ANALYZE answer_found (line_id, record_id)
