// The official Java client against a running server: WEIR_URL, WEIR_TOKEN, WEIR_ORG. One line a case. Every API that the
// client has for a resource is driven.

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.InfluxDBClientOptions;
import com.influxdb.client.WriteApi;
import com.influxdb.client.domain.*;
import com.influxdb.client.write.Point;
import com.influxdb.exceptions.NotFoundException;
import com.influxdb.query.FluxRecord;
import com.influxdb.query.FluxTable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

public final class Check {
    interface Case {
        void run() throws Exception;
    }

    private static final String ORG = System.getenv("WEIR_ORG");
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final String RANGE = "range(start: 2024-01-01T00:00:00Z, stop: 2024-01-01T01:00:00Z)";
    private static final String SUFFIX = Long.toHexString(System.nanoTime());

    private final InfluxDBClient client;
    private final Organization org;

    private Check(InfluxDBClient client) {
        this.client = client;
        org = client.getOrganizationsApi().findOrganizations().stream()
                .filter(found -> found.getName().equals(ORG)).findFirst().orElseThrow();
    }

    private static void equal(Object got, Object wanted) {
        if (!Objects.equals(got, wanted)) {
            throw new AssertionError("got " + got + ", wanted " + wanted);
        }
    }

    private static void that(boolean true_, String what) {
        if (!true_) {
            throw new AssertionError(what);
        }
    }

    private static void gone(Case find) throws Exception {
        try {
            find.run();
        } catch (NotFoundException expected) {
            return;
        }
        throw new AssertionError("it is still there");
    }

    private Bucket bucket(String name) {
        return client.getBucketsApi().createBucket("java-" + name + "-" + SUFFIX, org);
    }

    private Label label() {
        return client.getLabelsApi().createLabel("label-" + System.nanoTime(), Map.of("color", "red"), org.getId());
    }

    private User user() {
        return client.getUsersApi().createUser("user-" + System.nanoTime());
    }

    private List<FluxRecord> query(String flux) {
        List<FluxRecord> all = new ArrayList<>();
        for (FluxTable table : client.getQueryApi().query(flux, ORG)) {
            all.addAll(table.getRecords());
        }
        return all;
    }

    void system() {
        that(client.ping(), "no answer to a ping");
        that(client.version() != null, "no version");
        equal(client.health().getStatus(), HealthCheck.StatusEnum.PASS);
        equal(client.ready().getStatus(), Ready.StatusEnum.READY);
        equal(client.isOnboardingAllowed(), false);
    }

    void writesAndQueries() throws Exception {
        Bucket bucket = bucket("write");
        var write = client.getWriteApiBlocking();
        write.writeRecord(bucket.getName(), ORG, WritePrecision.S, "air,room=hall temp=20.5 1704067200");
        write.writePoint(bucket.getName(), ORG, Point.measurement("air").addTag("room", "hall")
                .addField("temp", 21.5).addField("people", 3L).time(START.plusSeconds(60), WritePrecision.NS));
        client.enableGzip();
        try (WriteApi batching = client.makeWriteApi()) {
            for (int i = 0; i < 100; i++) {
                batching.writeRecord(bucket.getName(), ORG, WritePrecision.MS, "many n=" + i + "i " + (1704067200000L + i));
            }
        }
        client.disableGzip();
        var temps = query("from(bucket: \"" + bucket.getName() + "\") |> " + RANGE + " |> filter(fn: (r) => r._field == \"temp\")");
        equal(temps.stream().map(FluxRecord::getValue).toList(), List.of(20.5, 21.5));
        equal(temps.get(0).getTime(), START);
        equal(temps.get(0).getValueByKey("room"), "hall");
        var sum = query("from(bucket: \"" + bucket.getName() + "\") |> " + RANGE + " |> filter(fn: (r) => r._measurement == \"many\") |> sum()");
        equal(sum.get(0).getValue(), 4950L);
        that(client.getQueryApi().queryRaw("buckets()", ORG).contains(bucket.getName()), "the bucket is not listed");

        client.getDeleteApi().delete(OffsetDateTime.ofInstant(START, ZoneOffset.UTC),
                OffsetDateTime.ofInstant(START.plusSeconds(3600), ZoneOffset.UTC), "_measurement=\"many\"", bucket.getName(), ORG);
        var left = query("from(bucket: \"" + bucket.getName() + "\") |> " + RANGE + " |> count()");
        equal(left.stream().map(FluxRecord::getMeasurement).distinct().toList(), List.of("air"));
        try {
            query("from(bucket: \"none\") |> range(start: -1h)");
            throw new AssertionError("a bucket that is not there was read");
        } catch (NotFoundException expected) {
            that(expected.getMessage().contains("could not find bucket"), expected.getMessage());
        }
        client.getBucketsApi().deleteBucket(bucket);
    }

