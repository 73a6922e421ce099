//! The whole way from headers to callers, on a catalog in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use weir_catalog::*;
use weir_database::Database;
use weir_model::*;

use crate::{Authenticator, Options};

struct Clock(AtomicI64);

impl Surroundings for Clock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        System.fill_random(bytes);
    }
}

struct World {
    clock: Arc<Clock>,
    catalog: Catalog,
    auth: Authenticator,
    made: Onboarding,
}

const PASSWORD: &str = "correct-horse-1";
const MINUTE: i64 = 60_000_000_000;

impl World {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let clock = Arc::new(Clock(AtomicI64::new(1_700_000_000_000_000_000)));
        let database = Database::connect("sqlite::memory:", &Default::default()).await.unwrap();
        let catalog = Catalog::open(database, clock.clone()).await.unwrap();
        // The least cost that bcrypt allows: these tests are not about its strength.
        let auth = Authenticator::new(catalog.clone(), Options { bcrypt_cost: 4, ..options });
        let setup = Setup {
            username: "ann".into(),
            password_hash: Some(auth.hash_password(PASSWORD).await.unwrap()),
            org: "acme".into(),
            bucket: "temps".into(),
            ..Setup::default()
        };
        let made = catalog.setup(setup).await.unwrap();
        Self { clock, catalog, auth, made }
    }

    fn pass(&self, nanoseconds: i64) {
        self.clock.0.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    async fn by_header(&self, authorization: &str) -> Result<Caller> {
        self.auth.authenticate(Some(authorization), None).await
    }

    async fn v1(&self, authorization: &str) -> Result<Caller> {
        self.auth.authenticate_v1(None, Some(authorization)).await
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<String> {
        let signed_in = self.auth.sign_in(Some(&basic(name, password))).await?;
        Ok(format!("theme=dark; influxdb-oss-session={}", signed_in.key))
    }

    async fn by_cookie(&self, cookie: &str) -> Result<Caller> {
        self.auth.authenticate(None, Some(cookie)).await
    }

    async fn set_status(&self, status: Status) {
        let update = UserUpdate { name: None, status: Some(status) };
        self.catalog.update_user(self.made.user.id, update).await.unwrap();
    }
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

#[track_caller]
fn refused(result: Result<Caller>, code: ErrorCode, message: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (code, message));
}

#[track_caller]
fn unknown(result: Result<Caller>) {
    refused(result, ErrorCode::Unauthorized, "unauthorized access");
}

#[tokio::test]
async fn tokens_are_known_until_they_are_not() {
    let w = World::new().await;
    let token = w.made.token.clone();
    let caller = w.by_header(&format!("bearer {token}")).await.unwrap();
    assert_eq!(caller.user_id, w.made.user.id);
    assert!(caller.check_operator().is_ok());
    assert_eq!(w.by_header(&format!("Token {token}")).await.unwrap(), caller);
    for wrong in [format!("Token {token}x"), "Token ".into(), "Nonsense".into(), basic("ann", PASSWORD)] {
        unknown(w.by_header(&wrong).await);
    }
    unknown(w.auth.authenticate(None, None).await);

    let off = AuthorizationUpdate { status: Some(Status::Inactive), description: None };
    w.catalog.update_authorization(w.made.authorization.id, off).await.unwrap();
    let caller = w.by_header(&format!("Token {token}")).await.unwrap();
    assert_eq!(caller.permissions().unwrap_err().message, "token is inactive");
    w.set_status(Status::Inactive).await;
    refused(w.by_header(&format!("Token {token}")).await, ErrorCode::Forbidden, "User is inactive");
    w.catalog.delete_authorization(w.made.authorization.id).await.unwrap();
    unknown(w.by_header(&format!("Token {token}")).await);
}

#[tokio::test]
async fn a_token_revoked_elsewhere_stops_within_a_second() {
    let w = World::new().await;
    let token = format!("Token {}", w.made.token);
    w.by_header(&token).await.unwrap();
    // Another process's change: past this one's catalog, but with the version raised.
    let gone = weir_database::sql("DELETE FROM authorizations");
    w.catalog.database().execute(gone).await.unwrap();
    let raised = weir_database::sql("UPDATE catalog_version SET version = version + 1");
    w.catalog.database().execute(raised).await.unwrap();
    assert!(w.by_header(&token).await.is_ok(), "cached");
    w.pass(500_000_000);
    unknown(w.by_header(&token).await);
}

#[tokio::test]
async fn sessions_begin_last_and_end() {
    let w = World::new().await;
    let cookie = w.sign_in("ann", PASSWORD).await.unwrap();
    let caller = w.by_cookie(&cookie).await.unwrap();
    assert!(matches!(caller.credential, Credential::Session { .. }));
    assert!(caller.check_operator().is_ok(), "a session has the rights of the user's tokens");
    // A key is no token, and a token goes before a cookie.
    let key = cookie.split_once('=').unwrap().1;
    unknown(w.by_header(&format!("Token {key}")).await);
    unknown(w.auth.authenticate(Some("Token x"), Some(&cookie)).await);
    assert!(w.auth.authenticate(Some(&basic("ann", "wrong")), Some(&cookie)).await.is_ok());

    w.pass(58 * MINUTE);
    w.by_cookie(&cookie).await.unwrap();
    w.pass(4 * MINUTE);
    w.by_cookie(&cookie).await.unwrap();
    w.pass(6 * MINUTE);
    unknown(w.by_cookie(&cookie).await);

    let cookie = w.sign_in("ann", PASSWORD).await.unwrap();
    w.set_status(Status::Inactive).await;
    refused(w.by_cookie(&cookie).await, ErrorCode::Forbidden, "User is inactive");
    assert!(w.sign_in("ann", PASSWORD).await.is_ok());
    w.set_status(Status::Active).await;
    w.auth.sign_out(Some(&cookie)).await.unwrap();
    unknown(w.by_cookie(&cookie).await);
    assert_eq!(w.auth.sign_out(Some(&cookie)).await.unwrap_err().code, ErrorCode::Unauthorized);
}

#[tokio::test]
async fn wrong_sign_ins_look_alike() {
    let w = World::new().await;
    let mut texts = Vec::new();
    for (name, password) in [("ann", "incorrect"), ("ann", ""), ("nobody", PASSWORD), ("", "")] {
        texts.push(w.sign_in(name, password).await.unwrap_err().to_string());
    }
    assert!(texts.iter().all(|text| text == "unauthorized access"), "{texts:?}");
    let wrong = w.auth.verify_password(w.made.user.id, "incorrect").await.unwrap_err();
    assert_eq!(
        (wrong.code, wrong.message.as_str()),
        (ErrorCode::Forbidden, "your username or password is incorrect")
    );
    w.auth.verify_password(w.made.user.id, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn what_a_password_must_be() {
    let w = World::new().await;
    let message = |password: String| {
        let auth = &w.auth;
        async move { auth.hash_password(&password).await.unwrap_err().message }
    };
    assert_eq!(message("short".into()).await, "passwords must be between 8 and 72 characters long");
    assert_eq!(message("p".repeat(73)).await, "passwords must be between 8 and 72 characters long");
    assert!(w.auth.hash_password(&"p".repeat(72)).await.is_ok());
    let strong = World::with_strong().await;
    assert!(strong.check_password("onlyletters").is_err());
    assert!(strong.check_password("only-letters").is_err());
    assert!(strong.check_password("Letters1").is_ok());
    assert!(strong.check_password("letters1!").is_ok());
}

impl World {
    async fn with_strong() -> Authenticator {
        let w = Self::new().await;
        Authenticator::new(w.catalog, Options { strong_passwords: true, ..Options::default() })
    }
}

#[tokio::test]
async fn v1_takes_users_and_tokens() {
    let w = World::new().await;
    let token = w.made.token.clone();
    assert!(w.v1(&format!("Token {token}")).await.is_ok());
    assert!(w.v1(&format!("Token anyone:{token}")).await.is_ok());
    assert!(w.v1(&basic("anyone", &token)).await.is_ok());
    assert!(w.auth.authenticate_v1(Some(("x", &token)), Some("Token wrong")).await.is_ok());
    unknown(w.v1(&format!("Bearer {token}")).await);
    unknown(w.auth.authenticate_v1(Some(("x", "")), None).await);
    let wrong = |result| refused(result, ErrorCode::Unauthorized, "Unauthorized");
    wrong(w.v1("Token nothing").await);
    wrong(w.auth.authenticate_v1(Some(("x", "wrong")), Some(&format!("Token {token}"))).await);

    let new = NewAuthorization {
        org_id: w.made.org.id,
        user_id: w.made.user.id,
        status: Status::Active,
        description: String::new(),
        permissions: Permission::member(w.made.org.id),
        token: Some("old".into()),
    };
    let legacy = w.catalog.create_legacy_authorization(new).await.unwrap();
    let id = legacy.authorization.id;
    let login = basic("old", PASSWORD);
    wrong(w.v1(&login).await);
    for password in [PASSWORD, "another-horse-2"] {
        let hash = w.auth.hash_password(password).await.unwrap();
        w.catalog.set_legacy_password_hash(id, &hash).await.unwrap();
        // Twice: the second time the password is remembered.
        for _ in 0..2 {
            let caller = w.v1(&basic("old", password)).await.unwrap();
            assert_eq!(caller.permissions().unwrap(), Permission::member(w.made.org.id));
        }
    }
    wrong(w.v1(&login).await);
    wrong(w.v1("Token old").await);
    assert!(w.by_header("Token old").await.is_err(), "a v1 user's name is no token");
    let off = AuthorizationUpdate { status: Some(Status::Inactive), description: None };
    w.catalog.update_legacy_authorization(id, off).await.unwrap();
    wrong(w.v1(&basic("old", "another-horse-2")).await);
    w.set_status(Status::Inactive).await;
    wrong(w.v1(&format!("Token {token}")).await);
    w.catalog.delete_legacy_authorization(id).await.unwrap();
}
