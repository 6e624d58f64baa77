-- Purpose: who got the quota in the period before and has not changed since (record, number, school, eligibility) needs
-- no new statement: a claim that starts as APPROVED.
-- Inputs: %(period)s the period being opened, schools %(first)s to %(last)s, %(now)s.
-- Locks: the claimed records by their ids, before any slot is taken, as statements do.
-- The latest earlier claim of a record decides; a number whose sharers now exceed the limits is not carried. Slots are
-- given out in the order of numbers, as statements do, so that nobody waits for a slot in a ring.
WITH unchanged AS MATERIALIZED (
    SELECT r.id, r.school_id, r.role, r.number, r.provider_id, before.ownership, before.id AS before_id, p.sharing_max
    FROM providers_phonerecord r
    JOIN schools_period p ON p.id = %(period)s
    JOIN LATERAL (
        SELECT e.* FROM providers_entitlement e
        JOIN schools_period q ON q.id = e.period_id
        WHERE e.record_id = r.id AND q.starts_date < p.starts_date
        ORDER BY q.starts_date DESC, e.id DESC
        LIMIT 1
    ) AS before ON before.stage = 'INJECTED' AND before.number = r.number AND before.school_id = r.school_id
    WHERE r.school_id BETWEEN %(first)s AND %(last)s
      AND r.eligibility = 'OK' AND r.state IN ('ACTIVE', 'POSTPAID') AND r.sharing = 'NONE'
      AND NOT EXISTS (
          SELECT FROM providers_entitlement e
          WHERE e.record_id = r.id AND e.period_id = %(period)s
      )
    ORDER BY r.id
    FOR NO KEY UPDATE OF r
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY number ORDER BY id) AS place FROM unchanged
)
INSERT INTO providers_entitlement
    (period_id, record_id, school_id, role, number, provider_id, ownership, slot, stage, code, stage_at, closed, carried_from_id)
SELECT %(period)s, u.id, u.school_id, u.role, u.number, u.provider_id, u.ownership, free.slot,
       'APPROVED', '', %(now)s, false, u.before_id
FROM placed u
JOIN LATERAL (
    SELECT n.slot
    FROM generate_series(1, u.sharing_max) AS n (slot)
    WHERE NOT EXISTS (
        SELECT FROM providers_entitlement e
        WHERE e.period_id = %(period)s AND e.number = u.number AND e.slot = n.slot AND e.live
    )
    ORDER BY n.slot
    OFFSET u.place - 1
    LIMIT 1
) AS free ON true
ORDER BY u.number, free.slot
