//! What a SELECT must be like before anything is read.

use weir_influxql_syntax::{Expr, Fill, Select, format_duration};

use super::transform::is_transformation;
use crate::error::{InfluxQlError, Result};
use crate::eval::is_math;

type Calls<'a> = Vec<(&'a str, &'a [Expr])>;

fn wrong(message: impl Into<String>) -> InfluxQlError {
    InfluxQlError::invalid(message)
}

/// Whether a call picks points.
pub(crate) fn is_selector(name: &str) -> bool {
    matches!(name, "first" | "last" | "min" | "max" | "percentile" | "sample" | "top" | "bottom")
}

/// The calls that are no mathematics, outermost ones only, and how many references stand outside of them.
pub(crate) fn calls(expr: &Expr) -> (Calls<'_>, usize) {
    let mut found = Vec::new();
    let mut refs = 0;
    collect(expr, &mut found, &mut refs);
    (found, refs)
}

fn collect<'a>(expr: &'a Expr, found: &mut Calls<'a>, refs: &mut usize) {
    match expr {
        Expr::Call { name, args } if is_math(name) => args.iter().for_each(|a| collect(a, found, refs)),
        Expr::Call { name, args } => found.push((name, args)),
        Expr::Binary { lhs, rhs, .. } => {
            collect(lhs, found, refs);
            collect(rhs, found, refs);
        }
        Expr::Paren(e) => collect(e, found, refs),
        Expr::VarRef { .. } | Expr::Wildcard(_) => *refs += 1,
        _ => {}
    }
}

/// Checks a SELECT; `interval` is that of its `GROUP BY time`, 0 without one.
pub(crate) fn validate(select: &Select, interval: i64) -> Result<()> {
    let mut all = Vec::new();
    let mut refs = 0;
    for field in &select.fields {
        check_math(&field.expr)?;
        if let Expr::Regex(_) | Expr::Wildcard(_) | Expr::VarRef { .. } = &field.expr {
            refs += 1;
            continue;
        }
        let (found, n) = calls(&field.expr);
        if found.is_empty() && n == 0 {
            return Err(wrong("field must contain at least one variable"));
        }
        all.extend(found);
        refs += n;
    }
    for (name, args) in &all {
        check_call(name, args, interval, select)?;
    }
    if all.is_empty() {
        match select.fill {
            Fill::None => return Err(wrong("fill(none) must be used with a function")),
            Fill::Linear => return Err(wrong("fill(linear) must be used with a function")),
            _ => {}
        }
        if interval != 0
            && !select.sources.iter().all(|s| matches!(s, weir_influxql_syntax::Source::Subquery(_)))
        {
            return Err(wrong("GROUP BY requires at least one aggregate function"));
        }
        if interval != 0 {
            return Err(wrong("GROUP BY requires at least one aggregate function"));
        }
        return Ok(());
    }
    for special in ["top", "bottom"] {
        if all.len() > 1 && all.iter().any(|(name, _)| *name == special) {
            return Err(wrong(format!(
                "selector function {special}() cannot be combined with other functions"
            )));
        }
    }
    if all.iter().any(|(name, _)| *name == "distinct") && (all.len() > 1 || refs > 0) {
        return Err(wrong("aggregate function distinct() cannot be combined with other functions or fields"));
    }
    if refs > 0 {
        // A selector of several fields at once does not choose rows.
        let of_many = |args: &[Expr]| {
            let first = args.first().map(Expr::unparen);
            matches!(first, Some(Expr::Regex(_) | Expr::Wildcard(_)))
        };
        let selectors = all.iter().filter(|(name, args)| is_selector(name) && !of_many(args)).count();
        if selectors < all.len() {
            return Err(wrong("mixing aggregate and non-aggregate queries is not supported"));
        }
        if all.len() > 1 {
            return Err(wrong("mixing multiple selector functions with tags or fields is not supported"));
        }
    }
    Ok(())
}

fn literal_kind(expr: &Expr) -> &'static str {
    match expr.unparen() {
        Expr::String(_) => "*influxql.StringLiteral",
        Expr::Integer(_) => "*influxql.IntegerLiteral",
        Expr::Number(_) => "*influxql.NumberLiteral",
        Expr::Boolean(_) => "*influxql.BooleanLiteral",
        Expr::Duration(_) => "*influxql.DurationLiteral",
        _ => "*influxql.BinaryExpr",
    }
}

fn count(name: &str, args: &[Expr], min: usize, max: usize) -> Result<()> {
    if (min..=max).contains(&args.len()) {
        return Ok(());
    }
    let expected = if min == max {
        format!("expected {min}")
    } else {
        format!("expected at least {min} but no more than {max}")
    };
    Err(wrong(format!("invalid number of arguments for {name}, {expected}, got {}", args.len())))
}

