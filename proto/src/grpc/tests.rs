//! Each service over a real server on a loopback port answers what it answers in memory.

use std::sync::Arc;
use std::time::Duration;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt64Array};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use regex::Regex;
use tokio::sync::{Mutex, mpsc};
use weir_batch::{
    ColumnRef, CompareOp, FieldArray, FieldColumn, FieldValues, Literal, MeasurementRows, Predicate,
    ScanRequest, Sequence, SeriesBatch, SeriesKey, SeriesKeys, TimeRange, WriteBatch,
};
use weir_model::{Error, ErrorCode, Id, Result};

use super::*;
use crate::{
    ByteStream, Caller, CsvDialect, DeleteRequest, QueryLanguage, QueryRequest, QueryService, QueryText,
    ScanService, ScanStream, ShardWrite, WriteRequest, WriteService,
};

#[derive(Debug, PartialEq)]
enum Call {
    Write(WriteRequest),
    Delete(DeleteRequest),
    DropBucket(Id),
    Scan(ScanRequest),
    Query(Box<QueryRequest>),
}

/// Notes its calls; answers what it was given.
#[derive(Default)]
struct Fake {
    calls: Mutex<Vec<Call>>,
    fails: Option<Error>,
    batches: Vec<SeriesBatch>,
    pieces: Vec<Result<Bytes>>,
    /// Closed when an endless answer is dropped.
    endless: Option<mpsc::Sender<()>>,
}

impl Fake {
    async fn note(&self, call: Call) -> Result<()> {
        self.calls.lock().await.push(call);
        self.fails.clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl WriteService for Fake {
    async fn write(&self, request: WriteRequest) -> Result<Sequence> {
        self.note(Call::Write(request)).await?;
        Ok(Sequence(77))
    }
    async fn delete(&self, request: DeleteRequest) -> Result<Sequence> {
        self.note(Call::Delete(request)).await?;
        Ok(Sequence(78))
    }
    async fn drop_bucket(&self, bucket: Id) -> Result<()> {
        self.note(Call::DropBucket(bucket)).await
    }
}

#[async_trait]
impl ScanService for Fake {
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        self.note(Call::Scan(request)).await?;
        Ok(stream::iter(self.batches.clone()).map(Ok).boxed())
    }
}

#[async_trait]
impl QueryService for Fake {
    async fn query(&self, request: QueryRequest) -> Result<ByteStream> {
        self.note(Call::Query(Box::new(request))).await?;
        let pieces = stream::iter(self.pieces.clone());
        Ok(match self.endless.clone() {
            None => pieces.boxed(),
            Some(alive) => {
                let more = stream::unfold(alive, |alive| async {
                    tokio::task::yield_now().await;
                    Some((Ok(Bytes::from_static(b"more")), alive))
                });
                pieces.chain(more).boxed()
            }
        })
    }
}

/// Serves all three services of `fake`, and connects to them.
async fn serve(fake: Arc<Fake>) -> Peer {
    Peer::connect(&serve_with(fake, Trust::default()).await, &Trust::default()).unwrap()
}

async fn serve_with(fake: Arc<Fake>, trust: Trust) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let services = Services { write: Some(fake.clone()), scan: Some(fake.clone()), query: Some(fake), trust };
    tokio::spawn(services.serve(listener, std::future::pending()));
    url
}

#[tokio::test]
async fn a_caller_without_the_secret_is_refused() {
    let fake = Arc::new(Fake::default());
    let secret = |text: &str| ClusterSecret::new(text).unwrap();
    let url = serve_with(fake.clone(), Trust::with_secret(Some(secret("s3cret")))).await;
    for wrong in [None, Some(secret("s3creT")), Some(secret("s3cret1"))] {
        let peer = Peer::connect(&url, &Trust::with_secret(wrong)).unwrap();
        let errors = [
            WriteClient::new(&peer).drop_bucket(id(1)).await.err(),
            ScanClient::new(&peer).scan(scan_request()).await.err(),
            QueryClient::new(&peer).query(query_request()).await.err(),
        ];
        assert!(errors.into_iter().all(|e| e.unwrap().code == ErrorCode::Internal));
    }
    assert!(fake.calls.lock().await.is_empty());
    let right = Peer::connect(&url, &Trust::with_secret(Some(secret("s3cret")))).unwrap();
    WriteClient::new(&right).drop_bucket(id(1)).await.unwrap();
    assert!(ClusterSecret::new("a b").is_err());
    assert!(!format!("{:?}", secret("s3cret")).contains("s3cret"));
}

