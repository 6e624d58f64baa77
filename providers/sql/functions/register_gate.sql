-- Purpose: while a cut-off is being taken back nobody else changes what makes a number another or moves it on: half of the
-- register is as before, and what is written now would be lost or stand in the way.
-- Locks: none; who takes back waits for writers that were under way by locking the table once.

CREATE OR REPLACE FUNCTION providers_refuse_while_reverting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('vervalponsel.reverting', true), '') <> 'on'
       AND EXISTS (SELECT FROM schools_cutoffrun WHERE reverting_at IS NOT NULL AND reverted_at IS NULL) THEN
        RAISE EXCEPTION 'the register is being reverted' USING ERRCODE = 'VP001';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER record_gate
    BEFORE INSERT OR UPDATE OF number, state, ownership, asked_in_id, stage, confirmed_at, recheck_wanted_at, sharing_confirmed_at
    ON providers_phonerecord FOR EACH STATEMENT EXECUTE FUNCTION providers_refuse_while_reverting();
CREATE OR REPLACE TRIGGER claim_gate BEFORE INSERT OR UPDATE OF stage ON providers_entitlement
    FOR EACH STATEMENT EXECUTE FUNCTION providers_refuse_while_reverting();

-- reverse:
DROP TRIGGER IF EXISTS claim_gate ON providers_entitlement;
DROP TRIGGER IF EXISTS record_gate ON providers_phonerecord;
DROP FUNCTION IF EXISTS providers_refuse_while_reverting();
