//! Names for ids, and ids for names.

use weir_database::sql;
use weir_model::{Id, Permission, ResourceType, Result};

use crate::{Bucket, Catalog, Org};

/// What a request gives where it may name an organization or a bucket either way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameOrId {
    /// Certainly an id (`orgID`, `bucketID`).
    Id(Id),
    /// A text (`org`, `bucket`): an id if there is a thing of that id, else a name.
    Text(String),
}

/// A permission with the names that answers show beside its ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPermission {
    /// The permission.
    pub permission: Permission,
    /// The resource's name, if it has one that is shown.
    pub name: Option<String>,
    /// The organization's name.
    pub org: Option<String>,
}

impl Catalog {
    pub(crate) async fn read_org(&self, org: &NameOrId) -> Result<Org> {
        match org {
            NameOrId::Id(id) => self.find_org(*id).await,
            NameOrId::Text(text) => {
                if let Ok(id) = text.parse()
                    && let Ok(org) = self.find_org(id).await
                {
                    return Ok(org);
                }
                self.find_org_by_name(text).await
            }
        }
    }

    pub(crate) async fn read_bucket(&self, org: Id, bucket: &NameOrId) -> Result<Bucket> {
        match bucket {
            NameOrId::Id(id) => match self.find_bucket(*id).await {
                Ok(bucket) if bucket.org_id != org => Err(crate::CatalogError::BucketNotFound.into()),
                other => other,
            },
            NameOrId::Text(text) => {
                if let Ok(id) = text.parse()
                    && let Ok(bucket) = self.find_bucket(id).await
                    && bucket.org_id == org
                {
                    return Ok(bucket);
                }
                self.find_bucket_by_name(org, text).await
            }
        }
    }

    /// The names beside the ids of permissions. Only organizations, users and buckets show theirs; beside one of
    /// these that does not exist the organization's name is left out too, as in the reference.
    ///
    /// # Errors
    /// The database's.
    pub async fn resolve_permissions(&self, permissions: &[Permission]) -> Result<Vec<ResolvedPermission>> {
        let mut known: Vec<((ResourceType, Id), Option<String>)> = Vec::new();
        let mut resolved = Vec::with_capacity(permissions.len());
        for permission in permissions {
            let resource = permission.resource;
            let mut found = ResolvedPermission { permission: *permission, name: None, org: None };
            let mut missing = false;
            if let Some(id) = resource.id
                && has_shown_name(resource.kind)
            {
                found.name = self.name_of(&mut known, resource.kind, id).await?;
                missing = found.name.is_none();
            }
            if let Some(org) = resource.org_id
                && !missing
            {
                found.org = self.name_of(&mut known, ResourceType::Orgs, org).await?;
            }
            resolved.push(found);
        }
        Ok(resolved)
    }

    async fn name_of(
        &self,
        known: &mut Vec<((ResourceType, Id), Option<String>)>,
        kind: ResourceType,
        id: Id,
    ) -> Result<Option<String>> {
        if let Some((_, name)) = known.iter().find(|(key, _)| *key == (kind, id)) {
            return Ok(name.clone());
        }
        let query = match kind {
            ResourceType::Orgs => "SELECT name FROM orgs WHERE id = ?",
            ResourceType::Users => "SELECT name FROM users WHERE id = ?",
            _ => "SELECT name FROM buckets WHERE id = ?",
        };
        let row = self.database().fetch_optional(sql(query).bind(id)).await?;
        let name: Option<String> = row.map(|row| row.get("name")).transpose()?;
        known.push(((kind, id), name.clone()));
        Ok(name)
    }
}

fn has_shown_name(kind: ResourceType) -> bool {
    matches!(kind, ResourceType::Orgs | ResourceType::Users | ResourceType::Buckets)
}
