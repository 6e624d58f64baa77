-- Purpose: the records get their new provider and are asked again, or their number is nobody's any more. What the school said
-- of the number stays, since the number is the same; what was typed is kept so that it can be read again.
-- Inputs: reread, %(now)s. Output: providers_phonerecord.
-- Locks: those records (held already).
UPDATE providers_phonerecord r
SET number = CASE WHEN q.owner IS NULL THEN '' ELSE q.number END,
    provider_id = q.owner,
    typed = CASE WHEN q.owner IS NULL AND providers_number(r.typed) <> q.number THEN '0' || substr(q.number, 4) ELSE r.typed END,
    state = CASE WHEN q.owner IS NULL THEN 'MALFORMED' ELSE 'READY' END,
    code = CASE WHEN q.owner IS NULL THEN 'NO_PROVIDER' ELSE '' END,
    state_at = %(now)s,
    answered_at = NULL,
    asked_in_id = NULL,
    recheck_wanted_at = NULL,
    share_count = CASE WHEN q.owner IS NULL THEN 0 ELSE r.share_count END,
    sharing = CASE WHEN q.owner IS NULL THEN 'NONE' ELSE r.sharing END,
    looks_made_up = q.owner IS NOT NULL AND r.looks_made_up,
    version = r.version + 1
FROM reread q
WHERE r.id = q.id
