-- Purpose: one part of an order: which number gets how many gigabytes; and its control totals, as of a dump.
-- Inputs: lines %(first)s to %(last)s by their keys. Locks: none, the lines are frozen.
SELECT count(*), coalesce(sum(substr(number, 2)::bigint), 0)::text, min(line_no), max(line_no),
       string_agg(concat_ws(',', exchange_id, line_no, person_id, npsn, substr(number, 2), gigabytes), E'\n' ORDER BY id)
FROM providers_exchangeline
WHERE id BETWEEN %(first)s AND %(last)s
