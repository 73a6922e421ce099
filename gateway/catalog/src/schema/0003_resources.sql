CREATE TABLE variables (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,                 -- the name in lower case without surrounding space
    description TEXT NOT NULL,
    selected TEXT NOT NULL,                 -- JSON array of strings, or null
    arguments TEXT NOT NULL,                -- JSON object
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, name_key)
);

CREATE TABLE secrets (
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sealed TEXT NOT NULL,                   -- the value, encrypted
    PRIMARY KEY (org_id, name)
);

CREATE TABLE telegrafs (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    config TEXT NOT NULL,                   -- TOML
    buckets TEXT NOT NULL                   -- JSON array of strings
);
CREATE INDEX telegrafs_by_org ON telegrafs (org_id);

CREATE TABLE dashboards (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    owner_id TEXT NOT NULL,                 -- the user that made it
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX dashboards_by_org ON dashboards (org_id, id);

-- A cell and the one view it has.
CREATE TABLE cells (
    id TEXT NOT NULL,
    dashboard_id TEXT NOT NULL REFERENCES dashboards (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,                  -- in the order of the dashboard's cells
    x BIGINT NOT NULL,
    y BIGINT NOT NULL,
    w BIGINT NOT NULL,
    h BIGINT NOT NULL,
    view_name TEXT NOT NULL,
    view_properties TEXT NOT NULL,          -- JSON object
    PRIMARY KEY (dashboard_id, id)
);

CREATE TABLE scrapers (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    bucket_id TEXT NOT NULL,                -- may be gone
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    allow_insecure BOOLEAN NOT NULL
);
CREATE INDEX scrapers_by_org ON scrapers (org_id);

CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    fields TEXT NOT NULL                    -- JSON object
);
CREATE INDEX sources_by_org ON sources (org_id)
