//! Queries from request to bytes.

mod setting;

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::StreamExt;
use setting::Setting;
use weir_model::{ErrorCode, Permission, Resource, ResourceType};
use weir_proto::{CsvDialect, QueryService, QueryText};

use crate::Options;

const ALL: &str = r#"from(bucket: "b") |> range(start: 0)"#;
const TWO: &str = r#"import "array" array.from(rows: [{a: "x", n: 1}, {a: "y", n: 2}])"#;

async fn setting(series: usize) -> Setting {
    Setting::new(series, false, Options::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_csv_of_the_dialect() {
    let setting = setting(0).await;
    assert_eq!(
        setting.ask(TWO).await.unwrap(),
        ",result,table,a,n\r\n,_result,0,x,1\r\n,_result,0,y,2\r\n\r\n"
    );
    let mut request = setting.request(TWO, &[]);
    request.dialect = CsvDialect { header: false, delimiter: ';', annotations: vec!["group".into()] };
    assert_eq!(
        setting.answer(request).await.unwrap(),
        "#group;false;false;false;false\r\n;_result;0;x;1\r\n;_result;0;y;2\r\n\r\n"
    );
    let mut request = setting.request(TWO, &[]);
    request.discard = true;
    assert_eq!(setting.answer(request).await.unwrap(), "");
    // What goes wrong once it runs is the answer.
    let script = r#"import "array" array.from(rows: [{n: "x"}]) |> map(fn: (r) => ({n: int(v: r.n)}))"#;
    let mut request = setting.request(script, &[]);
    request.discard = true;
    let told = setting.answer(request).await.unwrap();
    let call = ",error,reference\r\n,\"runtime error @1:48-1:82: map: failed to evaluate map function: ";
    assert!(told.starts_with(call), "{told}");
    assert!(told.ends_with(",\r\n"), "{told}");
    // What goes wrong before is an error as ever.
    let mut request = setting.request("a +", &[]);
    request.discard = true;
    assert!(setting.answer(request).await.unwrap_err().message.starts_with("compilation failed: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_before_the_first_bytes_is_an_error() {
    let setting = setting(0).await;
    let error = setting.ask("a +").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.starts_with("compilation failed: "), "{error}");
    let error = setting.ask(r#"from(bucket: "none") |> range(start: 0)"#).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(error.message, "failed to initialize execute state: could not find bucket \"none\"");
    let mut request = setting.request("", &[]);
    request.text = QueryText::Ast("{}".to_owned());
    assert_eq!(setting.answer(request).await.unwrap_err().code, ErrorCode::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_may_not_be_read_is_as_good_as_none() {
    let setting = setting(1).await;
    let bucket = Resource::one_in_org(ResourceType::Buckets, setting.bucket.id, setting.org.id);
    let held = [Permission::write(bucket)];
    let error = setting.answer(setting.request(ALL, &held)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(setting.rows.asked.lock().is_empty());
    let held = [Permission::read(bucket)];
    assert!(!setting.answer(setting.request(ALL, &held)).await.unwrap().is_empty());
    assert_eq!(setting.rows.asked.lock()[0].bucket, setting.bucket.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_error_is_the_last_table() {
    let setting = Setting::new(40, true, Options::default()).await;
    let answer = setting.ask(ALL).await.unwrap();
    assert!(answer.starts_with(",result,table,_start,_stop,_time,_value,"), "{}", &answer[..100]);
    assert!(answer.contains("host\r\n") && answer.contains(",00000020\r\n"));
    assert!(answer.ends_with("\r\n\r\n,error,reference\r\n,an ingester is gone,\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_answer_ends_the_query() {
    let options = Options { concurrency: 1, queue: 1, ..Options::default() };
    let setting = Setting::new(usize::MAX, false, options).await;
    let mut answer = setting.querier.query(setting.request(ALL, &Permission::operator())).await.unwrap();
    assert!(answer.next().await.unwrap().is_ok());
    assert!(setting.rows.reading.load(Ordering::SeqCst));
    // The place is taken: one more waits, and one more than that is refused.
    let waiting = setting.answer(setting.request(TWO, &[]));
    let refused = async {
        loop {
            match tokio::time::timeout(Duration::from_millis(10), setting.answer(setting.request(TWO, &[])))
                .await
            {
                Ok(outcome) => return outcome.unwrap_err(),
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    tokio::pin!(waiting, refused);
    let error = tokio::select! {
        biased;
        _ = &mut waiting => panic!("it must wait"),
        error = &mut refused => error,
    };
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::Invalid, "queue length exceeded"));
    drop(answer);
    assert!(waiting.await.unwrap().starts_with(",result,table,a,n\r\n"));
    assert!(!setting.rows.reading.load(Ordering::SeqCst));
    let mut metrics = String::new();
    setting.querier.render_metrics(&mut metrics);
    let org = setting.org.id;
    for line in [
        format!("qc_requests_total{{org=\"{org}\",result=\"success\"}} 1"),
        format!("qc_requests_total{{org=\"{org}\",result=\"queue_error\"}} 1"),
        format!("qc_executing_active{{org=\"{org}\"}} 0"),
    ] {
        assert!(metrics.contains(&line), "{line} in\n{metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_be_put_before_the_script() {
    let setting = setting(0).await;
    let mut request = setting.request(r#"import "array" array.from(rows: [{a: x}])"#, &[]);
    request.extern_ast = Some(
        r#"{"type":"File","package":null,"imports":null,"body":[{"type":"VariableAssignment",
            "id":{"type":"Identifier","name":"x"},"init":{"type":"StringLiteral","value":"given"}}]}"#
            .to_owned(),
    );
    assert_eq!(setting.answer(request).await.unwrap(), ",result,table,a\r\n,_result,0,given\r\n\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_may_take_so_much_memory() {
    let setting = Setting::new(300, false, Options { memory: 1 << 20, ..Options::default() }).await;
    let error = setting.ask(&format!("{ALL} |> sort(columns: [\"_time\"])|> group()")).await.unwrap_err();
    assert!(error.message.contains("memory allocation limit reached"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_script_writes_needs_the_right_to() {
    let setting = setting(0).await;
    let script = r#"import "array"
        array.from(rows: [{_time: 2026-01-01T00:00:00Z, _measurement: "m", _field: "f", _value: 1.5, t: "a"}])
            |> to(bucket: "b")"#;
    let bucket = Resource::one_in_org(ResourceType::Buckets, setting.bucket.id, setting.org.id);
    let error = setting.answer(setting.request(script, &[Permission::read(bucket)])).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Forbidden);
    assert!(setting.ingester.0.lock().is_empty());
    let held = [Permission::read(bucket), Permission::write(bucket)];
    setting.answer(setting.request(script, &held)).await.unwrap();
    let written = setting.ingester.0.lock();
    assert_eq!(written[0].shards[0].bucket, setting.bucket.id);
    assert_eq!(written[0].shards[0].rows.rows(), 1);
}
