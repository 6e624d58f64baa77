-- Purpose: nobody changes a usable record of the school between being read for a statement and being claimed.
-- Inputs: school. Locks: the records, in the order of their ids, until the transaction ends.
SELECT id FROM providers_phonerecord
WHERE school_id = %(school)s AND cell = 'USABLE'
ORDER BY id
FOR NO KEY UPDATE
