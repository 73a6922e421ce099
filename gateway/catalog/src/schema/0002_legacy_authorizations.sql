-- v1 users: the token is a user name and no secret; without a password it opens nothing.
CREATE TABLE legacy_authorizations (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    status TEXT NOT NULL,
    description TEXT NOT NULL,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX legacy_authorizations_by_org ON legacy_authorizations (org_id);
CREATE INDEX legacy_authorizations_by_user ON legacy_authorizations (user_id)
