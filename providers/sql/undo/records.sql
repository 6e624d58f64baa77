-- Purpose: records are again as they were; of those that others share, the others are counted again afterwards.
-- Inputs: undo_record. Output: providers_phonerecord.
-- Locks: the changed records, which are held already.
UPDATE providers_phonerecord r
SET school_id = o.school_id, grade = o.grade, eligibility = o.eligibility, typed = o.typed, number = o.number,
    provider_id = o.provider_id, state = o.state, code = o.code, state_at = o.state_at, version = o.version,
    share_count = o.share_count, sharing = o.sharing, looks_made_up = o.looks_made_up
FROM undo_record u
CROSS JOIN LATERAL jsonb_populate_record(NULL::providers_phonerecord, u.old) AS o
WHERE r.id = u.id AND u.old IS NOT NULL