    void influxQl() {
        Bucket bucket = bucket("influxql");
        client.getWriteApiBlocking().writeRecord(bucket.getName(), ORG, WritePrecision.S, "m f=1 1704067200\nm f=2 1704067201");
        var api = client.getInfluxQLQueryApi();
        var query = new InfluxQLQuery("SELECT f FROM m", bucket.getName());
        for (var result : List.of(api.query(query), api.queryCSV(query), api.queryJSON(query))) {
            var values = result.getResults().get(0).getSeries().get(0).getValues();
            equal(values.size(), 2);
            equal(Double.parseDouble(values.get(1).getValueByKey("f").toString()), 2.0);
        }
        client.getBucketsApi().deleteBucket(bucket);
    }

    void buckets() throws Exception {
        var api = client.getBucketsApi();
        Bucket made = api.createBucket("java-rules-" + SUFFIX, new BucketRetentionRules().everySeconds(7200), org);
        equal(made.getRetentionRules().get(0).getEverySeconds(), 7200);
        made.setDescription("words");
        equal(api.updateBucket(made).getDescription(), "words");
        equal(api.findBucketByName(made.getName()).getId(), made.getId());
        that(api.findBucketsByOrg(org).stream().anyMatch(b -> b.getId().equals(made.getId())), "not listed");
        Bucket copy = api.cloneBucket("java-copy-" + SUFFIX, made);
        equal(copy.getRetentionRules().get(0).getEverySeconds(), 7200);
        api.deleteBucket(copy);
        User user = user();
        api.addMember(user, made);
        equal(api.getMembers(made).get(0).getId(), user.getId());
        api.deleteMember(user, made);
        api.addOwner(user, made);
        equal(api.getOwners(made).stream().filter(o -> o.getId().equals(user.getId())).count(), 1L);
        api.deleteOwner(user, made);
        Label label = label();
        api.addLabel(label, made);
        equal(api.getLabels(made).get(0).getName(), label.getName());
        api.deleteLabel(label, made);
        equal(api.getLabels(made).size(), 0);
        api.deleteBucket(made);
        gone(() -> api.findBucketByID(made.getId()));
    }

    void organizations() throws Exception {
        var api = client.getOrganizationsApi();
        Organization made = api.createOrganization("java-org-" + SUFFIX);
        made.setName("java-renamed-" + SUFFIX);
        equal(api.updateOrganization(made).getName(), made.getName());
        api.putSecrets(Map.of("key", "value", "other", "value"), made);
        equal(api.getSecrets(made).getSecrets().stream().sorted().toList(), List.of("key", "other"));
        api.deleteSecrets(List.of("key"), made);
        equal(api.getSecrets(made).getSecrets(), List.of("other"));
        User user = user();
        api.addMember(user, made);
        equal(api.getMembers(made).size(), 1);
        api.deleteMember(user, made);
        api.addOwner(user, made);
        that(api.getOwners(made).stream().anyMatch(o -> o.getId().equals(user.getId())), "no owner");
        api.deleteOwner(user, made);
        Organization copy = api.cloneOrganization("java-org-copy-" + SUFFIX, made);
        api.deleteOrganization(copy);
        api.deleteOrganization(made);
        gone(() -> api.findOrganizationByID(made.getId()));
    }

