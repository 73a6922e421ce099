-- What templates have made.
CREATE TABLE stacks (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,                     -- that of the last event
    created_at BIGINT NOT NULL
);
CREATE INDEX stacks_by_org ON stacks (org_id, id);

-- What became of a stack, in order. The last event is its state.
CREATE TABLE stack_events (
    stack_id TEXT NOT NULL REFERENCES stacks (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    resources TEXT NOT NULL,                -- JSON array of objects
    sources TEXT NOT NULL,                  -- JSON array of strings
    urls TEXT NOT NULL,                     -- JSON array of strings
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (stack_id, place)
)
