//! Secrets and ConfigMaps, read by name when they are needed: the operator neither lists nor watches them.

use futures::{FutureExt, future::BoxFuture};
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::{
    Api, ResourceExt,
    api::{Patch, PatchParams},
};
use serde_json::json;
use std::collections::BTreeMap;

use super::{MANAGER, context::Context};
use crate::{
    crd::{GROUP, VERSION},
    reconcile::{Cluster, Problem, SecretText, SecretView, Sibling},
};

/// The label of Secrets that the operator wrote.
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

impl Cluster for Context {
    fn secret<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<SecretView>, Problem>> {
        async move {
            let api: Api<Secret> = Api::namespaced(self.client.clone(), namespace);
            let Some(secret) = api.get_opt(name).await? else { return Ok(None) };
            let version = format!(
                "{}/{}",
                secret.uid().unwrap_or_default(),
                secret.resource_version().unwrap_or_default()
            );
            let ours = secret.labels().get(MANAGED_BY).map(String::as_str) == Some(MANAGER);
            let owner = secret.owner_references().iter().find(|owner| owner.controller == Some(true));
            let owner = owner.map(|owner| owner.uid.clone());
            let annotations = secret.annotations().clone();
            let data =
                secret.data.unwrap_or_default().into_iter().map(|(key, value)| (key, value.0)).collect();
            Ok(Some(SecretView { data, version, annotations, ours, owner }))
        }
        .boxed()
    }

    fn write_secret<'a>(&'a self, secret: SecretText) -> BoxFuture<'a, Result<(), Problem>> {
        async move {
            let SecretText { name, owner, owned, data, annotations } = secret;
            let api: Api<Secret> = Api::namespaced(self.client.clone(), &owner.namespace);
            let mut metadata = json!({
                "name": name,
                "labels": { MANAGED_BY: MANAGER },
                "annotations": annotations,
            });
            if owned {
                metadata["ownerReferences"] = json!([{
                    "apiVersion": format!("{GROUP}/{VERSION}"),
                    "kind": owner.kind,
                    "name": owner.name,
                    "uid": owner.uid,
                    "controller": true,
                }]);
            }
            let body =
                json!({ "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data });
            let parameters = PatchParams::apply(MANAGER).force();
            api.patch(&name, &parameters, &Patch::Apply(&body)).await?;
            self.wrote("secret");
            Ok(())
        }
        .boxed()
    }

    fn config_map<'a>(
        &'a self,
        namespace: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<BTreeMap<String, String>>, Problem>> {
        async move {
            let api: Api<ConfigMap> = Api::namespaced(self.client.clone(), namespace);
            Ok(api.get_opt(name).await?.map(|map| map.data.unwrap_or_default()))
        }
        .boxed()
    }

    fn sibling(&self, kind: &str, namespace: &str, name: &str) -> Option<Sibling> {
        self.shelves.sibling(kind, namespace, name)
    }

    fn owner(&self, kind: &str, server: &str, id: &str, uid: &str) -> Option<String> {
        self.shelves.owner(kind, server, id, uid)
    }

    fn poke(&self, kind: &str, namespace: &str, name: &str) {
        self.shelves.poke(kind, namespace, name);
    }
}
