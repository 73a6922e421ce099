//! What evaluation carries along.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use weir_flux_syntax::ast::{File, Location};
use weir_table::time::{self, Duration};

use super::{Args, Place, Scope, eval, file};
use crate::env::Environment;
use crate::error::{FluxError, Result};
use crate::exec::{Memory, Profile, Reservation, Run, SpillSpace, Workers};
use crate::plan::{Fired, Node, rules};
use crate::registry::{Body, Definition};
use crate::value::{Function, Value, limits};

/// A named result of a script.
#[derive(Debug, Clone)]
pub struct QueryResult {
    /// The name; `None` where the script did not say (`_result`).
    pub name: Option<Arc<str>>,
    /// The stream.
    pub node: Arc<Node>,
}

/// The state of one evaluation. Cheap to clone; all clones share it.
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    /// Whether what is evaluated is a function of rows.
    of_rows: bool,
    /// Whether `and` and `or` of rows are three-valued too.
    three_valued: bool,
}

/// Values of options by package, then by name.
type Options = HashMap<Arc<str>, HashMap<Arc<str>, Value>>;

struct Shared {
    environment: Arc<dyn Environment>,
    now: i64,
    options: Mutex<Options>,
    /// The call that is evaluated.
    caller: Mutex<Option<Place>>,
    results: Mutex<Vec<QueryResult>>,
    sources: Mutex<HashMap<usize, Arc<File>>>,
    run: std::sync::OnceLock<Running>,
    profile: std::sync::OnceLock<Arc<Profile>>,
    /// The memory that the script's large values take.
    held: Mutex<Option<Reservation>>,
    /// Whether two tables of one group key may have been read.
    twins: AtomicBool,
    fired: Mutex<Vec<Fired>>,
    expected: Mutex<Vec<(Arc<str>, i64)>>,
}

/// A [`Run`] but for its context, which is this one: it would never be freed.
struct Running {
    memory: Arc<Memory>,
    spill: Option<Arc<SpillSpace>>,
    workers: Option<Arc<Workers>>,
    cancelled: Arc<AtomicBool>,
    runtime: tokio::runtime::Handle,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("now", &self.shared.now).finish_non_exhaustive()
    }
}

impl Context {
    /// A context for one script; `now` in nanoseconds since 1970.
    pub fn new(environment: Arc<dyn Environment>, now: i64) -> Self {
        let shared = Shared {
            environment,
            now,
            options: Mutex::default(),
            caller: Mutex::default(),
            results: Mutex::default(),
            sources: Mutex::default(),
            run: std::sync::OnceLock::new(),
            profile: std::sync::OnceLock::new(),
            held: Mutex::default(),
            twins: AtomicBool::new(false),
            fired: Mutex::default(),
            expected: Mutex::default(),
        };
        Self { shared: Arc::new(shared), of_rows: false, three_valued: false }
    }

    /// The same context for functions of rows, which have an operator more: `+x`.
    #[must_use]
    pub fn of_rows(&self) -> Self {
        Self { of_rows: true, ..self.clone() }
    }

    /// The same context, in which `and` and `or` of rows are three-valued, as the language has them.
    #[must_use]
    pub fn three_valued(&self) -> Self {
        Self { three_valued: true, ..self.clone() }
    }

    /// Whether `and` and `or` read null on their left side as false: so does the incumbent where it calls a function
    /// row by row, unless told to follow the language.
    pub(crate) fn reads_null_as_false(&self) -> bool {
        self.of_rows && !self.three_valued
    }

    /// Whether what is evaluated is a function of rows.
    pub fn is_of_rows(&self) -> bool {
        self.of_rows
    }

    /// The world outside.
    pub fn environment(&self) -> &Arc<dyn Environment> {
        &self.shared.environment
    }

    /// The time the query was given or began, nanoseconds since 1970; what `now()` answers unless the script sets
    /// the option.
    pub fn query_now(&self) -> i64 {
        self.shared.now
    }

    /// What the script's `now()` answers.
    ///
    /// # Errors
    /// When the option `now` fails or answers no time.
    pub fn now(&self) -> Result<i64> {
        match self.option("universe", "now") {
            Some(Value::Function(f)) => match self.call(&f, Args::default())? {
                Value::Time(t) => Ok(t),
                other => Err(FluxError::invalid(format!(
                    "option \"now\" must return a time, got {}",
                    other.nature()
                ))),
            },
            _ => Ok(self.shared.now),
        }
    }

