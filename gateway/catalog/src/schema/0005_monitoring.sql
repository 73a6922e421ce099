CREATE TABLE checks (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    owner_id TEXT NOT NULL,                 -- the user that made it; may be gone
    task_id TEXT NOT NULL,                  -- the task that runs it; may be gone
    query TEXT NOT NULL,                    -- JSON object
    kind TEXT NOT NULL,                     -- JSON object: the type, and what only checks of that type have
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, name)
);
CREATE INDEX checks_by_org ON checks (org_id, id);

CREATE TABLE notification_endpoints (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,                     -- JSON object: the type, and what only endpoints of that type have
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (org_id, name)
);
CREATE INDEX notification_endpoints_by_org ON notification_endpoints (org_id, id);

CREATE TABLE notification_rules (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    owner_id TEXT NOT NULL,                 -- the user that made it; may be gone
    task_id TEXT NOT NULL,                  -- the task that runs it; may be gone
    endpoint_id TEXT NOT NULL,              -- may be gone
    kind TEXT NOT NULL,                     -- JSON object: the type, when it tells, and what only that type has
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX notification_rules_by_org ON notification_rules (org_id, id);
CREATE INDEX notification_rules_by_endpoint ON notification_rules (endpoint_id, id);

-- The tags that rules ask for, again: what lists are filtered by.
CREATE TABLE notification_rule_tags (
    rule_id TEXT NOT NULL REFERENCES notification_rules (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    value TEXT NOT NULL,
    operator TEXT NOT NULL
);
CREATE INDEX notification_rule_tags_by_rule ON notification_rule_tags (rule_id)
