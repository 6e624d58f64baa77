-- Purpose: claims are held before records, by their ids, in the order in which everybody holds them.
-- Inputs: cutoff_person. Output: nothing.
-- Locks: the claims that may fall out, until the transaction ends.
SELECT e.id
FROM cutoff_person c
JOIN providers_entitlement e ON e.record_id = c.record_id
WHERE c.eligibility <> 'OK' AND e.live AND e.stage IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED')
ORDER BY e.id
FOR NO KEY UPDATE OF e
