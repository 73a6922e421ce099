"""The rest of what the Python client has an API or a service for, from its making to its end."""

import os
import uuid

from influxdb_client import (
    CellsService, ChecksService, ConfigService, CreateCell, CreateDashboardRequest, DashboardsService, DBRPCreate,
    DBRPsService, DBRPUpdate, DeadmanCheck, GreaterThreshold, HTTPNotificationEndpoint,
    LegacyAuthorizationPostRequest, LegacyAuthorizationsService, MarkdownViewProperties, NotificationEndpointsService,
    NotificationRulesService, PasswordResetBody, Permission, PermissionResource, RangeThreshold,
    RemoteConnectionCreationRequest, RemoteConnectionsService, ReplicationCreationRequest, ReplicationsService,
    ResourcesService, RoutesService, RulesService, ScraperTargetRequest, ScraperTargetsService, SecretKeys,
    SecretsService, SetupService, SourcesService, TaskCreateRequest, TaskUpdateRequest,
    TelegrafsService, TemplatesService, ThresholdCheck, VariablesService, View, ViewsService,
)
from influxdb_client.rest import ApiException

from cases import case, equal

ORG = os.environ["WEIR_ORG"]


def fresh(name):
    return f"py-{name}-{uuid.uuid4().hex[:8]}"


def org_of(client):
    return client.organizations_api().find_organizations(org=ORG)[0].id


def refused(status, attempt):
    try:
        attempt()
    except ApiException as error:
        equal(error.status, status)
        return
    raise AssertionError(f"not refused with {status}")


@case
def tasks(client):
    api, org = client.tasks_api(), client.organizations_api().find_organizations(org=ORG)[0]
    name, flux = fresh("task"), 'from(bucket: "none") |> range(start: -1m)'
    every = api.create_task_every(name, flux, "1h", org)
    equal((every.name, every.every, every.status), (name, "1h", "active"))
    cron = api.create_task_cron(name, flux, "0 2 * * *", org.id)
    equal((cron.cron, cron.every), ("0 2 * * *", None))
    by_request = api.create_task(
        task_create_request=TaskCreateRequest(org=ORG, flux=f'option task = {{name: "{name}", every: 5m}}\n{flux}')
    )
    equal(by_request.every, "5m")
    every.status, every.description = "inactive", "words"
    changed = api.update_task(every)
    equal((changed.status, changed.description), ("inactive", "words"))
    changed = api.update_task_request(every.id, TaskUpdateRequest(cron="0 3 * * *", status="active"))
    equal((changed.cron, changed.every), ("0 3 * * *", None))
    assert "0 3 * * *" in changed.flux, changed.flux
    equal(len(api.find_tasks(name=name, org=ORG)), 3)
    pages = [task.id for task in api.find_tasks_iter(name=name, org=ORG, limit=1)]
    equal(len(pages), 3)
    copy = api.clone_task(cron)
    equal(copy.cron, "0 2 * * *")
    user = client.users_api().create_user(fresh("user"))
    api.add_member(user.id, every.id)
    equal([member.id for member in api.get_members(every.id)], [user.id])
    api.delete_member(user.id, every.id)
    api.add_owner(user.id, every.id)
    assert user.id in [owner.id for owner in api.get_owners(every.id)]
    api.delete_owner(user.id, every.id)
    label = client.labels_api().create_label(fresh("label"), org.id)
    api.add_label(label.id, every.id)
    equal([found.id for found in api.get_labels(every.id).labels], [label.id])
    api.delete_label(label.id, every.id)
    equal(api.get_runs(every.id), [])
    client.labels_api().delete_label(label)
    client.users_api().delete_user(user)
    for task in (every, cron, by_request, copy):
        api.delete_task(task.id)
    refused(404, lambda: api.find_task_by_id(every.id))


