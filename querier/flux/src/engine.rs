//! Running a script from text to results.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use weir_flux_syntax::ast::{Package, Statement};
use weir_table::TableBatch;

use crate::env::Environment;
use crate::error::{FluxError, Result};
use crate::eval::{self, Context};
use crate::exec::interrupt::working_for;
use crate::exec::{BoxOperator, Memory, NextAhead, Operator, Profile, Run, SpillSpace, Workers, open_all};
use crate::plan::rules::{self, Optimized};
use crate::plan::{Fired, Node, describe};
use crate::registry::RegistryImporter;
use crate::stdlib::lazy::lazy;

/// What a query may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 2 << 30 }
    }
}

/// The engine. Stateless; one serves all queries.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    limits: Limits,
    all: Option<Arc<Memory>>,
    spill: Option<Arc<SpillSpace>>,
    three_valued: bool,
    workers: Option<Arc<Workers>>,
}

/// A result that is being computed.
pub struct ResultStream {
    /// Its name.
    pub name: Arc<str>,
    /// Its tables.
    pub tables: BoxOperator,
}

/// A script that was compiled, planned and opened.
pub struct Outcome {
    /// The results, by name.
    pub results: Vec<ResultStream>,
    /// The memory account, for statistics.
    pub memory: Arc<Memory>,
    /// What was evaluated.
    pub script: Script,
}

/// A script that was evaluated. Once the last of it and of the results it opened is dropped, all that it made is freed.
#[derive(Debug, Clone)]
pub struct Script(Arc<Evaluated>);

#[derive(Debug)]
struct Evaluated(Context);

impl Drop for Evaluated {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Script {
    /// What the script expected of the planner (`testing/expect`) and did not get, a line each.
    pub fn unmet_expectations(&self) -> Vec<String> {
        self.0.0.unmet_expectations()
    }
}

/// Tables of a script, which they keep.
struct OfScript {
    tables: BoxOperator,
    _script: Script,
}

impl Operator for OfScript {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.tables.next()
    }
}

impl Engine {
    /// An engine with limits for each query.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The same engine, all of whose queries together may not take more than `all`.
    pub fn within(self, all: Arc<Memory>) -> Self {
        Self { all: Some(all), ..self }
    }

    /// The same engine, whose queries may use the disk for what does not fit into their memory.
    pub fn spilling(self, spill: Option<Arc<SpillSpace>>) -> Self {
        Self { spill, ..self }
    }

    /// The same engine, in which `and` and `or` of rows follow the language where the reference's servers do not:
    /// its tests run so.
    pub fn three_valued(self) -> Self {
        Self { three_valued: true, ..self }
    }

    /// The same engine, whose queries are helped by others' threads.
    pub fn helped_by(self, workers: Arc<Workers>) -> Self {
        Self { workers: Some(workers), ..self }
    }

    /// Parses and type-checks a script.
    ///
    /// # Errors
    /// `Invalid` with all that is wrong, as the reference words it.
    pub fn compile(&self, source: &str) -> Result<Package> {
        let package = weir_flux_syntax::parse_package(source, "", "");
        self.check(&package)?;
        Ok(package)
    }

    /// Type-checks a package that came as a tree.
    ///
    /// # Errors
    /// As [`Engine::compile`].
    pub fn check(&self, package: &Package) -> Result<()> {
        let errors = weir_flux_syntax::package_errors(package);
        if !errors.is_empty() {
            let text = weir_flux_syntax::join_errors(&errors);
            return Err(FluxError::invalid(format!("compilation failed: {text}")));
        }
        let diagnostics = weir_flux_semantic::check(package, &RegistryImporter);
        if diagnostics.is_empty() {
            // What runs test cases has made scripts of them before.
            let is_test = |s: &Statement| matches!(s, Statement::TestCase(_));
            if package.files.iter().any(|file| file.body.iter().any(is_test)) {
                return Err(FluxError::internal(
                    "could not marshal semantic graph to FlatBuffer: TestCaseStmt is not supported in semantic analysis.",
                ));
            }
            return Ok(());
        }
        Err(FluxError::invalid(weir_flux_syntax::join_errors(&diagnostics)))
    }

