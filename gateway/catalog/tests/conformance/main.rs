//! One suite, run on both databases.
// The cases are plain functions of a test, so what tests may do is allowed by name.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod authorizations;
mod buckets;
mod dashboards;
mod dbrps;
mod labels;
mod legacy;
mod monitoring;
mod nodes;
mod orgs;
mod pages;
mod postgres;
mod private;
mod refusals;
mod refusals_of_documents;
mod remotes;
mod scrapers;
mod secrets;
mod setup;
mod sources;
mod stacks;
mod tasks;
mod telegrafs;
mod users;
mod variables;
mod world;

use world::World;

/// Runs every case on a fresh catalog that `$fresh` makes.
macro_rules! suite {
    ($fresh:expr) => {
        suite!(@ $fresh;
            setup::makes_all_or_nothing, setup::happens_once, setup::processes_may_start_together,
            setup::versions_rise,
            orgs::life, orgs::names, orgs::lists, orgs::deletion_cascades,
            users::life, users::lists, users::passwords_and_sessions, users::memberships_and_rights,
            buckets::life, buckets::refusals, buckets::lists_by_name, buckets::lists_by_id,
            authorizations::life, authorizations::refusals, authorizations::outlive_users,
            authorizations::names_beside_ids,
            legacy::life,
            labels::life, labels::on_resources,
            dbrps::defaults, dbrps::virtual_mappings, dbrps::go_with_their_bucket,
            nodes::come_and_go,
            variables::life, variables::names, variables::lists, secrets::life, secrets::are_unreadable_elsewhere,
            telegrafs::life, dashboards::life, dashboards::lists, dashboards::cells_and_views, scrapers::life,
            sources::life, remotes::life, remotes::replicate, private::notebooks, private::annotations, stacks::life, stacks::rights,
            tasks::life, tasks::lists, tasks::runs, tasks::go_with_their_org, tasks::refusals,
            pages::of_dashboards, pages::of_tokens,
            monitoring::checks, monitoring::endpoints, monitoring::rules,
            refusals::of_orgs_and_users, refusals::of_buckets, refusals::of_tokens, refusals::of_labels_and_members,
            refusals::of_dbrps, refusals::of_inactive_tokens, refusals_of_documents::of_every_kind,
            refusals_of_documents::of_secrets,
        )
    };
    (@ $fresh:expr; $($case:path),* $(,)?) => {$(
        {
            // Shown by the test harness when the case fails.
            println!("case {}", stringify!($case));
            // On the heap: connecting and the cases are large, and a test's stack is small.
            let world = Box::pin(World::new($fresh)).await;
            Box::pin($case(world)).await;
        }
    )*};
}

#[tokio::test]
async fn on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let mut count = 0;
    suite!({
        count += 1;
        // In a file, as in production; without a disk's sync it would test another code path.
        format!("sqlite:{}", dir.path().join(format!("{count}.db")).display())
    });
}

#[tokio::test]
async fn on_postgres() {
    let cluster = postgres::Cluster::start();
    suite!(cluster.new_database().await);
}
