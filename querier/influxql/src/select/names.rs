//! What columns are called.

use std::collections::HashMap;

use weir_influxql_syntax::{Expr, Field, Select};

/// The name of an expression without an alias.
pub(crate) fn name_of(expr: &Expr) -> String {
    match expr {
        Expr::VarRef { name, .. } | Expr::Call { name, .. } => name.clone(),
        Expr::Paren(e) => name_of(e),
        Expr::Binary { .. } => {
            let mut names = Vec::new();
            expr.walk(&mut |e| match e {
                Expr::VarRef { name, .. } | Expr::Call { name, .. } => {
                    names.push(name.clone());
                    false
                }
                _ => true,
            });
            names.join("_")
        }
        Expr::Distinct(_) => "distinct".to_owned(),
        _ => String::new(),
    }
}

pub(crate) fn field_name(field: &Field) -> String {
    field.alias.clone().unwrap_or_else(|| name_of(&field.expr))
}

/// The names of columns, told apart by numbers.
pub(crate) fn column_names(fields: &[Field]) -> Vec<String> {
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut out: Vec<Option<String>> = fields.iter().map(|f| f.alias.clone()).collect();
    for alias in out.iter().flatten() {
        used.insert(alias.clone(), 1);
    }
    for (slot, field) in out.iter_mut().zip(fields) {
        if slot.is_some() {
            continue;
        }
        let mut name = name_of(&field.expr);
        if let Some(count) = used.get(&name).copied() {
            let mut count = count;
            let free = loop {
                let numbered = format!("{name}_{count}");
                if !used.contains_key(&numbered) {
                    break numbered;
                }
                count += 1;
            };
            used.insert(name, count + 1);
            name = free;
        }
        *used.entry(name.clone()).or_insert(0) += 1;
        *slot = Some(name);
    }
    out.into_iter().flatten().collect()
}

/// What a SELECT calls the time.
pub(crate) fn of_time(select: &Select) -> String {
    let is_time = |e: &Expr| matches!(e, Expr::VarRef { name, .. } if name.eq_ignore_ascii_case("time"));
    let named = select.fields.iter().find(|field| is_time(&field.expr));
    named.and_then(|field| field.alias.clone()).unwrap_or_else(|| "time".to_owned())
}