    /// Evaluates and plans a checked package, and says how it would be run: for each result its name and the operations
    /// that make it, then the rules that were applied. Sub-queries of the evaluation are run.
    ///
    /// # Errors
    /// What evaluation finds.
    pub fn explain(&self, package: &Package, context: &Context) -> Result<String> {
        eval::eval_package(package, context)?;
        let results = named_results(context)?;
        let roots: Vec<Arc<Node>> = results.iter().map(|(_, n)| Arc::clone(n)).collect();
        let Optimized { roots, fired } = rules::optimize(&roots, &disabled_rules(context));
        let mut text = String::new();
        for ((name, _), root) in results.iter().zip(&roots) {
            text.push_str(&format!("{name}:\n{}", describe(std::slice::from_ref(root))));
        }
        text.push_str(&rules_line(&fired));
        Ok(text)
    }

    /// Evaluates, plans and opens a checked package. Runs on a blocking thread inside a tokio runtime.
    ///
    /// # Errors
    /// What evaluation, planning or opening finds; nothing has been read yet, except by sub-queries.
    pub fn start(
        &self,
        package: &Package,
        environment: Arc<dyn Environment>,
        now: i64,
        cancelled: Arc<AtomicBool>,
    ) -> Result<Outcome> {
        let mut context = Context::new(environment, now);
        if self.three_valued {
            context = context.three_valued();
        }
        let script = Script(Arc::new(Evaluated(context.clone())));
        let _working = working_for(&cancelled);
        let memory = match &self.all {
            Some(all) => Memory::within(all, self.limits.memory),
            None => Memory::new(self.limits.memory),
        };
        let run = Run {
            context: context.clone(),
            memory: Arc::clone(&memory),
            spill: self.spill.clone(),
            workers: self.workers.clone(),
            cancelled,
            runtime: tokio::runtime::Handle::current(),
        };
        context.attach_run(&run);
        let began = Instant::now();
        eval::eval_package(package, &context)?;
        let profile = Profile::of(profilers(&context).iter().map(|name| &**name), began.elapsed());
        if let Some(profile) = &profile {
            context.attach_profile(Arc::clone(profile));
        }
        let results = named_results(&context)?;
        if results.is_empty() {
            return Err(FluxError::invalid(
                "error in query specification while starting program: this Flux script returns no streaming data. \
                 Consider adding a \"yield\" or invoking streaming functions directly, without performing an assignment",
            ));
        }
        let roots: Vec<Arc<Node>> = results.iter().map(|(_, n)| Arc::clone(n)).collect();
        let operators = open_plan(&roots, &run)?;
        let mut results: Vec<ResultStream> = results
            .into_iter()
            .zip(operators)
            .map(|((name, _), tables)| {
                let tables = NextAhead::over(tables, &run);
                let tables: BoxOperator = Box::new(OfScript { tables, _script: script.clone() });
                ResultStream { name, tables }
            })
            .collect();
        if let Some(profile) = profile {
            // The last to be read: it tells of the others.
            let memory = Arc::clone(&memory);
            let tables = lazy(move || Ok(profile.tables(&memory)));
            results.push(ResultStream { name: "_profiler".into(), tables });
        }
        Ok(Outcome { results, memory, script })
    }
}

/// Plans some streams and opens them.
///
/// # Errors
/// What planning or opening finds.
pub fn open_plan(roots: &[Arc<Node>], run: &Run) -> Result<Vec<BoxOperator>> {
    let began = Instant::now();
    let disabled = disabled_rules(&run.context);
    let Optimized { roots, fired } = rules::optimize(roots, &disabled);
    if let Some(profile) = run.context.profile() {
        profile.planned(&roots, &fired, began.elapsed());
    }
    run.context.add_fired(&fired);
    validate(&roots)?;
    open_all(&roots, run)
}