#[tokio::test]
async fn with_tls_both_sides_show_who_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for cluster in ["ours", "theirs"] {
        certificates(folder.path(), cluster);
    }
    let trust = |cluster: &str, authority: &str, name: &str| {
        let file = |name: String| folder.path().join(name);
        let tls = ClusterTls::open(ClusterTlsFiles {
            certificate: file(format!("{cluster}.crt")),
            key: file(format!("{cluster}.key")),
            authorities: file(format!("{authority}.ca")),
            name: name.to_owned(),
        });
        Trust { secret: None, tls: Some(tls.unwrap()) }
    };
    let fake = Arc::new(Fake::default());
    let url = serve_with(fake.clone(), trust("ours", "ours", "weir")).await;
    let encrypted = url.replace("http://", "https://");
    let call = async |url: &str, trust: &Trust| {
        WriteClient::new(&Peer::connect(url, trust).unwrap()).drop_bucket(id(1)).await
    };
    call(&encrypted, &trust("ours", "ours", "weir")).await.unwrap();
    for (what, url, stranger) in [
        ("a certificate of another authority", &encrypted, trust("theirs", "ours", "weir")),
        ("a server of another authority", &encrypted, trust("ours", "theirs", "weir")),
        ("a server of another name", &encrypted, trust("ours", "ours", "other")),
        ("no encryption", &url, Trust::default()),
    ] {
        assert_eq!(call(url, &stranger).await.unwrap_err().code, ErrorCode::Unavailable, "{what}");
    }
    assert_eq!(fake.calls.lock().await.len(), 1);
    let error = Peer::connect(&encrypted, &Trust::default()).unwrap_err();
    assert!(error.message.contains("--cluster-tls-cert"), "{error}");
}

