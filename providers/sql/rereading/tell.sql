-- Purpose: one audit event for each record that is about to change, so that its page tells what happened.
-- Inputs: reread, %(batch)s, %(actor)s, %(user)s, %(now)s. Output: audit_event.
-- Locks: none beyond the new rows.
INSERT INTO audit_event (at, user_id, assignment_id, actor_name, scope_code, action, target_type, target_id, before, after, batch_id)
SELECT %(now)s, %(user)s, NULL, %(actor)s, '', 'number.reread', 'phonerecord', r.id::text,
       jsonb_build_object('number', r.number, 'provider', coalesce(r.provider_id, ''), 'state', r.state),
       jsonb_build_object('number', CASE WHEN q.owner IS NULL THEN '' ELSE q.number END, 'provider', coalesce(q.owner, ''),
                          'state', CASE WHEN q.owner IS NULL THEN 'MALFORMED' ELSE 'READY' END),
       %(batch)s
FROM reread q
JOIN providers_phonerecord r ON r.id = q.id
ORDER BY q.id
