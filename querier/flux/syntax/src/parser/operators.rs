//! Operators, loosest first. All are left-associative; each level's rule reads its first operand and hands it
//! to its suffix rule, which also serves statements whose first identifier was read already.

use super::{Parser, begin, finish};
use crate::ast::{
    BinaryExpression, CallExpression, Expression, LogicalExpression, LogicalOperator, Operator,
    PipeExpression, UnaryExpression, UnaryOperator,
};
use crate::scanner::Kind;

type Rule<'a> = fn(&mut Parser<'a>) -> Expression;

fn comparison(kind: Kind) -> Option<Operator> {
    Some(match kind {
        Kind::Eq => Operator::Equal,
        Kind::Neq => Operator::NotEqual,
        Kind::Lte => Operator::LessThanEqual,
        Kind::Lt => Operator::LessThan,
        Kind::Gte => Operator::GreaterThanEqual,
        Kind::Gt => Operator::GreaterThan,
        Kind::RegexEq => Operator::RegexpMatch,
        Kind::RegexNeq => Operator::NotRegexpMatch,
        _ => return None,
    })
}

fn additive(kind: Kind) -> Option<Operator> {
    match kind {
        Kind::Add => Some(Operator::Addition),
        Kind::Sub => Some(Operator::Subtraction),
        _ => None,
    }
}

fn multiplicative(kind: Kind) -> Option<Operator> {
    match kind {
        Kind::Mul => Some(Operator::Multiplication),
        Kind::Div => Some(Operator::Division),
        Kind::Mod => Some(Operator::Modulo),
        _ => None,
    }
}

fn power(kind: Kind) -> Option<Operator> {
    (kind == Kind::Pow).then_some(Operator::Power)
}

impl<'a> Parser<'a> {
    /// Everything that may follow an operand.
    pub(super) fn expression_suffix(&mut self, operand: Expression) -> Expression {
        let e = self.postfix_suffix(operand);
        let e = self.pipe_suffix(e);
        let e = self.binary_suffix(e, power, Self::pipe);
        let e = self.binary_suffix(e, multiplicative, Self::power);
        let e = self.binary_suffix(e, additive, Self::multiplicative);
        let e = self.binary_suffix(e, comparison, Self::additive);
        let e = self.logical_suffix(e, Kind::And, LogicalOperator::And, Self::logical_unary);
        self.logical_suffix(e, Kind::Or, LogicalOperator::Or, Self::logical_and)
    }

    pub(super) fn logical_or(&mut self) -> Expression {
        let e = self.logical_and();
        self.logical_suffix(e, Kind::Or, LogicalOperator::Or, Self::logical_and)
    }

    fn logical_and(&mut self) -> Expression {
        let e = self.logical_unary();
        self.logical_suffix(e, Kind::And, LogicalOperator::And, Self::logical_unary)
    }

    fn logical_unary(&mut self) -> Expression {
        let operator = match self.peek_kind() {
            Kind::Not => UnaryOperator::Not,
            Kind::Exists => UnaryOperator::Exists,
            _ => return self.comparison(),
        };
        self.prefixed(operator, Self::logical_unary)
    }

    fn comparison(&mut self) -> Expression {
        let e = self.additive();
        self.binary_suffix(e, comparison, Self::additive)
    }

    fn additive(&mut self) -> Expression {
        let e = self.multiplicative();
        self.binary_suffix(e, additive, Self::multiplicative)
    }

    fn multiplicative(&mut self) -> Expression {
        let e = self.power();
        self.binary_suffix(e, multiplicative, Self::power)
    }

    fn power(&mut self) -> Expression {
        let e = self.pipe();
        self.binary_suffix(e, power, Self::pipe)
    }

    fn pipe(&mut self) -> Expression {
        let e = self.unary();
        self.pipe_suffix(e)
    }

    fn unary(&mut self) -> Expression {
        let operator = match self.peek_kind() {
            Kind::Add => UnaryOperator::Plus,
            Kind::Sub => UnaryOperator::Minus,
            _ => {
                let e = self.primary();
                return self.postfix_suffix(e);
            }
        };
        self.prefixed(operator, Self::unary)
    }

    fn prefixed(&mut self, operator: UnaryOperator, operand: Rule<'a>) -> Expression {
        let token = self.scan();
        let argument = self.guarded(operand, |p| {
            let token = p.peek().clone();
            p.bad_expression(token.start, token.end, String::new())
        });
        let mut base = self.base(token.start, finish(argument.base()));
        base.comments = token.comments;
        Expression::Unary(Box::new(UnaryExpression { base, operator, argument }))
    }

    fn logical_suffix(
        &mut self,
        mut left: Expression,
        kind: Kind,
        operator: LogicalOperator,
        operand: Rule<'a>,
    ) -> Expression {
        while let Some(token) = self.accept(kind) {
            let right = operand(self);
            let mut base = self.base(begin(left.base()), finish(right.base()));
            base.comments = token.comments;
            left = Expression::Logical(Box::new(LogicalExpression { base, operator, left, right }));
            self.grow();
        }
        left
    }

    fn binary_suffix(
        &mut self,
        mut left: Expression,
        operator: fn(Kind) -> Option<Operator>,
        operand: Rule<'a>,
    ) -> Expression {
        while let Some(operator) = operator(self.peek_kind()) {
            let token = self.scan();
            let right = operand(self);
            let mut base = self.base(begin(left.base()), finish(right.base()));
            base.comments = token.comments;
            left = Expression::Binary(Box::new(BinaryExpression { base, operator, left, right }));
            self.grow();
        }
        left
    }

    fn pipe_suffix(&mut self, mut argument: Expression) -> Expression {
        while let Some(token) = self.accept(Kind::PipeForward) {
            let call = match self.unary() {
                Expression::Call(call) => *call,
                callee => {
                    self.errors.push("pipe destination must be a function call".to_owned());
                    let base = self.base(begin(callee.base()), finish(callee.base()));
                    CallExpression {
                        base,
                        callee,
                        lparen: Vec::new(),
                        arguments: Vec::new(),
                        rparen: Vec::new(),
                    }
                }
            };
            let mut base = self.base(begin(argument.base()), finish(&call.base));
            base.comments = token.comments;
            argument = Expression::Pipe(Box::new(PipeExpression { base, argument, call }));
            self.grow();
        }
        argument
    }
}
