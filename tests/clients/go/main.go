// The official Go client against a running server: WEIR_URL, WEIR_TOKEN, WEIR_ORG. One line a case.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/api"
	ihttp "github.com/influxdata/influxdb-client-go/v2/api/http"
	"github.com/influxdata/influxdb-client-go/v2/api/write"
	"github.com/influxdata/influxdb-client-go/v2/domain"
)

const hour = "range(start: 2024-01-01T00:00:00Z, stop: 2024-01-01T01:00:00Z)"

var (
	url, token, org = os.Getenv("WEIR_URL"), os.Getenv("WEIR_TOKEN"), os.Getenv("WEIR_ORG")
	start           = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	ctx             = context.Background()
)

func equal[T comparable](what string, got, wanted T) error {
	if got != wanted {
		return fmt.Errorf("%s: got %v, wanted %v", what, got, wanted)
	}
	return nil
}

// refused checks that err is the server's answer with this status.
func refused(what string, err error, status int) error {
	if err == nil {
		return fmt.Errorf("%s was taken", what)
	}
	var answer *ihttp.Error
	if errors.As(err, &answer) {
		return equal(what, answer.StatusCode, status)
	}
	// The management calls give the server's code and message as text.
	code := map[int]string{401: "unauthorized", 404: "not found", 422: "conflict"}[status]
	if !strings.Contains(err.Error(), code) {
		return fmt.Errorf("%s: %v, wanted %d", what, err, status)
	}
	return nil
}

func freshBucket(client influxdb2.Client, name string) (*domain.Bucket, error) {
	buckets := client.BucketsAPI()
	if old, err := buckets.FindBucketByName(ctx, name); err == nil {
		if err := buckets.DeleteBucket(ctx, old); err != nil {
			return nil, err
		}
	}
	owner, err := client.OrganizationsAPI().FindOrganizationByName(ctx, org)
	if err != nil {
		return nil, err
	}
	return buckets.CreateBucketWithName(ctx, owner, name)
}

func values(client influxdb2.Client, script string) ([]interface{}, error) {
	result, err := client.QueryAPI(org).Query(ctx, script)
	if err != nil {
		return nil, err
	}
	var all []interface{}
	for result.Next() {
		all = append(all, result.Record().Value())
	}
	return all, result.Err()
}

func count(client influxdb2.Client, bucket string) (int64, error) {
	all, err := values(client, fmt.Sprintf(`from(bucket: "%s") |> %s |> group() |> count()`, bucket, hour))
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[0].(int64), nil
}

func counts(client influxdb2.Client, bucket string, wanted int64) error {
	got, err := count(client, bucket)
	if err != nil {
		return err
	}
	return equal("points in "+bucket, got, wanted)
}

func system(client influxdb2.Client) error {
	alive, err := client.Ping(ctx)
	if err != nil || !alive {
		return fmt.Errorf("ping: %v %v", alive, err)
	}
	health, err := client.Health(ctx)
	if err != nil {
		return err
	}
	if err := equal("health", health.Status, domain.HealthCheckStatusPass); err != nil {
		return err
	}
	ready, err := client.Ready(ctx)
	if err != nil {
		return err
	}
	return equal("ready", *ready.Status, domain.ReadyStatusReady)
}

func blockingWriteAndQuery(client influxdb2.Client) error {
	if _, err := freshBucket(client, "go-points"); err != nil {
		return err
	}
	writer := client.WriteAPIBlocking(org, "go-points")
	var points []*write.Point
	for minute := 0; minute < 10; minute++ {
		points = append(points, influxdb2.NewPoint("air", map[string]string{"room": "hall, north"},
			map[string]interface{}{"temp": 20.5, "people": minute, "total": uint64(7), "open": true, "note": `a "b" \ c`},
			start.Add(time.Duration(minute)*time.Minute)))
	}
	if err := writer.WritePoint(ctx, points...); err != nil {
		return err
	}
	if err := writer.WriteRecord(ctx, "air,room=cellar temp=3.25 1704067200000000000"); err != nil {
		return err
	}
	result, err := client.QueryAPI(org).Query(ctx,
		`from(bucket: "go-points") |> `+hour+` |> filter(fn: (r) => r.room == "hall, north") |> first()`)
	if err != nil {
		return err
	}
	got := map[string]interface{}{}
	for result.Next() {
		record := result.Record()
		if !record.Time().Equal(start) || record.Measurement() != "air" {
			return fmt.Errorf("an odd record: %v", record)
		}
		got[record.Field()] = record.Value()
	}
	if result.Err() != nil {
		return result.Err()
	}
	wanted := map[string]interface{}{
		"temp": 20.5, "people": int64(0), "total": uint64(7), "open": true, "note": `a "b" \ c`,
	}
	for field, value := range wanted {
		if err := equal(field, got[field], value); err != nil {
			return err
		}
	}
	return equal("fields", len(got), len(wanted))
}

