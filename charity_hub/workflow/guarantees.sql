-- The history of states.

CREATE OR REPLACE TRIGGER workflow_transition_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON workflow_transition
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
