//! Runs Flux scripts over line protocol in memory: `memory NAME=FILE… < scripts`, each file a bucket. Scripts on
//! standard input are separated by a NUL byte; answers (annotated CSV, or `!status message`) by NUL, record separator, NUL.
//! `NOW=<nanoseconds>` in the environment sets the queries' time.

#[path = "../tests/support/memory.rs"]
mod memory;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use weir_annotated_csv::{Annotation, Dialect, Encoder};
use weir_flux::env::Environment;
use weir_flux::{Engine, FluxError};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = memory::MemoryEnvironment::default();
    for argument in std::env::args().skip(1) {
        let (name, file) = argument.split_once('=').ok_or("arguments are NAME=FILE")?;
        environment.add(name, &std::fs::read_to_string(file)?);
    }
    let environment: Arc<dyn Environment> = Arc::new(environment);
    let now = std::env::var("NOW").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut scripts = String::new();
    std::io::stdin().read_to_string(&mut scripts)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut stdout = std::io::stdout().lock();
    for script in scripts.split('\0') {
        let environment = Arc::clone(&environment);
        let script = script.to_owned();
        let mut out = Vec::new();
        let answer = runtime.block_on(async {
            tokio::task::spawn_blocking(move || {
                let result = run(&script, environment, now, &mut out);
                (result, out)
            })
            .await
        });
        match answer {
            Ok((Ok(()), out)) => stdout.write_all(&out)?,
            Ok((Err(e), out)) if out.is_empty() => write!(stdout, "!{} {}", e.code.http_status(), e.message)?,
            Ok((Err(e), mut out)) => {
                Encoder::new(dialect()).error(&e.message, &mut out);
                stdout.write_all(&out)?;
            }
            Err(e) => write!(stdout, "!599 panic: {e}")?,
        }
        stdout.write_all(b"\0\x1e\0")?;
    }
    Ok(())
}

fn dialect() -> Dialect {
    Dialect {
        annotations: vec![Annotation::Datatype, Annotation::Group, Annotation::Default],
        ..Dialect::default()
    }
}

fn run(
    script: &str,
    environment: Arc<dyn Environment>,
    now: i64,
    out: &mut Vec<u8>,
) -> Result<(), FluxError> {
    let engine = Engine::default();
    let package = engine.compile(script)?;
    let outcome = engine.start(&package, environment, now, Arc::new(AtomicBool::new(false)))?;
    let mut encoder = Encoder::new(dialect());
    for mut result in outcome.results {
        while let Some(batch) = result.tables.next()? {
            batch.check().map_err(FluxError::internal)?;
            encoder.encode(&result.name, &batch, out);
        }
        encoder.finish_result(out);
    }
    Ok(())
}
