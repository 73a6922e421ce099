// The official JavaScript client against a running server: WEIR_URL, WEIR_TOKEN, WEIR_ORG. One line a case.
import assert from 'node:assert/strict'
import {HttpError, InfluxDB, Point, flux, fluxDateTime, fluxDuration} from '@influxdata/influxdb-client'
import {
  AuthorizationsAPI, BucketsAPI, DeleteAPI, HealthAPI, OrgsAPI, PingAPI, ReadyAPI, UsersAPI,
} from '@influxdata/influxdb-client-apis'
import resources from './resources.mjs'

const {WEIR_URL: url, WEIR_TOKEN: token, WEIR_ORG: org} = process.env
const influx = new InfluxDB({url, token, timeout: 60_000})
const start = '2024-01-01T00:00:00Z'
const stop = '2024-01-01T01:00:00Z'
const range = `range(start: ${start}, stop: ${stop})`
const second = Date.parse(start) / 1000
const cases = []
const check = (name, run) => cases.push([name, run])

async function freshBucket(name, rules = []) {
  const api = new BucketsAPI(influx)
  const orgID = (await new OrgsAPI(influx).getOrgs({org})).orgs[0].id
  const found = await api.getBuckets({orgID, name}).catch((error) => {
    if (error.statusCode === 404) return {buckets: []}
    throw error
  })
  for (const bucket of found.buckets) await api.deleteBucketsID({bucketID: bucket.id})
  return api.postBuckets({body: {orgID, name, retentionRules: rules}})
}

async function count(client, bucket) {
  const rows = await client.getQueryApi(org).collectRows(`from(bucket: "${bucket}") |> ${range} |> group() |> count()`)
  return rows.reduce((sum, row) => sum + row._value, 0)
}

const refused = (status) => (error) => {
  assert.ok(error instanceof HttpError, `${error}`)
  assert.equal(error.statusCode, status, error.message)
  assert.ok(error.message)
  return true
}

check('system', async () => {
  await new PingAPI(influx).getPing()
  const health = await new HealthAPI(influx).getHealth()
  assert.deepEqual([health.name, health.status], ['influxdb', 'pass'])
  assert.equal((await new ReadyAPI(influx).getReady()).status, 'ready')
})

check('write_and_query', async () => {
  await freshBucket('js-points')
  const write = influx.getWriteApi(org, 'js-points', 's', {maxRetries: 0})
  write.useDefaultTags({site: 'north, hall'})
  for (let minute = 0; minute < 10; minute++) {
    for (const room of ['kitchen', 'attic']) {
      write.writePoint(
        new Point('air').tag('room', room).floatField('temp', 20.5 + minute).intField('people', minute)
          .uintField('total', minute).booleanField('open', minute % 2 === 0).stringField('note', 'a "b" \\ c')
          .timestamp(second + 60 * minute)
      )
    }
  }
  await write.close()
  const query = influx.getQueryApi(org)
  const rows = await query.collectRows(
    flux`from(bucket: ${'js-points'}) |> range(start: ${fluxDateTime(start)}, stop: ${fluxDateTime(stop)})
      |> filter(fn: (r) => r.room == ${'attic'} and r._time < ${fluxDateTime('2024-01-01T00:01:00Z')})`
  )
  const values = Object.fromEntries(rows.map((row) => [row._field, row._value]))
  assert.deepEqual(values, {temp: 20.5, people: 0, total: 0, open: true, note: 'a "b" \\ c'})
  assert.equal(rows[0].site, 'north, hall')
  assert.equal(rows[0]._time, start)
  // The storage counts values of any type, but one table cannot hold them.
  assert.equal(await count(influx, 'js-points'), 100)
  const together = query.collectRows(`from(bucket: "js-points") |> ${range} |> group()`)
  await assert.rejects(together, /schema collision/)
})

