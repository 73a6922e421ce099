CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                     -- system for users' own; else what the check or rule behind it is
    owner_id TEXT NOT NULL,                 -- the user whose rights it runs with; may be gone
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    flux TEXT NOT NULL,
    every TEXT NOT NULL,                    -- a Flux duration, or empty
    cron TEXT NOT NULL,                     -- or empty
    time_offset BIGINT NOT NULL,            -- nanoseconds, may be negative
    latest_completed BIGINT NOT NULL,       -- the time the newest finished run was for
    latest_scheduled BIGINT NOT NULL,
    latest_success BIGINT,
    latest_failure BIGINT,
    last_run_status TEXT NOT NULL,
    last_run_error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT                       -- null as long as nothing changed
);
CREATE INDEX tasks_by_org ON tasks (org_id, kind, id);
CREATE INDEX tasks_by_name ON tasks (org_id, kind, name, id);
CREATE INDEX tasks_by_owner ON tasks (owner_id, kind, id);

CREATE TABLE task_runs (
    id TEXT PRIMARY KEY,
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    scheduled_for BIGINT NOT NULL,          -- the now() of the script
    run_at BIGINT NOT NULL,                 -- when it is due: scheduled_for and the offset
    requested_at BIGINT,                    -- when somebody asked for it by hand
    started_at BIGINT,
    finished_at BIGINT,
    log TEXT NOT NULL                       -- JSON array of {time, message}
);
CREATE INDEX task_runs_by_task ON task_runs (task_id, scheduled_for, id)