@case
def labels_and_users(client):
    labels, users, organizations = client.labels_api(), client.users_api(), client.organizations_api()
    org = org_of(client)
    label = labels.create_label(fresh("label"), org, {"color": "red"})
    label.properties["size"] = "big"
    equal(labels.update_label(label).properties, {"color": "red", "size": "big"})
    copy = labels.clone_label(fresh("copy"), label)
    equal(copy.properties["color"], "red")
    equal(labels.find_label_by_id(label.id).name, label.name)
    assert copy.id in [found.id for found in labels.find_label_by_org(org)]
    for one in (label, copy):
        labels.delete_label(one)

    user = users.create_user(fresh("user"))
    user.name = fresh("renamed")
    equal(users.update_user(user).name, user.name)
    equal([found.id for found in users.find_users(name=user.name).users], [user.id])
    users.delete_user(user)

    made = organizations.create_organization(name=fresh("org"))
    renamed = organizations.update_organization(type(made)(id=made.id, name=fresh("renamed"), description="words"))
    equal(renamed.description, "words")
    secrets = SecretsService(client.api_client)
    secrets.patch_orgs_id_secrets(made.id, {"a": "1", "b": "2"})
    secrets.post_orgs_id_secrets(made.id, SecretKeys(secrets=["a"]))
    equal(secrets.get_orgs_id_secrets(made.id).secrets, ["b"])
    organizations.delete_organization(made.id)
    refused(404, lambda: organizations.find_organization(made.id))


@case
def boards(client):
    boards = DashboardsService(client.api_client)
    made = boards.post_dashboards(CreateDashboardRequest(org_id=org_of(client), name=fresh("board")))
    cells, views = CellsService(client.api_client), ViewsService(client.api_client)
    cell = cells.post_dashboards_id_cells(made.id, CreateCell(x=0, y=0, w=4, h=3))
    note = MarkdownViewProperties(type="markdown", shape="chronograf-v2", note="# hi")
    views.patch_dashboards_id_cells_id_view(made.id, cell.id, View(name="view", properties=note))
    equal(views.get_dashboards_id_cells_id_view(made.id, cell.id).properties["note"], "# hi")
    cells.delete_dashboards_id_cells_id(made.id, cell.id)
    boards.delete_dashboards_id(made.id)
    refused(404, lambda: boards.get_dashboards_id(made.id))


@case
def checks(client):
    api = ChecksService(client.api_client)
    query = {"text": 'from(bucket: "b") |> range(start: -1h) |> filter(fn: (r) => r._field == "f")', "editMode": "advanced"}
    common = {"org_id": org_of(client), "every": "1h", "offset": "0s", "query": query, "status": "active",
              "status_message_template": "m", "tags": []}
    levels = [GreaterThreshold(value=90.0, level="CRIT", all_values=False),
              RangeThreshold(min=5.0, max=90.0, level="WARN", within=True)]
    made = [
        api.create_check(ThresholdCheck(name=fresh("threshold"), thresholds=levels, **common)),
        api.create_check(DeadmanCheck(name=fresh("deadman"), time_since="90s", stale_time="10m", level="CRIT", **common)),
    ]
    equal([check.type for check in made], ["threshold", "deadman"])
    equal([level.type for level in api.get_checks_id(made[0].id).thresholds], ["greater", "range"])
    for check in made:
        assert "monitor[" in api.get_checks_id_query(check.id).flux
        equal(api.patch_checks_id(check.id, {"status": "inactive"}).status, "inactive")
        api.delete_checks_id(check.id)
        refused(404, lambda: api.get_checks_id(check.id))


@case
def endpoints_and_rules(client):
    endpoints, rules = NotificationEndpointsService(client.api_client), NotificationRulesService(client.api_client)
    org = org_of(client)
    endpoint = endpoints.create_notification_endpoint({
        "orgID": org, "type": "slack", "name": fresh("slack"), "status": "active", "url": "http://localhost:1"})
    http = endpoints.create_notification_endpoint(HTTPNotificationEndpoint(
        org_id=org, name=fresh("http"), status="active", url="http://localhost:1", method="POST", auth_method="none", type="http"))
    equal(http.method, "POST")
    rule = rules.create_notification_rule({
        "orgID": org, "type": "slack", "name": fresh("rule"), "status": "active", "endpointID": endpoint.id, "every": "10m",
        "messageTemplate": "m", "statusRules": [{"currentLevel": "CRIT"}],
        "tagRules": [{"key": "k", "value": "v", "operator": "equal"}]})
    equal((rule.endpoint_id, rule.tag_rules[0].key, rule.status_rules[0].current_level), (endpoint.id, "k", "CRIT"))
    assert "monitor[" in RulesService(client.api_client).get_notification_rules_id_query(rule.id).flux
    equal(rules.patch_notification_rules_id(rule.id, {"status": "inactive"}).status, "inactive")
    rules.delete_notification_rules_id(rule.id)
    for one in (endpoint, http):
        endpoints.delete_notification_endpoints_id(one.id)
        refused(404, lambda: endpoints.get_notification_endpoints_id(one.id))


