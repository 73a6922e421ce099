//! Trees as text that reads as the same tree.

use std::fmt::{self, Display, Formatter};

use crate::ast::{
    Cardinality, CardinalityOf, DataType, Dimension, Expr, Field, Fill, Measurement, MeasurementName, On,
    Select, ShowKeys, ShowMeasurements, ShowTagValues, Source, Statement, TagKeys, Wildcard,
};
use crate::duration::format_duration;
use crate::words;

/// A name, in double quotes where it needs them.
pub fn quote_ident(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if plain && words::keyword(name).is_none() { name.to_owned() } else { quoted(name, '"') }
}

/// A text in single quotes.
pub fn quote_string(text: &str) -> String {
    quoted(text, '\'')
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn list<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

struct Regex<'a>(&'a str);

impl Display for Regex<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.0.replace('/', "\\/"))
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::VarRef { name, ty: DataType::Any } => f.write_str(&quote_ident(name)),
            Self::VarRef { name, ty } => write!(f, "{}::{}", quote_ident(name), ty.name()),
            Self::Call { name, args } => {
                write!(f, "{}(", if name == "distinct" { name.clone() } else { quote_ident(name) })?;
                list(f, args)?;
                f.write_str(")")
            }
            Self::Binary { op, lhs, rhs } => write!(f, "{lhs} {} {rhs}", op.symbol()),
            Self::Paren(e) => write!(f, "({e})"),
            Self::String(text) => f.write_str(&quote_string(text)),
            Self::Number(v) => {
                let text = format!("{v}");
                f.write_str(&text)?;
                if text.contains('.') { Ok(()) } else { f.write_str(".0") }
            }
            Self::Integer(v) => v.fmt(f),
            Self::Unsigned(v) => v.fmt(f),
            Self::Boolean(v) => v.fmt(f),
            Self::Duration(v) => f.write_str(&format_duration(*v)),
            Self::Regex(text) => Regex(text).fmt(f),
            Self::Wildcard(Wildcard::All) => f.write_str("*"),
            Self::Wildcard(Wildcard::Fields) => f.write_str("*::field"),
            Self::Wildcard(Wildcard::Tags) => f.write_str("*::tag"),
            Self::Distinct(name) => write!(f, "DISTINCT {}", quote_ident(name)),
        }
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)?;
        match &self.alias {
            Some(alias) => write!(f, " AS {}", quote_ident(alias)),
            None => Ok(()),
        }
    }
}

impl Display for Measurement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.database.is_empty() {
            write!(f, "{}.", quote_ident(&self.database))?;
        }
        if !self.policy.is_empty() {
            f.write_str(&quote_ident(&self.policy))?;
        }
        if !self.policy.is_empty() || !self.database.is_empty() {
            f.write_str(".")?;
        }
        match &self.name {
            MeasurementName::Name(name) => f.write_str(&quote_ident(name)),
            MeasurementName::Regex(text) => Regex(text).fmt(f),
            MeasurementName::Same => f.write_str(":MEASUREMENT"),
        }
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measurement(m) => m.fmt(f),
            Self::Subquery(select) => write!(f, "({select})"),
        }
    }
}

impl Display for Dimension {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

fn condition(f: &mut Formatter<'_>, condition: Option<&Expr>) -> fmt::Result {
    condition.map_or(Ok(()), |c| write!(f, " WHERE {c}"))
}

fn dimensions(f: &mut Formatter<'_>, dimensions: &[Dimension]) -> fmt::Result {
    if dimensions.is_empty() {
        return Ok(());
    }
    f.write_str(" GROUP BY ")?;
    list(f, dimensions)
}

fn order(f: &mut Formatter<'_>, descending: Option<bool>) -> fmt::Result {
    match descending {
        None => Ok(()),
        Some(true) => f.write_str(" ORDER BY time DESC"),
        Some(false) => f.write_str(" ORDER BY time ASC"),
    }
}

fn counts(f: &mut Formatter<'_>, counts: &[(&str, u64)]) -> fmt::Result {
    counts.iter().filter(|(_, n)| *n > 0).try_for_each(|(word, n)| write!(f, " {word} {n}"))
}

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("SELECT ")?;
        list(f, &self.fields)?;
        if let Some(target) = &self.target {
            write!(f, " INTO {target}")?;
        }
        f.write_str(" FROM ")?;
        list(f, &self.sources)?;
        condition(f, self.condition.as_ref())?;
        dimensions(f, &self.dimensions)?;
        match self.fill {
            Fill::Default => {}
            Fill::Null => f.write_str(" fill(null)")?,
            Fill::None => f.write_str(" fill(none)")?,
            Fill::Previous => f.write_str(" fill(previous)")?,
            Fill::Linear => f.write_str(" fill(linear)")?,
            Fill::Integer(v) => write!(f, " fill({v})")?,
            Fill::Float(v) => write!(f, " fill({})", Expr::Number(v))?,
        }
        order(f, self.descending)?;
        let all = [
            ("LIMIT", self.limit),
            ("OFFSET", self.offset),
            ("SLIMIT", self.slimit),
            ("SOFFSET", self.soffset),
        ];
        counts(f, &all)?;
        self.zone.as_ref().map_or(Ok(()), |zone| write!(f, " tz({})", quote_string(zone)))
    }
}

fn on(f: &mut Formatter<'_>, database: Option<&String>) -> fmt::Result {
    database.map_or(Ok(()), |name| write!(f, " ON {}", quote_ident(name)))
}