    /// A time value as it is, a duration as that long from now.
    ///
    /// # Errors
    /// When the value is neither.
    pub fn to_time(&self, value: &Value) -> Result<i64> {
        match value {
            Value::Time(t) => Ok(*t),
            Value::Duration(d) => self.after_now(*d),
            other => Err(FluxError::invalid(format!("value is not a time, got {}", other.nature()))),
        }
    }

    fn after_now(&self, duration: Duration) -> Result<i64> {
        time::add(self.now()?, duration, &jiff::tz::TimeZone::UTC)
            .map_err(|e| FluxError::invalid(e.to_string()))
    }

    /// The value an option was set to by the script.
    pub fn option(&self, package: &str, name: &str) -> Option<Value> {
        self.shared.options.lock().get(package)?.get(name).cloned()
    }

    /// Gives evaluation what it needs to run sub-queries. Later calls change nothing.
    pub fn attach_run(&self, run: &Run) {
        let (memory, cancelled) = (Arc::clone(&run.memory), Arc::clone(&run.cancelled));
        // a second run would be the same one
        let _ = self.shared.run.set(Running {
            memory,
            spill: run.spill.clone(),
            workers: run.workers.clone(),
            cancelled,
            runtime: run.runtime.clone(),
        });
    }

    /// Lets go of all that the script left: values of options and results hold functions, which hold this context.
    pub(crate) fn end(&self) {
        let options = std::mem::take(&mut *self.shared.options.lock());
        let results = std::mem::take(&mut *self.shared.results.lock());
        let held = self.shared.held.lock().take();
        // Freed here, where no lock is held.
        drop((options, results, held));
    }

    /// Goes into a call of `function` at `location`: where it is asked for, and what to go [back](Self::leave) to.
    pub(super) fn enter(&self, location: &Location, function: &str) -> (Place, Option<Place>) {
        let mut caller = self.shared.caller.lock();
        match &*caller {
            // Called by a function of the library.
            Some(place) if !place.is_beside(location) => (place.clone(), caller.clone()),
            _ => {
                let place = Place::new(location.clone(), function);
                (place.clone(), caller.replace(place))
            }
        }
    }

    /// Back to the call before.
    pub(super) fn leave(&self, before: Option<Place>) {
        *self.shared.caller.lock() = before;
    }

    /// Takes note that two tables of one group key may have been read from a bucket, before either is answered.
    pub(crate) fn note_twins(&self) {
        self.shared.twins.store(true, Ordering::Relaxed);
    }

    /// Whether two tables of one group key may have been read.
    pub(crate) fn has_twins(&self) -> bool {
        self.shared.twins.load(Ordering::Relaxed)
    }

    /// Takes note of how often a test expects a rule of the planner to be applied.
    pub(crate) fn expect_rule(&self, rule: Arc<str>, times: i64) {
        self.shared.expected.lock().push((rule, times));
    }

    /// What the script expected of the planner and did not get, a line each. Expectations of rules that this planner
    /// does not have count as met.
    pub(crate) fn unmet_expectations(&self) -> Vec<String> {
        let (expected, fired) = (self.shared.expected.lock().clone(), self.fired());
        let times = |rule: &str| fired.iter().find(|f| f.rule == rule).map_or(0, |f| f.times);
        let known = expected.into_iter().filter(|(rule, _)| rules::RULES.iter().any(|r| r.name() == &**rule));
        known
            .filter(|(rule, wanted)| usize::try_from(*wanted).ok() != Some(times(rule)))
            .map(|(rule, wanted)| {
                format!("planner rule {rule}: applied {} times, expected {wanted}", times(&rule))
            })
            .collect()
    }

    /// Has what is opened from now on watched.
    pub fn attach_profile(&self, profile: Arc<Profile>) {
        let _ = self.shared.profile.set(profile); // a second one would be the same
    }

    /// What watches operations, if the script asked for it.
    pub fn profile(&self) -> Option<&Arc<Profile>> {
        self.shared.profile.get()
    }

    /// Remembers which rules the planner applied.
    pub fn add_fired(&self, fired: &[Fired]) {
        let mut all = self.shared.fired.lock();
        for new in fired {
            Fired::count_in(&mut all, new.rule, new.times);
        }
    }

