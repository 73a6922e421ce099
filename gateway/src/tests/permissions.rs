//! Every operation of the contract, by callers who may do all, some, or none of it.

use std::collections::BTreeMap;

use weir_model::{Action, Id, Permission, Resource, ResourceType};

use super::*;
use crate::routes::contract::{CONTRACT, Row, State};

/// Stands in everything that there is to read, and in nothing else.
const SECRET: &str = "hush";

/// What an operation asks for.
#[derive(Debug, Clone, PartialEq)]
enum Needs {
    /// A known caller, or nobody at all: tested elsewhere.
    Nothing,
    /// A list: whoever may read nothing of it gets an empty one, or a refusal.
    Filter(Permission),
    /// All of these.
    All(Vec<Permission>),
    /// To may everything.
    Operator,
}

/// The type that the resources below a path are of.
fn kind_of(path: &str) -> Option<ResourceType> {
    use ResourceType as R;
    let first =
        path.trim_start_matches("/api/v2private/").trim_start_matches("/api/v2/").split('/').next()?;
    Some(match first {
        "buckets" | "dbrps" => R::Buckets,
        "dashboards" => R::Dashboards,
        "orgs" => R::Orgs,
        "sources" => R::Sources,
        "tasks" => R::Tasks,
        "telegrafs" => R::Telegrafs,
        "users" => R::Users,
        "variables" => R::Variables,
        "scrapers" => R::Scrapers,
        "labels" => R::Labels,
        "notificationRules" => R::NotificationRules,
        "notificationEndpoints" => R::NotificationEndpoints,
        "checks" => R::Checks,
        "notebooks" => R::Notebooks,
        "annotations" | "streams" => R::Annotations,
        "remotes" => R::Remotes,
        "replications" => R::Replications,
        "authorizations" => R::Authorizations,
        _ if path.starts_with("/private/legacy/authorizations") => R::Authorizations,
        _ => return None,
    })
}

/// The table of permissions: what a method of a path asks for, of the resource `id` of the organization `org`.
fn needs(row: &Row, method: &str, org: Id, id: Option<Id>, me: Id) -> Needs {
    // To try a replication changes nothing.
    let reads = method == "GET" || row.path == "/api/v2/replications/{id}/validate";
    let action = if reads { Action::Read } else { Action::Write };
    let one = |kind, id| Permission::new(action, Resource::one_in_org(kind, id, org));
    let bucket = |action, id| Permission::new(action, Resource::one_in_org(ResourceType::Buckets, id, org));
    match row.path {
        "/api/v2/config" => return Needs::Operator,
        "/api/v2/write" | "/api/v2/delete" | "/write" => {
            return Needs::All(id.map(|id| bucket(Action::Write, id)).into_iter().collect());
        }
        "/api/v2/stacks" if method == "GET" => {
            return Needs::Filter(Permission::read(Resource::one(ResourceType::Orgs, org)));
        }
        "/api/v2/users/{id}/password" | "/api/v2/users/{id}/permissions" if method == "PUT" => {
            return Needs::Nothing;
        }
        path if path.starts_with("/api/v2/stacks") => return Needs::All(vec![one(ResourceType::Orgs, org)]),
        path if path.starts_with("/api/v2/orgs/{id}/secrets") => {
            return Needs::All(vec![Permission::new(action, Resource::in_org(ResourceType::Secrets, org))]);
        }
        _ => {}
    }
    let Some(kind) = kind_of(row.path) else { return Needs::Nothing };
    let of_members = ["/members", "/owners"].iter().any(|part| row.path.contains(part));
    let older = !matches!(kind, ResourceType::Orgs | ResourceType::Buckets | ResourceType::Dashboards);
    match (method, id) {
        // What is below a resource that the caller may not see is an empty list.
        ("GET", Some(id)) if older && (of_members || row.path.ends_with("/labels")) => {
            return Needs::Filter(one(kind, id));
        }
        // Who is no member stays none.
        ("DELETE", Some(id)) if of_members => {
            return Needs::Filter(Permission::read(Resource::one_in_org(kind, id, org)));
        }
        _ => {}
    }
    let in_org = match kind {
        // Making these is no business of one organization.
        ResourceType::Orgs | ResourceType::Users => Permission::new(action, Resource::all(kind)),
        _ => Permission::new(action, Resource::in_org(kind, org)),
    };
    match (id, kind) {
        (None, _) if method == "GET" => Needs::Filter(in_org),
        // Tokens are a user's: whoever has to do with one has to do with the user.
        (None, ResourceType::Authorizations) => {
            Needs::All(vec![in_org, Permission::write(Resource::one(ResourceType::Users, me))])
        }
        (Some(id), ResourceType::Authorizations) => {
            Needs::All(vec![one(kind, id), Permission::new(action, Resource::one(ResourceType::Users, me))])
        }
        (None, _) => Needs::All(vec![in_org]),
        (Some(id), _) => Needs::All(vec![one(kind, id)]),
    }
}

