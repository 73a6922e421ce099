//! Statements.

use std::sync::Arc;

use weir_flux_syntax::ast::{self, Assignment, Statement};

use super::environment::Binding;
use super::{Checker, place};
use crate::types::{Ty, convert_type};

impl<'a> Checker<'a> {
    pub(super) fn package(&mut self, package: &'a ast::Package) {
        for file in &package.files {
            for import in &file.imports {
                self.import(import);
            }
            for statement in &file.body {
                self.statement(statement);
            }
            self.environment.end_file();
        }
    }

    fn import(&mut self, import: &'a ast::ImportDeclaration) {
        let path = &import.path.value;
        let package = self.importer.package(path);
        let name = match (&import.alias, &package) {
            (Some(alias), _) => alias.name.clone(),
            (None, Some(package)) => package.name.clone(),
            (None, None) => path.rsplit('/').next().unwrap_or(path).to_owned(),
        };
        let binding = match package {
            Some(package) => Binding::Package(package),
            None => {
                self.report(&import.base.location, format!("invalid import path {path}"));
                Binding::Type { ty: Ty::ERROR, anew: false }
            }
        };
        self.environment.import(name, binding);
    }

    fn statement(&mut self, statement: &'a Statement) {
        match statement {
            Statement::Expression(s) => {
                self.infer(&s.expression);
            }
            Statement::Variable(s) => self.variable(s),
            Statement::Option(s) => self.option(s),
            Statement::Return(s) => self.report(&s.base.location, "return not valid in file block"),
            Statement::Builtin(s) => {
                let (poly, errors) = convert_type(&s.ty);
                for (location, text) in errors {
                    self.report(location, text);
                }
                self.environment.define(&s.id.name, Binding::Signature(Arc::new(poly)));
            }
            Statement::TestCase(s) => {
                self.environment.enter();
                for statement in &s.block.body {
                    self.statement(statement);
                }
                self.environment.leave();
            }
            Statement::Bad(_) => {}
        }
    }

    /// `x = e`: what nothing outside knows of the type is chosen anew by each use.
    pub(super) fn variable(&mut self, assignment: &'a ast::VariableAssignment) {
        self.arena.level += 1;
        let ty = self.infer(&assignment.init);
        self.arena.level -= 1;
        let anew = self.arena.generalize(ty);
        self.environment.define(&assignment.id.name, Binding::Type { ty, anew });
    }

    fn option(&mut self, statement: &'a ast::OptionStatement) {
        match &statement.assignment {
            Assignment::Variable(assignment) => {
                self.options.push(&assignment.id.name);
                self.variable(assignment);
            }
            Assignment::Member(assignment) => {
                let value = self.infer(&assignment.init);
                let member = self.member(&assignment.member);
                self.equal(member, value, place(&assignment.init));
            }
        }
    }
}