fn check_math(expr: &Expr) -> Result<()> {
    let mut result = Ok(());
    expr.walk(&mut |e| {
        if let Expr::Call { name, args } = e
            && is_math(name)
            && result.is_ok()
        {
            let n = if matches!(name.as_str(), "atan2" | "pow" | "log") { 2 } else { 1 };
            result = count(name, args, n, n);
        }
        if let Expr::Binary { op, .. } = e
            && (op.is_comparison() || op.precedence() < 3)
            && result.is_ok()
        {
            result = Err(wrong(format!("invalid operator {} in SELECT field", op.symbol())));
        }
        result.is_ok()
    });
    result
}

fn is_field(expr: &Expr) -> bool {
    matches!(expr, Expr::VarRef { .. } | Expr::Wildcard(_) | Expr::Regex(_))
}

fn check_call(name: &str, args: &[Expr], interval: i64, select: &Select) -> Result<()> {
    let field = |expr: &Expr| {
        if is_field(expr) { Ok(()) } else { Err(wrong(format!("expected field argument in {name}()"))) }
    };
    if is_transformation(name) {
        return check_transformation(name, args, interval, select);
    }
    match name {
        "count" => {
            count(name, args, 1, 1)?;
            match &args[0] {
                Expr::Distinct(_) => Ok(()),
                Expr::Call { name: inner, args } if inner == "distinct" => {
                    check_call(inner, args, interval, select)
                }
                other => field(other),
            }
        }
        "count_hll" => {
            count(name, args, 1, 1)?;
            match &args[0] {
                Expr::Call { name: inner, args } if inner == "sum_hll" => count(inner, args, 1, 1),
                _ => Err(wrong("expected hyperloglog argument in count_hll()")),
            }
        }
        "min" | "max" | "sum" | "first" | "last" | "mean" | "median" | "mode" | "stddev" | "spread"
        | "sum_hll" | "merge_hll" => {
            count(name, args, 1, 1)?;
            field(&args[0])
        }
        "distinct" => {
            if args.len() != 1 {
                return Err(wrong(if args.is_empty() {
                    "distinct function requires at least one argument"
                } else {
                    "distinct function can only have one argument"
                }));
            }
            match &args[0] {
                Expr::VarRef { .. } => Ok(()),
                _ => Err(wrong("expected field argument in distinct()")),
            }
        }
        "percentile" => {
            count(name, args, 2, 2)?;
            match args[1].unparen() {
                Expr::Integer(_) | Expr::Number(_) => field(&args[0]),
                _ => Err(wrong("expected float argument in percentile()")),
            }
        }
        "sample" => {
            count(name, args, 2, 2)?;
            match args[1].unparen() {
                Expr::Integer(n) if *n <= 0 => {
                    Err(wrong(format!("sample window must be greater than 1, got {n}")))
                }
                Expr::Integer(_) => field(&args[0]),
                _ => Err(wrong("expected integer argument in sample()")),
            }
        }
        "integral" => {
            count(name, args, 1, 2)?;
            match args.get(1).map(Expr::unparen) {
                None => field(&args[0]),
                Some(Expr::Duration(d)) if *d <= 0 => {
                    Err(wrong(format!("duration argument must be positive, got {}", format_duration(*d))))
                }
                Some(Expr::Duration(_)) => field(&args[0]),
                Some(_) => Err(wrong("second argument must be a duration")),
            }
        }
        "top" | "bottom" => {
            if args.len() < 2 {
                return Err(wrong(format!(
                    "invalid number of arguments for {name}, expected at least 2, got {}",
                    args.len()
                )));
            }
            let last = args.len() - 1;
            let Expr::Integer(n) = args[last].unparen() else {
                return Err(wrong(format!(
                    "expected integer as last argument in {name}(), found {}",
                    args[last]
                )));
            };
            if *n <= 0 {
                return Err(wrong(format!("limit ({n}) in {name} function must be at least 1")));
            }
            if select.limit > 0 && *n as u64 > select.limit {
                return Err(wrong(format!(
                    "limit ({n}) in {name} function can not be larger than the LIMIT ({}) in the select statement",
                    select.limit
                )));
            }
            for arg in &args[1..last] {
                if !matches!(arg, Expr::VarRef { .. }) {
                    return Err(wrong(format!("only fields or tags are allowed in {name}(), found {arg}")));
                }
            }
            match &args[0] {
                Expr::VarRef { .. } => Ok(()),
                other => {
                    Err(wrong(format!("expected first argument to be a field in {name}(), found {other}")))
                }
            }
        }
        "holt_winters" | "holt_winters_with_fit" => check_forecast(name, args, interval, select),
        _ => Err(wrong(format!("undefined function {name}()"))),
    }
}

