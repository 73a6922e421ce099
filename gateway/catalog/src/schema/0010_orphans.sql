-- A token whose organization or user is gone is not listed. It is marked when they go, so that lists ask one index.
ALTER TABLE authorizations ADD COLUMN orphaned BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE authorizations SET orphaned = TRUE
    WHERE org_id NOT IN (SELECT id FROM orgs) OR user_id NOT IN (SELECT id FROM users);
CREATE INDEX authorizations_of_org ON authorizations (org_id, orphaned, id);
DROP INDEX authorizations_by_org_and_id;
CREATE INDEX authorizations_of_user ON authorizations (user_id, orphaned, id);
DROP INDEX authorizations_by_user_and_id;
CREATE INDEX authorizations_in_order ON authorizations (orphaned, id);

ALTER TABLE legacy_authorizations ADD COLUMN orphaned BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE legacy_authorizations SET orphaned = TRUE
    WHERE org_id NOT IN (SELECT id FROM orgs) OR user_id NOT IN (SELECT id FROM users);
CREATE INDEX legacy_authorizations_of_org ON legacy_authorizations (org_id, orphaned, id);
DROP INDEX legacy_authorizations_by_org_and_id;
CREATE INDEX legacy_authorizations_of_user ON legacy_authorizations (user_id, orphaned, id);
DROP INDEX legacy_authorizations_by_user_and_id;
CREATE INDEX legacy_authorizations_in_order ON legacy_authorizations (orphaned, id)
