//! The tables of the file index.

use weir_database::Migration;

/// Whose tables these are, in the database's list of migrations.
pub(crate) const OWNER: &str = "store";

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "file index",
    sql: "
        CREATE TABLE store_counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
        INSERT INTO store_counters (name, value) VALUES ('shard_group', 0);

        CREATE TABLE shard_groups (
            id BIGINT PRIMARY KEY,
            bucket TEXT NOT NULL,
            start_time BIGINT NOT NULL,
            stop_time BIGINT NOT NULL,
            UNIQUE (bucket, start_time)
        );

        CREATE TABLE segments (
            id BIGINT PRIMARY KEY,
            bucket TEXT NOT NULL,
            shard_group BIGINT NOT NULL,
            measurement TEXT NOT NULL,
            object TEXT NOT NULL,
            data_start BIGINT NOT NULL,
            data_stop BIGINT NOT NULL,
            tail_start BIGINT NOT NULL,
            index_start BIGINT NOT NULL,
            index_stop BIGINT NOT NULL,
            row_count BIGINT NOT NULL,
            series_count BIGINT NOT NULL,
            min_time BIGINT NOT NULL,
            max_time BIGINT NOT NULL,
            min_sequence BIGINT NOT NULL,
            max_sequence BIGINT NOT NULL,
            deletes_applied BIGINT NOT NULL,
            fields TEXT NOT NULL,
            tag_keys TEXT NOT NULL,
            created BIGINT NOT NULL
        );
        CREATE INDEX segments_by_measurement ON segments (bucket, measurement, max_time);
        CREATE INDEX segments_by_shard_group ON segments (bucket, shard_group);
        CREATE INDEX segments_by_object ON segments (object);

        CREATE TABLE listing_versions (bucket TEXT PRIMARY KEY, version BIGINT NOT NULL);

        CREATE TABLE garbage_objects (object TEXT PRIMARY KEY, since BIGINT NOT NULL);

        CREATE TABLE field_types (
            bucket TEXT NOT NULL,
            shard_group BIGINT NOT NULL,
            measurement TEXT NOT NULL,
            field TEXT NOT NULL,
            type TEXT NOT NULL,
            PRIMARY KEY (bucket, shard_group, measurement, field)
        );
        CREATE TABLE field_type_versions (bucket TEXT PRIMARY KEY, version BIGINT NOT NULL);

        CREATE TABLE tombstones (
            bucket TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            start_time BIGINT NOT NULL,
            stop_time BIGINT NOT NULL,
            predicate TEXT NOT NULL,
            PRIMARY KEY (bucket, sequence)
        )",
}];
