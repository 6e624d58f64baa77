-- Purpose: one part of an order: which number gets how many gigabytes; and its control totals, as of a dump.
-- Inputs: %(exchange)s, lines %(first)s to %(last)s. Locks: none, the lines are frozen.
SELECT count(*), coalesce(sum(substr(number, 2)::bigint), 0)::text, min(line_no), max(line_no),
       string_agg(concat_ws(',', exchange_id, line_no, person_id, npsn, substr(number, 2), gigabytes), E'\n' ORDER BY line_no)
FROM providers_exchangeline
WHERE exchange_id = %(exchange)s AND line_no BETWEEN %(first)s AND %(last)s