    void users() throws Exception {
        var api = client.getUsersApi();
        User made = user();
        made.setName(made.getName() + "-renamed");
        equal(api.updateUser(made).getName(), made.getName());
        that(api.findUsers().size() > 0, "no users");
        equal(api.me().getName() != null, true);
        User copy = api.cloneUser("java-copy-" + SUFFIX, made);
        api.deleteUser(copy);
        api.deleteUser(made);
        gone(() -> api.findUserByID(made.getId()));
    }

    void authorizations() throws Exception {
        var api = client.getAuthorizationsApi();
        var resource = new PermissionResource().type(PermissionResource.TYPE_BUCKETS).orgID(org.getId());
        var read = new Permission().action(Permission.ActionEnum.READ).resource(resource);
        Authorization made = api.createAuthorization(org, List.of(read));
        that(made.getToken().length() > 80, "no token");
        made.setStatus(AuthorizationUpdateRequest.StatusEnum.INACTIVE);
        equal(api.updateAuthorization(made).getStatus(), AuthorizationUpdateRequest.StatusEnum.INACTIVE);
        that(api.findAuthorizationsByOrg(org).stream().anyMatch(a -> a.getId().equals(made.getId())), "not listed");
        Authorization copy = api.cloneAuthorization(made);
        that(!copy.getId().equals(made.getId()), "not another");
        api.deleteAuthorization(copy);
        api.deleteAuthorization(made);
        gone(() -> api.findAuthorizationByID(made.getId()));
    }

    void labels() throws Exception {
        var api = client.getLabelsApi();
        Label made = label();
        made.putPropertiesItem("size", "big");
        equal(api.updateLabel(made).getProperties().get("size"), "big");
        that(api.findLabelsByOrg(org).stream().anyMatch(l -> l.getId().equals(made.getId())), "not listed");
        Label copy = api.cloneLabel("copy-" + System.nanoTime(), made);
        equal(copy.getProperties().get("color"), "red");
        api.deleteLabel(copy);
        api.deleteLabel(made);
        gone(() -> api.findLabelByID(made.getId()));
    }

    void tasks() throws Exception {
        var api = client.getTasksApi();
        String flux = "from(bucket: \"none\") |> range(start: -1m) |> last()";
        Task every = api.createTaskEvery("java-every-" + SUFFIX, flux, "1h", org);
        equal(every.getEvery(), "1h");
        Task cron = api.createTaskCron("java-cron-" + SUFFIX, flux, "0 2 * * *", org);
        equal(cron.getCron(), "0 2 * * *");
        Task changed = api.updateTask(every.getId(), new TaskUpdateRequest().every("2h").status(TaskStatusType.INACTIVE));
        equal(changed.getEvery(), "2h");
        equal(changed.getStatus(), TaskStatusType.INACTIVE);
        equal(api.findTaskByID(every.getId()).getName(), every.getName());
        that(api.findTasksByOrganization(org).size() >= 2, "not listed");
        Task copy = api.cloneTask(cron);
        equal(copy.getCron(), cron.getCron());
        api.deleteTask(copy);
        equal(api.getRuns(every).size(), 0);
        // Nothing said is null there, as the server that is matched has it.
        var logs = api.getLogs(every);
        that(logs == null || logs.isEmpty(), "logs of a task that never ran");
        User user = user();
        api.addMember(user, every);
        equal(api.getMembers(every).size(), 1);
        api.deleteMember(user, every);
        Label label = label();
        api.addLabel(label, every);
        equal(api.getLabels(every).size(), 1);
        api.deleteLabel(label, every);
        api.deleteTask(cron);
        api.deleteTask(every);
        gone(() -> api.findTaskByID(every.getId()));
    }

