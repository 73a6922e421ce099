//! Going through a tree, parents before children.

use crate::ast::{
    Assignment, Base, Block, CallExpression, DictItem, Expression, File, FunctionBody, Identifier,
    ImportDeclaration, LabelLiteral, MemberAssignment, MemberExpression, MonoType, Package, PackageClause,
    ParameterType, Property, PropertyKey, PropertyType, Statement, StringExpressionPart, StringLiteral,
    TypeConstraint, TypeExpression, VariableAssignment,
};

/// Any node.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub enum Node<'a> {
    Package(&'a Package),
    File(&'a File),
    PackageClause(&'a PackageClause),
    Import(&'a ImportDeclaration),
    Statement(&'a Statement),
    Block(&'a Block),
    VariableAssignment(&'a VariableAssignment),
    MemberAssignment(&'a MemberAssignment),
    Expression(&'a Expression),
    Member(&'a MemberExpression),
    Call(&'a CallExpression),
    Property(&'a Property),
    Identifier(&'a Identifier),
    StringLiteral(&'a StringLiteral),
    Label(&'a LabelLiteral),
    StringPart(&'a StringExpressionPart),
    TypeExpression(&'a TypeExpression),
    MonoType(&'a MonoType),
    ParameterType(&'a ParameterType),
    PropertyType(&'a PropertyType),
    TypeConstraint(&'a TypeConstraint),
}

impl<'a> Node<'a> {
    /// The common parts.
    pub fn base(self) -> &'a Base {
        match self {
            Self::Package(n) => &n.base,
            Self::File(n) => &n.base,
            Self::PackageClause(n) => &n.base,
            Self::Import(n) => &n.base,
            Self::Statement(n) => n.base(),
            Self::Block(n) => &n.base,
            Self::VariableAssignment(n) => &n.base,
            Self::MemberAssignment(n) => &n.base,
            Self::Expression(n) => n.base(),
            Self::Member(n) => &n.base,
            Self::Call(n) => &n.base,
            Self::Property(n) => &n.base,
            Self::Identifier(n) => &n.base,
            Self::StringLiteral(n) => &n.base,
            Self::Label(n) => &n.base,
            Self::StringPart(StringExpressionPart::Text(n)) => &n.base,
            Self::StringPart(StringExpressionPart::Interpolated(n)) => &n.base,
            Self::TypeExpression(n) => &n.base,
            Self::MonoType(n) => n.base(),
            Self::ParameterType(n) => n.base(),
            Self::PropertyType(n) => &n.base,
            Self::TypeConstraint(n) => &n.base,
        }
    }

    /// Calls `each` with every child in the text's order.
    pub fn children(self, each: &mut dyn FnMut(Node<'a>)) {
        match self {
            Self::Package(n) => n.files.iter().for_each(|f| each(Node::File(f))),
            Self::File(n) => {
                n.package.iter().for_each(|p| each(Node::PackageClause(p)));
                n.imports.iter().for_each(|i| each(Node::Import(i)));
                n.body.iter().for_each(|s| each(Node::Statement(s)));
            }
            Self::PackageClause(n) => each(Node::Identifier(&n.name)),
            Self::Import(n) => {
                n.alias.iter().for_each(|a| each(Node::Identifier(a)));
                each(Node::StringLiteral(&n.path));
            }
            Self::Statement(n) => statement_children(n, each),
            Self::Block(n) => n.body.iter().for_each(|s| each(Node::Statement(s))),
            Self::VariableAssignment(n) => {
                each(Node::Identifier(&n.id));
                each(Node::Expression(&n.init));
            }
            Self::MemberAssignment(n) => {
                each(Node::Member(&n.member));
                each(Node::Expression(&n.init));
            }
            Self::Expression(n) => expression_children(n, each),
            Self::Member(n) => member_children(n, each),
            Self::Call(n) => call_children(n, each),
            Self::Property(n) => {
                each(key_node(&n.key));
                n.value.iter().for_each(|v| each(Node::Expression(v)));
            }
            Self::StringPart(StringExpressionPart::Interpolated(n)) => each(Node::Expression(&n.expression)),
            Self::Identifier(_) | Self::StringLiteral(_) | Self::Label(_) | Self::StringPart(_) => {}
            Self::TypeExpression(n) => {
                each(Node::MonoType(&n.monotype));
                n.constraints.iter().for_each(|c| each(Node::TypeConstraint(c)));
            }
            Self::MonoType(n) => type_children(n, each),
            Self::ParameterType(n) => parameter_children(n, each),
            Self::PropertyType(n) => {
                each(key_node(&n.name));
                each(Node::MonoType(&n.monotype));
            }
            Self::TypeConstraint(n) => {
                each(Node::Identifier(&n.tvar));
                n.kinds.iter().for_each(|k| each(Node::Identifier(k)));
            }
        }
    }
}

/// Visits `node` and what is below it. `visit` gets the depth (`depth` for the node itself) and says whether
/// to go on into the children.
pub fn walk<'a>(node: Node<'a>, depth: u32, visit: &mut dyn FnMut(Node<'a>, u32) -> bool) {
    if visit(node, depth) {
        node.children(&mut |child| walk(child, depth + 1, visit));
    }
}

fn key_node(key: &PropertyKey) -> Node<'_> {
    match key {
        PropertyKey::Identifier(n) => Node::Identifier(n),
        PropertyKey::String(n) => Node::StringLiteral(n),
    }
}

fn member_children<'a>(n: &'a MemberExpression, each: &mut dyn FnMut(Node<'a>)) {
    each(Node::Expression(&n.object));
    each(key_node(&n.property));
}

fn call_children<'a>(n: &'a CallExpression, each: &mut dyn FnMut(Node<'a>)) {
    each(Node::Expression(&n.callee));
    n.arguments.iter().for_each(|a| each(Node::Expression(a)));
}

fn statement_children<'a>(n: &'a Statement, each: &mut dyn FnMut(Node<'a>)) {
    match n {
        Statement::Expression(n) => each(Node::Expression(&n.expression)),
        Statement::Variable(n) => {
            each(Node::Identifier(&n.id));
            each(Node::Expression(&n.init));
        }
        Statement::Option(n) => match &n.assignment {
            Assignment::Variable(n) => each(Node::VariableAssignment(n)),
            Assignment::Member(n) => each(Node::MemberAssignment(n)),
        },
        Statement::Return(n) => each(Node::Expression(&n.argument)),
        Statement::Builtin(n) => {
            each(Node::Identifier(&n.id));
            each(Node::TypeExpression(&n.ty));
        }
        Statement::TestCase(n) => {
            each(Node::Identifier(&n.id));
            n.extends.iter().for_each(|e| each(Node::StringLiteral(e)));
            each(Node::Block(&n.block));
        }
        Statement::Bad(_) => {}
    }
}

fn expression_children<'a>(n: &'a Expression, each: &mut dyn FnMut(Node<'a>)) {
    match n {
        Expression::Array(n) => n.elements.iter().for_each(|i| each(Node::Expression(&i.expression))),
        Expression::Dict(n) => n.elements.iter().for_each(|DictItem { key, val, .. }| {
            each(Node::Expression(key));
            each(Node::Expression(val));
        }),
        Expression::Function(n) => {
            n.params.iter().for_each(|p| each(Node::Property(p)));
            match &n.body {
                FunctionBody::Block(b) => each(Node::Block(b)),
                FunctionBody::Expression(e) => each(Node::Expression(e)),
            }
        }
        Expression::Logical(n) => {
            each(Node::Expression(&n.left));
            each(Node::Expression(&n.right));
        }
        Expression::Object(n) => {
            n.with.iter().for_each(|w| each(Node::Identifier(&w.source)));
            n.properties.iter().for_each(|p| each(Node::Property(p)));
        }
        Expression::Member(n) => member_children(n, each),
        Expression::Index(n) => {
            each(Node::Expression(&n.array));
            each(Node::Expression(&n.index));
        }
        Expression::Binary(n) => {
            each(Node::Expression(&n.left));
            each(Node::Expression(&n.right));
        }
        Expression::Unary(n) => each(Node::Expression(&n.argument)),
        Expression::Pipe(n) => {
            each(Node::Expression(&n.argument));
            each(Node::Call(&n.call));
        }
        Expression::Call(n) => call_children(n, each),
        Expression::Conditional(n) => {
            each(Node::Expression(&n.test));
            each(Node::Expression(&n.consequent));
            each(Node::Expression(&n.alternate));
        }
        Expression::String(n) => n.parts.iter().for_each(|p| each(Node::StringPart(p))),
        Expression::Paren(n) => each(Node::Expression(&n.expression)),
        Expression::Bad(n) => n.expression.iter().for_each(|e| each(Node::Expression(e))),
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
        | Expression::Label(_) => {}
    }
}

fn type_children<'a>(n: &'a MonoType, each: &mut dyn FnMut(Node<'a>)) {
    match n {
        MonoType::Tvar(n) => each(Node::Identifier(&n.name)),
        MonoType::Basic(n) => each(Node::Identifier(&n.name)),
        MonoType::Array(n) => each(Node::MonoType(&n.element)),
        MonoType::Stream(n) => each(Node::MonoType(&n.element)),
        MonoType::Vector(n) => each(Node::MonoType(&n.element)),
        MonoType::Dict(n) => {
            each(Node::MonoType(&n.key));
            each(Node::MonoType(&n.val));
        }
        MonoType::Record(n) => {
            n.tvar.iter().for_each(|t| each(Node::Identifier(t)));
            n.properties.iter().for_each(|p| each(Node::PropertyType(p)));
        }
        MonoType::Function(n) => {
            n.parameters.iter().for_each(|p| each(Node::ParameterType(p)));
            each(Node::MonoType(&n.monotype));
        }
        MonoType::Dynamic(_) | MonoType::Label(_) => {}
    }
}

fn parameter_children<'a>(n: &'a ParameterType, each: &mut dyn FnMut(Node<'a>)) {
    match n {
        ParameterType::Required { name, monotype, .. } => {
            each(Node::Identifier(name));
            each(Node::MonoType(monotype));
        }
        ParameterType::Optional { name, monotype, default, .. } => {
            each(Node::Identifier(name));
            each(Node::MonoType(monotype));
            default.iter().for_each(|d| each(Node::Label(d)));
        }
        ParameterType::Pipe { name, monotype, .. } => {
            name.iter().for_each(|n| each(Node::Identifier(n)));
            each(Node::MonoType(monotype));
        }
    }
}
