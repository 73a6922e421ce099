//! Names that are assigned twice, and options that depend on each other. Only the first such mistake is told.

use std::collections::{HashMap, HashSet};

use weir_flux_syntax::Diagnostic;
use weir_flux_syntax::ast::{
    self, Assignment, Expression, FunctionBody, FunctionExpression, Identifier, Location, PropertyKey,
    Statement, StringExpressionPart, VariableAssignment,
};

pub(super) fn check(package: &ast::Package) -> Option<Diagnostic> {
    let statements = || package.files.iter().flat_map(|file| &file.body);
    let mut options: HashMap<String, &VariableAssignment> = HashMap::new();
    let mut assigned: HashSet<String> = HashSet::new();
    for statement in statements() {
        let Statement::Option(option) = statement else { continue };
        let name = match &option.assignment {
            Assignment::Variable(a) => {
                options.entry(a.id.name.clone()).or_insert(a);
                a.id.name.clone()
            }
            Assignment::Member(a) => match super::bare(&a.member.object) {
                Expression::Identifier(package) => format!("{}.{}", package.name, a.member.property.name()),
                _ => return Some(diagnostic(&option.base.location, "invalid option".to_owned())),
            },
        };
        if !assigned.insert(name.clone()) {
            return Some(diagnostic(&option.base.location, format!("option \"{name}\" reassigned")));
        }
    }
    let mut variables = Variables { options: &options, scopes: vec![HashSet::new()], found: None };
    for statement in statements() {
        walk_statement(statement, &mut variables);
    }
    if variables.found.is_some() {
        return variables.found;
    }
    for statement in statements() {
        let Statement::Option(option) = statement else { continue };
        let Assignment::Variable(assignment) = &option.assignment else { continue };
        let mut uses = Uses {
            option: &assignment.id.name,
            options: &options,
            scopes: vec![HashSet::from([assignment.id.name.as_str()])],
            found: None,
        };
        walk_expression(&assignment.init, &mut uses);
        if uses.found.is_some() {
            return uses.found;
        }
    }
    None
}

fn diagnostic(location: &Location, message: String) -> Diagnostic {
    Diagnostic { location: location.clone(), message }
}

/// What to do on a walk through a tree.
pub(super) trait Visit<'a>: Sized {
    /// Before an expression's parts.
    fn expression(&mut self, _: &'a Expression) {}
    /// Instead of walking through a function.
    fn function(&mut self, function: &'a FunctionExpression);
    /// After a variable's value.
    fn variable(&mut self, _: &'a VariableAssignment) {}
    /// Before a test case's statements; false leaves them out.
    fn enter_test(&mut self) {}
    /// After a test case's statements.
    fn leave_test(&mut self) {}
}

pub(super) fn walk_statement<'a>(statement: &'a Statement, visit: &mut impl Visit<'a>) {
    match statement {
        Statement::Expression(s) => walk_expression(&s.expression, visit),
        Statement::Variable(s) => {
            walk_expression(&s.init, visit);
            visit.variable(s);
        }
        Statement::Option(s) => match &s.assignment {
            Assignment::Variable(a) => walk_expression(&a.init, visit),
            Assignment::Member(a) => walk_expression(&a.init, visit),
        },
        Statement::Return(s) => walk_expression(&s.argument, visit),
        Statement::TestCase(s) => {
            visit.enter_test();
            for statement in &s.block.body {
                walk_statement(statement, visit);
            }
            visit.leave_test();
        }
        Statement::Builtin(_) | Statement::Bad(_) => {}
    }
}

pub(super) fn walk_expression<'a>(expression: &'a Expression, visit: &mut impl Visit<'a>) {
    visit.expression(expression);
    match expression {
        Expression::Function(e) => visit.function(e),
        Expression::Array(e) => e.elements.iter().for_each(|item| walk_expression(&item.expression, visit)),
        Expression::Dict(e) => {
            for item in &e.elements {
                walk_expression(&item.key, visit);
                walk_expression(&item.val, visit);
            }
        }
        Expression::Object(e) => {
            for value in e.properties.iter().filter_map(|p| p.value.as_ref()) {
                walk_expression(value, visit);
            }
        }
        Expression::Logical(e) => {
            walk_expression(&e.left, visit);
            walk_expression(&e.right, visit);
        }
        Expression::Binary(e) => {
            walk_expression(&e.left, visit);
            walk_expression(&e.right, visit);
        }
        Expression::Member(e) => walk_expression(&e.object, visit),
        Expression::Index(e) => {
            walk_expression(&e.array, visit);
            walk_expression(&e.index, visit);
        }
        Expression::Unary(e) => walk_expression(&e.argument, visit),
        Expression::Pipe(e) => {
            walk_expression(&e.argument, visit);
            walk_call(&e.call, visit);
        }
        Expression::Call(e) => walk_call(e, visit),
        Expression::Conditional(e) => {
            walk_expression(&e.test, visit);
            walk_expression(&e.consequent, visit);
            walk_expression(&e.alternate, visit);
        }
        Expression::String(e) => {
            for part in &e.parts {
                if let StringExpressionPart::Interpolated(part) = part {
                    walk_expression(&part.expression, visit);
                }
            }
        }
        Expression::Paren(e) => walk_expression(&e.expression, visit),
        Expression::Identifier(_)
        | Expression::Integer(_)
        | Expression::Float(_)
        | Expression::StringLit(_)
        | Expression::Duration(_)
        | Expression::Uint(_)
        | Expression::Boolean(_)
        | Expression::DateTime(_)
        | Expression::Regexp(_)
        | Expression::PipeLit(_)
        | Expression::Label(_)
        | Expression::Bad(_) => {}
    }
}