func batchesInTheBackground(client influxdb2.Client) error {
	if _, err := freshBucket(client, "go-batch"); err != nil {
		return err
	}
	options := influxdb2.DefaultOptions().SetBatchSize(500).SetUseGZip(true).SetPrecision(time.Millisecond)
	zipped := influxdb2.NewClientWithOptions(url, token, options)
	writer := zipped.WriteAPI(org, "go-batch")
	failures := make(chan error, 1)
	go func() {
		var last error
		for err := range writer.Errors() {
			last = err
		}
		failures <- last
	}()
	for number := 0; number < 2345; number++ {
		writer.WritePoint(influxdb2.NewPointWithMeasurement("batch").AddTag("n", fmt.Sprint(number%7)).
			AddField("v", number).SetTime(start.Add(time.Duration(number) * time.Millisecond)))
	}
	writer.Flush()
	zipped.Close()
	if err := <-failures; err != nil {
		return err
	}
	return counts(client, "go-batch", 2345)
}

func queries(client influxdb2.Client) error {
	if _, err := freshBucket(client, "go-query"); err != nil {
		return err
	}
	var lines []string
	for minute := 0; minute < 60; minute++ {
		for host := 0; host < 3; host++ {
			at := start.Add(time.Duration(minute) * time.Minute).UnixNano()
			lines = append(lines, fmt.Sprintf("load,host=h%d value=%d %d", host, minute, at))
		}
	}
	if err := client.WriteAPIBlocking(org, "go-query").WriteRecord(ctx, lines...); err != nil {
		return err
	}
	source := `from(bucket: "go-query") |> ` + hour
	means, err := values(client, source+` |> filter(fn: (r) => r.host == "h1") |> aggregateWindow(every: 15m, fn: mean)`)
	if err != nil {
		return err
	}
	if err := equal("means", fmt.Sprint(means), "[7 22 37 52]"); err != nil {
		return err
	}
	all, err := values(client, source)
	if err != nil {
		return err
	}
	if err := equal("rows", len(all), 180); err != nil {
		return err
	}
	raw, err := client.QueryAPI(org).QueryRaw(ctx, source+" |> last()", influxdb2.DefaultDialect())
	if err != nil {
		return err
	}
	if !strings.HasPrefix(raw, "#datatype,string,long,dateTime:RFC3339") {
		return fmt.Errorf("raw: %q", raw)
	}
	return equal("rows of the raw answer", strings.Count(raw, "\n,,"), 3)
}

func refusals(client influxdb2.Client) error {
	if err := refused("a write into no bucket",
		client.WriteAPIBlocking(org, "go-none").WriteRecord(ctx, "m v=1"), 404); err != nil {
		return err
	}
	if err := refused("a bad line",
		client.WriteAPIBlocking(org, "go-query").WriteRecord(ctx, "not a line"), 400); err != nil {
		return err
	}
	_, err := values(client, `from(bucket: "go-query") |> nothing()`)
	if err := refused("an undefined function", err, 400); err != nil {
		return err
	}
	_, err = values(client, `import "array" array.from(rows: [{a: 1}]) |> map(fn: (r) => die(msg: "oh"))`)
	if err == nil || !strings.Contains(err.Error(), "oh") {
		return fmt.Errorf("a script that dies: %v", err)
	}
	stranger := influxdb2.NewClient(url, "wrong")
	defer stranger.Close()
	_, err = stranger.BucketsAPI().GetBuckets(ctx)
	return refused("a wrong token", err, 401)
}

func deletes(client influxdb2.Client) error {
	if _, err := freshBucket(client, "go-delete"); err != nil {
		return err
	}
	var lines []string
	for minute := 0; minute < 60; minute++ {
		for host := 0; host < 2; host++ {
			at := start.Add(time.Duration(minute) * time.Minute).UnixNano()
			lines = append(lines, fmt.Sprintf("gone,host=h%d v=%di %d", host, minute, at))
		}
	}
	if err := client.WriteAPIBlocking(org, "go-delete").WriteRecord(ctx, lines...); err != nil {
		return err
	}
	half, end := start.Add(30*time.Minute), start.Add(time.Hour)
	deletes := client.DeleteAPI()
	if err := deletes.DeleteWithName(ctx, org, "go-delete", start, half, `_measurement="gone" AND host="h0"`); err != nil {
		return err
	}
	if err := counts(client, "go-delete", 120-31); err != nil {
		return err
	}
	if err := deletes.DeleteWithName(ctx, org, "go-delete", start, end, ""); err != nil {
		return err
	}
	return counts(client, "go-delete", 0)
}