    void sources() throws Exception {
        var api = client.getSourcesApi();
        Source source = new Source();
        source.setOrgID(org.getId());
        source.setName("java-" + SUFFIX);
        source.setUrl("http://localhost:1");
        source.setType(Source.TypeEnum.V2);
        Source made = api.createSource(source);
        made.setName("renamed-" + SUFFIX);
        equal(api.updateSource(made).getName(), made.getName());
        that(api.findSources().stream().anyMatch(s -> made.getId().equals(s.getId())), "not listed");
        equal(api.health(made).getStatus(), HealthCheck.StatusEnum.PASS);
        that(api.findBucketsBySource(made).size() > 0, "no buckets");
        api.deleteSource(made);
        gone(() -> api.findSourceByID(made.getId()));
    }

    void scrapers() throws Exception {
        var api = client.getScraperTargetsApi();
        Bucket bucket = bucket("scraped");
        ScraperTargetResponse made = api.createScraperTarget("java-" + SUFFIX, "http://localhost:1/metrics", bucket.getId(), org.getId());
        made.setName("renamed-" + SUFFIX);
        equal(api.updateScraperTarget(made).getName(), made.getName());
        that(api.findScraperTargetsByOrg(org).stream().anyMatch(s -> s.getId().equals(made.getId())), "not listed");
        ScraperTargetResponse copy = api.cloneScraperTarget("copy-" + SUFFIX, made);
        equal(copy.getUrl(), made.getUrl());
        api.deleteScraperTarget(copy);
        User user = user();
        api.addOwner(user, made);
        that(api.getOwners(made).stream().anyMatch(o -> o.getId().equals(user.getId())), "no owner");
        api.deleteOwner(user, made);
        Label label = label();
        api.addLabel(label, made);
        equal(api.getLabels(made).size(), 1);
        api.deleteLabel(label, made);
        api.deleteScraperTarget(made);
        gone(() -> api.findScraperTargetByID(made.getId()));
        client.getBucketsApi().deleteBucket(bucket);
    }

    void telegrafs() throws Exception {
        var api = client.getTelegrafsApi();
        String toml = "[[inputs.cpu]]\n[[outputs.influxdb_v2]]\n  bucket = \"b\"\n";
        Telegraf made = api.createTelegraf("java-" + SUFFIX, "words", org, toml, null);
        equal(made.getMetadata().getBuckets(), List.of("b"));
        equal(api.getTOML(made), toml);
        made.setDescription("other words");
        equal(api.updateTelegraf(made).getDescription(), "other words");
        that(api.findTelegrafsByOrg(org).stream().anyMatch(t -> t.getId().equals(made.getId())), "not listed");
        Telegraf copy = api.cloneTelegraf("copy-" + SUFFIX, made);
        equal(copy.getConfig(), made.getConfig());
        api.deleteTelegraf(copy);
        Label label = label();
        api.addLabel(label, made);
        equal(api.getLabels(made).size(), 1);
        api.deleteLabel(label, made);
        api.deleteTelegraf(made);
        gone(() -> api.findTelegrafByID(made.getId()));
    }

    void variables() throws Exception {
        var api = client.getVariablesApi();
        var constant = new ConstantVariableProperties().addValuesItem("a").addValuesItem("b");
        var map = new MapVariableProperties().putValuesItem("k", "v");
        var query = new QueryVariableProperties();
        query.setValues(new QueryVariablePropertiesValues().language("flux").query("buckets()"));
        for (VariableProperties arguments : List.of(constant, map, query)) {
            Variable made = api.createVariable(new Variable().orgID(org.getId()).name("java_" + System.nanoTime())
                    .arguments(arguments).selected(new ArrayList<>()).labels(new ArrayList<>()));
            equal(made.getArguments().getClass(), arguments.getClass());
            made.setDescription("words");
            equal(api.updateVariable(made).getDescription(), "words");
            that(api.findVariables(org).stream().anyMatch(v -> v.getId().equals(made.getId())), "not listed");
            Label label = label();
            api.addLabel(label, made);
            equal(api.getLabels(made).size(), 1);
            api.deleteLabel(label, made);
            api.deleteVariable(made);
            gone(() -> api.findVariableByID(made.getId()));
        }
    }

