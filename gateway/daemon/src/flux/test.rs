//! `weir flux test PATH…`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{ArgAction, Args};
use weir_flux::env::Environment;
use weir_flux::testing::{Case, Verdict, World, discover, run_all};
use weir_querier::Desk;

use super::output::{complain, fail, put};

/// Flags of `weir flux test`.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Files, and folders with files `*_test.flux`.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// More of them.
    #[arg(long = "path", short = 'p', value_name = "PATH", value_delimiter = ',')]
    more_paths: Vec<PathBuf>,

    /// Only testcases of these names (`case` or `package.case`), whatever their tags.
    #[arg(long = "test", value_name = "NAME", value_delimiter = ',')]
    names: Vec<String>,

    /// No testcases of these names.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    skip: Vec<String>,

    /// Also testcases with tags, if all of theirs are among these.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,

    /// No testcases without tags.
    #[arg(long)]
    skip_untagged: bool,

    /// How many testcases run at once; as many as there are processors when left out.
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, require_equals = true)]
    parallel: Option<Option<usize>>,

    /// How long a testcase may take, in seconds.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    timeout: u64,

    /// Name the testcases that passed, too; twice, those that were skipped.
    #[arg(short, long, action = ArgAction::Count)]
    verbose: u8,
}

impl Options {
    fn wants(&self, case: &Case) -> bool {
        let named = |names: &[String]| names.iter().any(|name| case.is_called(name));
        if !self.names.is_empty() {
            return named(&self.names);
        }
        !named(&self.skip)
            && case.tags.iter().all(|t| self.tags.contains(t))
            && !(self.skip_untagged && case.tags.is_empty())
    }
}

pub(super) fn run(options: &Options) -> ExitCode {
    let mut paths: Vec<PathBuf> = options.paths.iter().chain(&options.more_paths).cloned().collect();
    if paths.is_empty() {
        paths.push(".".into());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime does not start: {error}")),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let world = World {
        environment: Arc::new(|| -> Arc<dyn Environment> { Arc::new(Desk::default()) }),
        now: i64::try_from(now).unwrap_or(i64::MAX),
        parallel: options.parallel.flatten().unwrap_or(processors),
        timeout: Duration::from_secs(options.timeout),
        runtime: runtime.handle().clone(),
    };

    let found = discover(&paths);
    for (path, why) in &found.broken {
        complain(&format!("{}: {why}", path.display()));
    }
    let (cases, skipped): (Vec<Case>, Vec<Case>) = found.cases.into_iter().partition(|c| options.wants(c));
    if options.verbose > 1 {
        skipped.iter().for_each(|case| put(&format!("skip  {}\n", shown(case))));
    }
    let (mut passed, mut failed) = (0, found.broken.len());
    run_all(&cases, &world, |_, case, verdict, took| match verdict {
        Verdict::Passed => {
            passed += 1;
            if options.verbose > 0 {
                put(&format!("ok    {} ({took:.1?})\n", shown(case)));
            }
        }
        Verdict::Failed(why) => {
            failed += 1;
            put(&format!("FAIL  {}\n{}\n", shown(case), indented(&why)));
        }
    });
    if !skipped.is_empty() {
        put(&format!("{} skipped\n", skipped.len()));
    }
    put(&format!("{passed} passed, {failed} failed\n"));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn shown(case: &Case) -> String {
    format!("{}:{} {}", case.file.display(), case.line, case.name)
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("      {line}\n")).collect()
}