/// `NAME.ca`, `NAME.crt` and `NAME.key`, for the name `weir`.
fn certificates(folder: &std::path::Path, name: &str) {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["weir".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let write = |suffix: &str, text: String| {
        std::fs::write(folder.join(format!("{name}.{suffix}")), text).unwrap();
    };
    write("ca", authority.pem());
    write("crt", certificate.pem());
    write("key", key.serialize_pem());
}

fn id(value: u64) -> Id {
    Id::new(value).unwrap()
}

fn compare(column: ColumnRef, op: CompareOp, literal: Literal) -> Predicate {
    Predicate::Compare { column, op, literal }
}

fn predicate() -> Predicate {
    let mut deep = compare(ColumnRef::Value, CompareOp::Gt, Literal::Float(-0.0));
    for i in 0..500 {
        let other = compare(ColumnRef::Tag(format!("t{i}")), CompareOp::Ne, Literal::String("ä".into()));
        deep = if i % 2 == 0 { Predicate::And(vec![other, deep]) } else { Predicate::Or(vec![deep, other]) };
    }
    Predicate::And(vec![
        deep,
        compare(ColumnRef::Field, CompareOp::Match, Literal::Regex(Regex::new("(?i)^us.*$").unwrap())),
        compare(ColumnRef::Measurement, CompareOp::NotMatch, Literal::Regex(Regex::new("x").unwrap())),
        compare(ColumnRef::Value, CompareOp::Le, Literal::Unsigned(u64::MAX)),
        compare(ColumnRef::Value, CompareOp::Ge, Literal::Integer(i64::MIN)),
        compare(ColumnRef::Value, CompareOp::Eq, Literal::Boolean(true)),
        compare(ColumnRef::Value, CompareOp::Lt, Literal::String(String::new())),
        Predicate::Constant(false),
        Predicate::And(vec![]),
    ])
}

fn write_request() -> WriteRequest {
    let mut rows = MeasurementRows::new("m, =\"ü\"");
    for key in ["", "a=1", "a=2,b=x\\ y"] {
        rows.series.push(SeriesKey(key));
    }
    rows.row_series = vec![2, 0, 1];
    rows.times = vec![i64::MIN, -1, i64::MAX];
    let texts = FieldValues::String { offsets: vec![0, 0, 2, 5], bytes: "äabc".into() };
    let mut field = |name: &str, values, rows_: Option<Vec<u32>>| {
        rows.fields.push(FieldColumn { name: name.into(), values, rows: rows_ });
    };
    field("s", texts, None);
    field("f", FieldValues::Float(vec![0.1, -0.0]), Some(vec![0, 2]));
    field("i", FieldValues::Integer(vec![i64::MIN]), Some(vec![1]));
    field("u", FieldValues::Unsigned(vec![u64::MAX]), Some(vec![1]));
    field("b", FieldValues::Boolean(vec![true, false]), Some(vec![0, 1]));
    let rows = WriteBatch { measurements: vec![rows, MeasurementRows::new("empty")] };
    let shard = |shard_group| ShardWrite { bucket: id(u64::MAX), shard_group, rows: rows.clone() };
    WriteRequest { sequence: Sequence(u64::MAX - 1), shards: vec![shard(-1), shard(i64::MAX)] }
}

#[tokio::test]
async fn writes_and_deletes() {
    let fake = Arc::new(Fake::default());
    let client = WriteClient::new(&serve(fake.clone()).await);
    assert_eq!(client.write(write_request()).await.unwrap(), Sequence(77));
    let range = TimeRange { start: i64::MIN, stop: 5 };
    let delete = DeleteRequest { sequence: Sequence(9), bucket: id(3), range, predicate: predicate() };
    assert_eq!(client.delete(delete.clone()).await.unwrap(), Sequence(78));
    client.drop_bucket(id(4)).await.unwrap();
    let calls = [Call::Write(write_request()), Call::Delete(delete), Call::DropBucket(id(4))];
    assert_eq!(*fake.calls.lock().await, calls);
}

#[tokio::test]
async fn a_malformed_batch_is_refused_before_the_service_sees_it() {
    let fake = Arc::new(Fake::default());
    let client = WriteClient::new(&serve(fake.clone()).await);
    let mut request = write_request();
    request.shards[0].rows.measurements[0].row_series[0] = 3;
    assert_eq!(client.write(request).await.unwrap_err().code, ErrorCode::Invalid);
    assert!(fake.calls.lock().await.is_empty());
}

#[tokio::test]
async fn errors_come_as_they_are_and_no_server_is_unavailable() {
    let error = Error::new(ErrorCode::UnprocessableEntity, "línea 1:\n".repeat(3000));
    let fake = Arc::new(Fake { fails: Some(error.clone()), ..Fake::default() });
    let peer = serve(fake).await;
    assert_eq!(WriteClient::new(&peer).write(write_request()).await.unwrap_err(), error);
    assert_eq!(ScanClient::new(&peer).scan(scan_request()).await.err(), Some(error.clone()));
    assert_eq!(QueryClient::new(&peer).query(query_request()).await.err(), Some(error));
    let nobody = Peer::connect("http://127.0.0.1:9", &Trust::default()).unwrap();
    assert_eq!(WriteClient::new(&nobody).drop_bucket(id(1)).await.unwrap_err().code, ErrorCode::Unavailable);
    assert_eq!(Peer::connect("no address", &Trust::default()).unwrap_err().code, ErrorCode::Invalid);
}

fn scan_request() -> ScanRequest {
    ScanRequest { bucket: id(5), range: TimeRange { start: -3, stop: i64::MAX }, predicate: predicate() }
}

fn batch(rows_of: &[usize], sequences: bool) -> SeriesBatch {
    let mut offsets = vec![0];
    let mut series = SeriesKeys::new();
    for (i, rows) in rows_of.iter().enumerate() {
        series.push(SeriesKey(&format!("host=h{i:05}")));
        offsets.push(offsets[i] + rows);
    }
    let rows = *offsets.last().unwrap();
    let field = |name: &str, values: ArrayRef| FieldArray { name: name.into(), values };
    let some = |i: usize| !i.is_multiple_of(3);
    SeriesBatch {
        measurement: "m".into(),
        series,
        offsets,
        times: (0..rows as i64).collect(),
        sequences: sequences.then(|| (0..rows as u64).collect()),
        fields: vec![
            field("f", Arc::new((0..rows).map(|i| some(i).then_some(i as f64)).collect::<Float64Array>())),
            field("f", Arc::new((0..rows).map(|i| some(i + 1).then_some(i as i64)).collect::<Int64Array>())),
            field("u", Arc::new((0..rows).map(|i| Some(i as u64)).collect::<UInt64Array>())),
            field("b", Arc::new((0..rows).map(|i| Some(i % 2 == 0)).collect::<BooleanArray>())),
            field(
                "s",
                Arc::new((0..rows).map(|i| some(i).then(|| "ö".repeat(i % 7))).collect::<StringArray>()),
            ),
        ],
    }
}

/// Every `step`th row, as it can be compared however the rows are cut into batches.
fn sample(batches: &[SeriesBatch], step: usize) -> Vec<(String, i64, Option<u64>, Vec<String>)> {
    let (mut out, mut number) = (Vec::new(), 0);
    for batch in batches {
        for run in 0..batch.series.len() {
            for row in batch.offsets[run]..batch.offsets[run + 1] {
                number += 1;
                if !usize::is_multiple_of(number, step) {
                    continue;
                }
                let fields = batch.fields.iter().map(|f| format!("{}={:?}", f.name, f.values.slice(row, 1)));
                let sequence = batch.sequences.as_ref().map(|s| s.value(row));
                out.push((
                    batch.series.get(run).0.to_owned(),
                    batch.times.value(row),
                    sequence,
                    fields.collect(),
                ));
            }
        }
    }
    out
}

#[tokio::test]
async fn scans() {
    let batches = vec![batch(&[3, 1, 8], true), batch(&[2], false)];
    let fake = Arc::new(Fake { batches: batches.clone(), ..Fake::default() });
    let client = ScanClient::new(&serve(fake.clone()).await);
    let got: Vec<_> = client.scan(scan_request()).await.unwrap().try_collect().await.unwrap();
    assert_eq!(got, batches);
    assert_eq!(*fake.calls.lock().await, [Call::Scan(scan_request())]);
}

#[tokio::test]
async fn a_large_batch_is_cut_into_messages() {
    // About 20 MB, with a long series, short ones, and a cut inside the long one.
    let mut runs = vec![1; 1000];
    runs.push(400_000);
    runs.extend(vec![2; 1000]);
    let mut large = batch(&runs, true);
    large.fields.truncate(3);
    let fake = Arc::new(Fake { batches: vec![large.clone()], ..Fake::default() });
    let client = ScanClient::new(&serve(fake).await);
    let got: Vec<_> = client.scan(scan_request()).await.unwrap().try_collect().await.unwrap();
    assert!(got.len() > 1, "{} messages", got.len());
    let times: Vec<i64> = got.iter().flat_map(|b| b.times.values().to_vec()).collect();
    assert!(times.iter().copied().eq(0..large.rows() as i64));
    assert_eq!(sample(&got, 997), sample(&[large], 997));
}

fn query_request() -> QueryRequest {
    QueryRequest {
        org: id(1),
        caller: Caller { user: Some(id(2)), permissions_json: "[{\"action\":\"read\"}]".into() },
        language: QueryLanguage::Flux,
        text: QueryText::Source("from(bucket: \"ä\")\n".repeat(10_000)),
        extern_ast: Some("{}".into()),
        now: Some(-5),
        dialect: CsvDialect {
            header: false,
            delimiter: '→',
            annotations: vec!["group".into(), "datatype".into()],
        },
        discard: true,
    }
}

#[tokio::test]
async fn queries() {
    let late = Error::new(ErrorCode::Internal, "it broke on the way");
    let pieces =
        vec![Ok(Bytes::from(vec![b'x'; 3 << 20])), Ok(Bytes::new()), Ok("end".into()), Err(late.clone())];
    let fake = Arc::new(Fake { pieces, ..Fake::default() });
    let client = QueryClient::new(&serve(fake.clone()).await);
    let mut requests = vec![query_request()];
    requests.push(QueryRequest {
        caller: Caller { user: None, permissions_json: String::new() },
        language: QueryLanguage::InfluxQl,
        text: QueryText::Ast("{}".into()),
        extern_ast: None,
        now: None,
        dialect: CsvDialect::default(),
        discard: false,
        ..query_request()
    });
    for request in &requests {
        let mut answer = client.query(request.clone()).await.unwrap();
        let mut bytes = Vec::new();
        let error = loop {
            match answer.next().await.unwrap() {
                Ok(piece) => bytes.extend_from_slice(&piece),
                Err(error) => break error,
            }
        };
        assert_eq!(bytes.len(), (3 << 20) + 3);
        assert_eq!(error, late);
        assert!(answer.next().await.is_none());
    }
    let calls: Vec<_> = requests.into_iter().map(|r| Call::Query(Box::new(r))).collect();
    assert_eq!(*fake.calls.lock().await, calls);
}

#[tokio::test]
async fn a_dropped_answer_cancels_the_query() {
    let (alive, mut dropped) = mpsc::channel(1);
    let fake = Fake { pieces: vec![Ok("first".into())], endless: Some(alive), ..Fake::default() };
    let fake = Arc::new(fake);
    let client = QueryClient::new(&serve(fake.clone()).await);
    let mut answer = client.query(query_request()).await.unwrap();
    assert_eq!(answer.next().await.unwrap().unwrap(), "first");
    drop(answer);
    // The service holds one sender for itself; the running answer held another.
    let gone = async {
        while dropped.sender_strong_count() > 1 {
            tokio::select! {
                _ = dropped.recv() => {}
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("the query goes on");
}

#[test]
fn the_descriptors_name_the_services() {
    let text = String::from_utf8_lossy(FILE_DESCRIPTOR_SET);
    for name in ["weir.write.v1", "weir.scan.v1", "weir.query.v1"] {
        assert!(text.contains(name), "{name}");
    }
}