    void dashboards() throws Exception {
        var api = client.getDashboardsApi();
        Dashboard made = api.createDashboard("java-" + SUFFIX, "words", org.getId());
        made.setName("renamed-" + SUFFIX);
        equal(api.updateDashboard(made).getName(), made.getName());
        Cell cell = api.addCell(new CreateCell().x(0).y(0).w(4).h(2).name("cell"), made);
        equal(api.updateCell(new CellUpdate().x(1).y(1).w(3).h(3), cell.getId(), made.getId()).getX(), 1);
        var markdown = new MarkdownViewProperties().note("# note");
        api.addCellView(new View().name("view").properties(markdown), cell, made);
        View view = api.getCellView(cell, made);
        equal(((MarkdownViewProperties) view.getProperties()).getNote(), "# note");
        equal(api.findDashboardByID(made.getId()).getCells().size(), 1);
        api.replaceCells(new ArrayList<>(), made);
        equal(api.findDashboardByID(made.getId()).getCells().size(), 0);
        User user = user();
        api.addMember(user, made);
        equal(api.getMembers(made).size(), 1);
        api.deleteMember(user, made);
        Label label = label();
        api.addLabel(label, made);
        equal(api.getLabels(made).size(), 1);
        api.deleteLabel(label, made);
        that(api.findDashboardsByOrganization(org).stream().anyMatch(d -> d.getId().equals(made.getId())), "not listed");
        api.deleteDashboard(made);
        gone(() -> api.findDashboardByID(made.getId()));
    }

    private static final String CHECKED = "from(bucket: \"foo\") |> range(start: -1d, stop: now())"
            + " |> aggregateWindow(every: 1m, fn: mean) |> filter(fn: (r) => r._field == \"usage_user\") |> yield()";

    void checks() throws Exception {
        var api = client.getChecksApi();
        var greater = new GreaterThreshold().value(80F);
        greater.setLevel(CheckStatusLevel.CRIT);
        greater.setAllValues(true);
        ThresholdCheck made = api.createThresholdCheck("java-" + SUFFIX, CHECKED, "1h", "Check: ${ r._check_name } is: ${ r._level }", greater, org.getId());
        equal(made.getThresholds().get(0).getLevel(), CheckStatusLevel.CRIT);
        DeadmanCheck deadman = api.createDeadmanCheck("java-dead-" + SUFFIX, CHECKED, "15m", "90s", "10m", "message", CheckStatusLevel.CRIT, org.getId());
        equal(deadman.getStaleTime(), "10m");
        equal(api.updateCheck(made.getId(), new CheckPatch().description("words").status(CheckPatch.StatusEnum.INACTIVE)).getDescription(), "words");
        that(api.findChecks(org.getId()).size() >= 2, "not listed");
        Label label = label();
        api.addLabel(label, made);
        equal(api.getLabels(made).size(), 1);
        api.deleteLabel(label, made);
        api.deleteCheck(deadman);
        api.deleteCheck(made);
        gone(() -> api.findCheckByID(made.getId()));
    }