fn walk_call<'a>(call: &'a ast::CallExpression, visit: &mut impl Visit<'a>) {
    walk_expression(&call.callee, visit);
    call.arguments.iter().for_each(|argument| walk_expression(argument, visit));
}

/// The names of a function's parameters.
fn parameters(function: &FunctionExpression) -> HashSet<&str> {
    let name = |p: &'_ ast::Property| matches!(p.key, PropertyKey::Identifier(_));
    function.params.iter().filter(|p| name(p)).map(|p| p.key.name()).collect()
}

fn walk_function<'a>(function: &'a FunctionExpression, visit: &mut impl Visit<'a>) {
    for default in function.params.iter().filter_map(|p| p.value.as_ref()) {
        walk_expression(default, visit);
    }
    match &function.body {
        FunctionBody::Expression(body) => walk_expression(body, visit),
        FunctionBody::Block(block) => block.body.iter().for_each(|s| walk_statement(s, visit)),
    }
}

/// Finds variables assigned twice in a block, or where an option of the name is.
struct Variables<'a> {
    options: &'a HashMap<String, &'a VariableAssignment>,
    scopes: Vec<HashSet<&'a str>>,
    found: Option<Diagnostic>,
}

impl<'a> Visit<'a> for Variables<'a> {
    fn function(&mut self, function: &'a FunctionExpression) {
        self.scopes.push(parameters(function));
        walk_function(function, self);
        self.scopes.pop();
    }

    fn variable(&mut self, assignment: &'a VariableAssignment) {
        if self.found.is_some() {
            return;
        }
        let name = assignment.id.name.as_str();
        let location = &assignment.base.location;
        if self.scopes.len() == 1 && self.options.contains_key(name) {
            let message = format!("variable \"{name}\" conflicts with option of same name");
            self.found = Some(diagnostic(location, message));
        } else if self.scopes.last_mut().is_some_and(|scope| !scope.insert(name)) {
            self.found = Some(diagnostic(location, format!("variable \"{name}\" reassigned")));
        }
    }

    fn enter_test(&mut self) {
        self.scopes.push(HashSet::new());
    }

    fn leave_test(&mut self) {
        self.scopes.pop();
    }
}

/// Finds an option in the value of another one.
struct Uses<'a> {
    option: &'a str,
    options: &'a HashMap<String, &'a VariableAssignment>,
    scopes: Vec<HashSet<&'a str>>,
    found: Option<Diagnostic>,
}

impl<'a> Uses<'a> {
    fn identifier(&mut self, identifier: &'a Identifier) {
        let name = identifier.name.as_str();
        let shadowed = self.scopes.iter().any(|scope| scope.contains(name));
        if self.found.is_none() && !shadowed && self.options.contains_key(name) {
            let message = format!(
                "option \"{}\" depends on option \"{name}\", which is defined in the same package",
                self.option
            );
            self.found = Some(diagnostic(&identifier.base.location, message));
        }
    }
}

impl<'a> Visit<'a> for Uses<'a> {
    fn expression(&mut self, expression: &'a Expression) {
        if let Expression::Identifier(identifier) = expression {
            self.identifier(identifier);
        }
    }

    fn function(&mut self, function: &'a FunctionExpression) {
        self.scopes.push(parameters(function));
        walk_function(function, self);
        self.scopes.pop();
    }

    fn variable(&mut self, assignment: &'a VariableAssignment) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(&assignment.id.name);
        }
    }
}