fn from(f: &mut Formatter<'_>, sources: &[Measurement]) -> fmt::Result {
    if sources.is_empty() {
        return Ok(());
    }
    f.write_str(" FROM ")?;
    list(f, sources)
}

fn show_rest(f: &mut Formatter<'_>, show: &ShowKeys) -> fmt::Result {
    condition(f, show.condition.as_ref())?;
    order(f, show.descending)?;
    let all =
        [("LIMIT", show.limit), ("OFFSET", show.offset), ("SLIMIT", show.slimit), ("SOFFSET", show.soffset)];
    counts(f, &all)
}

impl Display for TagKeys {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(name) => write!(f, "= {}", quote_ident(name)),
            Self::NotEquals(name) => write!(f, "!= {}", quote_ident(name)),
            Self::Matches(text) => write!(f, "=~ {}", Regex(text)),
            Self::NotMatches(text) => write!(f, "!~ {}", Regex(text)),
            Self::In(names) => {
                f.write_str("IN (")?;
                list(f, &names.iter().map(|n| quote_ident(n)).collect::<Vec<_>>())?;
                f.write_str(")")
            }
        }
    }
}

impl Display for ShowMeasurements {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("SHOW MEASUREMENTS")?;
        match &self.on {
            None => {}
            Some(On::Database { database, policy }) => {
                write!(f, " ON {}", quote_ident(database))?;
                if let Some(policy) = policy {
                    write!(f, ".{}", quote_ident(policy))?;
                }
            }
            Some(On::Any { database, policy }) => {
                write!(f, " ON {}", database.as_ref().map_or("*".to_owned(), |d| quote_ident(d)))?;
                match policy.as_deref() {
                    None => {}
                    Some("*") => f.write_str(".*")?,
                    Some(policy) => write!(f, ".{}", quote_ident(policy))?,
                }
            }
        }
        match self.source.as_ref().map(|s| &s.name) {
            Some(MeasurementName::Regex(text)) => write!(f, " WITH MEASUREMENT =~ {}", Regex(text))?,
            Some(MeasurementName::Name(name)) => write!(f, " WITH MEASUREMENT = {}", quote_ident(name))?,
            _ => {}
        }
        condition(f, self.condition.as_ref())?;
        order(f, self.descending)?;
        counts(f, &[("LIMIT", self.limit), ("OFFSET", self.offset)])
    }
}

impl Display for ShowTagValues {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("SHOW TAG VALUES")?;
        on(f, self.show.on.as_ref())?;
        from(f, &self.show.sources)?;
        write!(f, " WITH KEY {}", self.keys)?;
        show_rest(f, &self.show)
    }
}

impl Display for Cardinality {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.of {
            CardinalityOf::Series => "SHOW SERIES",
            CardinalityOf::Measurements => "SHOW MEASUREMENT",
            CardinalityOf::TagKeys => "SHOW TAG KEY",
            CardinalityOf::FieldKeys => "SHOW FIELD KEY",
            CardinalityOf::TagValues(_) => "SHOW TAG VALUES",
        })?;
        f.write_str(if self.exact { " EXACT CARDINALITY" } else { " CARDINALITY" })?;
        on(f, self.on.as_ref())?;
        from(f, &self.sources)?;
        if let CardinalityOf::TagValues(keys) = &self.of {
            write!(f, " WITH KEY {keys}")?;
        }
        condition(f, self.condition.as_ref())?;
        dimensions(f, &self.dimensions)?;
        counts(f, &[("LIMIT", self.limit), ("OFFSET", self.offset)])
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let keys = |f: &mut Formatter<'_>, what: &str, show: &ShowKeys| {
            f.write_str(what)?;
            on(f, show.on.as_ref())?;
            from(f, &show.sources)?;
            show_rest(f, show)
        };
        match self {
            Self::Select(select) => select.fmt(f),
            Self::Explain { analyze, verbose, select } => {
                f.write_str("EXPLAIN ")?;
                f.write_str(if *analyze { "ANALYZE " } else { "" })?;
                f.write_str(if *verbose { "VERBOSE " } else { "" })?;
                select.fmt(f)
            }
            Self::Delete { sources, condition: c } => {
                f.write_str("DELETE")?;
                from(f, sources)?;
                condition(f, c.as_ref())
            }
            Self::DropSeries { sources, condition: c } => {
                f.write_str("DROP SERIES")?;
                from(f, sources)?;
                condition(f, c.as_ref())
            }
            Self::DropMeasurement(name) => write!(f, "DROP MEASUREMENT {}", quote_ident(name)),
            Self::ShowDatabases => f.write_str("SHOW DATABASES"),
            Self::ShowMeasurements(show) => show.fmt(f),
            Self::ShowTagKeys(show) => keys(f, "SHOW TAG KEYS", show),
            Self::ShowFieldKeys(show) => keys(f, "SHOW FIELD KEYS", show),
            Self::ShowSeries(show) => keys(f, "SHOW SERIES", show),
            Self::ShowTagValues(show) => show.fmt(f),
            Self::ShowRetentionPolicies(database) => {
                f.write_str("SHOW RETENTION POLICIES")?;
                on(f, database.as_ref())
            }
            Self::ShowCardinality(show) => show.fmt(f),
            Self::Admin(admin) => f.write_str(&admin.text),
        }
    }
}
