// Every API that the client has for a resource, from its making to its end, with what can be attached to it.
import assert from 'node:assert/strict'
import {HttpError, InfluxDB} from '@influxdata/influxdb-client'
import * as apis from '@influxdata/influxdb-client-apis'

const {WEIR_URL: url, WEIR_TOKEN: token, WEIR_ORG: org} = process.env
const influx = new InfluxDB({url, token, timeout: 60_000})
const api = (name) => new apis[`${name}API`](influx)
const fresh = (name) => `js-${name}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 6)}`
const nobody = '0123456789abcdef'

const status = (code) => (error) => {
  assert.ok(error instanceof HttpError, `${error}`)
  assert.equal(error.statusCode, code, error.message)
  return true
}

let orgID
async function myOrg() {
  orgID ??= (await api('Orgs').getOrgs({org})).orgs[0].id
  return orgID
}

const newBucket = async () => api('Buckets').postBuckets({body: {orgID: await myOrg(), name: fresh('bucket')}})
const newUser = async () => api('Users').postUsers({body: {name: fresh('user')}})
const newLabel = async () =>
  (await api('Labels').postLabels({body: {orgID: await myOrg(), name: fresh('label'), properties: {color: 'red'}}})).label

// Labels on a resource; `path` is what the client's methods are called after, `id` the name of its parameter.
async function bearsLabels(on, path, id, value, post = `post${path}IDLabels`) {
  const label = await newLabel()
  assert.deepEqual((await on[`get${path}IDLabels`]({[id]: value})).labels, [])
  const put = await on[post]({[id]: value, body: {labelID: label.id}})
  assert.equal(put.label.id, label.id)
  await assert.rejects(on[post]({[id]: value, body: {labelID: label.id}}), status(422))
  assert.deepEqual((await on[`get${path}IDLabels`]({[id]: value})).labels.map((one) => one.name), [label.name])
  await on[`delete${path}IDLabelsID`]({[id]: value, labelID: label.id})
  assert.deepEqual((await on[`get${path}IDLabels`]({[id]: value})).labels, [])
  await api('Labels').deleteLabelsID({labelID: label.id})
}

// Members and owners of a resource.
async function hasPeople(on, path, id, value) {
  const user = await newUser()
  for (const [role, one] of [['Members', 'member'], ['Owners', 'owner']]) {
    const added = await on[`post${path}ID${role}`]({[id]: value, body: {id: user.id}})
    assert.deepEqual([added.id, added.role, added.name], [user.id, one, user.name])
    const {users} = await on[`get${path}ID${role}`]({[id]: value})
    assert.ok(users.some((found) => found.id === user.id && found.role === one), role)
    await on[`delete${path}ID${role}ID`]({[id]: value, userID: user.id})
  }
  await api('Users').deleteUsersID({userID: user.id})
}

const query = (field = 'usage') =>
  `from(bucket: "b") |> range(start: -1h) |> filter(fn: (r) => r._field == "${field}") |> aggregateWindow(every: 1m, fn: mean)`

