-- Pages are read in an index's order, whatever they are of and however they are sorted.
CREATE INDEX authorizations_by_org_and_id ON authorizations (org_id, id);
DROP INDEX authorizations_by_org;
CREATE INDEX authorizations_by_user_and_id ON authorizations (user_id, id);
DROP INDEX authorizations_by_user;
CREATE INDEX legacy_authorizations_by_org_and_id ON legacy_authorizations (org_id, id);
DROP INDEX legacy_authorizations_by_org;
CREATE INDEX legacy_authorizations_by_user_and_id ON legacy_authorizations (user_id, id);
DROP INDEX legacy_authorizations_by_user;

CREATE INDEX tasks_by_status ON tasks (org_id, kind, status, id);

CREATE INDEX dashboards_by_name ON dashboards (name, id);
CREATE INDEX dashboards_by_creation ON dashboards (created_at, id);
CREATE INDEX dashboards_by_change ON dashboards (updated_at, id)
