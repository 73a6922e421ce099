//! Packages and files.

use super::{Base, Comment, Identifier, Statement, StringLiteral};

/// Files that share a package clause.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Package {
    /// Common parts.
    pub base: Base,
    /// Import path, empty for a query.
    pub path: String,
    /// Name of the package clause; `main` without one.
    pub package: String,
    /// The files.
    pub files: Vec<File>,
}

/// One source file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// Common parts.
    pub base: Base,
    /// File name, empty for a query.
    pub name: String,
    /// Which parser made it, `parser-type=rust` for ours: clients compare it.
    pub metadata: String,
    /// `package x`.
    pub package: Option<PackageClause>,
    /// `import "x"`.
    pub imports: Vec<ImportDeclaration>,
    /// Statements.
    pub body: Vec<Statement>,
    /// Comments after the last statement.
    pub eof: Vec<Comment>,
}

/// `package name`.
#[derive(Debug, Clone, PartialEq)]
pub struct PackageClause {
    /// Common parts.
    pub base: Base,
    /// The name.
    pub name: Identifier,
}

/// `import alias "path"`.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportDeclaration {
    /// Common parts.
    pub base: Base,
    /// The alias.
    pub alias: Option<Identifier>,
    /// The path.
    pub path: StringLiteral,
}
