-- Purpose: the ranges of records into which the numbers that a provider may have to be asked fall, so many in each; what
-- is asked already and not yet marked is counted along, a range is smaller then.
-- Inputs: %(provider)s, %(most)s numbers in a range. Locks: none.
SELECT min(id), max(id), count(*)
FROM (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(most)s AS piece
    FROM (
        SELECT id FROM providers_phonerecord
        WHERE provider_id = %(provider)s AND state = 'READY' AND eligibility = 'OK' AND asked_in_id IS NULL
        UNION ALL
        SELECT id FROM providers_phonerecord
        WHERE provider_id = %(provider)s AND recheck_wanted_at IS NOT NULL
    ) due
) numbered
GROUP BY piece
ORDER BY piece
