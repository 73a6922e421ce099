//! What the catalog refuses, in the reference's words.

use weir_model::{Error, ErrorCode, Id, Permission};

/// A refusal of the catalog. Public methods return it as a [`weir_model::Error`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // the messages say it
pub enum CatalogError {
    #[error("organization not found")]
    OrgNotFound,
    #[error("organization name \"{0}\" not found")]
    OrgNameNotFound(String),
    #[error("org name is empty")]
    OrgNameEmpty,
    #[error("organization with name {0} already exists")]
    OrgExists(String),

    #[error("user not found")]
    UserNotFound,
    #[error("key required")]
    UserNameEmpty,
    #[error("user with name {0} already exists")]
    UserExists(String),
    #[error("your userID is incorrect")]
    PasswordOfNobody,
    #[error("Unexpected error when assigning user to a resource: mapping for user {0} already exists")]
    MemberExists(Id),

    #[error("bucket not found")]
    BucketNotFound,
    #[error("bucket \"{0}\" not found")]
    BucketNameNotFound(String),
    #[error("bucket name {0} is invalid. Buckets may not start with underscore")]
    BucketNameUnderscore(String),
    #[error("bucket name {0} is invalid. Bucket names may not include quotation marks")]
    BucketNameQuote(String),
    #[error("bucket with name {0} already exists")]
    BucketExists(String),
    #[error("bucket name is not unique")]
    BucketNameNotUnique,
    #[error("system buckets cannot be renamed")]
    SystemBucketRename,
    #[error("system buckets cannot be deleted")]
    SystemBucketDelete,
    #[error("buckets cannot have more than one retention rule at this time")]
    SeveralRetentionRules,
    #[error("expiration seconds cannot be negative")]
    NegativeRetention,
    #[error("shard-group duration seconds cannot be negative")]
    NegativeShardGroupDuration,
    #[error("retention policy duration must be at least 1h0m0s")]
    RetentionTooShort,
    #[error("shard-group duration must also be updated to be smaller than new retention duration")]
    ShardGroupLongerThanRetention,

    #[error("authorization not found")]
    AuthorizationNotFound,
    #[error("authorization must include permissions")]
    NoPermissions,
    #[error("permission {0} is not for org id {1}")]
    PermissionOfOtherOrg(Permission, Id),
    #[error("permission {0} is not allowed: {1}")]
    PermissionNotHeld(Permission, String),
    #[error("unable to create token")]
    CannotCreateToken,
    #[error("token already exists")]
    TokenExists,

    #[error("token required for v1 user authorization type")]
    LegacyTokenRequired,

    #[error("label not found")]
    LabelNotFound,
    #[error("label name is required")]
    LabelNameRequired,
    #[error("label with name {0} already exists")]
    LabelExists(String),
    #[error("Cannot add label, label already exists on resource")]
    LabelOnResource,

    #[error("variable not found for key \"{0}\"")]
    VariableNotFound(Id),
    #[error("missing variable name")]
    VariableNameMissing,
    #[error("variable name must start with a letter")]
    VariableName,
    #[error("{0:?} is a protected variable name")]
    VariableNameReserved(String),
    #[error("variable is not unique: {0:?} is taken")]
    VariableExists(String),
    #[error("{0}")]
    VariableArguments(String),
    #[error("no fields supplied in update")]
    NothingToUpdate,

    #[error("secrets cannot be kept: this server has no key to encrypt them with")]
    NoSecretKey,
    #[error("a secret cannot be read: it was encrypted with a key that this server does not have")]
    SecretUnreadable,

    #[error("telegraf configuration not found")]
    TelegrafNotFound,

    #[error("task not found")]
    TaskNotFound,
    #[error("run not found")]
    RunNotFound,
    #[error("invalid options: {0}")]
    TaskOptions(String),
    #[error("inactive task")]
    TaskInactive,
    /// Not a 401: tasks break the rule, and a gateway tells by where it happened.
    #[error("unauthorized")]
    TaskUnauthorized,

    #[error("dashboard not found")]
    DashboardNotFound,
    #[error("cell not found")]
    CellNotFound,
    #[error("view not found")]
    ViewNotFound,
    #[error("must update at least one attribute")]
    NoAttribute,
    #[error("expected at least one attribute to be updated")]
    NoViewAttribute,
    #[error("cannot provide empty cell id")]
    CellWithoutId,
    #[error("cannot provide a cell twice")]
    CellTwice,
    #[error("cannot replace cells that were not already present")]
    CellsNotPresent,
    #[error("{0}")]
    ViewProperties(String),

    #[error("scraper target is not found")]
    ScraperNotFound,
    #[error("{0:?} is no type of scrapers, prometheus is")]
    ScraperType(String),

    #[error("source not found")]
    SourceNotFound,
    #[error("cannot change the source that stands for this server")]
    SourceFixed,

    #[error("stack not found for key \"{0}\"")]
    StackNotFound(Id),
    #[error("organization dependency does not exist for id[\"{0}\"]")]
    StackOrgNotFound(Id),
    #[error("you do not have access to given stack ID")]
    StackOfOtherOrg,

    #[error("remote connection not found")]
    RemoteNotFound,
    #[error("remote {0} is used by a replication")]
    RemoteInUse(Id),
    #[error("replication not found")]
    ReplicationNotFound,
    #[error("local bucket \"{0}\" not found")]
    ReplicationBucket(Id),
    #[error("remote \"{0}\" not found")]
    ReplicationRemote(Id),
    #[error("one of remote_bucket_id, remote_bucket_name should be provided")]
    ReplicationWithoutTarget,
    #[error("maxQueueSize too small, must be at least {0}")]
    QueueTooSmall(i64),
    #[error("maxAgeSeconds must be 0 (use default) or between {0} and {1}")]
    ReplicationAge(i64, i64),

