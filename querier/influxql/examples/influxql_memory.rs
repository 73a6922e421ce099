//! Runs InfluxQL over line protocol in memory: `influxql_memory NAME=FILE… < queries`, each file a database. Queries on
//! standard input are separated by a NUL byte, each as its request parameters (`db=…&epoch=…`), a line feed and the
//! statements; answers (`status body`) by NUL as well. `NOW=<nanoseconds>` in the environment sets the queries' time.

#[path = "../tests/support/memory.rs"]
mod memory;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use weir_influxql::write::{Epoch, Format, Writer};
use weir_influxql::{Engine, InfluxQlError, Request, parse_params};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = memory::MemoryEnvironment::default();
    for argument in std::env::args().skip(1) {
        let (name, file) = argument.split_once('=').ok_or("arguments are NAME=FILE")?;
        environment.add(name, &std::fs::read_to_string(file)?);
    }
    let environment = Arc::new(environment);
    let now = std::env::var("NOW").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut queries = String::new();
    std::io::stdin().read_to_string(&mut queries)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut stdout = std::io::stdout().lock();
    for query in queries.split('\0') {
        let environment = Arc::clone(&environment);
        let query = query.to_owned();
        let answer = runtime
            .block_on(async { tokio::task::spawn_blocking(move || run(&query, &environment, now)).await });
        match answer {
            Ok(Ok(out)) => {
                stdout.write_all(b"200 ")?;
                stdout.write_all(&out)?;
            }
            Ok(Err(e)) => write!(
                stdout,
                "{} {{\"code\":\"invalid\",\"message\":{:?}}}",
                e.code.http_status(),
                e.message
            )?,
            Err(e) => write!(stdout, "599 panic: {e}")?,
        }
        stdout.write_all(b"\0")?;
    }
    Ok(())
}

fn run(query: &str, environment: &memory::MemoryEnvironment, now: i64) -> Result<Vec<u8>, InfluxQlError> {
    let (params, text) = query.split_once('\n').unwrap_or(("", query));
    let param = |name: &str| {
        params
            .split('&')
            .find_map(|p| p.split_once('=').filter(|(k, _)| *k == name).map(|(_, v)| v.to_owned()))
            .unwrap_or_default()
    };
    let chunked = param("chunked") == "true";
    let request = Request {
        text: text.to_owned(),
        database: param("db"),
        policy: param("rp"),
        params: parse_params(&param("params"))?,
        now,
        chunk_size: param("chunk_size").parse().ok().filter(|_| chunked).unwrap_or(10_000),
    };
    let mut writer = Writer::new(Format::Json, Epoch::named(&param("epoch")), chunked);
    let mut out = Vec::new();
    Engine::default().run(&request, environment, &AtomicBool::new(false), &mut |result| {
        writer.result(result, &mut out);
        Ok(())
    })?;
    writer.finish(&mut out);
    Ok(out)
}
