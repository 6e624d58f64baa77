-- Purpose: the frozen order lines, numbered behind those of earlier pieces; pieces may leave gaps.
-- Inputs: order_judged, %(batch)s, %(before)s. Locks: none beyond the new rows.
INSERT INTO providers_exchangeline
    (exchange_id, purpose, line_no, record_id, entitlement_id, person_id, grade, npsn, number, gigabytes,
     outcome, code, is_stale, is_contradicted, live)
SELECT x.id, 'INJECT', %(before)s + row_number() OVER (PARTITION BY x.id ORDER BY j.id),
       j.record_id, j.id, j.person_id, j.grade, j.npsn, j.number, j.gigabytes, '', '', false, false, true
FROM order_judged j
JOIN providers_exchange x ON x.batch_id = %(batch)s AND x.provider_id = j.provider_id AND x.purpose = 'INJECT'
 AND x.status = 'PREPARING'
WHERE j.verdict = 'ordered'
