-- One row, raised by every change.
CREATE TABLE catalog_version (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO catalog_version (id, version) VALUES (1, 1);

CREATE TABLE orgs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,          -- the name without surrounding space
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL
);

CREATE TABLE passwords (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash TEXT NOT NULL
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    key_hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Members and owners. The resource may be of any type, so it is not a reference: whoever deletes one deletes these.
CREATE TABLE members (
    resource_id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    resource_type TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (resource_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, resource_type);

CREATE TABLE buckets (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    rp TEXT NOT NULL,                       -- the retention policy's name of a bucket that came from v1
    retention BIGINT NOT NULL,              -- nanoseconds, 0 for ever
    shard_group_duration BIGINT NOT NULL,   -- nanoseconds
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, name)
);

-- Tokens outlive their organization and user (and then give nothing), so these are not references.
CREATE TABLE authorizations (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    description TEXT NOT NULL,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    permissions TEXT NOT NULL,              -- JSON
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX authorizations_by_org ON authorizations (org_id);
CREATE INDEX authorizations_by_user ON authorizations (user_id);

CREATE TABLE labels (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,                 -- the name in lower case
    properties TEXT NOT NULL,               -- JSON object of strings
    UNIQUE (org_id, name_key)
);

CREATE TABLE label_mappings (
    resource_id TEXT NOT NULL,
    label_id TEXT NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
    resource_type TEXT NOT NULL,
    PRIMARY KEY (resource_id, label_id)
);
CREATE INDEX label_mappings_by_label ON label_mappings (label_id);

CREATE TABLE dbrps (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    bucket_id TEXT NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
    db TEXT NOT NULL,
    rp TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    UNIQUE (org_id, db, rp)
);
CREATE INDEX dbrps_by_bucket ON dbrps (bucket_id);

-- Processes that serve other processes.
CREATE TABLE nodes (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    address TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    heartbeat_at BIGINT NOT NULL
)
