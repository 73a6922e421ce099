//! `testing/expect`: what a test case expects of how it is run.

use crate::error::FluxError;
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "testing/expect", name: "expect", members: &[&PLANNER] };

natives! { "testing/expect":
    PLANNER = "planner", "(rules: [string:int]) => {}",
        "How often rules of the planner are applied. A test fails if one is applied more or less often; rules that this \
         planner does not have are not held against it.",
        |args, cx| {
            let rules: Value = args.required("rules")?;
            let Value::Dict(rules) = rules else {
                return Err(FluxError::invalid("rules must be a dictionary of names and numbers"));
            };
            for (rule, times) in rules.iter() {
                if let (Value::String(rule), Value::Int(times)) = (&rule.0, times) {
                    cx.expect_rule(std::sync::Arc::clone(rule), *times);
                }
            }
            Ok(Value::record(Vec::<(&str, Value)>::new()))
        };
}
