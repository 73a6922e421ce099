//! Checking packages.

mod call;
mod environment;
mod expression;
mod function;
mod names;
mod operator;
mod record;
mod shape;
mod statement;

use std::collections::HashMap;
use std::sync::Arc;

use weir_flux_syntax::Diagnostic;
use weir_flux_syntax::ast::{self, Expression, Location};

use crate::error::{Cause, Mismatch};
use crate::package::{Importer, PackageTypes};
use crate::types::{Arena, Kind, PolyType, Ty};
use environment::Environment;

/// A package's types and what is wrong with it.
#[derive(Debug)]
pub struct CheckedPackage {
    /// What is wrong, in the order in which the incumbent tells it.
    pub diagnostics: Vec<Diagnostic>,
    /// The package's members and options, as importers of it see them.
    pub types: PackageTypes,
}

/// What is wrong with a package; nothing if it may be run.
///
/// What the parser found wrong is not repeated.
pub fn check(package: &ast::Package, importer: &dyn Importer) -> Vec<Diagnostic> {
    run(package, importer, |_| ()).0
}

/// What is wrong with a package, and the types of its members.
pub fn check_package(package: &ast::Package, importer: &dyn Importer) -> CheckedPackage {
    let (diagnostics, types) = run(package, importer, |checker| checker.types(package));
    CheckedPackage { diagnostics, types }
}

fn run<'a, T>(
    package: &'a ast::Package,
    importer: &'a dyn Importer,
    result: impl FnOnce(&Checker<'a>) -> T,
) -> (Vec<Diagnostic>, T) {
    let mut diagnostics = shape::check(package);
    diagnostics.extend(names::check(package));
    let mut checker = Checker::new(importer);
    checker.package(package);
    let result = result(&checker);
    diagnostics.extend(checker.diagnostics());
    (diagnostics, result)
}

/// The running check of one package.
struct Checker<'a> {
    arena: Arena,
    environment: Environment<'a>,
    importer: &'a dyn Importer,
    problems: Vec<(&'a Location, Problem)>,
    options: Vec<&'a str>,
    /// The types of names that stand for nothing.
    undefined: HashMap<&'a str, Ty>,
}

/// What is wrong; types are printed only in the end, when all is known of them.
enum Problem {
    Text(String),
    Mismatch(Mismatch),
}

impl<'a> Checker<'a> {
    fn new(importer: &'a dyn Importer) -> Self {
        Self {
            arena: Arena::new(),
            environment: Environment::new(importer.prelude()),
            importer,
            problems: Vec::new(),
            options: Vec::new(),
            undefined: HashMap::new(),
        }
    }

    fn types(&self, package: &'a ast::Package) -> PackageTypes {
        let mut types = PackageTypes::new(package.package.clone());
        for (name, binding) in self.environment.members() {
            let ty = match binding {
                environment::Binding::Type { ty, .. } => self.arena.export(*ty),
                environment::Binding::Signature(poly) => PolyType::clone(poly),
                environment::Binding::Package(_) => continue,
            };
            types.add(name, ty);
        }
        for option in &self.options {
            types.mark_option(*option);
        }
        types
    }

    fn diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        let arena = self.arena;
        self.problems.into_iter().map(move |(location, problem)| {
            let message = match problem {
                Problem::Text(text) => text,
                Problem::Mismatch(mismatch) => mismatch.message(&arena),
            };
            Diagnostic { location: location.clone(), message }
        })
    }

    fn report(&mut self, location: &'a Location, text: impl Into<String>) {
        self.problems.push((location, Problem::Text(text.into())));
    }

    /// Moves what unification found wrong to the problems.
    fn collect(&mut self, mut place: impl FnMut(&Mismatch) -> &'a Location) {
        for mismatch in self.arena.errors.drain(..) {
            let location = place(&mismatch);
            self.problems.push((location, Problem::Mismatch(mismatch)));
        }
    }

    /// Makes two types equal; false if they do not fit.
    fn equal(&mut self, expected: Ty, found: Ty, location: &'a Location) -> bool {
        self.arena.unify(expected, found);
        let fits = self.arena.errors.is_empty();
        self.collect(|_| location);
        fits
    }

    fn constrain(&mut self, ty: Ty, kind: Kind, location: &'a Location) {
        if let Err(part) = self.arena.constrain(ty, kind) {
            let mismatch = Mismatch::new(Cause::NotOfKind { ty: part, kind });
            self.problems.push((location, Problem::Mismatch(mismatch)));
        }
    }

    /// A finished type, with variables of its own.
    fn instantiate(&mut self, poly: &PolyType) -> Ty {
        self.arena.instantiate(poly)
    }

    /// All members of a package as a record, for the rare script that uses a package as a value.
    fn package_record(&mut self, package: &Arc<PackageTypes>) -> Ty {
        let mut record = Ty::EMPTY;
        for name in package.members() {
            if let Some(poly) = package.lookup(name) {
                let value = self.arena.instantiate(poly);
                record = self.arena.extend(Arc::from(name), value, record);
            }
        }
        record
    }
}

/// An expression without the brackets around it, which mean nothing to types and places.
fn bare(mut expression: &Expression) -> &Expression {
    while let Expression::Paren(paren) = expression {
        expression = &paren.expression;
    }
    expression
}

/// Where an expression stands, without brackets; a pipe counts as the call it ends with.
fn place(expression: &Expression) -> &Location {
    match bare(expression) {
        Expression::Pipe(pipe) => &pipe.call.base.location,
        expression => &expression.base().location,
    }
}

#[cfg(test)]
mod tests;
