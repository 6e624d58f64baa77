-- Purpose: which chosen claims may be ordered now, and why the others may not; the package is that of the kind of
-- recipient, the provider's own before the common one.
-- Inputs: order_chosen, %(period)s, %(batch)s, %(now)s. Output: order_judged. Locks: none.
CREATE TEMP TABLE order_judged ON COMMIT DROP AS
SELECT e.id, e.record_id, e.provider_id, e.number, r.person_id, r.grade, s.npsn, g.id AS package_id, g.gigabytes,
       CASE WHEN r.eligibility <> 'OK' AND (p.is_current OR r.eligibility NOT IN ('NOT_SERVED', 'RECEIVES_PIP'))
                THEN 'held_not_eligible'
            WHEN p.holds_no_coverage AND s.no_coverage THEN 'held_no_coverage'
            WHEN r.state NOT IN ('ACTIVE', 'POSTPAID') OR r.number <> e.number
                 OR r.answered_at IS NULL OR r.answered_at < %(now)s - make_interval(days => p.answer_valid_days) THEN 'asked_again'
            WHEN (SELECT count(*) FROM providers_phonerecord o
                  WHERE o.number = e.number AND o.number <> '' AND o.eligibility = 'OK')
                 > p.sharing_max THEN 'held_shared'
            WHEN g.id IS NULL THEN 'no_package'
            WHEN EXISTS (SELECT FROM providers_exchangeline l
                         WHERE l.record_id = e.record_id AND l.purpose = 'INJECT' AND l.live) THEN 'waiting_for_report'
            -- The order of this release is with the provider already, or was not begun: its content is frozen.
            WHEN NOT EXISTS (SELECT FROM providers_exchange x
                             WHERE x.batch_id = %(batch)s AND x.provider_id = e.provider_id AND x.purpose = 'INJECT'
                               AND x.status = 'PREPARING') THEN 'next_release'
            ELSE 'ordered'
       END AS verdict
FROM order_chosen c
JOIN providers_entitlement e ON e.id = c.id AND e.live AND e.stage = 'APPROVED' AND e.period_id = %(period)s
JOIN providers_phonerecord r ON r.id = e.record_id
JOIN schools_school s ON s.id = e.school_id
JOIN schools_period p ON p.id = e.period_id
LEFT JOIN LATERAL (
    SELECT k.id, k.general_gb + k.learning_gb AS gigabytes
    FROM providers_package k
    WHERE k.period_id = e.period_id AND k.role = e.role AND k.jenjang = s.jenjang
      AND (k.provider_id = e.provider_id OR k.provider_id IS NULL)
    ORDER BY k.provider_id NULLS LAST
    LIMIT 1
) g ON true
