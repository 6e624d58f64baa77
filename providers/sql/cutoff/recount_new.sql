-- Purpose: count the sharers of every number that more than one record bears, all at once.
-- Inputs: providers_phonerecord. Output: share_count and sharing of their records, the list of crowded numbers.
-- Locks: as providers_recount_sharing; the caller holds the lock by which recounts take turns.
SELECT providers_recount_sharing(
    ARRAY(SELECT number FROM providers_phonerecord WHERE number <> '' GROUP BY number HAVING count(*) > 1), %(now)s
)
