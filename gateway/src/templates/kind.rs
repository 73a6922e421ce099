//! The kinds of resources that templates know.

use weir_model::ResourceType;

/// A kind of resource, in the words of templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Label,
    Bucket,
    Check,
    CheckDeadman,
    CheckThreshold,
    NotificationEndpoint,
    NotificationEndpointHttp,
    NotificationEndpointPagerDuty,
    NotificationEndpointSlack,
    NotificationRule,
    Task,
    Variable,
    Dashboard,
    Telegraf,
}

/// What a template is refused with for a kind of nothing.
pub(crate) const UNSUPPORTED: &str = "unsupported kind provided";

impl Kind {
    /// The kinds of things there are, in the order in which exports list them: each before what may refer to it.
    pub(crate) const GROUPS: [Self; 9] = [
        Self::Label,
        Self::Bucket,
        Self::Check,
        Self::NotificationEndpoint,
        Self::NotificationRule,
        Self::Task,
        Self::Variable,
        Self::Dashboard,
        Self::Telegraf,
    ];

    const NAMES: [(Self, &str); 14] = [
        (Self::Label, "Label"),
        (Self::Bucket, "Bucket"),
        (Self::Check, "Check"),
        (Self::CheckDeadman, "CheckDeadman"),
        (Self::CheckThreshold, "CheckThreshold"),
        (Self::NotificationEndpoint, "NotificationEndpoint"),
        (Self::NotificationEndpointHttp, "NotificationEndpointHTTP"),
        (Self::NotificationEndpointPagerDuty, "NotificationEndpointPagerDuty"),
        (Self::NotificationEndpointSlack, "NotificationEndpointSlack"),
        (Self::NotificationRule, "NotificationRule"),
        (Self::Task, "Task"),
        (Self::Variable, "Variable"),
        (Self::Dashboard, "Dashboard"),
        (Self::Telegraf, "Telegraf"),
    ];

    /// The kind of this name.
    ///
    /// # Errors
    /// There is none; the text says so in the reference's words.
    pub(crate) fn parse(name: &str) -> Result<Self, &'static str> {
        if name.is_empty() {
            return Err("invalid kind");
        }
        let found = Self::NAMES.iter().find(|(_, known)| *known == name);
        found.map(|(kind, _)| *kind).ok_or(UNSUPPORTED)
    }

    /// The name.
    pub(crate) fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// What it is a kind of: checks are one thing, whatever they look for.
    pub(crate) fn group(self) -> Self {
        match self {
            Self::CheckDeadman | Self::CheckThreshold => Self::Check,
            Self::NotificationEndpointHttp
            | Self::NotificationEndpointPagerDuty
            | Self::NotificationEndpointSlack => Self::NotificationEndpoint,
            other => other,
        }
    }

    /// The type whose permissions such resources need.
    pub(crate) fn resource_type(self) -> ResourceType {
        match self.group() {
            Self::Label => ResourceType::Labels,
            Self::Bucket => ResourceType::Buckets,
            Self::NotificationEndpoint => ResourceType::NotificationEndpoints,
            Self::NotificationRule => ResourceType::NotificationRules,
            Self::Task => ResourceType::Tasks,
            Self::Variable => ResourceType::Variables,
            Self::Dashboard => ResourceType::Dashboards,
            Self::Telegraf => ResourceType::Telegrafs,
            _ => ResourceType::Checks,
        }
    }

    /// Whether names are unique among such resources of a template, as they are in an organization.
    pub(crate) fn unique_by_name(self) -> bool {
        matches!(self.group(), Self::Bucket | Self::Label | Self::NotificationEndpoint | Self::Variable)
    }

    /// What failures to apply such resources are reported under.
    pub(crate) fn in_failures(self) -> &'static str {
        match self.group() {
            Self::Label => "label",
            Self::Bucket => "bucket",
            Self::Check => "check",
            Self::Dashboard => "dashboard",
            Self::Task => "tasks",
            Self::Telegraf => "telegrafs",
            Self::Variable => "variable",
            _ => "",
        }
    }
}
