-- Purpose: claims before records, each by their ids, as everybody holds them.
-- Inputs: undo_record. Output: nothing.
-- Locks: the claims of these records and the records, until the transaction ends.
SELECT FROM providers_entitlement e WHERE e.record_id IN (SELECT id FROM undo_record) ORDER BY e.id FOR NO KEY UPDATE;

SELECT FROM providers_phonerecord r WHERE r.id IN (SELECT id FROM undo_record) ORDER BY r.id FOR UPDATE
