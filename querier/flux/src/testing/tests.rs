use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::{Case, Found, Verdict, World, discover, run_all};
use crate::env::{Environment, Nowhere};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// How the cases end, by place.
fn verdicts(cases: &[Case]) -> Vec<Verdict> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let world = World {
        environment: Arc::new(|| -> Arc<dyn Environment> { Arc::new(Nowhere) }),
        now: 1_800_000_000_000_000_000,
        parallel: std::thread::available_parallelism().map_or(1, usize::from),
        timeout: Duration::from_secs(60),
        runtime: runtime.handle().clone(),
    };
    let mut out = vec![Verdict::Passed; cases.len()];
    run_all(cases, &world, |place, _, verdict, _| out[place] = verdict);
    out
}

/// All of `tests/cases`.
#[test]
fn cases_in_files_pass() {
    let Found { cases, broken } = discover(&[folder("cases")]);
    assert!(broken.is_empty(), "{broken:?}");
    assert!(cases.len() > 20, "only {} cases were found", cases.len());
    let failed: Vec<String> = verdicts(&cases)
        .into_iter()
        .zip(&cases)
        .filter_map(|(verdict, case)| match verdict {
            Verdict::Passed => None,
            Verdict::Failed(why) => {
                Some(format!("{}:{} {}\n{why}", case.file.display(), case.line, case.name))
            }
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} fail:\n{}", failed.len(), cases.len(), failed.join("\n\n"));
}

/// `tests/failing`: a case says in its name how it fails.
#[test]
fn cases_that_must_fail_do() {
    let Found { cases, broken } = discover(&[folder("failing")]);
    assert!(broken.is_empty(), "{broken:?}");
    for (case, verdict) in cases.iter().zip(verdicts(&cases)) {
        let Verdict::Failed(why) = verdict else { panic!("{} passed", case.name) };
        let words = case.name.split_once("__").map_or("", |(_, words)| words).replace('_', " ");
        assert!(why.contains(&words), "{}: {why}", case.name);
    }
    assert_eq!(cases.len(), 20);
}

#[test]
fn tags_and_names() {
    let Found { cases, .. } = discover(&[folder("cases/testing")]);
    let case = |name: &str| cases.iter().find(|c| c.name == name).unwrap();
    assert_eq!(case("tags_of_the_case").tags, ["slow"]);
    assert_eq!(case("tags_of_the_other_file").tags, ["inherited"]);
    assert!(case("helpers").tags.is_empty());
    assert!(case("helpers").is_called("helpers") && case("helpers").is_called("extend.helpers"));
    assert!(case("helpers").is_called("extend/helpers") && !case("helpers").is_called("other.helpers"));
}
