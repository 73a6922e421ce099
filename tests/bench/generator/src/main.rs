//! Writes line protocol to standard output, or in batches to the files of a folder.

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use clap::Parser;
use weir_bench_generator::{START, Set, Shape};

/// Makes line protocol in the shape of the TSBS works; the same flags give the same bytes.
#[derive(Debug, Parser)]
struct Options {
    /// Which work.
    #[arg(long, value_enum, default_value = "cpu-only")]
    set: Work,
    /// How many hosts (or trucks, or devices) write.
    #[arg(long, default_value_t = 100)]
    hosts: u32,
    /// How many hours they write for.
    #[arg(long, default_value_t = 24)]
    hours: u32,
    /// Seconds between two rows of a host.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    every: u32,
    /// The time of the first row, in seconds since 1970.
    #[arg(long, default_value_t = START)]
    start: i64,
    /// What the random numbers start from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many rows a file holds.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    rows: u64,
    /// The folder for files `00000.lp` and on; to standard output when left out.
    #[arg(long)]
    folder: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Work {
    CpuOnly,
    Devops,
    Iot,
    Sensors,
}

fn main() -> std::io::Result<()> {
    let options = Options::parse();
    let steps = options.hours.saturating_mul(3_600) / options.every;
    let Options { hosts, every, start, seed, .. } = options;
    let set = match options.set {
        Work::CpuOnly => Set::CpuOnly,
        Work::Devops => Set::Devops,
        Work::Iot => Set::Iot,
        Work::Sensors => Set::Sensors,
    };
    let batches = set.batches(Shape { hosts, steps, every, start, seed }, options.rows);
    match options.folder {
        Some(folder) => {
            std::fs::create_dir_all(&folder)?;
            for (number, text) in batches.enumerate() {
                std::fs::write(folder.join(format!("{number:05}.lp")), text)?;
            }
        }
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            for text in batches {
                out.write_all(text.as_bytes())?;
            }
            out.flush()?;
        }
    }
    Ok(())
}
