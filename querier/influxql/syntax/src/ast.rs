//! The trees.

/// The type after `::`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DataType {
    /// None given.
    #[default]
    Any,
    /// `float`
    Float,
    /// `integer`
    Integer,
    /// `unsigned`
    Unsigned,
    /// `string`
    String,
    /// `boolean`
    Boolean,
    /// `field`: a field of whatever type.
    Field,
    /// `tag`
    Tag,
}

impl DataType {
    /// The name after `::`; empty for none.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Float => "float",
            Self::Integer => "integer",
            Self::Unsigned => "unsigned",
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Field => "field",
            Self::Tag => "tag",
        }
    }
}

/// What a `*` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wildcard {
    /// Fields and tags.
    All,
    /// `*::field`
    Fields,
    /// `*::tag`
    Tags,
}

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Op {
    Or,
    And,
    Eq,
    Ne,
    Match,
    NotMatch,
    Lt,
    Le,
    Gt,
    Ge,
    Add,
    Sub,
    BitOr,
    BitXor,
    Mul,
    Div,
    Mod,
    BitAnd,
}

impl Op {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "OR",
            Self::And => "AND",
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Match => "=~",
            Self::NotMatch => "!~",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Add => "+",
            Self::Sub => "-",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::BitAnd => "&",
        }
    }

    /// The operator of a spelling.
    pub(crate) fn from_symbol(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "OR" => Self::Or,
            "AND" => Self::And,
            "=" => Self::Eq,
            "!=" => Self::Ne,
            "=~" => Self::Match,
            "!~" => Self::NotMatch,
            "<" => Self::Lt,
            "<=" => Self::Le,
            ">" => Self::Gt,
            ">=" => Self::Ge,
            "+" => Self::Add,
            "-" => Self::Sub,
            "|" => Self::BitOr,
            "^" => Self::BitXor,
            "*" => Self::Mul,
            "/" => Self::Div,
            "%" => Self::Mod,
            "&" => Self::BitAnd,
            _ => return None,
        })
    }

    /// How tightly it binds; more binds tighter.
    pub fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Eq
            | Self::Ne
            | Self::Match
            | Self::NotMatch
            | Self::Lt
            | Self::Le
            | Self::Gt
            | Self::Ge => 3,
            Self::Add | Self::Sub | Self::BitOr | Self::BitXor => 4,
            Self::Mul | Self::Div | Self::Mod | Self::BitAnd => 5,
        }
    }

    /// Whether it compares.
    pub fn is_comparison(self) -> bool {
        self.precedence() == 3
    }
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Expr {
    /// A field, a tag, or `time`.
    VarRef {
        name: String,
        ty: DataType,
    },
    /// A function call; the name is in lower case.
    Call {
        name: String,
        args: Vec<Expr>,
    },
    Binary {
        op: Op,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    Paren(Box<Expr>),
    String(String),
    Number(f64),
    Integer(i64),
    /// An integer that only an unsigned one can hold.
    Unsigned(u64),
    Boolean(bool),
    /// Nanoseconds.
    Duration(i64),
    /// A regular expression; it compiles.
    Regex(String),
    Wildcard(Wildcard),
    /// `DISTINCT name`
    Distinct(String),
}

impl Expr {
    /// A reference without a type.
    pub fn var(name: impl Into<String>) -> Self {
        Self::VarRef { name: name.into(), ty: DataType::Any }
    }

    /// A binary expression.
    pub fn binary(op: Op, lhs: Self, rhs: Self) -> Self {
        Self::Binary { op, lhs: Box::new(lhs), rhs: Box::new(rhs) }
    }

    /// The expression without the parentheses around it.
    pub fn unparen(&self) -> &Self {
        let mut inner = self;
        while let Self::Paren(e) = inner {
            inner = e;
        }
        inner
    }

    /// Calls `f` for this expression and all below it, until it answers false.
    pub fn walk(&self, f: &mut impl FnMut(&Self) -> bool) {
        if !f(self) {
            return;
        }
        match self {
            Self::Call { args, .. } => args.iter().for_each(|a| a.walk(f)),
            Self::Binary { lhs, rhs, .. } => {
                lhs.walk(f);
                rhs.walk(f);
            }
            Self::Paren(e) => e.walk(f),
            _ => {}
        }
    }
}

/// A column of a SELECT.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it computes.
    pub expr: Expr,
    /// `AS …`
    pub alias: Option<String>,
}

