-- Purpose: the life of a claim (Entitlement), enforced where nobody can go round it: which record may be claimed, which
-- stage follows which, and the mirror of the stage on the record for the current period.
-- Locks, until the transaction ends: the open periods, shared, so that none is closed and no other becomes current under a
-- claim that is on its way; then the records of the changed claims, in the order of their ids. Who needs both holds claims
-- before records.

-- Why a record may not be claimed in a period at a moment; NULL when it may.
-- By index whatever the table's size was when the session made its plan; the index on numbers holds no empty ones, which
-- the plan can only know when it is told.
CREATE OR REPLACE FUNCTION providers_claim_refusal(r providers_phonerecord, p schools_period, at timestamptz)
RETURNS text LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT CASE
        WHEN p.status <> 'OPEN' THEN 'PERIOD_NOT_OPEN'
        WHEN r.eligibility <> 'OK' THEN 'NOT_ELIGIBLE'
        WHEN r.state NOT IN ('ACTIVE', 'POSTPAID') THEN 'NOT_USABLE'
        WHEN r.answered_at IS NULL OR r.answered_at < at - make_interval(days => p.answer_valid_days) THEN 'ANSWER_TOO_OLD'
        WHEN r.ownership = '' THEN 'OWNERSHIP_MISSING'
        WHEN sharers.n > p.sharing_max THEN 'SHARED_STOPPED'
        WHEN sharers.n > p.sharing_confirm_above AND r.sharing_confirmed_at IS NULL THEN 'SHARED_TO_CONFIRM'
    END
    FROM (
        SELECT count(*) AS n FROM providers_phonerecord o
        WHERE o.number = r.number AND o.number <> '' AND o.eligibility = 'OK'
    ) AS sharers
$$;

CREATE OR REPLACE FUNCTION providers_hold_open_periods() RETURNS void LANGUAGE sql AS $$
    SELECT FROM schools_period WHERE status = 'OPEN' ORDER BY id FOR SHARE
$$;