check('queries', async () => {
  await freshBucket('js-query')
  const write = influx.getWriteApi(org, 'js-query', 's', {maxRetries: 0})
  for (let minute = 0; minute < 60; minute++) {
    for (const host of [0, 1, 2]) write.writeRecord(`load,host=h${host} value=${minute} ${second + 60 * minute}`)
  }
  await write.close()
  const query = influx.getQueryApi({org, gzip: true})
  const source = `from(bucket: "js-query") |> ${range}`
  const windows = await query.collectRows(
    flux`from(bucket: "js-query") |> range(start: ${fluxDateTime(start)}, stop: ${fluxDateTime(stop)})
      |> filter(fn: (r) => r.host == "h1") |> aggregateWindow(every: ${fluxDuration('15m')}, fn: mean)`
  )
  assert.deepEqual(windows.map((row) => row._value), [7, 22, 37, 52])
  let seen = 0
  for await (const {values, tableMeta} of query.iterateRows(source)) {
    const row = tableMeta.toObject(values)
    assert.match(row.host, /^h[012]$/)
    seen++
  }
  assert.equal(seen, 180)
  const pivoted = await query.collectRows(
    `${source} |> pivot(rowKey: ["_time"], columnKey: ["host"], valueColumn: "_value") |> limit(n: 2)`
  )
  assert.deepEqual(pivoted.map(({h0, h1, h2}) => [h0, h1, h2]), [[0, 0, 0], [1, 1, 1]])
  const raw = await query.queryRaw(`${source} |> last()`)
  assert.match(raw, /^#datatype,string,long,dateTime:RFC3339/)
  const lines = await query.collectLines(`${source} |> last()`)
  assert.equal(lines.filter((line) => line.startsWith(',,')).length, 3)
  const subscribed = await new Promise((resolve, reject) => {
    let rows = 0
    query.queryRows(source, {next: () => rows++, error: reject, complete: () => resolve(rows)})
  })
  assert.equal(subscribed, 180)
})

check('batching_and_gzip', async () => {
  await freshBucket('js-batch')
  const batches = []
  // Closing waits for the last batch only, so the test waits until the server has taken them all.
  await new Promise((resolve, reject) => {
    const write = influx.getWriteApi(org, 'js-batch', 'ns', {
      batchSize: 500, flushInterval: 0, gzipThreshold: 100, maxRetries: 0,
      writeFailed: reject,
      writeSuccess: (sent) => {
        batches.push(sent.length)
        if (batches.reduce((sum, size) => sum + size, 0) === 2345) resolve()
      },
    })
    for (let number = 0; number < 2345; number++) {
      write.writeRecord(`batch,n=${number % 7} v=${number}i ${BigInt(second) * 1_000_000_000n + BigInt(number)}`)
    }
    write.close().catch(reject)
  })
  assert.deepEqual(batches.sort(), [345, 500, 500, 500, 500])
  assert.equal(await count(influx, 'js-batch'), 2345)
})

check('errors', async () => {
  const write = (bucket, line) => new Promise((resolve, reject) => {
    const api = influx.getWriteApi(org, bucket, 'ns', {
      maxRetries: 0,
      writeFailed: (error) => {
        reject(error)
        return Promise.resolve()
      },
    })
    api.writeRecord(line)
    api.close().then(resolve, reject)
  })
  await assert.rejects(write('js-none', 'm v=1'), refused(404))
  await assert.rejects(write('js-query', 'not a line'), refused(400))
  const query = influx.getQueryApi(org)
  await assert.rejects(query.collectRows('from(bucket: "js-query") |> nothing()'), refused(400))
  await assert.rejects(
    query.collectRows('import "array" array.from(rows: [{a: 1}]) |> map(fn: (r) => die(msg: "oh"))'), /oh/
  )
  const stranger = new InfluxDB({url, token: 'wrong'})
  await assert.rejects(new BucketsAPI(stranger).getBuckets(), refused(401))
})

check('deletes', async () => {
  await freshBucket('js-delete')
  const write = influx.getWriteApi(org, 'js-delete', 's', {maxRetries: 0})
  for (let minute = 0; minute < 60; minute++) {
    for (const host of [0, 1]) write.writeRecord(`gone,host=h${host} v=${minute}i ${second + 60 * minute}`)
  }
  await write.close()
  const api = new DeleteAPI(influx)
  await api.postDelete({
    org, bucket: 'js-delete',
    body: {start, stop: '2024-01-01T00:30:00Z', predicate: '_measurement="gone" AND host="h0"'},
  })
  assert.equal(await count(influx, 'js-delete'), 120 - 31)
  await api.postDelete({org, bucket: 'js-delete', body: {start, stop}})
  assert.equal(await count(influx, 'js-delete'), 0)
})

check('buckets', async () => {
  const api = new BucketsAPI(influx)
  const made = await freshBucket('js-bucket', [{type: 'expire', everySeconds: 86400}])
  assert.equal((await api.getBucketsID({bucketID: made.id})).name, 'js-bucket')
  assert.equal(made.retentionRules[0].shardGroupDurationSeconds, 3600)
  const changed = await api.patchBucketsID({
    bucketID: made.id, body: {description: 'changed', retentionRules: [{type: 'expire', everySeconds: 7200}]},
  })
  assert.deepEqual([changed.description, changed.retentionRules[0].everySeconds], ['changed', 7200])
  await assert.rejects(api.postBuckets({body: {orgID: made.orgID, name: 'js-bucket'}}), refused(422))
  assert.ok((await api.getBuckets({org, limit: 100})).buckets.some((bucket) => bucket.id === made.id))
  const owners = await api.getBucketsIDOwners({bucketID: made.id})
  assert.ok(Array.isArray(owners.users))
  await api.deleteBucketsID({bucketID: made.id})
  await assert.rejects(api.getBucketsID({bucketID: made.id}), refused(404))
})

check('authorizations', async () => {
  const mine = await freshBucket('js-mine')
  await freshBucket('js-other')
  const api = new AuthorizationsAPI(influx)
  const permissions = ['read', 'write'].map((action) => (
    {action, resource: {type: 'buckets', id: mine.id, orgID: mine.orgID}}
  ))
  const made = await api.postAuthorizations({body: {orgID: mine.orgID, description: 'js', permissions}})
  assert.equal(made.permissions.length, 2)
  assert.equal((await api.getAuthorizationsID({authID: made.id})).description, 'js')
  assert.ok((await api.getAuthorizations({org})).authorizations.some((found) => found.id === made.id))
  const limited = new InfluxDB({url, token: made.token})
  const write = limited.getWriteApi(org, 'js-mine', 's', {maxRetries: 0})
  write.writeRecord(`m v=1 ${second}`)
  await write.close()
  assert.equal(await count(limited, 'js-mine'), 1)
  await assert.rejects(count(limited, 'js-other'))
  const names = (await new BucketsAPI(limited).getBuckets({org})).buckets.map((bucket) => bucket.name)
  assert.deepEqual(names, ['js-mine'])
  await api.patchAuthorizationsID({authID: made.id, body: {status: 'inactive'}})
  await assert.rejects(count(limited, 'js-mine'))
  assert.deepEqual((await new BucketsAPI(limited).getBuckets({org})).buckets, [])
  await api.deleteAuthorizationsID({authID: made.id})
  await assert.rejects(api.getAuthorizationsID({authID: made.id}), refused(404))
})

check('users', async () => {
  const api = new UsersAPI(influx)
  const made = await api.postUsers({body: {name: 'js-ada'}})
  assert.equal(made.status, 'active')
  assert.ok((await api.getUsers({limit: 100})).users.some((user) => user.id === made.id))
  await api.deleteUsersID({userID: made.id})
})

for (const [name, run] of Object.entries(resources)) check(name, run)

let failed = 0
for (const [name, run] of cases) {
  try {
    await run()
    console.log(`ok javascript ${name}`)
  } catch (error) {
    failed++
    console.error(error)
    console.log(`FAIL javascript ${name}`)
  }
}
process.exitCode = failed ? 1 : 0
