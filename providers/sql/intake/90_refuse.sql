-- Purpose: rows that speak of no line of this exchange are set aside with their reason.
-- Inputs: answer_judged, %(batch)s. Locks: none.
INSERT INTO batches_rowerror (batch_id, file, line, "column", code, facts)
SELECT %(batch)s, '', row_no, CASE verdict WHEN 'UNKNOWN_LINE' THEN 'line' ELSE 'no_ponsel' END, verdict, '{}'
FROM answer_judged
WHERE verdict IN ('UNKNOWN_LINE', 'NUMBER_NOT_SENT')
