-- Purpose: the ordered claims are RELEASED with their package. Inputs: order_judged, %(now)s.
-- Locks: those claims and records (held already).
UPDATE providers_entitlement e
SET stage = 'RELEASED', stage_at = %(now)s, package_id = j.package_id
FROM order_judged j
WHERE e.id = j.id AND j.verdict = 'ordered'
