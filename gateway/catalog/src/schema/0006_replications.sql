CREATE TABLE remotes (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    url TEXT NOT NULL,
    sealed_token TEXT NOT NULL,             -- the token for the remote, encrypted
    remote_org_id TEXT,
    allow_insecure_tls BOOLEAN NOT NULL
);
CREATE INDEX remotes_by_org ON remotes (org_id, id);

CREATE TABLE replications (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    remote_id TEXT NOT NULL REFERENCES remotes (id) ON DELETE CASCADE,
    local_bucket_id TEXT NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
    remote_bucket_id TEXT,
    remote_bucket_name TEXT NOT NULL,       -- empty where there is an id
    max_queue_size BIGINT NOT NULL,         -- bytes
    max_age BIGINT NOT NULL,                -- seconds
    drop_non_retryable BOOLEAN NOT NULL,
    latest_response_code BIGINT,
    latest_error_message TEXT
);
CREATE INDEX replications_by_org ON replications (org_id, id);
CREATE INDEX replications_by_bucket ON replications (local_bucket_id);
CREATE INDEX replications_by_remote ON replications (remote_id);

CREATE TABLE notebooks (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    spec TEXT NOT NULL,                     -- JSON
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX notebooks_by_org ON notebooks (org_id, id);

CREATE TABLE streams (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, name)
);

CREATE TABLE annotations (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    stream_id TEXT NOT NULL REFERENCES streams (id) ON DELETE CASCADE,
    summary TEXT NOT NULL,
    message TEXT NOT NULL,
    stickers TEXT NOT NULL,                 -- JSON object of strings
    start_time BIGINT NOT NULL,
    end_time BIGINT NOT NULL
);
CREATE INDEX annotations_by_org ON annotations (org_id, start_time);
CREATE INDEX annotations_by_stream ON annotations (stream_id)
