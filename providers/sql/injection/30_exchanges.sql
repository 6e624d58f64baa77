-- Purpose: one order per provider in this release. Inputs: order_judged, %(batch)s, %(period)s, %(stage)s, %(now)s.
-- Locks: none.
INSERT INTO providers_exchange
    (provider_id, purpose, period_id, stage, status, batch_id, rows, control_sum, sha256, size, counts, created_at)
SELECT DISTINCT provider_id, 'INJECT', %(period)s::bigint, %(stage)s::int, 'PREPARING', %(batch)s::bigint, 0, '', '', 0,
       '{}'::jsonb, %(now)s::timestamptz
FROM order_judged
WHERE verdict = 'ordered'
ON CONFLICT (batch_id, provider_id, purpose) DO NOTHING
