//! Stacks: rights over the organization.
//!
//! Whoever applies a template needs no right over the organization, but over each resource that it makes. The stack
//! that goes with it asks only that the caller has something to do with the organization.

use weir_model::{Action, Error, ErrorCode, Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{CatalogError, NewStack, Stack, StackEvent, StackFilter};

fn org(id: Id) -> Resource {
    Resource::one(ResourceType::Orgs, id)
}

impl Authorized {
    /// Makes a stack.
    ///
    /// # Errors
    /// `not authorized to create stack`, then as [`crate::Catalog::create_stack`].
    pub async fn create_stack(&self, new: NewStack) -> Result<Stack> {
        self.check_write_stacks(new.org_id)?;
        self.catalog.create_stack(new).await
    }

    /// The stack of this id.
    ///
    /// # Errors
    /// Not found, then its organization is not readable.
    pub async fn find_stack(&self, id: Id) -> Result<Stack> {
        let stack = self.catalog.find_stack(id).await?;
        self.check(Permission::read(org(stack.org_id)))?;
        Ok(stack)
    }

    /// The stacks of an organization that `filter` names.
    ///
    /// # Errors
    /// The organization is not readable.
    pub async fn list_stacks(&self, org_id: Id, filter: &StackFilter) -> Result<Vec<Stack>> {
        self.check(Permission::read(org(org_id)))?;
        self.catalog.list_stacks(org_id, filter).await
    }

    /// A stack that is going to be changed.
    ///
    /// # Errors
    /// Not found, then `not authorized to create stack`.
    pub async fn stack_to_change(&self, id: Id) -> Result<Stack> {
        let stack = self.catalog.find_stack(id).await?;
        self.check_write_stacks(stack.org_id)?;
        Ok(stack)
    }

    /// A stack that is going to be taken away with all that belongs to it.
    ///
    /// # Errors
    /// `not authorized to create stack`, then not found, then [`CatalogError::StackOfOtherOrg`].
    pub async fn stack_to_uninstall(&self, id: Id, org_id: Id) -> Result<Stack> {
        self.check_write_stacks(org_id)?;
        in_org(self.catalog.find_stack(id).await?, org_id)
    }

    /// A stack to which a template is going to be applied.
    ///
    /// # Errors
    /// The caller has nothing to do with the organization, then not found, then [`CatalogError::StackOfOtherOrg`].
    pub async fn stack_to_apply(&self, id: Id, org_id: Id) -> Result<Stack> {
        self.check_anything_in(org_id)?;
        in_org(self.catalog.find_stack(id).await?, org_id)
    }

    /// Makes the stack of a template that is applied without one.
    ///
    /// # Errors
    /// The caller has nothing to do with the organization, then as [`crate::Catalog::create_stack`].
    pub async fn create_stack_of_template(&self, org_id: Id) -> Result<Stack> {
        self.check_anything_in(org_id)?;
        let (name, description) = (String::new(), String::new());
        self.catalog.create_stack(NewStack { org_id, name, description, urls: Vec::new() }).await
    }

    /// Adds to what became of a stack that the caller was given to apply, change or uninstall.
    ///
    /// # Errors
    /// The caller has nothing to do with the organization, then as [`crate::Catalog::add_stack_event`].
    pub async fn add_stack_event(&self, stack: &Stack, event: StackEvent) -> Result<Stack> {
        self.check_anything_in(stack.org_id)?;
        self.catalog.add_stack_event(stack.id, event).await
    }

    /// Forgets a stack that the caller was given to apply or uninstall.
    ///
    /// # Errors
    /// The caller has nothing to do with the organization, then as [`crate::Catalog::delete_stack`].
    pub async fn delete_stack(&self, stack: &Stack) -> Result<()> {
        self.check_anything_in(stack.org_id)?;
        self.catalog.delete_stack(stack.id).await
    }

    /// A fresh id, for what only needs a name that nothing else has.
    pub fn new_id(&self) -> Id {
        self.catalog.new_id()
    }

    fn check_write_stacks(&self, org_id: Id) -> Result<()> {
        let denied = |_| Error::new(ErrorCode::Unauthorized, "not authorized to create stack");
        self.check(Permission::write(org(org_id))).map_err(denied)
    }

    fn check_anything_in(&self, org_id: Id) -> Result<()> {
        let of_org = |held: &Permission| match held.resource {
            Resource { kind: ResourceType::Orgs, id: Some(id), .. } => id == org_id,
            Resource { org_id: Some(id), .. } => id == org_id,
            Resource { org_id: None, id, .. } => id.is_none(),
        };
        if self.caller.permissions()?.iter().any(of_org) {
            return Ok(());
        }
        self.check(Permission::new(Action::Read, org(org_id)))
    }
}

fn in_org(stack: Stack, org_id: Id) -> Result<Stack> {
    if stack.org_id == org_id { Ok(stack) } else { Err(CatalogError::StackOfOtherOrg.into()) }
}