func manageBuckets(client influxdb2.Client) error {
	made, err := freshBucket(client, "go-bucket")
	if err != nil {
		return err
	}
	buckets := client.BucketsAPI()
	groups := int64(3600)
	made.RetentionRules = []domain.RetentionRule{{EverySeconds: 86400, ShardGroupDurationSeconds: &groups}}
	changed, err := buckets.UpdateBucket(ctx, made)
	if err != nil {
		return err
	}
	if err := equal("retention", changed.RetentionRules[0].EverySeconds, 86400); err != nil {
		return err
	}
	_, err = buckets.CreateBucketWithNameWithID(ctx, *made.OrgID, "go-bucket")
	if err := refused("a second bucket of the name", err, 422); err != nil {
		return err
	}
	page, err := buckets.FindBucketsByOrgName(ctx, org, api.PagingWithLimit(2))
	if err != nil {
		return err
	}
	if err := equal("a page", len(*page), 2); err != nil {
		return err
	}
	if err := buckets.DeleteBucketWithID(ctx, *made.Id); err != nil {
		return err
	}
	_, err = buckets.FindBucketByID(ctx, *made.Id)
	return refused("a bucket that is gone", err, 404)
}

func manageAuthorizations(client influxdb2.Client) error {
	mine, err := freshBucket(client, "go-mine")
	if err != nil {
		return err
	}
	if _, err := freshBucket(client, "go-other"); err != nil {
		return err
	}
	resource := domain.Resource{Type: domain.ResourceTypeBuckets, Id: mine.Id, OrgID: mine.OrgID}
	permissions := []domain.Permission{
		{Action: domain.PermissionActionRead, Resource: resource},
		{Action: domain.PermissionActionWrite, Resource: resource},
	}
	authorizations := client.AuthorizationsAPI()
	made, err := authorizations.CreateAuthorizationWithOrgID(ctx, *mine.OrgID, permissions)
	if err != nil {
		return err
	}
	limited := influxdb2.NewClient(url, *made.Token)
	defer limited.Close()
	if err := limited.WriteAPIBlocking(org, "go-mine").WriteRecord(ctx, "m v=1 1704067200000000000"); err != nil {
		return err
	}
	if err := counts(limited, "go-mine", 1); err != nil {
		return err
	}
	if _, err := count(limited, "go-other"); err == nil {
		return errors.New("a token read a bucket that it was not made for")
	}
	if limited.WriteAPIBlocking(org, "go-other").WriteRecord(ctx, "m v=1") == nil {
		return errors.New("a token wrote to a bucket that it was not made for")
	}
	found, err := authorizations.FindAuthorizationsByOrgName(ctx, org)
	if err != nil {
		return err
	}
	seen := false
	for _, one := range *found {
		seen = seen || *one.Id == *made.Id
	}
	if !seen {
		return errors.New("the authorization is not listed")
	}
	if _, err := authorizations.UpdateAuthorizationStatus(ctx, made, domain.AuthorizationUpdateRequestStatusInactive); err != nil {
		return err
	}
	if limited.WriteAPIBlocking(org, "go-mine").WriteRecord(ctx, "m v=1") == nil {
		return errors.New("an inactive token was taken")
	}
	return authorizations.DeleteAuthorization(ctx, made)
}

func main() {
	client := influxdb2.NewClientWithOptions(url, token, influxdb2.DefaultOptions().SetHTTPRequestTimeout(60))
	defer client.Close()
	failed := false
	for _, one := range []struct {
		name string
		run  func(influxdb2.Client) error
	}{
		{"system", system},
		{"blocking_write_and_query", blockingWriteAndQuery},
		{"batches_in_the_background", batchesInTheBackground},
		{"queries", queries},
		{"refusals", refusals},
		{"deletes", deletes},
		{"buckets", manageBuckets},
		{"authorizations", manageAuthorizations},
		{"labels", manageLabels},
		{"organizations", manageOrganizations},
		{"users", manageUsers},
		{"tasks", manageTasks},
	} {
		if err := one.run(client); err != nil {
			failed = true
			fmt.Printf("%v\nFAIL go %s\n", err, one.name)
			continue
		}
		fmt.Printf("ok go %s\n", one.name)
	}
	if failed {
		os.Exit(1)
	}
}
