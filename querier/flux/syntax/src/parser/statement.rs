//! Statements and blocks.

use super::{Parser, begin, finish};
use crate::ast::{
    Assignment, Attribute, BadStatement, Base, Block, BuiltinStatement, Expression, ExpressionStatement,
    Identifier, MemberAssignment, MemberExpression, OptionStatement, PropertyKey, ReturnStatement, Statement,
    TestCaseStatement, VariableAssignment,
};
use crate::scanner::{Kind, Token};

impl Parser<'_> {
    /// Statements until the end of the block; `attributes` were read before the first.
    pub(super) fn statement_list(&mut self, mut attributes: Vec<Attribute>) -> Vec<Statement> {
        let mut statements = Vec::new();
        while self.more() {
            let before = self.peek().start.offset;
            let mut statement = self.statement();
            if self.peek().start.offset == before && self.more() {
                let token = self.scan();
                statement = self.bad_statement(&token);
            }
            statement.base_mut().attributes = attributes;
            statements.push(statement);
            attributes = self.attributes();
        }
        if let Some(location) = self.attributes_span(&attributes) {
            let text = location.text().to_owned();
            let errors = vec!["attributes must stand before a statement".to_owned()];
            let base = Base { attributes, errors, ..Base::at(location) };
            statements.push(Statement::Bad(Box::new(BadStatement { base, text })));
        }
        statements
    }

    fn statement(&mut self) -> Statement {
        match self.peek_kind() {
            Kind::Int
            | Kind::Float
            | Kind::String
            | Kind::Div
            | Kind::Time
            | Kind::Duration
            | Kind::PipeReceive
            | Kind::LParen
            | Kind::LBrack
            | Kind::LBrace
            | Kind::Add
            | Kind::Sub
            | Kind::Not
            | Kind::If
            | Kind::Exists
            | Kind::Quote => {
                let expression = self.expression();
                self.expression_statement(expression)
            }
            Kind::Ident => self.identifier_statement(),
            Kind::Option => self.option_statement(),
            Kind::Builtin => self.builtin_statement(),
            // The only statement that may contain itself without an expression between.
            Kind::TestCase => self.guarded(Self::testcase_statement, |p| {
                let token = p.peek().clone();
                p.bad_statement(&token)
            }),
            Kind::Return => self.return_statement(),
            _ => {
                let token = self.scan();
                self.bad_statement(&token)
            }
        }
    }

    fn bad_statement(&mut self, token: &Token) -> Statement {
        let text = self.text(token).to_owned();
        Statement::Bad(Box::new(BadStatement { base: self.base_of_token(token), text }))
    }

    fn expression_statement(&mut self, expression: Expression) -> Statement {
        let base = self.base(begin(expression.base()), finish(expression.base()));
        Statement::Expression(Box::new(ExpressionStatement { base, expression }))
    }

    fn identifier_statement(&mut self) -> Statement {
        let id = self.identifier();
        if self.peek_kind() == Kind::Assign {
            return Statement::Variable(Box::new(self.variable_assignment(id)));
        }
        let expression = self.expression_suffix(Expression::Identifier(id));
        self.expression_statement(expression)
    }

    fn variable_assignment(&mut self, id: Identifier) -> VariableAssignment {
        let assign = self.expect(Kind::Assign);
        let init = self.expression();
        let mut base = self.base(begin(&id.base), finish(init.base()));
        base.comments = assign.comments;
        VariableAssignment { base, id, init }
    }

    fn option_statement(&mut self) -> Statement {
        let token = self.expect(Kind::Option);
        let id = self.identifier();
        let assignment = match self.peek_kind() {
            Kind::Assign => Assignment::Variable(Box::new(self.variable_assignment(id))),
            Kind::Dot => Assignment::Member(Box::new(self.member_assignment(id))),
            _ => return self.bad_statement(&token),
        };
        let mut base = self.base(token.start, finish(assignment.base()));
        base.comments = token.comments;
        Statement::Option(Box::new(OptionStatement { base, assignment }))
    }

    fn member_assignment(&mut self, id: Identifier) -> MemberAssignment {
        let dot = self.expect(Kind::Dot);
        let property = self.identifier();
        let assign = self.expect(Kind::Assign);
        let init = self.expression();
        let mut base = self.base(begin(&id.base), finish(init.base()));
        base.comments = assign.comments;
        let member = MemberExpression {
            base: self.base(begin(&id.base), finish(&property.base)),
            object: Expression::Identifier(id),
            lbrack: dot.comments,
            property: PropertyKey::Identifier(property),
            rbrack: Vec::new(),
        };
        MemberAssignment { base, member, init }
    }

    fn builtin_statement(&mut self) -> Statement {
        let token = self.expect(Kind::Builtin);
        let id = self.identifier();
        let colon = self.expect(Kind::Colon).comments;
        let ty = self.type_expression();
        let mut base = self.base(token.start, finish(&ty.base));
        base.comments = token.comments;
        Statement::Builtin(Box::new(BuiltinStatement { base, colon, id, ty }))
    }

    fn testcase_statement(&mut self) -> Statement {
        let token = self.expect(Kind::TestCase);
        let id = self.identifier();
        let extends = self.at_word("extends").then(|| {
            self.skip(Kind::Ident);
            self.string_literal()
        });
        let block = self.block();
        let mut base = self.base(token.start, finish(&block.base));
        base.comments = token.comments;
        Statement::TestCase(Box::new(TestCaseStatement { base, id, extends, block }))
    }

    fn return_statement(&mut self) -> Statement {
        let token = self.expect(Kind::Return);
        let argument = self.expression();
        let mut base = self.base(token.start, finish(argument.base()));
        base.comments = token.comments;
        Statement::Return(Box::new(ReturnStatement { base, argument }))
    }

    pub(super) fn block(&mut self) -> Block {
        let start = self.open(Kind::LBrace, Kind::RBrace);
        let attributes = self.attributes();
        let body = self.statement_list(attributes);
        let end = self.close(Kind::RBrace);
        Block { base: self.base(start.start, end.end), lbrace: start.comments, body, rbrace: end.comments }
    }
}
