-- Purpose: one part of a dump as the programme prescribes it, with batch and line in front; no name, no NISN, no birth
-- date. No value can hold a comma or a quote. Beside it the control totals: lines, sum of no_ponsel as whole numbers.
-- Inputs: lines %(first)s to %(last)s by their keys. Locks: none, the lines are frozen.
SELECT count(*), coalesce(sum(substr(number, 2)::bigint), 0)::text, min(line_no), max(line_no),
       string_agg(concat_ws(',', exchange_id, line_no, person_id, grade, npsn, substr(number, 2)), E'\n' ORDER BY id)
FROM providers_exchangeline
WHERE id BETWEEN %(first)s AND %(last)s
