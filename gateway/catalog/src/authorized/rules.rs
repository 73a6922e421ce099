//! Notification rules: rights over the rule. Whoever may write rules of an organization may use its endpoints in them,
//! and is shown their addresses in a rule's script, as in the reference.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{MonitoringUpdate, NewRule, Paging, Rule, RuleFilter};

const KIND: ResourceType = ResourceType::NotificationRules;

impl Authorized {
    /// Makes a rule, which the caller owns.
    ///
    /// # Errors
    /// `write:orgs/<org>/notificationRules is unauthorized`, then as [`crate::Catalog::create_rule`].
    pub async fn create_rule(&self, org: Id, new: NewRule) -> Result<Rule> {
        self.check_create(KIND, org)?;
        self.catalog.create_rule(org, self.caller.user_id, new).await
    }

    /// The rule of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_rule(&self, id: Id) -> Result<Rule> {
        let rule = self.catalog.find_rule(id).await?;
        self.check_one(Action::Read, KIND, id, rule.org_id)?;
        Ok(rule)
    }

    /// The script of a rule.
    ///
    /// # Errors
    /// Not found, then not readable; or the rule's endpoint is gone.
    pub async fn flux_of_rule(&self, id: Id) -> Result<String> {
        self.catalog.flux_of_rule(&self.find_rule(id).await?).await
    }

    /// A page of the rules that `filter` names, without those the caller may not read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_rules`].
    pub async fn list_rules(&self, filter: &RuleFilter, paging: &Paging) -> Result<Vec<Rule>> {
        let mut rules = self.catalog.list_rules(filter, paging).await?;
        rules.retain(|rule| self.may_read(KIND, rule.id, rule.org_id));
        Ok(rules)
    }

    /// Changes a rule.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_rule`].
    pub async fn update_rule(&self, id: Id, update: MonitoringUpdate) -> Result<Rule> {
        self.check_write_rule(id).await?;
        self.catalog.update_rule(id, update).await
    }

    /// Puts another rule in the place of one.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::replace_rule`].
    pub async fn replace_rule(&self, id: Id, new: NewRule) -> Result<Rule> {
        self.find_rule(id).await?;
        self.check_write_rule(id).await?;
        self.catalog.replace_rule(id, new).await
    }

    /// Deletes a rule and its task.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_rule(&self, id: Id) -> Result<()> {
        self.check_write_rule(id).await?;
        self.catalog.delete_rule(id).await
    }

    async fn check_write_rule(&self, id: Id) -> Result<()> {
        let rule = self.catalog.find_rule(id).await?;
        self.check_one(Action::Write, KIND, id, rule.org_id)
    }
}