    #[error("notebook not found")]
    NotebookNotFound,
    #[error("annotation not found")]
    AnnotationNotFound,
    #[error("stream not found")]
    StreamNotFound,
    #[error("stream with name {0} already exists")]
    StreamExists(String),

    #[error("check not found for key \"{0}\"")]
    CheckNotFound(Id),
    #[error("check with name {0} already exists")]
    CheckExists(String),
    #[error("check name is not unique")]
    CheckNameNotUnique,
    #[error("notification endpoint not found for key \"{0}\"")]
    EndpointNotFound(Id),
    #[error("notification endpoint with name {0} already exists")]
    EndpointExists(String),
    #[error("no key was provided for notification endpoint")]
    EndpointKeyMissing,
    #[error("notification rule not found")]
    RuleNotFound,
    #[error("{0}")]
    Monitoring(String),

    #[error("unable to find DBRP")]
    DbrpNotFound,
    #[error("no dbrp mapping found")]
    NoMapping,
    #[error("another DBRP mapping with same orgID, db, and rp exists")]
    DbrpExists,
    #[error(
        "DBRP provided is invalid: {0} must contain at least one character and only be letters, numbers, '_', '-', and '.'"
    )]
    DbrpName(&'static str),

    #[error("onboarding has already been completed")]
    OnboardingDone,
    #[error("unable to generate valid id")]
    NoFreeId,
    #[error("not found")]
    NotFound,
    #[error("insufficient permissions for write{0}")]
    MayNotWrite(String),
    #[error("insufficient permissions to delete")]
    MayNotDelete,
}

impl CatalogError {
    /// The code of the v2 API.
    pub fn code(&self) -> ErrorCode {
        use CatalogError as E;
        match self {
            E::OrgNotFound
            | E::OrgNameNotFound(_)
            | E::UserNotFound
            | E::BucketNotFound
            | E::BucketNameNotFound(_)
            | E::AuthorizationNotFound
            | E::LabelNotFound
            | E::DbrpNotFound
            | E::NoMapping
            | E::VariableNotFound(_)
            | E::TelegrafNotFound
            | E::DashboardNotFound
            | E::TaskNotFound
            | E::RunNotFound
            | E::CellNotFound
            | E::ViewNotFound
            | E::ScraperNotFound
            | E::SourceNotFound
            | E::CheckNotFound(_)
            | E::EndpointNotFound(_)
            | E::RuleNotFound
            | E::RemoteNotFound
            | E::ReplicationNotFound
            | E::NotebookNotFound
            | E::StackNotFound(_)
            | E::NotFound => ErrorCode::NotFound,
            E::OrgExists(_)
            | E::UserExists(_)
            | E::MemberExists(_)
            | E::BucketExists(_)
            | E::BucketNameNotUnique
            | E::TokenExists
            | E::LabelExists(_)
            | E::LabelOnResource
            | E::RemoteInUse(_)
            | E::StreamExists(_)
            | E::DbrpExists
            | E::CheckExists(_)
            | E::CheckNameNotUnique
            | E::EndpointExists(_)
            | E::StackOrgNotFound(_)
            | E::StackOfOtherOrg
            | E::VariableExists(_)
            | E::CellsNotPresent
            | E::OnboardingDone => ErrorCode::Conflict,
            E::SeveralRetentionRules
            | E::NegativeRetention
            | E::NegativeShardGroupDuration
            | E::ReplicationWithoutTarget
            | E::RetentionTooShort
            | E::ShardGroupLongerThanRetention => ErrorCode::UnprocessableEntity,
            E::UserNameEmpty => ErrorCode::EmptyValue,
            E::OrgNameEmpty
            | E::BucketNameUnderscore(_)
            | E::BucketNameQuote(_)
            | E::SystemBucketRename
            | E::SystemBucketDelete
            | E::NoPermissions
            | E::PermissionOfOtherOrg(..)
            | E::CannotCreateToken
            | E::LegacyTokenRequired
            | E::LabelNameRequired
            | E::VariableNameMissing
            | E::VariableName
            | E::VariableNameReserved(_)
            | E::VariableArguments(_)
            | E::NothingToUpdate
            | E::NoAttribute
            | E::NoViewAttribute
            | E::CellWithoutId
            | E::CellTwice
            | E::ViewProperties(_)
            | E::ScraperType(_)
            | E::EndpointKeyMissing
            | E::Monitoring(_)
            | E::ReplicationBucket(_)
            | E::ReplicationRemote(_)
            | E::QueueTooSmall(_)
            | E::ReplicationAge(..)
            | E::AnnotationNotFound
            | E::StreamNotFound
            | E::TaskOptions(_)
            | E::TaskInactive
            | E::DbrpName(_) => ErrorCode::Invalid,
            E::PasswordOfNobody
            | E::PermissionNotHeld(..)
            | E::SourceFixed
            | E::MayNotWrite(_)
            | E::MayNotDelete => ErrorCode::Forbidden,
            E::NoFreeId | E::NoSecretKey | E::SecretUnreadable | E::TaskUnauthorized => ErrorCode::Internal,
        }
    }
}

impl From<CatalogError> for Error {
    fn from(error: CatalogError) -> Self {
        Error::new(error.code(), error.to_string())
    }
}
