//! The first user, organization, bucket and token of a server.

use weir_database::{Executor, sql};
use weir_model::{Error, ErrorCode, Permission, ResourceType, Result, Status};

use crate::{
    Authorization, Bucket, Catalog, CatalogError, NewAuthorization, NewBucket, NewOrg, NewUser, Org,
};
use crate::{RetentionRule, Role, User};

/// What a setup asks for.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The first user's name.
    pub username: String,
    /// The hash of its password; without one it cannot sign in.
    pub password_hash: Option<String>,
    /// The first organization's name.
    pub org: String,
    /// The first bucket's name.
    pub bucket: String,
    /// How long that bucket keeps points, in seconds; 0 for ever.
    pub retention_seconds: i64,
    /// The operator token, when the caller chose it; else one is made.
    pub token: Option<String>,
}

/// What a setup made.
#[derive(Debug, Clone)]
pub struct Onboarding {
    /// The user.
    pub user: User,
    /// The organization, which the user owns.
    pub org: Org,
    /// The bucket.
    pub bucket: Bucket,
    /// The operator token's authorization.
    pub authorization: Authorization,
    /// The operator token.
    pub token: String,
}

/// "weir+1": one setup at a time.
const SETUP_LOCK: i64 = 0x7765_6973;

impl Catalog {
    /// Whether the server still waits for its setup: it has no user and no organization.
    ///
    /// # Errors
    /// The database's.
    pub async fn setup_allowed(&self) -> Result<bool> {
        is_empty(&mut self.database()).await
    }

    /// Makes the first user, organization, bucket and operator token, or nothing at all.
    ///
    /// # Errors
    /// [`CatalogError::OnboardingDone`] before anything else; then missing or refused names.
    pub async fn setup(&self, setup: Setup) -> Result<Onboarding> {
        let mut tx = self.begin().await?;
        tx.lock(SETUP_LOCK).await?;
        if !is_empty(&mut tx).await? {
            return Err(CatalogError::OnboardingDone.into());
        }
        if setup.username.is_empty() || setup.org.is_empty() || setup.bucket.is_empty() {
            let missing = "onboard failed, missing value: username, org and bucket are required";
            return Err(Error::new(ErrorCode::EmptyValue, missing));
        }
        let new_user = NewUser { name: setup.username, status: Status::Active };
        let user = self.create_user_in(&mut tx, new_user).await?;
        if let Some(hash) = &setup.password_hash {
            crate::passwords::set_in(&mut tx, user.id, hash).await?;
        }
        let new_org = NewOrg { name: setup.org, description: String::new() };
        let org = self.create_org_in(&mut tx, new_org, None).await?;
        crate::members::add_in(&mut tx, ResourceType::Orgs, org.id, user.id, Role::Owner).await?;
        let rule = RetentionRule {
            every_seconds: Some(setup.retention_seconds),
            shard_group_duration_seconds: None,
        };
        let new_bucket = NewBucket {
            org_id: org.id,
            name: setup.bucket,
            description: String::new(),
            rp: String::new(),
            retention_rules: vec![rule],
        };
        let bucket = self.create_bucket_in(&mut tx, new_bucket).await?;
        let new_token = NewAuthorization {
            org_id: org.id,
            user_id: user.id,
            status: Status::Active,
            description: format!("{}'s Token", user.name),
            permissions: Permission::operator(),
            token: setup.token.filter(|token| !token.is_empty()),
        };
        let (authorization, token) = self.create_authorization_in(&mut tx, new_token).await?;
        self.commit(tx).await?;
        Ok(Onboarding { user, org, bucket, authorization, token })
    }
}

async fn is_empty(db: &mut dyn Executor) -> Result<bool> {
    let query = sql("SELECT id FROM users UNION ALL SELECT id FROM orgs LIMIT 1");
    Ok(db.fetch_optional(query).await?.is_none())
}
