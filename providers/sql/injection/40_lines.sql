-- Purpose: the frozen order lines. Inputs: order_judged, %(batch)s, %(most)s lines of an exchange at most. Locks: none; callers serialise per period.
INSERT INTO providers_exchangeline
    (exchange_id, purpose, line_no, record_id, entitlement_id, person_id, grade, npsn, number, gigabytes,
     outcome, code, is_stale, is_contradicted, live)
SELECT x.id, 'INJECT', coalesce(h.last, 0) + row_number() OVER (PARTITION BY x.id ORDER BY j.id),
       j.record_id, j.id, j.person_id, j.grade, j.npsn, j.number, j.gigabytes, '', '', false, false, true
FROM order_judged j
JOIN providers_exchange x ON x.batch_id = %(batch)s AND x.provider_id = j.provider_id AND x.purpose = 'INJECT'
 AND x.status = 'PREPARING'
LEFT JOIN LATERAL (SELECT line_no AS last FROM providers_exchangeline
                   WHERE id > x.id * %(most)s::bigint AND id < (x.id + 1) * %(most)s::bigint
                   ORDER BY id DESC LIMIT 1) h ON true
WHERE j.verdict = 'ordered'