CREATE OR REPLACE FUNCTION providers_lock_claimed_records(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    SELECT FROM providers_phonerecord WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE
$$;

-- By index whatever the table's size was when the session made its plan: one made for a few claims would read them all.
CREATE OR REPLACE FUNCTION providers_current_stage(record bigint) RETURNS text
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT coalesce((
        SELECT e.stage FROM providers_entitlement e
        WHERE e.record_id = record AND e.live
          AND e.period_id + 0 = (SELECT p.id FROM schools_period p WHERE p.is_current)  -- + 0: not by the period's index
    ), '')
$$;

-- One short look at the claims for each record: a join of two sets whose sizes nobody told the planner could take all pairs.
CREATE OR REPLACE FUNCTION providers_mirror_stage(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE providers_phonerecord r
    SET stage = claim.stage
    FROM (
        SELECT touched.id, providers_current_stage(touched.id) AS stage FROM unnest(ids) AS touched (id) OFFSET 0
    ) AS claim
    WHERE r.id = claim.id AND r.stage <> claim.stage
$$;

-- The same for all records of a range of schools, after another period has become current; returns how many differed.
CREATE OR REPLACE FUNCTION providers_mirror_schools(first_school bigint, last_school bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := (
        SELECT array_agg(r.id)
        FROM providers_phonerecord r
        WHERE r.school_id BETWEEN first_school AND last_school AND r.stage <> providers_current_stage(r.id)
    );
BEGIN
    -- Held first and read again: a claim that moved meanwhile has moved its record by then, or will.
    PERFORM providers_lock_claimed_records(ids);
    PERFORM providers_mirror_stage(ids);
    RETURN coalesce(cardinality(ids), 0);
END
$$;

-- The record and the claim before are looked up one by one, by their keys: a join planned when both tables had a few rows
-- would go through all of them for each new claim.
CREATE OR REPLACE FUNCTION providers_check_new_claims() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    ids bigint[] := (SELECT array_agg(DISTINCT record_id) FROM new_rows);
    refused record;
BEGIN
    PERFORM providers_hold_open_periods();
    PERFORM providers_lock_claimed_records(ids);
    SELECT c.record_id, coalesce(
        CASE WHEN (c.number, c.provider_id, c.school_id, c.role)
                  IS DISTINCT FROM ((s.r).number, (s.r).provider_id, (s.r).school_id, (s.r).role)
             THEN 'RECORD_CHANGED' END,
        CASE WHEN c.slot NOT BETWEEN 1 AND p.sharing_max THEN 'SLOT_OUT_OF_RANGE' END,
        CASE WHEN c.stage = 'STATED' AND c.ownership <> (s.r).ownership THEN 'RECORD_CHANGED'
             WHEN c.stage = 'STATED' THEN providers_claim_refusal(s.r, p, c.stage_at)
             WHEN c.stage <> 'APPROVED' OR c.carried_from_id IS NULL THEN 'STAGE_NOT_FIRST'
             WHEN p.status <> 'OPEN' OR NOT p.carries_over
                  OR (s.r).eligibility <> 'OK' OR (s.r).state NOT IN ('ACTIVE', 'POSTPAID')
                  OR (f.record_id, f.number, f.school_id, f.stage)
                     IS DISTINCT FROM (c.record_id, c.number, c.school_id, 'INJECTED') THEN 'NOT_CARRIED'
        END) AS reason
    INTO refused
    FROM new_rows c
    JOIN LATERAL (SELECT o FROM providers_phonerecord o WHERE o.id = c.record_id OFFSET 0) AS s (r) ON true
    JOIN schools_period p ON p.id = c.period_id
    LEFT JOIN LATERAL (
        SELECT o.record_id, o.number, o.school_id, o.stage
        FROM providers_entitlement o WHERE o.id = c.carried_from_id OFFSET 0
    ) AS f ON true
    ORDER BY reason NULLS LAST
    LIMIT 1;
    IF refused.reason IS NOT NULL THEN
        RAISE EXCEPTION 'record % may not be claimed: %', refused.record_id, refused.reason
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_allowed', DETAIL = refused.reason;
    END IF;
    PERFORM providers_mirror_stage(ids);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION providers_check_claim_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := (SELECT array_agg(DISTINCT record_id) FROM new_rows);
    wrong record;
BEGIN
    PERFORM providers_hold_open_periods();
    PERFORM providers_lock_claimed_records(ids);
    SELECT c.* INTO wrong
    FROM (
        -- Grouped instead of joined: see providers_request_sharing.
        SELECT id, max(stage) FILTER (WHERE before) AS came_from, max(stage) FILTER (WHERE NOT before) AS went_to,
               bool_or(closed) FILTER (WHERE before) AS was_closed, bool_or(closed) FILTER (WHERE NOT before) AS is_closed,
               count(DISTINCT (record_id, period_id, school_id, role, number, provider_id, ownership, slot,
                               coalesce(carried_from_id, 0))) > 1 AS is_another
        FROM (
            SELECT true AS before, o.* FROM old_rows o
            UNION ALL
            SELECT false, n.* FROM new_rows n
        ) AS both_rows
        GROUP BY id
    ) AS c
    WHERE c.is_another
       OR (c.was_closed AND NOT c.is_closed)
       OR (c.came_from <> c.went_to
           -- Who takes a cut-off back puts the claims back that it took out.
           AND NOT (c.came_from = 'DROPPED' AND coalesce(current_setting('vervalponsel.reverting', true), '') = 'on'
                    AND c.went_to IN ('STATED', 'UPLOADED', 'RETURNED', 'APPROVED'))
           -- The word that told of a failure meant a success.
           AND NOT (c.came_from IN ('FAILED', 'REVERSED') AND c.went_to = 'INJECTED' AND NOT c.was_closed
                    AND coalesce(current_setting('vervalponsel.correcting', true), '') = 'on')
           AND (c.was_closed OR (c.came_from, c.went_to) NOT IN (
            ('STATED', 'UPLOADED'), ('RETURNED', 'UPLOADED'),
            ('UPLOADED', 'APPROVED'), ('UPLOADED', 'RETURNED'), ('APPROVED', 'RETURNED'),
            ('STATED', 'VOIDED'), ('UPLOADED', 'VOIDED'), ('RETURNED', 'VOIDED'),
            ('STATED', 'DROPPED'), ('UPLOADED', 'DROPPED'), ('RETURNED', 'DROPPED'), ('APPROVED', 'DROPPED'),
            ('APPROVED', 'RELEASED'), ('RELEASED', 'INJECTED'), ('RELEASED', 'FAILED'),
            -- A reversal that overtakes its own success report means both.
            ('INJECTED', 'REVERSED'), ('RELEASED', 'REVERSED'),
            -- Failure and success reported of one order, in whichever order they come.
            ('FAILED', 'REVERSED'))))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'claim % cannot go from % to %', wrong.id, wrong.came_from, wrong.went_to
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_step_allowed';
    END IF;
    PERFORM providers_mirror_stage(ids);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER claim_insert AFTER INSERT ON providers_entitlement
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION providers_check_new_claims();
CREATE OR REPLACE TRIGGER claim_update AFTER UPDATE ON providers_entitlement
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION providers_check_claim_steps();

-- reverse:
DROP TRIGGER IF EXISTS claim_update ON providers_entitlement;
DROP TRIGGER IF EXISTS claim_insert ON providers_entitlement;
DROP FUNCTION IF EXISTS providers_check_claim_steps();
DROP FUNCTION IF EXISTS providers_check_new_claims();
DROP FUNCTION IF EXISTS providers_mirror_schools(bigint, bigint);
DROP FUNCTION IF EXISTS providers_mirror_stage(bigint[]);
DROP FUNCTION IF EXISTS providers_current_stage(bigint);
DROP FUNCTION IF EXISTS providers_lock_claimed_records(bigint[]);
DROP FUNCTION IF EXISTS providers_hold_open_periods();
DROP FUNCTION IF EXISTS providers_claim_refusal(providers_phonerecord, schools_period, timestamptz);
