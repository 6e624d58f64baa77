-- Purpose: the range of records, behind those that are planned, into which the next numbers fall that a provider may have to
-- be asked; what is asked already and not yet marked is counted along, the part is smaller then.
-- Inputs: %(provider)s, %(after)s the last record planned, %(most)s numbers in a range. Output: first, last, how many; one row
-- of NULLs at the end. Locks: none.
SELECT min(id), max(id), count(*)
FROM (
    SELECT id
    FROM (
        (SELECT id FROM providers_phonerecord
         WHERE provider_id = %(provider)s AND state = 'READY' AND eligibility = 'OK' AND asked_in_id IS NULL
           AND id > %(after)s
         ORDER BY provider_id, id  -- as its index: it is read no further than needed
         LIMIT %(most)s)
        UNION ALL
        (SELECT id FROM providers_phonerecord
         WHERE provider_id = %(provider)s AND recheck_wanted_at IS NOT NULL AND id > %(after)s
         ORDER BY provider_id, id
         LIMIT %(most)s)
    ) due
    ORDER BY id
    LIMIT %(most)s
) next
