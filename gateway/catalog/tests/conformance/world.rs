//! What a case stands in: a fresh catalog, a clock that stands still, and short ways to make things.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use weir_catalog::*;
use weir_database::{Database, Options};
use weir_model::*;

/// A clock that moves when it is told; real randomness.
pub(crate) struct Clock(AtomicI64);

impl Surroundings for Clock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        System.fill_random(bytes);
    }
}

pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) clock: Arc<Clock>,
    pub(crate) catalog: Catalog,
}

impl World {
    pub(crate) async fn new(url: String) -> Self {
        let clock = Arc::new(Clock(AtomicI64::new(1_700_000_000_000_000_000)));
        let catalog = open(&url, clock.clone()).await;
        Self { url, clock, catalog }
    }

    /// Another process's catalog on the same database.
    pub(crate) async fn other(&self) -> Catalog {
        open(&self.url, self.clock.clone()).await
    }

    pub(crate) fn pass(&self, nanoseconds: i64) {
        self.clock.0.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    pub(crate) async fn org(&self, name: &str) -> Org {
        self.catalog.create_org(NewOrg { name: name.into(), ..NewOrg::default() }, None).await.unwrap()
    }

    pub(crate) async fn user(&self, name: &str) -> User {
        self.catalog.create_user(NewUser { name: name.into(), ..NewUser::default() }).await.unwrap()
    }

    pub(crate) async fn bucket(&self, org: &Org, name: &str) -> Bucket {
        self.catalog.create_bucket(new_bucket(org.id, name)).await.unwrap()
    }

    pub(crate) async fn label(&self, org: &Org, name: &str) -> Label {
        let new = NewLabel { org_id: org.id, name: name.into(), properties: Default::default() };
        self.catalog.create_label(new).await.unwrap()
    }

    pub(crate) async fn dbrp(&self, bucket: &Bucket, database: &str, policy: &str) -> Dbrp {
        self.catalog.create_dbrp(new_dbrp(bucket, database, policy)).await.unwrap()
    }

    pub(crate) async fn token(
        &self,
        org: &Org,
        user: &User,
        permissions: Vec<Permission>,
    ) -> (Authorization, String) {
        self.catalog.create_authorization(new_authorization(org, user, permissions)).await.unwrap()
    }

    /// The catalog as a token with these permissions sees it.
    pub(crate) fn holding(&self, user: Id, permissions: Vec<Permission>) -> Authorized {
        let credential = Credential::Token { id: user, org_id: user, active: true };
        self.catalog.authorized(Caller::new(user, credential, permissions))
    }
}

async fn open(url: &str, clock: Arc<Clock>) -> Catalog {
    let database = Database::connect(url, &Options::default()).await.unwrap();
    let keys = SecretKeys::parse(&"ab".repeat(32)).unwrap();
    Catalog::open_with(database, clock, Some(keys)).await.unwrap()
}

pub(crate) fn new_bucket(org_id: Id, name: &str) -> NewBucket {
    NewBucket {
        org_id,
        name: name.into(),
        description: String::new(),
        rp: String::new(),
        retention_rules: vec![],
    }
}

pub(crate) fn new_variable(org_id: Id, name: &str) -> NewVariable {
    let arguments = serde_json::json!({"type": "constant", "values": ["a", "b"]});
    NewVariable {
        org_id,
        name: name.into(),
        description: String::new(),
        selected: None,
        arguments: Arguments::new(&arguments).unwrap(),
    }
}

pub(crate) fn new_telegraf(org_id: Id, config: &str) -> NewTelegraf {
    NewTelegraf {
        org_id,
        name: "agent".into(),
        description: String::new(),
        config: config.into(),
        buckets: vec![],
    }
}

pub(crate) fn new_dashboard(org_id: Id, owner_id: Id, name: &str) -> NewDashboard {
    NewDashboard { org_id, name: name.into(), description: String::new(), owner_id, cells: vec![] }
}

pub(crate) fn new_task(org_id: Id, owner_id: Id, flux: &str) -> NewTask {
    NewTask { org_id, owner_id, description: String::new(), status: Status::Active, flux: flux.into() }
}

pub(crate) fn new_scraper(bucket: &Bucket, name: &str) -> NewScraper {
    NewScraper {
        org_id: bucket.org_id,
        bucket_id: bucket.id,
        name: name.into(),
        kind: "prometheus".into(),
        url: "http://localhost:1/metrics".into(),
        allow_insecure: false,
    }
}

pub(crate) fn new_dbrp(bucket: &Bucket, database: &str, policy: &str) -> NewDbrp {
    NewDbrp {
        org_id: bucket.org_id,
        bucket_id: bucket.id,
        database: database.into(),
        retention_policy: policy.into(),
        default: false,
    }
}

pub(crate) fn new_authorization(org: &Org, user: &User, permissions: Vec<Permission>) -> NewAuthorization {
    NewAuthorization {
        org_id: org.id,
        user_id: user.id,
        status: Status::Active,
        description: String::new(),
        permissions,
        token: None,
    }
}

pub(crate) fn nobody() -> Id {
    "0123456789abcdef".parse().unwrap()
}

/// The code and the message of a refusal.
#[track_caller]
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T>) -> (ErrorCode, String) {
    let error = result.unwrap_err();
    (error.code, error.message)
}

/// Asserts that a result is a refusal with this code and message.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>, code: ErrorCode, message: &str) {
    assert_eq!(refusal(result), (code, message.to_owned()));
}

pub(crate) fn page(limit: u32, offset: u32) -> Paging {
    Paging { limit: Some(limit), offset, ..Paging::default() }
}