/// A caller, with what it holds.
struct Caller {
    name: &'static str,
    token: Option<String>,
    held: Vec<Permission>,
}

impl Caller {
    fn holds(&self, needed: &Permission) -> bool {
        self.held.iter().any(|held| held.covers(needed))
    }

    fn may(&self, needs: &Needs) -> bool {
        match needs {
            Needs::Nothing => true,
            Needs::Filter(needed) => self.holds(needed),
            Needs::All(all) => all.iter().all(|needed| self.holds(needed)),
            Needs::Operator => self.name == "operator",
        }
    }
}

/// A server with one resource of each kind, by the beginning of the path that it is under.
struct World {
    api: Api,
    org: Id,
    me: Id,
    ids: BTreeMap<&'static str, String>,
    bodies: BTreeMap<&'static str, Value>,
}

fn id(value: &Value) -> Id {
    value.as_str().unwrap().parse().unwrap()
}

const QUERY: &str = "from(bucket: \"hush\") |> range(start: -1h) |> filter(fn: (r) => r._field == \"f\")
    |> aggregateWindow(every: 1m, fn: mean, createEmpty: false)";

impl World {
    async fn new() -> Self {
        let api = Api::set_up().await;
        let me = id(&api.get("/api/v2/me").await.json()["id"]);
        let org: Id = api.org.parse().unwrap();
        let mut world = Self { api, org, me, ids: BTreeMap::new(), bodies: BTreeMap::new() };
        let user = json!({"name": "hush-user"});
        world.make("/api/v2/users", user).await;
        let bucket = world.make("/api/v2/buckets", json!({"name": "hush-bucket"})).await;
        world.make("/api/v2/labels", json!({"name": "hush-label"})).await;
        let arguments = json!({"type": "constant", "values": ["hush"]});
        world.make("/api/v2/variables", json!({"name": "hush", "arguments": arguments})).await;
        world.make("/api/v2/telegrafs", json!({"name": "hush", "config": "# hush"})).await;
        world.make("/api/v2/dashboards", json!({"name": "hush"})).await;
        let scraper = json!({"name": "hush", "type": "prometheus", "url": "http://hush", "bucketID": bucket});
        world.make("/api/v2/scrapers", scraper).await;
        world.make("/api/v2/sources", json!({"name": "hush", "type": "v2"})).await;
        world
            .make("/api/v2/tasks", json!({"flux": "option task = {name: \"hush\", every: 1h}\nx = 1"}))
            .await;
        let check = json!({
            "type": "threshold", "name": "hush", "status": "active", "every": "1h", "offset": "0s",
            "statusMessageTemplate": "m", "tags": [], "query": {"text": QUERY},
            "thresholds": [{"type": "greater", "level": "CRIT", "value": 90}],
        });
        world.make("/api/v2/checks", check).await;
        let endpoint = json!({"type": "http", "name": "hush", "status": "active", "url": "http://hush",
            "method": "POST", "authMethod": "none"});
        let endpoint = world.make("/api/v2/notificationEndpoints", endpoint).await;
        let rule = json!({"type": "http", "name": "hush", "status": "active", "endpointID": endpoint,
            "every": "1h", "offset": "0s", "tagRules": [], "statusRules": [{"currentLevel": "CRIT"}]});
        world.make("/api/v2/notificationRules", rule).await;
        let remote = json!({"name": "hush", "remoteURL": "http://hush", "remoteAPIToken": "hush"});
        let remote = world.make("/api/v2/remotes", remote).await;
        let replication =
            json!({"name": "hush", "remoteID": remote, "localBucketID": bucket, "remoteBucketName": "hush"});
        world.make("/api/v2/replications", replication).await;
        let dbrp = json!({"database": "hush", "retention_policy": "hush", "bucketID": bucket});
        world.make("/api/v2/dbrps", dbrp).await;
        world.make("/api/v2/stacks", json!({"name": "hush"})).await;
        let permissions = json!([{"action": "read", "resource": {"type": "buckets", "orgID": world.org}}]);
        let token = json!({"description": "hush", "permissions": permissions});
        world.make("/api/v2/authorizations", token).await;
        let token = json!({"description": "hush", "permissions": permissions, "token": "hush"});
        world.make("/private/legacy/authorizations", token).await;
        world.make("/api/v2private/notebooks", json!({"name": "hush", "spec": {"hush": 1}})).await;
        let at = format!("/api/v2private/annotations?orgID={org}");
        let made = world.api.post(&at, json!([{"stream": "hush", "summary": "hush"}])).await.json();
        world.ids.insert("/api/v2private/annotations", made[0]["id"].as_str().unwrap().to_owned());
        world.bodies.insert("/api/v2private/annotations", json!([{"summary": "new"}]));
        let streams = world.api.get(&format!("/api/v2private/streams?orgID={org}")).await.json();
        world.ids.insert("/api/v2private/streams", streams[0]["id"].as_str().unwrap().to_owned());
        let secrets = format!("/api/v2/orgs/{org}/secrets");
        world.api.call(Method::PATCH, &secrets, json!({"hush": "hush"})).await;
        world.ids.insert("/api/v2/orgs", org.to_string());
        world.bodies.insert("/api/v2/orgs", json!({"name": "new"}));
        world
    }

