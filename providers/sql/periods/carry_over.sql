-- Purpose: who got the quota in the period before and has not changed since (record, number, school, eligibility) needs
-- no new statement: a claim that starts as APPROVED.
-- Inputs: %(period)s the period being opened, schools %(first)s to %(last)s, %(now)s. Locks: the claimed records.
-- The latest earlier claim of a record decides; a number whose sharers now exceed the limits is not carried.
INSERT INTO providers_entitlement
    (period_id, record_id, school_id, role, number, provider_id, ownership, slot, stage, code, stage_at, closed, carried_from_id)
SELECT %(period)s, r.id, r.school_id, r.role, r.number, r.provider_id, before.ownership,
       coalesce(taken.slot, 0) + row_number() OVER (PARTITION BY r.number ORDER BY r.id),
       'APPROVED', '', %(now)s, false, before.id
FROM providers_phonerecord r
JOIN schools_period p ON p.id = %(period)s
JOIN LATERAL (
    SELECT e.* FROM providers_entitlement e
    JOIN schools_period q ON q.id = e.period_id
    WHERE e.record_id = r.id AND q.starts_date < p.starts_date
    ORDER BY q.starts_date DESC, e.id DESC
    LIMIT 1
) AS before ON before.stage = 'INJECTED' AND before.number = r.number AND before.school_id = r.school_id
LEFT JOIN LATERAL (
    SELECT max(e.slot) AS slot FROM providers_entitlement e
    WHERE e.period_id = %(period)s AND e.number = r.number AND e.live
) AS taken ON true
WHERE r.school_id BETWEEN %(first)s AND %(last)s
  AND r.eligibility = 'OK' AND r.state IN ('ACTIVE', 'POSTPAID') AND r.sharing = 'NONE'
  AND NOT EXISTS (
      SELECT FROM providers_entitlement e
      WHERE e.record_id = r.id AND e.period_id = %(period)s
  )
