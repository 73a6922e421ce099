//! Calls.

use weir_flux_syntax::ast::{Expression, FunctionBody, Statement};

use super::{Args, Context, Scope, eval, file};
use crate::error::{FluxError, Result};
use crate::value::{Closure, Function, Value};

/// Calls any function.
pub(crate) fn call(function: &Function, mut args: Args, cx: &Context) -> Result<Value> {
    match function {
        Function::Native(_, f) => f(&mut args, cx),
        Function::Partial { call, .. } => call(&mut args, cx),
        Function::Closure(closure) => call_closure(closure, &args, cx),
    }
}

fn call_closure(closure: &Closure, args: &Args, cx: &Context) -> Result<Value> {
    // Functions that call others twice can go on for ever, as far as anybody waits.
    cx.check()?;
    let mut scope = closure.scope.clone();
    for param in &closure.literal.params {
        let name = param.key.name();
        let is_pipe = matches!(param.value, Some(Expression::PipeLit(_)));
        let given = args.get(name).or_else(|| if is_pipe { args.pipe_value() } else { None });
        let value = match (given, &param.value) {
            (Some(v), _) => v.clone(),
            (None, Some(default)) if !is_pipe => eval(default, &closure.scope, cx)?,
            _ => return Err(FluxError::invalid(format!("missing required keyword argument \"{name}\""))),
        };
        scope = scope.bind(name, value);
    }
    match &closure.literal.body {
        FunctionBody::Expression(e) => eval(e, &scope, cx),
        FunctionBody::Block(block) => eval_block(&block.body, scope, cx),
    }
}

fn eval_block(body: &[Statement], mut scope: Scope, cx: &Context) -> Result<Value> {
    for statement in body {
        match statement {
            Statement::Return(r) => return eval(&r.argument, &scope, cx),
            other => scope = file::eval_statement(other, scope, cx)?.0,
        }
    }
    Err(FluxError::invalid("missing return statement in block"))
}