/// What a measurement is named by.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasurementName {
    /// Its name.
    Name(String),
    /// All whose names match.
    Regex(String),
    /// `:MEASUREMENT` of a target.
    Same,
}

/// A measurement, maybe with database and retention policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// The database; empty for the request's.
    pub database: String,
    /// The retention policy; empty for the default.
    pub policy: String,
    /// The measurement.
    pub name: MeasurementName,
}

/// What a SELECT reads.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Source {
    Measurement(Measurement),
    Subquery(Box<Select>),
}

/// What a SELECT groups by.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// A tag, a call of `time`, a wildcard or a regular expression.
    pub expr: Expr,
}

/// What stands in empty windows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// Null, without `fill()` being written.
    Default,
    /// `fill(null)`
    Null,
    /// `fill(none)`
    None,
    /// A number; integers are kept as such.
    Integer(i64),
    /// A number.
    Float(f64),
    /// `fill(previous)`
    Previous,
    /// `fill(linear)`
    Linear,
}

/// A SELECT statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// The columns.
    pub fields: Vec<Field>,
    /// `INTO …`
    pub target: Option<Measurement>,
    /// `FROM …`
    pub sources: Vec<Source>,
    /// `WHERE …`
    pub condition: Option<Expr>,
    /// `GROUP BY …`
    pub dimensions: Vec<Dimension>,
    /// `fill(…)`
    pub fill: Fill,
    /// `ORDER BY time`: whether times descend.
    pub descending: Option<bool>,
    /// `LIMIT`; 0 for none.
    pub limit: u64,
    /// `OFFSET`
    pub offset: u64,
    /// `SLIMIT`; 0 for none.
    pub slimit: u64,
    /// `SOFFSET`
    pub soffset: u64,
    /// `tz('…')`
    pub zone: Option<String>,
}

/// `ON …`
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum On {
    /// `ON db` or `ON db.rp`
    Database { database: String, policy: Option<String> },
    /// `ON *`, `ON *.*` and the like: whether database and policy are any.
    Any { database: Option<String>, policy: Option<String> },
}

/// `SHOW MEASUREMENTS`
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct ShowMeasurements {
    pub on: Option<On>,
    pub source: Option<Measurement>,
    pub condition: Option<Expr>,
    pub descending: Option<bool>,
    pub limit: u64,
    pub offset: u64,
}

/// `SHOW TAG KEYS`, `SHOW FIELD KEYS`, `SHOW SERIES`
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct ShowKeys {
    pub on: Option<String>,
    pub sources: Vec<Measurement>,
    pub condition: Option<Expr>,
    pub descending: Option<bool>,
    pub limit: u64,
    pub offset: u64,
    pub slimit: u64,
    pub soffset: u64,
}

/// Which tag keys.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum TagKeys {
    Equals(String),
    NotEquals(String),
    Matches(String),
    NotMatches(String),
    In(Vec<String>),
}

/// `SHOW TAG VALUES`
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct ShowTagValues {
    pub show: ShowKeys,
    pub keys: TagKeys,
}

/// What is counted.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum CardinalityOf {
    Series,
    Measurements,
    TagKeys,
    FieldKeys,
    TagValues(TagKeys),
}

/// `SHOW … CARDINALITY`
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Cardinality {
    pub of: CardinalityOf,
    pub exact: bool,
    pub on: Option<String>,
    pub sources: Vec<Measurement>,
    pub condition: Option<Expr>,
    pub dimensions: Vec<Dimension>,
    pub limit: u64,
    pub offset: u64,
}

/// A statement that manages what this server manages elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    /// What error messages call it, for example `CREATE DATABASE`.
    pub name: &'static str,
    /// The statement, in canonical spelling.
    pub text: String,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Statement {
    Select(Box<Select>),
    Explain { analyze: bool, verbose: bool, select: Box<Select> },
    Delete { sources: Vec<Measurement>, condition: Option<Expr> },
    DropSeries { sources: Vec<Measurement>, condition: Option<Expr> },
    DropMeasurement(String),
    ShowDatabases,
    ShowMeasurements(ShowMeasurements),
    ShowTagKeys(ShowKeys),
    ShowFieldKeys(ShowKeys),
    ShowSeries(ShowKeys),
    ShowTagValues(ShowTagValues),
    ShowRetentionPolicies(Option<String>),
    ShowCardinality(Cardinality),
    Admin(Admin),
}