    void endpointsAndRules() throws Exception {
        var endpoints = client.getNotificationEndpointsApi();
        var rules = client.getNotificationRulesApi();
        var slack = endpoints.createSlackEndpoint("java-slack-" + SUFFIX, "http://localhost:1", "token", org.getId());
        var pager = endpoints.createPagerDutyEndpoint("java-pager-" + SUFFIX, "http://localhost:1", "key", org.getId());
        var http = endpoints.createHTTPEndpointBearer("java-http-" + SUFFIX, "http://localhost:1", HTTPNotificationEndpoint.MethodEnum.POST, "token", org.getId());
        equal(slack.getToken().startsWith("secret: "), true);
        that(endpoints.findNotificationEndpoints(org.getId()).size() >= 3, "not listed");
        slack.setDescription("words");
        equal(endpoints.updateEndpoint(slack).getDescription(), "words");

        var tag = new TagRule().key("k").value("v").operator(TagRule.OperatorEnum.EQUAL);
        var made = rules.createSlackRule("java-" + SUFFIX, "10s", "message", RuleStatusLevel.CRIT, List.of(tag), slack, org.getId());
        var paged = rules.createPagerDutyRule("java-p-" + SUFFIX, "10s", "message", RuleStatusLevel.CRIT, List.of(tag), pager, org.getId());
        var posted = rules.createHTTPRule("java-h-" + SUFFIX, "10s", RuleStatusLevel.CRIT, List.of(tag), http, org.getId());
        equal(made.getEndpointID(), slack.getId());
        that(rules.findNotificationRules(org.getId()).size() >= 3, "not listed");
        equal(rules.updateNotificationRule(made.getId(), new NotificationRuleUpdate().description("words")).getDescription(), "words");
        Label label = label();
        rules.addLabel(label, made);
        equal(rules.getLabels(made).size(), 1);
        rules.deleteLabel(label, made);
        endpoints.addLabel(label, slack);
        equal(endpoints.getLabels(slack).size(), 1);
        endpoints.deleteLabel(label, slack);
        for (NotificationRule rule : List.of(made, paged, posted)) {
            rules.deleteNotificationRule(rule);
        }
        for (NotificationEndpoint endpoint : List.of(slack, pager, http)) {
            endpoints.deleteNotificationEndpoint(endpoint);
        }
        gone(() -> rules.findNotificationRuleByID(made.getId()));
        gone(() -> endpoints.findNotificationEndpointByID(slack.getId()));
    }

    public static void main(String[] arguments) throws Exception {
        var options = InfluxDBClientOptions.builder().url(System.getenv("WEIR_URL"))
                .authenticateToken(System.getenv("WEIR_TOKEN").toCharArray()).org(ORG).build();
        boolean failed = false;
        try (InfluxDBClient client = InfluxDBClientFactory.create(options)) {
            Check check = new Check(client);
            Map<String, Case> cases = new LinkedHashMap<>();
            cases.put("system", check::system);
            cases.put("writes_and_queries", check::writesAndQueries);
            cases.put("influxql", check::influxQl);
            cases.put("buckets", check::buckets);
            cases.put("organizations", check::organizations);
            cases.put("users", check::users);
            cases.put("authorizations", check::authorizations);
            cases.put("labels", check::labels);
            cases.put("tasks", check::tasks);
            cases.put("sources", check::sources);
            cases.put("scrapers", check::scrapers);
            cases.put("telegrafs", check::telegrafs);
            cases.put("variables", check::variables);
            cases.put("dashboards", check::dashboards);
            cases.put("checks", check::checks);
            cases.put("endpoints_and_rules", check::endpointsAndRules);
            // All of them, or those that are named.
            cases.keySet().removeIf(name -> arguments.length > 0 && !List.of(arguments).contains(name));
            for (var entry : cases.entrySet()) {
                try {
                    entry.getValue().run();
                    System.out.println("ok java " + entry.getKey());
                } catch (Exception | AssertionError error) {
                    failed = true;
                    System.out.println("FAIL java " + entry.getKey() + ": " + error);
                    Arrays.stream(error.getStackTrace()).filter(at -> at.getClassName().equals("Check")).limit(3)
                            .forEach(at -> System.out.println("    " + at));
                }
            }
        }
        System.exit(failed ? 1 : 0);
    }
}