    /// Which rules the planner applied so far, and how often, sub-queries taken in; in the order of first use.
    pub fn fired(&self) -> Vec<Fired> {
        self.shared.fired.lock().clone()
    }

    /// What sub-queries (`tableFind` and its like) run with.
    ///
    /// # Errors
    /// When evaluation was started without a runtime.
    pub fn run(&self) -> Result<Run> {
        let running = self.shared.run.get();
        let running = running.ok_or_else(|| FluxError::internal("tables cannot be read while compiling"))?;
        Ok(Run {
            context: self.clone(),
            memory: Arc::clone(&running.memory),
            spill: running.spill.clone(),
            workers: running.workers.clone(),
            cancelled: Arc::clone(&running.cancelled),
            runtime: running.runtime.clone(),
        })
    }

    /// Fails if the query was cancelled.
    ///
    /// # Errors
    /// `Canceled`.
    pub fn check(&self) -> Result<()> {
        match self.shared.run.get() {
            Some(run) if run.cancelled.load(Ordering::Relaxed) => Err(Run::cancelled()),
            _ => Ok(()),
        }
    }

    /// Counts a value that is about to be made, or was made just now, as the query's memory until the query ends. Values
    /// that functions of rows make live for a row only, and are not counted.
    ///
    /// # Errors
    /// When the query's memory is used up.
    pub(crate) fn hold(&self, bytes: usize) -> Result<()> {
        let Some(run) = self.shared.run.get() else { return Ok(()) };
        if bytes == 0 || self.of_rows {
            return Ok(());
        }
        let mut held = self.shared.held.lock();
        match &mut *held {
            Some(reservation) => reservation.grow(bytes),
            None => {
                *held = Some(run.memory.reserve(bytes)?);
                Ok(())
            }
        }
    }

    /// Counts a value that was made just now: see [`Self::hold`].
    ///
    /// # Errors
    /// When the query's memory is used up.
    pub(crate) fn hold_value(&self, value: Value) -> Result<Value> {
        self.hold(limits::bytes(&value))?;
        Ok(value)
    }

    /// Sets an option.
    pub fn set_option(&self, package: &str, name: &str, value: Value) {
        self.shared.options.lock().entry(package.into()).or_default().insert(name.into(), value);
    }

    /// The value of a member of the standard library.
    ///
    /// # Errors
    /// When code in Flux behind it fails.
    pub fn member_value(&self, definition: &'static Definition) -> Result<Value> {
        match &definition.body {
            Body::Native(f) | Body::Columnar(f, _) => Ok(Value::Function(Function::Native(definition, *f))),
            Body::Constant(f) => Ok(f()),
            Body::Flux(source) => self.eval_source(definition, source),
            Body::Option(source) => match self.option(definition.package, definition.name) {
                Some(value) => Ok(value),
                None => self.eval_source(definition, source),
            },
        }
    }

    fn eval_source(&self, definition: &'static Definition, source: &'static str) -> Result<Value> {
        let id = std::ptr::from_ref(definition) as usize;
        let cached = self.shared.sources.lock().get(&id).cloned();
        let file = match cached {
            Some(file) => file,
            None => {
                let file = Arc::new(weir_flux_syntax::parse(source, definition.name));
                self.shared.sources.lock().insert(id, Arc::clone(&file));
                file
            }
        };
        file::eval_library(&file, &Scope::package(definition.package), self)
    }

    /// Calls a function.
    ///
    /// # Errors
    /// What the function answers.
    pub fn call(&self, function: &Function, args: Args) -> Result<Value> {
        super::call::call(function, args, self)
    }

    /// Evaluates an expression in a scope.
    ///
    /// # Errors
    /// What the expression answers.
    pub fn eval(&self, expression: &weir_flux_syntax::ast::Expression, scope: &Scope) -> Result<Value> {
        eval(expression, scope, self)
    }

    /// Makes a stream a result of the script. A stream that is one already keeps its first name.
    pub fn add_result(&self, name: Option<Arc<str>>, node: &Arc<Node>) {
        let mut results = self.shared.results.lock();
        if !results.iter().any(|r| Arc::ptr_eq(&r.node, node)) {
            results.push(QueryResult { name, node: Arc::clone(node) });
        }
    }

    /// The results added so far.
    pub fn results(&self) -> Vec<QueryResult> {
        self.shared.results.lock().clone()
    }
}
