-- Who may write history, looks and sign-ins; changed phone numbers; resets of a second factor; the owner's way in.

CREATE OR REPLACE FUNCTION people_audit_keep_six_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - interval '6 months' THEN
        RAISE EXCEPTION 'DELETE of %: refused before six months are over', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER people_look_is_never_changed BEFORE UPDATE OR TRUNCATE ON people_look
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER people_look_is_kept_six_months BEFORE DELETE ON people_look
FOR EACH ROW EXECUTE FUNCTION people_audit_keep_six_months();
CREATE OR REPLACE TRIGGER people_sign_in_is_never_changed BEFORE UPDATE OR TRUNCATE ON people_sign_in
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER people_sign_in_is_kept_six_months BEFORE DELETE ON people_sign_in
FOR EACH ROW EXECUTE FUNCTION people_audit_keep_six_months();

CREATE OR REPLACE FUNCTION people_owns(the_table regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = the_table
$$;

CREATE OR REPLACE FUNCTION people_reencrypts(the_table regclass, old_token text, new_token text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('charity_hub.reencrypting', true), '') = 'on'
       AND people_owns(the_table)
       -- The same text under another key is a token of the same length.
       AND old_token <> '' AND new_token ~ '^gAAAA[A-Za-z0-9_=-]+$' AND length(old_token) = length(new_token)
$$;

CREATE OR REPLACE FUNCTION people_phone_change_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_phone_change (person_id, old, new, by_id)
    VALUES (NEW.id, OLD.phone, NEW.phone,
            (nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER people_phone_change_is_recorded AFTER UPDATE ON people_user FOR EACH ROW
WHEN (OLD.phone IS DISTINCT FROM NEW.phone
      AND (OLD.last_login IS NOT NULL OR OLD.date_joined < now() - interval '1 day'))
EXECUTE FUNCTION people_phone_change_record();
CREATE OR REPLACE TRIGGER people_phone_change_is_never_changed
BEFORE UPDATE OR DELETE OR TRUNCATE ON people_phone_change
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION people_factor_change_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor bigint := (nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint;
    moved boolean := TG_OP <> 'UPDATE' OR OLD.user_id <> NEW.user_id;
BEGIN
    IF people_door_is_open(TG_RELID) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND moved THEN
        INSERT INTO people_factor_change (person_id, factor, type, event, by_id)
        VALUES (OLD.user_id, OLD.id, OLD.type, 'removed', actor);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO people_factor_change (person_id, factor, type, event, by_id)
        VALUES (NEW.user_id, NEW.id, NEW.type, CASE WHEN moved THEN 'added' ELSE 'changed' END, actor);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER people_factor_is_recorded AFTER INSERT OR DELETE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION people_factor_change_record();
CREATE OR REPLACE TRIGGER people_changed_factor_is_recorded AFTER UPDATE ON mfa_authenticator FOR EACH ROW
    WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.user_id IS DISTINCT FROM NEW.user_id
          OR OLD.type IS DISTINCT FROM NEW.type OR OLD.data IS DISTINCT FROM NEW.data)
    EXECUTE FUNCTION people_factor_change_record();
CREATE OR REPLACE TRIGGER people_factors_are_never_emptied BEFORE TRUNCATE ON mfa_authenticator
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION people_factor_reset_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rule text;
    wait interval := make_interval(hours => NEW.wait_hours);
BEGIN
    IF TG_OP = 'INSERT' THEN
        rule := CASE WHEN NEW.actor_id IS NOT NULL AND NEW.state <> 'asked'
            THEN 'factor_reset_begins_when_it_is_asked_for' END;
    ELSE
        rule := CASE
            WHEN OLD.state IN ('withdrawn', 'executed') THEN 'factor_reset_that_has_ended_stays'
            WHEN (NEW.person_id, NEW.actor_id, NEW.reason, NEW.at, NEW.wait_hours)
                 IS DISTINCT FROM (OLD.person_id, OLD.actor_id, OLD.reason, OLD.at, OLD.wait_hours)
                THEN 'factor_reset_stays_as_asked'
            WHEN OLD.state = 'confirmed' AND (NEW.state = 'asked' OR (NEW.grounds, NEW.confirmed_by_id)
                 IS DISTINCT FROM (OLD.grounds, OLD.confirmed_by_id))
                THEN 'factor_reset_stays_confirmed'
            WHEN OLD.state = 'asked' AND NEW.state = 'executed' AND NEW.grounds <> 'alone'
                THEN 'factor_reset_is_confirmed_first'
            WHEN NEW.state = 'executed' AND NEW.grounds = 'alone' AND NEW.at > now() - wait
                THEN 'factor_reset_waits'
            WHEN NEW.state = 'executed' AND EXISTS (
                SELECT FROM people_phone_change c WHERE c.person_id = NEW.person_id AND c.at > now() - wait
            ) THEN 'factor_reset_waits_after_a_changed_number'
        END;
    END IF;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION '% of %: refused, %', TG_OP, TG_TABLE_NAME, rule
        USING ERRCODE = 'restrict_violation', CONSTRAINT = rule, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER people_factor_reset_keeps_its_rules BEFORE INSERT OR UPDATE ON people_factor_reset
FOR EACH ROW EXECUTE FUNCTION people_factor_reset_guard();
CREATE OR REPLACE TRIGGER people_factor_reset_is_never_removed BEFORE DELETE OR TRUNCATE ON people_factor_reset
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION people_was_administrator(the_person bigint, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT e.is_superuser AND e.is_active FROM people_user_event e
        WHERE e.pgh_obj_id = the_person AND e.pgh_created_at <= moment ORDER BY e.pgh_id DESC LIMIT 1
    ), false)
$$;

-- A role that waits is confirmed as it is held, by an administrator who waits no more and did not give it.
CREATE OR REPLACE FUNCTION people_role_confirmation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rule text;
BEGIN
    rule := CASE
        WHEN NOT people_was_administrator(NEW.confirmed_by_id, clock_timestamp())
            OR NOT people_was_administrator(
                NEW.confirmed_by_id, clock_timestamp() - make_interval(hours => NEW.wait_hours))
            THEN 'role_is_confirmed_by_an_administrator'
        WHEN NEW.membership_id IS NULL AND NOT people_was_administrator(NEW.person_id, clock_timestamp())
            OR NEW.membership_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM people_membership m WHERE m.id = NEW.membership_id AND m.user_id = NEW.person_id
                    AND m.role = NEW.role AND m.organization_id IS NOT DISTINCT FROM NEW.organization_id)
            THEN 'role_is_confirmed_as_it_is_held'
        WHEN NEW.membership_id IS NULL AND EXISTS (
            SELECT FROM people_user_event e JOIN pghistory_context c ON c.id = e.pgh_context_id
            WHERE e.pgh_obj_id = NEW.person_id AND e.is_superuser AND e.is_active
                AND (c.metadata ->> 'user')::bigint = NEW.confirmed_by_id
                AND NOT coalesce((
                    SELECT b.is_superuser AND b.is_active FROM people_user_event b
                    WHERE b.pgh_obj_id = e.pgh_obj_id AND b.pgh_id < e.pgh_id ORDER BY b.pgh_id DESC LIMIT 1
                ), false)
        ) OR EXISTS (
            SELECT FROM people_membership_event e JOIN pghistory_context c ON c.id = e.pgh_context_id
            WHERE e.pgh_obj_id = NEW.membership_id AND (c.metadata ->> 'user')::bigint = NEW.confirmed_by_id
        ) THEN 'role_is_not_confirmed_by_who_gave_it'
    END;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION '% of %: refused, %', TG_OP, TG_TABLE_NAME, rule
        USING ERRCODE = 'restrict_violation', CONSTRAINT = rule, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER people_role_confirmation_keeps_its_rules BEFORE INSERT ON people_role_confirmation
FOR EACH ROW EXECUTE FUNCTION people_role_confirmation_guard();

CREATE OR REPLACE FUNCTION people_door_is_open(the_table regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('charity_hub.reencrypting', true), '') = 'on' AND people_owns(the_table)
$$;

CREATE OR REPLACE FUNCTION people_context_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.created_at) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    NEW.metadata := NEW.metadata || jsonb_strip_nulls(OLD.metadata);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER history_context_only_grows BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION people_context_only_grows();
CREATE OR REPLACE TRIGGER history_context_is_never_emptied BEFORE TRUNCATE ON pghistory_context
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION people_owners_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT people_owns(TG_RELID) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER content_types_are_the_owners
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON django_content_type
    FOR EACH STATEMENT EXECUTE FUNCTION people_owners_alone();

CREATE OR REPLACE FUNCTION people_factor_reset_confirmer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' OR NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id) AND NOT EXISTS (
        SELECT FROM people_user u WHERE u.id = NEW.confirmed_by_id AND u.is_superuser AND u.is_active
    ) THEN
        RAISE EXCEPTION '% of %: refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER factor_reset_is_confirmed_by_an_administrator
    AFTER INSERT OR UPDATE OF confirmed_by_id ON people_factor_reset
    FOR EACH ROW WHEN (NEW.confirmed_by_id IS NOT NULL) EXECUTE FUNCTION people_factor_reset_confirmer();