fn check_forecast(name: &str, args: &[Expr], interval: i64, select: &Select) -> Result<()> {
    if args.len() != 3 {
        return Err(wrong(format!("invalid number of arguments for {name}, expected 3, got {}", args.len())));
    }
    match &args[1] {
        Expr::Integer(n) if *n <= 0 => {
            return Err(wrong(format!("second arg to {name} must be greater than 0, got {n}")));
        }
        Expr::Integer(_) => {}
        _ => return Err(wrong(format!("expected integer argument as second arg in {name}"))),
    }
    match &args[2] {
        Expr::Integer(n) if *n < 0 => {
            return Err(wrong(format!("third arg to {name} cannot be negative, got {n}")));
        }
        Expr::Integer(_) => {}
        _ => return Err(wrong(format!("expected integer argument as third arg in {name}"))),
    }
    match &args[0] {
        Expr::Call { .. } if interval == 0 => {
            Err(wrong(format!("{name} aggregate requires a GROUP BY interval")))
        }
        Expr::Call { name, args } => check_call(name, args, interval, select),
        _ => Err(wrong(format!("must use aggregate function with {name}"))),
    }
}

fn check_transformation(name: &str, args: &[Expr], interval: i64, select: &Select) -> Result<()> {
    let (min, max) = match name {
        "derivative" | "non_negative_derivative" | "elapsed" => (1, 2),
        "difference" | "non_negative_difference" | "cumulative_sum" => (1, 1),
        "moving_average" => (2, 2),
        "kaufmans_efficiency_ratio" | "kaufmans_adaptive_moving_average" => (2, 3),
        _ => (2, 4),
    };
    count(name, args, min, max)?;
    if let Some(second) = args.get(1) {
        match (name, second.unparen()) {
            ("derivative" | "non_negative_derivative" | "elapsed", Expr::Duration(d)) => {
                if *d <= 0 {
                    return Err(wrong(format!(
                        "duration argument must be positive, got {}",
                        format_duration(*d)
                    )));
                }
            }
            ("derivative" | "non_negative_derivative" | "elapsed", other) => {
                return Err(wrong(format!(
                    "second argument to {name} must be a duration, got {}",
                    go_kind(other)
                )));
            }
            ("moving_average", Expr::Integer(n)) if *n <= 1 => {
                return Err(wrong(format!("moving_average window must be greater than 1, got {n}")));
            }
            (_, Expr::Integer(n)) if *n < 1 => {
                return Err(wrong(format!("{name} period must be greater than or equal to 1")));
            }
            (_, Expr::Integer(_)) => {}
            (_, other) => {
                return Err(wrong(format!(
                    "second argument for {name} must be an integer, got {}",
                    go_kind(other)
                )));
            }
        }
    }
    if let Some(third) = args.get(2) {
        match third.unparen() {
            Expr::Integer(n) if *n >= -1 => {}
            Expr::Integer(_) => {
                return Err(wrong(format!("{name} hold period must be greater than or equal to 0")));
            }
            other => {
                return Err(wrong(format!(
                    "third argument for {name} must be an integer, got {}",
                    go_kind(other)
                )));
            }
        }
    }
    if let Some(fourth) = args.get(3) {
        match fourth {
            Expr::String(text) if text == "exponential" || text == "simple" => {}
            Expr::String(text) if text == "none" && name == "chande_momentum_oscillator" => {}
            other => {
                return Err(wrong(format!(
                    "{name} warmup type must be one of: 'exponential' 'simple', got {other}"
                )));
            }
        }
    }
    match &args[0] {
        Expr::Call { name: inner, args } => {
            if interval == 0 {
                return Err(wrong(format!("{name} aggregate requires a GROUP BY interval")));
            }
            check_call(inner, args, interval, select)
        }
        _ if interval != 0 => Err(wrong(format!("aggregate function required inside the call to {name}"))),
        expr if is_field(expr) => Ok(()),
        _ => Err(wrong(format!("expected field argument in {name}()"))),
    }
}

fn go_kind(expr: &Expr) -> &'static str {
    match expr {
        Expr::VarRef { .. } => "*influxql.VarRef",
        Expr::Call { .. } => "*influxql.Call",
        Expr::Duration(_) => "*influxql.DurationLiteral",
        other => literal_kind(other),
    }
}
