//! The organization and the bucket that a write, a delete or a query means: by id or by name.

use weir_catalog::{Bucket, NameOrId, Org};
use weir_model::{Credential, Error, ErrorCode, Id, ResourceType};

use super::Access;
use crate::error::{ApiError, ApiResult};
use crate::params::Params;

/// The organization in which a query runs: any that exists. What the caller may see of it is the query's business.
pub(crate) async fn any_org(access: &Access, params: &Params) -> ApiResult<Org> {
    Ok(access.catalog.resolve_org(&org(params)?).await?)
}

/// The bucket that a write means, if the caller may write it. Only `bucket` names it here.
pub(crate) async fn bucket_to_write(access: &Access, params: &Params) -> ApiResult<Bucket> {
    // A write without a bucket is refused before its organization is looked for.
    let bucket = params.get("bucket").map(|text| NameOrId::Text(text.to_owned()));
    let bucket = bucket.ok_or_else(|| ApiError::from(Error::not_found("bucket not found")))?;
    let org = any_org(access, params).await?;
    Ok(access.catalog.bucket_to_write(org.id, &bucket).await?)
}

/// The bucket that a delete means, if the caller may delete from it.
pub(crate) async fn bucket_to_delete_from(access: &Access, params: &Params) -> ApiResult<Bucket> {
    let org = any_org(access, params).await?;
    let bucket = match params.id("bucketID")? {
        Some(id) => Some(NameOrId::Id(id)),
        None => params.get("bucket").map(|text| NameOrId::Text(text.to_owned())),
    };
    let bucket = bucket.ok_or_else(|| ApiError::invalid("Please provide either bucketID or bucket"))?;
    Ok(access.catalog.bucket_to_delete_from(org.id, &bucket).await?)
}

/// The organization of a v1 write: the one its token was made in, whatever the request names.
pub(crate) async fn org_of_v1(access: &Access, params: &Params) -> ApiResult<Id> {
    match access.caller.credential {
        Credential::Token { org_id, .. } => Ok(org_id),
        _ => Ok(any_org(access, params).await?.id),
    }
}

/// Whether resources of a kind are served as the older half of the reference serves them: what is below one that is not
/// there is an empty list.
pub(crate) fn is_older(kind: ResourceType) -> bool {
    !matches!(kind, ResourceType::Orgs | ResourceType::Buckets | ResourceType::Dashboards)
}

/// The organization of a resource of which a list is asked for: none if that list is empty, see [`is_older`].
pub(crate) async fn org_of_listed(access: &Access, kind: ResourceType, id: Id) -> ApiResult<Option<Id>> {
    match org_of_parent(access, kind, id).await {
        Err(error) if is_older(kind) && error.error().code == ErrorCode::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// The organization of a resource that bears members, owners or labels. Whoever may not read the resource is told
/// what is told about one that is not there.
pub(crate) async fn org_of_parent(access: &Access, kind: ResourceType, id: Id) -> ApiResult<Id> {
    let found = match kind {
        ResourceType::Orgs => access.catalog.find_org(id).await.map(|org| org.id),
        ResourceType::Buckets => access.catalog.find_bucket(id).await.map(|bucket| bucket.org_id),
        ResourceType::Dashboards => access.catalog.find_dashboard(id).await.map(|found| found.org_id),
        ResourceType::Scrapers => access.catalog.find_scraper(id).await.map(|found| found.org_id),
        ResourceType::Tasks => {
            let found = access.catalog.find_task(id).await;
            found.map(|found| found.org_id).map_err(|_| Error::not_found(""))
        }
        ResourceType::Telegrafs => access.catalog.find_telegraf(id).await.map(|found| found.org_id),
        ResourceType::Checks => access.catalog.find_check(id).await.map(|found| found.org_id),
        ResourceType::NotificationEndpoints => {
            access.catalog.find_endpoint(id).await.map(|found| found.org_id)
        }
        ResourceType::NotificationRules => access.catalog.find_rule(id).await.map(|found| found.org_id),
        ResourceType::Variables => access.catalog.find_variable(id).await.map(|found| found.org_id),
        _ => Err(Error::not_found("")),
    };
    found.map_err(|error| match error.code {
        ErrorCode::Internal | ErrorCode::Unavailable => error.into(),
        _ => Error::not_found("404 page not found").into(),
    })
}

/// What `orgID` or else `org` names. An `org` that reads as an id is one, whether or not it exists.
fn org(params: &Params) -> ApiResult<NameOrId> {
    if let Some(id) = params.id("orgID")? {
        return Ok(NameOrId::Id(id));
    }
    let text = params.get("org").ok_or_else(|| ApiError::invalid("Please provide either orgID or org"))?;
    Ok(text.parse().map_or_else(|_| NameOrId::Text(text.to_owned()), NameOrId::Id))
}