/// The rules that were applied as a line of text; nothing if there are none.
pub(crate) fn rules_line(fired: &[Fired]) -> String {
    let each = |fired: &Fired| match fired.times {
        1 => fired.rule.to_owned(),
        n => format!("{} × {n}", fired.rule),
    };
    match fired {
        [] => String::new(),
        fired => format!("rules: {}\n", fired.iter().map(each).collect::<Vec<_>>().join(", ")),
    }
}

/// The profilers that the script asks for.
fn profilers(cx: &Context) -> Vec<Arc<str>> {
    match cx.option("profiler", "enabledProfilers") {
        Some(crate::value::Value::Array(names)) => names
            .iter()
            .filter_map(|name| match name {
                crate::value::Value::String(name) => Some(Arc::clone(name)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn disabled_rules(cx: &Context) -> Vec<String> {
    ["disableLogicalRules", "disablePhysicalRules"]
        .iter()
        .filter_map(|name| match cx.option("planner", name) {
            Some(crate::value::Value::Array(names)) => Some(names),
            _ => None,
        })
        .flat_map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>())
        .collect()
}

fn validate(roots: &[Arc<Node>]) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    let mut stack: Vec<_> = roots.to_vec();
    while let Some(node) = stack.pop() {
        if seen.insert(Arc::as_ptr(&node) as usize) {
            node.spec
                .validate(&node)
                .map_err(|e| e.context("error in building plan while starting program"))?;
            stack.extend(node.inputs.iter().cloned());
        }
    }
    Ok(())
}

/// The script's results with their names, sorted by name. A stream that ends in an operation with side effects is
/// called after that operation and its place in the script; one that goes on is no result of its own.
fn named_results(context: &Context) -> Result<Vec<(Arc<str>, Arc<Node>)>> {
    let results = context.results();
    let places = places(results.iter().map(|r| &r.node));
    let mut out: Vec<(Arc<str>, Arc<Node>)> = Vec::new();
    for result in results {
        let named = result.name.is_some();
        let name = match result.name {
            Some(name) => name,
            None if result.node.spec.has_side_effect() => {
                let place = places.get(&Arc::as_ptr(&result.node));
                if place.is_some_and(|p| p.is_input) {
                    continue;
                }
                format!("{}{}", result.node.spec.name(), place.map_or(0, |p| p.number)).into()
            }
            None => "_result".into(),
        };
        if out.iter().any(|(n, _)| *n == name) {
            return Err(FluxError::invalid(if named {
                format!(
                    "error in building plan while starting program: found more than one call to yield() with the name \"{name}\""
                )
            } else {
                format!(
                    "failed to initialize execute state: tried to produce more than one result with the name \"{name}\""
                )
            }));
        }
        out.push((name, result.node));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(out)
}

/// Where an operation stands in a script.
struct Place {
    /// How many operations go before it, inputs before those that take them.
    number: usize,
    /// Whether another operation takes its tables.
    is_input: bool,
}

fn places<'a>(roots: impl Iterator<Item = &'a Arc<Node>>) -> std::collections::HashMap<*const Node, Place> {
    let mut places = std::collections::HashMap::new();
    for root in roots {
        let mut stack = vec![(root, false)];
        while let Some((node, inputs_done)) = stack.pop() {
            if places.contains_key(&Arc::as_ptr(node)) {
                continue;
            }
            if inputs_done {
                for input in &node.inputs {
                    if let Some(place) = places.get_mut(&Arc::as_ptr(input)) {
                        let place: &mut Place = place;
                        place.is_input = true;
                    }
                }
                places.insert(Arc::as_ptr(node), Place { number: places.len(), is_input: false });
            } else {
                stack.push((node, true));
                stack.extend(node.inputs.iter().rev().map(|i| (i, false)));
            }
        }
    }
    places
}

/// Pulls all tables of a stream.
///
/// # Errors
/// What the stream answers.
pub fn drain(mut tables: BoxOperator) -> Result<Vec<TableBatch>> {
    let mut out = Vec::new();
    while let Some(batch) = tables.next()? {
        out.push(batch);
    }
    Ok(out)
}