    async fn make(&mut self, path: &'static str, mut body: Value) -> String {
        if CONTRACT.iter().any(|row| row.path == path && row.state == State::Later) {
            return String::new();
        }
        body["orgID"] = json!(self.org);
        let made = self.api.post(path, body.clone()).await;
        assert!(made.status.is_success(), "{path}: {}", String::from_utf8_lossy(&made.bytes));
        let made = made.json();
        let made = made.get("label").unwrap_or(&made)["id"].as_str().unwrap().to_owned();
        self.ids.insert(path, made.clone());
        self.bodies.insert(path, body);
        made
    }

    async fn caller(&self, name: &'static str, org: &str, held: Vec<Permission>) -> Caller {
        let made = self.api.post("/api/v2/authorizations", json!({"orgID": org, "permissions": held})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{name}: {}", String::from_utf8_lossy(&made.bytes));
        let token = made.json()["token"].as_str().unwrap().to_owned();
        Caller { name, token: Some(token), held }
    }

    async fn callers(&self) -> Vec<Caller> {
        let other = self.api.post("/api/v2/orgs", json!({"name": "other"})).await.json();
        let elsewhere = Permission::owner(id(&other["id"]));
        let bucket = self.ids["/api/v2/buckets"].parse().unwrap();
        let single = Action::ALL.map(|action| {
            Permission::new(action, Resource::one_in_org(ResourceType::Buckets, bucket, self.org))
        });
        let org = self.org.to_string();
        let mut inactive = self.caller("inactive", &org, Permission::owner(self.org)).await;
        let tokens = self.api.get("/api/v2/authorizations").await.json();
        let last =
            tokens["authorizations"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
        let off = json!({"status": "inactive"});
        let off = self.api.call(Method::PATCH, &format!("/api/v2/authorizations/{last}"), off).await;
        assert_eq!(off.status, StatusCode::OK);
        inactive.held.clear();
        vec![
            Caller { name: "nobody", token: None, held: Vec::new() },
            inactive,
            self.caller("of another organization", other["id"].as_str().unwrap(), elsewhere).await,
            self.caller("of one bucket", &org, single.to_vec()).await,
            self.caller("reader", &org, Permission::member(self.org)).await,
            self.caller("owner", &org, Permission::owner(self.org)).await,
            Caller { name: "operator", token: Some(self.api.token.clone()), held: Permission::operator() },
        ]
    }

    /// The path with ids in it, and the id that its first parameter is.
    fn path(&self, row: &Row) -> (String, Option<Id>) {
        let base = self.ids.keys().filter(|base| row.path.starts_with(**base)).max_by_key(|base| base.len());
        let first = base.map(|base| self.ids[base].clone());
        let mut path = row.path.to_owned();
        let mut id = None;
        if let (true, Some(first)) = (path.contains("{id}"), first) {
            path = path.replace("{id}", &first);
            id = first.parse().ok();
        }
        path = path
            .replace("{user}", &self.ids["/api/v2/users"])
            .replace("{label}", &self.ids["/api/v2/labels"])
            .replace("{key}", "hush")
            .replace("{name}", "limit")
            .replace("{cell}", "0123456789abcdef")
            .replace("{run}", "0123456789abcdef");
        if matches!(row.path, "/api/v2/write" | "/api/v2/delete" | "/write" | "/api/v2/dbrps/{id}") {
            id = self.ids["/api/v2/buckets"].parse().ok();
        }
        let org = self.org;
        (format!("{path}?orgID={org}&bucket={}&db=hush&rp=hush", self.ids["/api/v2/buckets"]), id)
    }

    async fn send(&self, caller: &Caller, method: &str, path: &str, body: &Value) -> Answer {
        let token = caller.token.as_ref().map(|token| format!("Token {token}"));
        let header = token.as_deref().map(|token| ("authorization", token));
        let body = if method == "GET" { String::new() } else { body.to_string() };
        self.api.send(method.parse().unwrap(), path, header.as_slice(), body).await
    }
}

#[tokio::test]
async fn who_may_not_does_not_and_learns_nothing() {
    let world = World::new().await;
    let callers = world.callers().await;
    let mut refusals = 0;
    let served = CONTRACT.iter().filter(|row| row.state == State::Served);
    let open = |row: &Row| {
        !row.path.starts_with("/api/") && !row.path.starts_with("/private/") && row.path != "/write"
            || row.path.starts_with("/api/v2/sign")
            || matches!(row.path, "/api/v2" | "/api/v2/setup" | "/api/v2/swagger.json")
    };
    for row in served.filter(|row| !open(row)) {
        let (path, resource) = world.path(row);
        for method in row.methods() {
            let needs = needs(row, method, world.org, resource, world.me);
            let body = world.bodies.get(row.path).filter(|_| method == "POST").cloned().unwrap_or(json!({}));
            for caller in &callers {
                let what = format!("{} {method} {}", caller.name, row.path);
                let may = caller.may(&needs);
                // Those who may would change what the others are not to see.
                if may && method != "GET" {
                    continue;
                }
                let answer = world.send(caller, method, &path, &body).await;
                let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                if caller.name == "nobody" {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {text}");
                }
                if may {
                    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
                    assert!(!refused || needs == Needs::Nothing, "{what}: {} {text}", answer.status);
                    continue;
                }
                refusals += 1;
                if !matches!(needs, Needs::Filter(_)) {
                    assert!(!answer.status.is_success(), "{what}: {} {text}", answer.status);
                }
                assert!(
                    !answer.status.is_server_error() || row.path.starts_with("/api/v2/tasks"),
                    "{what}: {text}"
                );
                // One bucket's caller is shown that bucket where it is listed.
                let shown = caller.name == "of one bucket" && matches!(needs, Needs::Filter(_));
                assert!(shown || !text.contains(SECRET), "{what}: {text}");
            }
        }
    }
    assert!(refusals > 500, "only {refusals} refusals");
}

#[tokio::test]
async fn whoever_may_read_reads() {
    let world = World::new().await;
    let callers = world.callers().await;
    for (base, id) in &world.ids {
        let row = CONTRACT.iter().find(|row| row.path == format!("{base}/{{id}}")).unwrap();
        if !row.methods().any(|method| method == "GET") {
            continue;
        }
        // The rights over a v1 name are those over its bucket.
        let of = if *base == "/api/v2/dbrps" { &world.ids["/api/v2/buckets"] } else { id };
        let needs = needs(row, "GET", world.org, of.parse().ok(), world.me);
        for caller in &callers {
            let answer =
                world.send(caller, "GET", &format!("{base}/{id}?orgID={}", world.org), &Value::Null).await;
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            assert_eq!(answer.status.is_success(), caller.may(&needs), "{} {base}: {text}", caller.name);
            if *base != "/api/v2/orgs" {
                assert_eq!(text.contains(SECRET), caller.may(&needs), "{} {base}: {text}", caller.name);
            }
        }
    }
}

/// Makes bodies that change nothing: the question is who may, not what then happens.
fn harmless(row: &Row, method: &str, world: &World) -> Value {
    match method {
        "POST" => world.bodies.get(row.path).cloned().unwrap_or(json!({})),
        _ => json!({}),
    }
}

/// What an operation asks for beside what the table says: rights over what the resource has to do with.
fn more(row: &Row, method: &str, world: &World) -> Vec<Permission> {
    let all = |action, kind| Permission::new(action, Resource::in_org(kind, world.org));
    match row.path {
        "/api/v2/scrapers" | "/api/v2/scrapers/{id}" if method != "DELETE" => {
            vec![all(Action::Write, ResourceType::Buckets)]
        }
        "/api/v2/replications" | "/api/v2/replications/{id}" => {
            vec![all(Action::Read, ResourceType::Buckets), all(Action::Read, ResourceType::Remotes)]
        }
        // A token that is changed is read first.
        "/api/v2/authorizations/{id}" | "/private/legacy/authorizations/{id}" if method == "PATCH" => {
            let user = Resource::one(ResourceType::Users, world.me);
            vec![all(Action::Read, ResourceType::Authorizations), Permission::read(user)]
        }
        // So are these, and what an answer shows.
        "/api/v2/variables/{id}" => vec![all(Action::Read, ResourceType::Variables)],
        "/api/v2/telegrafs/{id}" => vec![all(Action::Read, ResourceType::Telegrafs)],
        "/api/v2/checks/{id}" => vec![all(Action::Read, ResourceType::Checks)],
        "/api/v2/notificationEndpoints/{id}" => {
            vec![all(Action::Read, ResourceType::NotificationEndpoints)]
        }
        "/api/v2/notificationRules/{id}" => vec![all(Action::Read, ResourceType::NotificationRules)],
        "/api/v2/dashboards/{id}" => vec![all(Action::Read, ResourceType::Dashboards)],
        "/api/v2/dbrps/{id}" => vec![all(Action::Read, ResourceType::Buckets)],
        // Nobody gives what they do not have.
        "/api/v2/authorizations" | "/private/legacy/authorizations" => {
            vec![all(Action::Read, ResourceType::Buckets)]
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn whoever_may_write_is_not_refused() {
    let world = World::new().await;
    let served = CONTRACT.iter().filter(|row| row.state == State::Served);
    let mut operations: Vec<(&Row, &str)> =
        served.flat_map(|row| row.methods().map(move |method| (row, method))).collect();
    operations.retain(|(row, method)| *method != "GET" && kind_of(row.path).is_some());
    // What an operation needs must still be there: deleting comes last, what is below something before that, and the
    // organization at the very end.
    operations.sort_by_key(|(row, method)| {
        let deletes = *method == "DELETE";
        (
            deletes,
            deletes && row.path == "/api/v2/orgs/{id}",
            std::cmp::Reverse(row.path.matches('/').count()),
        )
    });
    let (mut asked, mut wrong) = (0, Vec::new());
    for (row, method) in operations {
        let (path, resource) = world.path(row);
        let Needs::All(mut held) = needs(row, method, world.org, resource, world.me) else { continue };
        held.extend(more(row, method, &world));
        let caller = world.caller(row.path, &world.org.to_string(), held).await;
        let answer = world.send(&caller, method, &path, &harmless(row, method, &world)).await;
        let text = String::from_utf8_lossy(&answer.bytes);
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
        if refused || answer.status == StatusCode::INTERNAL_SERVER_ERROR {
            wrong.push(format!("{method} {}: {} {text}", row.path, answer.status));
        }
        asked += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 100, "only {asked} operations were asked for");
}