@case
def other_resources(client):
    org, api = org_of(client), client.api_client
    bucket = client.buckets_api().create_bucket(bucket_name=fresh("bucket"), org=ORG)

    variables = VariablesService(api)
    variable = variables.post_variables({
        "orgID": org, "name": fresh("v").replace("-", "_"), "arguments": {"type": "map", "values": {"k": "v"}}})
    equal(variables.get_variables_id(variable.id).arguments["values"], {"k": "v"})
    variables.delete_variables_id(variable.id)

    telegrafs = TelegrafsService(api)
    telegraf = telegrafs.post_telegrafs({"orgID": org, "name": fresh("host"), "config": "[[inputs.cpu]]\n"})
    assert "[[inputs.cpu]]" in str(telegrafs.get_telegrafs_id(telegraf.id))
    telegrafs.delete_telegrafs_id(telegraf.id)

    scrapers = ScraperTargetsService(api)
    scraper = scrapers.post_scrapers(ScraperTargetRequest(
        org_id=org, bucket_id=bucket.id, name=fresh("node"), type="prometheus", url="http://localhost:1/metrics"))
    equal(scraper.bucket, bucket.name)
    scrapers.delete_scrapers_id(scraper.id)

    databases = DBRPsService(api)
    database = databases.post_dbrp(DBRPCreate(
        org_id=org, bucket_id=bucket.id, database=fresh("db"), retention_policy="rp", default=True))
    changed = databases.patch_dbrpid(database.id, DBRPUpdate(retention_policy="other"), org_id=org)
    equal(changed.content.retention_policy, "other")
    databases.delete_dbrpid(database.id, org_id=org)

    remotes, replications = RemoteConnectionsService(api), ReplicationsService(api)
    remote = remotes.post_remote_connection(RemoteConnectionCreationRequest(
        org_id=org, name=fresh("far"), remote_url="http://localhost:1", remote_api_token="t", remote_org_id=org,
        allow_insecure_tls=False))
    replication = replications.post_replication(ReplicationCreationRequest(
        org_id=org, name=fresh("copy"), remote_id=remote.id, local_bucket_id=bucket.id, remote_bucket_name="there",
        max_queue_size_bytes=67_108_860))
    equal(replications.get_replication_by_id(replication.id).max_queue_size_bytes, 67_108_860)
    replications.delete_replication_by_id(replication.id)
    remotes.delete_remote_connection_by_id(remote.id)

    legacy = LegacyAuthorizationsService(api)
    read = Permission(action="read", resource=PermissionResource(type="buckets", org_id=org, id=bucket.id))
    login = legacy.post_legacy_authorizations(LegacyAuthorizationPostRequest(
        org_id=org, token=fresh("v1"), permissions=[read], description="old"))
    legacy.post_legacy_authorizations_id_password(login.id, PasswordResetBody(password="a-v1-password"))
    equal(legacy.get_legacy_authorizations_id(login.id).token, login.token)
    legacy.delete_legacy_authorizations_id(login.id)

    assert SourcesService(api).get_sources(org=ORG).sources
    equal(SetupService(api).get_setup().allowed, False)
    assert RoutesService(api).get_routes()
    assert ResourcesService(api).get_resources()
    assert ConfigService(api).get_config()
    client.buckets_api().delete_bucket(bucket)


@case
def templates(client):
    organizations = client.organizations_api()
    org, api = organizations.create_organization(name=fresh("org")), TemplatesService(client.api_client)
    label = {"apiVersion": "influxdata.com/v2alpha1", "kind": "Label", "metadata": {"name": "red"}, "spec": {"color": "#ff0000"}}
    applied = api.apply_template({"orgID": org.id, "template": {"contents": [label]}})
    equal([found.name for found in client.labels_api().find_label_by_org(org.id)], ["red"])
    stacks = api.list_stacks(org.id).stacks
    equal([stack.id for stack in stacks], [applied.stack_id])
    # Uninstalling needs the organization, for which this client has no parameter.
    api.delete_stack(applied.stack_id, org.id)
    equal(client.labels_api().find_label_by_org(org.id), [])
    organizations.delete_organization(org.id)
