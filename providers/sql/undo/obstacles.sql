-- Purpose: what of a role's records has been changed, sent or stated since a cut-off wrote them.
-- Inputs: schools_cutoffbefore, or all records of the role when the cut-off was the first (everything), claims, lines.
-- Output: one row: edited, sent, stated.
-- Locks: none.
WITH mine AS MATERIALIZED (
    SELECT r.*, coalesce(o.edited_at, NULL) AS was_edited, o.confirmed_at AS was_confirmed, o.sharing_confirmed_at AS was_shared,
           coalesce(o.ownership, CASE WHEN r.role = 'TEACHER' THEN 'OWN' ELSE '' END) AS was_owned, o.asked_in_id AS was_asked,
           o.answered_at AS was_answered, o.recheck_wanted_at AS was_wanted
    FROM providers_phonerecord r
    LEFT JOIN schools_cutoffbefore b ON b.run_id = %(run_id)s AND b.kind = 'RECORD' AND b.row_id = r.id
    LEFT JOIN LATERAL jsonb_populate_record(NULL::providers_phonerecord, b.old) AS o ON b.old IS NOT NULL
    WHERE r.role = %(role)s AND (%(everything)s OR b.row_id IS NOT NULL)
), own AS (
    SELECT row_id FROM schools_cutoffbefore WHERE run_id = %(run_id)s AND kind = 'CLAIM'
), moved AS MATERIALIZED (
    SELECT e.id, e.record_id, e.number, e.school_id, e.period_id
    FROM providers_entitlement e
    WHERE e.stage_at >= %(begun_at)s AND e.id NOT IN (SELECT row_id FROM own)
)
SELECT
    (SELECT count(*) FROM mine m
     WHERE m.edited_at IS DISTINCT FROM m.was_edited OR m.confirmed_at IS DISTINCT FROM m.was_confirmed
        OR m.sharing_confirmed_at IS DISTINCT FROM m.was_shared OR m.ownership <> m.was_owned),
    (SELECT count(*) FROM mine m
     WHERE m.asked_in_id IS DISTINCT FROM m.was_asked OR m.answered_at IS DISTINCT FROM m.was_answered
        OR m.recheck_wanted_at IS DISTINCT FROM m.was_wanted OR m.state_at > coalesce(%(applied_at)s, m.state_at)
        OR EXISTS (
            SELECT FROM providers_exchangeline l
            JOIN providers_exchange x ON x.id = l.exchange_id
            WHERE l.record_id = m.id AND x.created_at >= %(begun_at)s
              -- Each of the three has its index.
              AND (NOT l.live OR (l.live AND l.purpose = 'MATCH') OR (l.live AND l.purpose = 'INJECT'))
        )),
    (SELECT count(*) FROM moved e
     WHERE e.record_id IN (SELECT id FROM mine) OR e.number IN (SELECT number FROM mine WHERE number <> '')
        -- A statement out of which the cut-off took somebody has gone on since.
        OR (e.school_id, e.period_id) IN (
            SELECT d.school_id, d.period_id FROM providers_entitlement d WHERE d.id IN (SELECT row_id FROM own)
        ))
