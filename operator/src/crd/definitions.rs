//! The definitions as the API server gets them: what the types derive, and what holds for all kinds alike.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceColumnDefinition, CustomResourceDefinition, JSONSchemaProps, ValidationRule,
};
use kube::CustomResourceExt;

use crate::kinds::{
    Bucket, Check, Dashboard, Dbrp, Instance, NotificationEndpoint, NotificationRule, Organization,
    RemoteConnection, Replication, Task, Telegraf, Template, Token, User, Variable,
};

/// Every kind's definition, in the order in which a reader meets them.
#[must_use]
pub fn definitions() -> Vec<CustomResourceDefinition> {
    [
        Instance::crd(),
        Organization::crd(),
        User::crd(),
        Token::crd(),
        Bucket::crd(),
        Task::crd(),
        Dbrp::crd(),
        Check::crd(),
        NotificationEndpoint::crd(),
        NotificationRule::crd(),
        Dashboard::crd(),
        Variable::crd(),
        Telegraf::crd(),
        Template::crd(),
        RemoteConnection::crd(),
        Replication::crd(),
    ]
    .into_iter()
    .map(finished)
    .collect()
}

fn finished(mut definition: CustomResourceDefinition) -> CustomResourceDefinition {
    let kind = definition.spec.names.kind.clone();
    definition.spec.names.categories = Some(vec!["weir".into()]);
    for version in &mut definition.spec.versions {
        let columns = version.additional_printer_columns.get_or_insert_default();
        columns.extend(common_columns(&kind));
        let schema = version.schema.as_mut().and_then(|s| s.open_api_v3_schema.as_mut());
        let schema = schema.map(without_nulls);
        let Some(properties) = schema.and_then(|s| s.properties.as_mut()) else { continue };
        if let Some(spec) = properties.get_mut("spec") {
            finish_spec(spec);
        }
        if let Some(status) = properties.get_mut("status").and_then(|s| s.properties.as_mut()) {
            status.retain(|name, _| match name.as_str() {
                "credential" => kind == "Token",
                "version" => kind == "Instance",
                "id" | "organizationID" | "origin" | "accepted" | "secrets" => kind != "Instance",
                _ => true,
            });
        }
    }
    definition
}

/// Optional is absent, not null: a null is pruned before it is validated, and rules need not think of it.
fn without_nulls(schema: &mut JSONSchemaProps) -> &mut JSONSchemaProps {
    use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
        JSONSchemaPropsOrArray, JSONSchemaPropsOrBool,
    };
    schema.nullable = None;
    for property in schema.properties.iter_mut().flat_map(|properties| properties.values_mut()) {
        without_nulls(property);
    }
    if let Some(JSONSchemaPropsOrArray::Schema(items)) = &mut schema.items {
        without_nulls(items);
    }
    if let Some(JSONSchemaPropsOrBool::Schema(values)) = &mut schema.additional_properties {
        without_nulls(values);
    }
    schema
}

fn common_columns(kind: &str) -> Vec<CustomResourceColumnDefinition> {
    let column =
        |name: &str, type_: &str, path: &str, priority: Option<i32>| CustomResourceColumnDefinition {
            name: name.into(),
            type_: type_.into(),
            json_path: path.into(),
            priority,
            ..Default::default()
        };
    let mut columns = vec![
        column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", None),
        column("Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason", None),
    ];
    if kind != "Instance" {
        columns.push(column("Instance", "string", ".spec.instanceRef.name", Some(1)));
        columns.push(column("Id", "string", ".status.id", Some(1)));
    }
    columns.push(column("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Some(1)));
    columns.push(column("Age", "date", ".metadata.creationTimestamp", None));
    columns
}

/// Rules that follow from the names of properties: `x` and `xRef` exclude each other, and an object stays on its
/// server and in its organization.
fn finish_spec(spec: &mut JSONSchemaProps) {
    let Some(properties) = &spec.properties else { return };
    let mut rules = spec.x_kubernetes_validations.clone().unwrap_or_default();
    let rule =
        |rule: String, message: String| ValidationRule { rule, message: Some(message), ..Default::default() };
    for name in properties.keys() {
        let Some(plain) = name.strip_suffix("Ref") else { continue };
        if properties.contains_key(plain) {
            let condition = format!("!(has(self.{plain}) && has(self.{name}))");
            rules.push(rule(condition, format!("give {plain} or {name}, not both")));
        }
    }
    if properties.contains_key("instanceRef") {
        let message = "instanceRef cannot change: delete the resource and create it for the other instance";
        rules.push(rule("self.instanceRef == oldSelf.instanceRef".into(), message.into()));
    }
    if properties.contains_key("organizationRef") {
        let same = "has(self.organization) == has(oldSelf.organization) && \
                    has(self.organizationRef) == has(oldSelf.organizationRef) && \
                    (!has(self.organization) || self.organization == oldSelf.organization) && \
                    (!has(self.organizationRef) || self.organizationRef == oldSelf.organizationRef)";
        rules.push(rule(same.into(), "the organization cannot change: servers do not move objects".into()));
    }
    if !rules.is_empty() {
        spec.x_kubernetes_validations = Some(rules);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_chart_has_these_definitions() {
        let mut text = String::new();
        for definition in super::definitions() {
            text.push_str("---\n");
            text.push_str(serde_saphyr::to_string(&definition).unwrap().trim_end());
            text.push('\n');
        }
        expect_test::expect_file!["../../../charts/weir/crds/weir.dev.yaml"].assert_eq(&text);
    }
}