export default {
  async system_resources() {
    const routes = await api('Root').getRoutes()
    assert.equal(routes.buckets, '/api/v2/buckets')
    assert.ok((await api('Resources').getResources()).includes('buckets'))
    assert.equal(typeof (await api('Flags').getFlags()), 'object')
    assert.equal(typeof (await api('Config').getConfig()).config, 'object')
    assert.equal((await api('Setup').getSetup()).allowed, false)
    // The client asks below /api/v2, where no server has them.
    await assert.rejects(api('Metrics').getMetrics(), status(404))
    assert.ok((await api('Telegraf').getTelegrafPlugins({type: 'input'})).plugins.length > 10)
    assert.ok((await api('Me').getMe()).id)
  },

  async sessions() {
    const user = await newUser()
    await api('Users').postUsersIDPassword({userID: user.id, body: {password: 'correct-horse-1'}})
    const stranger = new InfluxDB({url})
    await new apis.SigninAPI(stranger).postSignin({auth: {user: user.name, password: 'correct-horse-1'}})
    await assert.rejects(
      new apis.SigninAPI(stranger).postSignin({auth: {user: user.name, password: 'wrong'}}), status(401)
    )
    await assert.rejects(new apis.SignoutAPI(stranger).postSignout(), status(401))
    await api('Users').deleteUsersID({userID: user.id})
  },

  async users_and_orgs() {
    const users = api('Users'), orgs = api('Orgs')
    const user = await newUser()
    const renamed = await users.patchUsersID({userID: user.id, body: {name: `${user.name}-renamed`, status: 'inactive'}})
    assert.deepEqual([renamed.name, renamed.status], [`${user.name}-renamed`, 'inactive'])
    assert.deepEqual((await users.getUsers({name: renamed.name})).users.map((one) => one.id), [user.id])
    await users.deleteUsersID({userID: user.id})
    await assert.rejects(users.getUsersID({userID: user.id}), status(404))
    const made = await orgs.postOrgs({body: {name: fresh('org'), description: 'words'}})
    assert.equal((await orgs.getOrgsID({orgID: made.id})).description, 'words')
    const changed = await orgs.patchOrgsID({orgID: made.id, body: {description: 'others'}})
    assert.equal(changed.description, 'others')
    await hasPeople(orgs, 'Orgs', 'orgID', made.id)
    await orgs.patchOrgsIDSecrets({orgID: made.id, body: {a: '1', b: '2', c: '3'}})
    assert.deepEqual((await orgs.getOrgsIDSecrets({orgID: made.id})).secrets, ['a', 'b', 'c'])
    await orgs.postOrgsIDSecrets({orgID: made.id, body: {secrets: ['a']}})
    await orgs.deleteOrgsIDSecretsID({orgID: made.id, secretID: 'b'})
    assert.deepEqual((await orgs.getOrgsIDSecrets({orgID: made.id})).secrets, ['c'])
    await orgs.deleteOrgsID({orgID: made.id})
    await assert.rejects(orgs.getOrgsID({orgID: made.id}), status(404))
  },

  async labels() {
    const labels = api('Labels')
    const made = await newLabel()
    const {label} = await labels.patchLabelsID({labelID: made.id, body: {properties: {size: 'big', color: ''}}})
    assert.deepEqual(label.properties, {size: 'big'})
    assert.equal((await labels.getLabelsID({labelID: made.id})).label.name, made.name)
    assert.ok((await labels.getLabels({orgID: await myOrg()})).labels.some((one) => one.id === made.id))
    await labels.deleteLabelsID({labelID: made.id})
    await assert.rejects(labels.getLabelsID({labelID: made.id}), status(404))
  },

  async bucket_attachments() {
    const buckets = api('Buckets')
    const made = await newBucket()
    await bearsLabels(buckets, 'Buckets', 'bucketID', made.id)
    await hasPeople(buckets, 'Buckets', 'bucketID', made.id)
    await buckets.deleteBucketsID({bucketID: made.id})
  },

  async dashboards() {
    const boards = api('Dashboards')
    const made = await boards.postDashboards({body: {orgID: await myOrg(), name: fresh('board')}})
    const dashboardID = made.id
    const cell = await boards.postDashboardsIDCells({dashboardID, body: {x: 0, y: 0, w: 4, h: 3, name: 'cell'}})
    const view = await boards.patchDashboardsIDCellsIDView({
      dashboardID, cellID: cell.id,
      body: {name: 'view', properties: {shape: 'chronograf-v2', type: 'markdown', note: '# hi'}},
    })
    assert.equal(view.properties.note, '# hi')
    assert.equal((await boards.getDashboardsIDCellsIDView({dashboardID, cellID: cell.id})).name, 'view')
    const copy = await boards.postDashboardsIDCells({dashboardID, body: {usingView: cell.id, x: 4}})
    const moved = await boards.patchDashboardsIDCellsID({dashboardID, cellID: copy.id, body: {x: 5, y: 6, w: 2, h: 2}})
    assert.deepEqual([moved.x, moved.y, moved.w, moved.h], [5, 6, 2, 2])
    const whole = await boards.getDashboardsID({dashboardID, include: 'properties'})
    assert.deepEqual(whole.cells.map((one) => one.properties.note), ['# hi', '# hi'])
    await boards.deleteDashboardsIDCellsID({dashboardID, cellID: copy.id})
    await boards.putDashboardsIDCells({dashboardID, body: [{id: cell.id, x: 1, y: 1, w: 1, h: 1}]})
    const renamed = await boards.patchDashboardsID({dashboardID, body: {name: 'renamed', description: 'words'}})
    assert.deepEqual([renamed.name, renamed.description, renamed.cells[0].x], ['renamed', 'words', 1])
    assert.ok((await boards.getDashboards({orgID: await myOrg()})).dashboards.some((one) => one.id === dashboardID))
    await bearsLabels(boards, 'Dashboards', 'dashboardID', dashboardID)
    await hasPeople(boards, 'Dashboards', 'dashboardID', dashboardID)
    await boards.deleteDashboardsID({dashboardID})
    await assert.rejects(boards.getDashboardsID({dashboardID}), status(404))
  },

  async variables() {
    const variables = api('Variables')
    const body = {orgID: await myOrg(), name: fresh('v').replaceAll('-', '_'), selected: [], arguments: {type: 'constant', values: ['a']}}
    const made = await variables.postVariables({body})
    const variableID = made.id
    const mapped = await variables.putVariablesID({variableID, body: {...body, arguments: {type: 'map', values: {k: 'v'}}}})
    assert.deepEqual(mapped.arguments, {type: 'map', values: {k: 'v'}})
    const chosen = await variables.patchVariablesID({variableID, body: {selected: ['k']}})
    assert.deepEqual(chosen.selected, ['k'])
    assert.equal((await variables.getVariablesID({variableID})).name, body.name)
    assert.ok((await variables.getVariables({org})).variables.some((one) => one.id === variableID))
    await bearsLabels(variables, 'Variables', 'variableID', variableID)
    await variables.deleteVariablesID({variableID})
    await assert.rejects(variables.getVariablesID({variableID}), status(404))
  },

  async tasks() {
    const tasks = api('Tasks')
    const flux = (options) => `option task = {${options}}\n\nfrom(bucket: "none") |> range(start: -1h)`
    const made = await tasks.postTasks({body: {org, flux: flux('name: "js", every: 1h'), description: 'words'}})
    const taskID = made.id
    assert.deepEqual([made.name, made.every, made.status], ['js', '1h', 'active'])
    const cron = await tasks.patchTasksID({taskID, body: {cron: '0 3 * * *', status: 'inactive'}})
    assert.match(cron.flux, /option task = {name: "js", cron: "0 3 \* \* \*"}/)
    assert.equal(cron.every, undefined)
    assert.deepEqual((await tasks.getTasks({org, name: 'js', limit: 500})).tasks.filter((one) => one.id === taskID).length, 1)
    assert.equal((await tasks.getTasksID({taskID})).description, 'words')
    assert.deepEqual((await tasks.getTasksIDRuns({taskID})).runs, [])
    assert.ok('events' in (await tasks.getTasksIDLogs({taskID})))
    await assert.rejects(tasks.getTasksIDRunsID({taskID, runID: nobody}), status(404))
    await bearsLabels(tasks, 'Tasks', 'taskID', taskID)
    await hasPeople(tasks, 'Tasks', 'taskID', taskID)
    await tasks.deleteTasksID({taskID})
    await assert.rejects(tasks.getTasksID({taskID}), status(404))
  },

  async telegrafs() {
    const telegrafs = api('Telegrafs')
    const config = '[[inputs.cpu]]\n[[outputs.influxdb_v2]]\n  bucket = "b"\n'
    const body = {orgID: await myOrg(), name: fresh('host'), description: 'words', config}
    const made = await telegrafs.postTelegrafs({body})
    const telegrafID = made.id
    assert.deepEqual(made.metadata.buckets, ['b'])
    const toml = await telegrafs.getTelegrafsID({telegrafID}, {headers: {accept: 'application/toml'}})
    assert.equal(`${toml}`, config)
    const asJson = await telegrafs.getTelegrafsID({telegrafID}, {headers: {accept: 'application/json'}})
    assert.equal(asJson.config, config)
    const changed = await telegrafs.putTelegrafsID({telegrafID, body: {...body, name: 'renamed'}})
    assert.equal(changed.name, 'renamed')
    assert.ok((await telegrafs.getTelegrafs({orgID: await myOrg()})).configurations.some((one) => one.id === telegrafID))
    await bearsLabels(telegrafs, 'Telegrafs', 'telegrafID', telegrafID)
    await hasPeople(telegrafs, 'Telegrafs', 'telegrafID', telegrafID)
    await telegrafs.deleteTelegrafsID({telegrafID})
    await assert.rejects(telegrafs.getTelegrafsID({telegrafID}), status(404))
  },

  async scrapers_and_sources() {
    const scrapers = api('Scrapers'), sources = api('Sources')
    const bucket = await newBucket()
    const made = await scrapers.postScrapers({
      body: {orgID: await myOrg(), name: fresh('node'), type: 'prometheus', url: 'http://localhost:1/metrics', bucketID: bucket.id},
    })
    const scraperTargetID = made.id
    assert.equal((await scrapers.getScrapersID({scraperTargetID})).bucket, bucket.name)
    const changed = await scrapers.patchScrapersID({scraperTargetID, body: {name: 'renamed'}})
    assert.deepEqual([changed.name, changed.url], ['renamed', 'http://localhost:1/metrics'])
    assert.ok((await scrapers.getScrapers({orgID: await myOrg()})).configurations.some((one) => one.id === scraperTargetID))
    await bearsLabels(scrapers, 'Scrapers', 'scraperTargetID', scraperTargetID)
    await hasPeople(scrapers, 'Scrapers', 'scraperTargetID', scraperTargetID)
    await scrapers.deleteScrapersID({scraperTargetID})
    await api('Buckets').deleteBucketsID({bucketID: bucket.id})

    const source = await sources.postSources({body: {orgID: await myOrg(), name: fresh('source'), type: 'v2', url: 'http://localhost:1'}})
    const sourceID = source.id
    assert.equal((await sources.patchSourcesID({sourceID, body: {name: 'renamed'}})).name, 'renamed')
    assert.ok((await sources.getSources()).sources.some((one) => one.id === sourceID))
    assert.equal((await sources.getSourcesIDHealth({sourceID})).status, 'pass')
    assert.ok((await sources.getSourcesIDBuckets({sourceID, org})).buckets.length > 0)
    await sources.deleteSourcesID({sourceID})
    await assert.rejects(sources.getSourcesID({sourceID}), status(404))
  },

  async dbrps() {
    const dbrps = api('Dbrps')
    const bucket = await newBucket(), orgID = await myOrg()
    const database = fresh('db')
    const made = await dbrps.postDBRP({body: {orgID, bucketID: bucket.id, database, retention_policy: 'rp'}})
    assert.equal(made.default, true)
    assert.equal((await dbrps.getDBRPsID({dbrpID: made.id, orgID})).content.database, database)
    const changed = await dbrps.patchDBRPID({dbrpID: made.id, orgID, body: {retention_policy: 'other'}})
    assert.equal(changed.content.retention_policy, 'other')
    assert.deepEqual((await dbrps.getDBRPs({orgID, db: database})).content.map((one) => one.id), [made.id])
    await dbrps.deleteDBRPID({dbrpID: made.id, orgID})
    await api('Buckets').deleteBucketsID({bucketID: bucket.id})
  },

  async checks() {
    const checks = api('Checks')
    const common = {orgID: await myOrg(), status: 'active', every: '1h', offset: '0s', statusMessageTemplate: 'm', tags: [], query: {text: query()}}
    const thresholds = [
      {type: 'greater', level: 'CRIT', value: 90}, {type: 'lesser', level: 'OK', value: 5},
      {type: 'range', level: 'WARN', min: 5, max: 90, within: true},
    ]
    const bodies = [
      {...common, name: fresh('threshold'), type: 'threshold', thresholds},
      {...common, name: fresh('deadman'), type: 'deadman', timeSince: '90s', staleTime: '10m', reportZero: false, level: 'CRIT'},
    ]
    for (const body of bodies) {
      const made = await checks.createCheck({body})
      const checkID = made.id
      assert.equal(made.type, body.type)
      assert.match((await checks.getChecksIDQuery({checkID})).flux, /monitor\["(check|deadman)"\]/)
      const renamed = await checks.patchChecksID({checkID, body: {name: `${body.name}-renamed`, status: 'inactive'}})
      assert.deepEqual([renamed.name, renamed.status], [`${body.name}-renamed`, 'inactive'])
      const replaced = await checks.putChecksID({checkID, body: {...body, every: '2h'}})
      assert.deepEqual([replaced.name, replaced.every], [body.name, '2h'])
      assert.ok((await checks.getChecks({orgID: await myOrg(), limit: 100})).checks.some((one) => one.id === checkID))
      await bearsLabels(checks, 'Checks', 'checkID', checkID)
      await checks.deleteChecksID({checkID})
      await assert.rejects(checks.getChecksID({checkID}), status(404))
    }
  },

  async endpoints_and_rules() {
    const endpoints = api('NotificationEndpoints'), rules = api('NotificationRules')
    const orgID = await myOrg()
    const kinds = {
      slack: [{url: 'http://localhost:1', token: 't'}, {messageTemplate: 'm', channel: '#c'}],
      pagerduty: [{clientURL: 'http://localhost:1', routingKey: 'k'}, {messageTemplate: 'm'}],
      http: [{url: 'http://localhost:1', method: 'POST', authMethod: 'basic', username: 'u', password: 'p'}, {}],
      telegram: [{token: 't', channel: '@c'}, {messageTemplate: 'm', parseMode: 'HTML'}],
    }
    for (const [type, [endpoint, rule]] of Object.entries(kinds)) {
      const body = {orgID, type, name: fresh(type), status: 'active', ...endpoint}
      const made = await endpoints.createNotificationEndpoint({body})
      const endpointID = made.id
      for (const secret of ['token', 'routingKey', 'username', 'password'].filter((key) => key in endpoint)) {
        assert.match(made[secret], /^secret: /)
      }
      const described = await endpoints.patchNotificationEndpointsID({endpointID, body: {description: 'words'}})
      assert.equal(described.description, 'words')
      assert.equal((await endpoints.putNotificationEndpointsID({endpointID, body})).name, body.name)
      assert.equal((await endpoints.getNotificationEndpointsID({endpointID})).type, type)
      assert.ok((await endpoints.getNotificationEndpoints({orgID, limit: 100})).notificationEndpoints.some((one) => one.id === endpointID))
      await bearsLabels(endpoints, 'NotificationEndpoints', 'endpointID', endpointID, 'postNotificationEndpointIDLabels')

      const told = {
        orgID, type, name: fresh('rule'), status: 'active', endpointID, every: '10m', offset: '0s', tagRules: [],
        statusRules: [{currentLevel: 'CRIT'}, {currentLevel: 'OK', previousLevel: 'CRIT'}], ...rule,
      }
      const tells = await rules.createNotificationRule({body: told})
      const ruleID = tells.id
      assert.match((await rules.getNotificationRulesIDQuery({ruleID})).flux, /monitor\["notify"\]/)
      const asleep = await rules.patchNotificationRulesID({ruleID, body: {status: 'inactive'}})
      assert.equal(asleep.status, 'inactive')
      assert.equal((await rules.putNotificationRulesID({ruleID, body: {...told, every: '1h'}})).every, '1h')
      assert.equal((await rules.getNotificationRulesID({ruleID})).endpointID, endpointID)
      assert.ok((await rules.getNotificationRules({orgID, limit: 100})).notificationRules.some((one) => one.id === ruleID))
      await bearsLabels(rules, 'NotificationRules', 'ruleID', ruleID, 'postNotificationRuleIDLabels')
      await rules.deleteNotificationRulesID({ruleID})
      await assert.rejects(rules.getNotificationRulesID({ruleID}), status(404))
      await endpoints.deleteNotificationEndpointsID({endpointID})
      await assert.rejects(endpoints.getNotificationEndpointsID({endpointID}), status(404))
    }
  },

  async remotes_and_replications() {
    const remotes = api('Remotes'), replications = api('Replications')
    const orgID = await myOrg(), bucket = await newBucket()
    const remote = await remotes.postRemoteConnection({
      body: {orgID, name: fresh('far'), remoteURL: 'http://localhost:1', remoteAPIToken: 't', remoteOrgID: nobody, allowInsecureTLS: false},
    })
    const remoteID = remote.id
    assert.equal(remote.remoteAPIToken, undefined)
    assert.equal((await remotes.patchRemoteConnectionByID({remoteID, body: {description: 'words'}})).description, 'words')
    assert.equal((await remotes.getRemoteConnectionByID({remoteID})).remoteURL, 'http://localhost:1')
    assert.ok((await remotes.getRemoteConnections({orgID})).remotes.some((one) => one.id === remoteID))
    const made = await replications.postReplication({
      body: {orgID, name: fresh('copy'), remoteID, localBucketID: bucket.id, remoteBucketName: 'there'},
    })
    const replicationID = made.id
    assert.equal(made.maxQueueSizeBytes, 67108860)
    const changed = await replications.patchReplicationByID({replicationID, body: {dropNonRetryableData: true}})
    assert.equal(changed.dropNonRetryableData, true)
    assert.equal((await replications.getReplicationByID({replicationID})).localBucketID, bucket.id)
    assert.ok((await replications.getReplications({orgID})).replications.some((one) => one.id === replicationID))
    await assert.rejects(replications.postValidateReplicationByID({replicationID}), status(400))
    await replications.deleteReplicationByID({replicationID})
    await remotes.deleteRemoteConnectionByID({remoteID})
    await assert.rejects(remotes.getRemoteConnectionByID({remoteID}), status(404))
    await api('Buckets').deleteBucketsID({bucketID: bucket.id})
  },

  async templates_and_stacks() {
    const templates = api('Templates'), stacks = api('Stacks')
    const made = await api('Orgs').postOrgs({body: {name: fresh('org')}})
    const orgID = made.id
    const object = (kind, name, spec) => ({apiVersion: 'influxdata.com/v2alpha1', kind, metadata: {name}, spec})
    const contents = [
      object('Label', 'red', {color: '#ff0000'}),
      object('Bucket', 'temps', {associations: [{kind: 'Label', name: 'red'}]}),
    ]
    const stack = await stacks.createStack({body: {orgID, name: 'mine', description: 'words', urls: []}})
    const body = {orgID, stackID: stack.id, template: {contents}}
    const dry = await templates.applyTemplate({body: {...body, dryRun: true}})
    assert.deepEqual(dry.diff.buckets.map((one) => one.stateStatus), ['new'])
    const applied = await templates.applyTemplate({body})
    assert.deepEqual(applied.summary.labelMappings.map((one) => one.status), ['new'])
    assert.deepEqual((await api('Buckets').getBuckets({orgID, name: 'temps'})).buckets[0].labels.map((one) => one.name), ['red'])
    const exported = await templates.exportTemplate({body: {stackID: stack.id}})
    assert.deepEqual(exported.map((one) => one.kind).sort(), ['Bucket', 'Label'])
    const again = await templates.applyTemplate({body: {...body, dryRun: true, template: {contents: exported}}})
    assert.deepEqual(again.diff.buckets.map((one) => one.stateStatus), ['exists'])
    assert.equal((await stacks.updateStack({stack_id: stack.id, body: {name: 'renamed'}})).events.at(-1).name, 'renamed')
    assert.ok((await stacks.listStacks({orgID})).stacks.some((one) => one.id === stack.id))
    // The server wants the organization there, for which this client has no parameter.
    await assert.rejects(stacks.uninstallStack({stack_id: stack.id}), status(400))
    await stacks.deleteStack({stack_id: stack.id, orgID})
    await assert.rejects(api('Buckets').getBuckets({orgID, name: 'temps'}), status(404))
    await api('Orgs').deleteOrgsID({orgID})
  },

  async flux_tools() {
    const tools = api('Query')
    assert.equal((await tools.postQueryAst({body: {query: 'a = 1'}})).ast.type, 'Package')
    assert.deepEqual((await tools.postQueryAnalyze({body: {query: 'a = 1', type: 'flux'}})).errors, [])
    assert.ok((await tools.getQuerySuggestions()).funcs.length > 100)
    assert.equal((await tools.getQuerySuggestionsName({name: 'range'})).name, 'range')
  },
}
