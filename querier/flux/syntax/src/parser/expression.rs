//! Expressions: the loosest level, primary expressions, parentheses.

use super::{Parser, begin, finish};
use crate::ast::{
    BinaryExpression, ConditionalExpression, Expression, Identifier, LabelLiteral, Operator, ParenExpression,
};
use crate::scanner::{Kind, Token};

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Expression {
        self.guarded(Self::conditional, |p| {
            let token = p.peek().clone();
            p.bad_expression(token.start, token.end, String::new())
        })
    }

    /// Expressions until a stop token or the end of the block. More than one of them, side by side, become a
    /// binary expression without an operator; what is none is left out with an error.
    pub(super) fn expressions_while_more(
        &mut self,
        mut found: Option<Expression>,
        stop: &[Kind],
    ) -> Option<Expression> {
        while !stop.contains(&self.peek_kind()) && self.more() {
            let next = self.expression();
            if let Expression::Bad(_) = next {
                let token = self.scan();
                let location = self.location(token.start, token.end);
                let message = format!("invalid expression {location}: {}", self.text(&token));
                self.errors.push(message);
                continue;
            }
            found = Some(match found {
                None => next,
                Some(left) => {
                    self.grow();
                    Expression::Binary(Box::new(BinaryExpression {
                        base: self.base(begin(left.base()), finish(next.base())),
                        operator: Operator::Invalid,
                        left,
                        right: next,
                    }))
                }
            });
        }
        found
    }

    fn conditional(&mut self) -> Expression {
        let Some(tk_if) = self.accept(Kind::If) else { return self.logical_or() };
        let test = self.expression();
        let tk_then = self.expect_or_leave(Kind::Then);
        let consequent = self.branch(&tk_then, Kind::Then);
        let tk_else = self.expect_or_leave(Kind::Else);
        let alternate = self.branch(&tk_else, Kind::Else);
        Expression::Conditional(Box::new(ConditionalExpression {
            base: self.base(tk_if.start, finish(alternate.base())),
            tk_if: tk_if.comments,
            test,
            tk_then: tk_then.comments,
            consequent,
            tk_else: tk_else.comments,
            alternate,
        }))
    }

    /// What follows `then` or `else`; an empty placeholder if the word was missing.
    fn branch(&mut self, token: &Token, want: Kind) -> Expression {
        if token.kind == want {
            self.expression()
        } else {
            self.bad_expression(token.start, token.start, String::new())
        }
    }

    pub(super) fn primary(&mut self) -> Expression {
        match self.peek_operand() {
            Kind::Ident => Expression::Identifier(self.identifier()),
            Kind::Int => Expression::Integer(self.integer_literal()),
            Kind::Float => self.float_literal(),
            Kind::String => Expression::StringLit(self.string_literal()),
            Kind::Quote => self.string_expression(),
            Kind::Regex => Expression::Regexp(self.regexp_literal()),
            Kind::Time => self.time_literal(),
            Kind::Duration => self.duration_literal(),
            Kind::PipeReceive => Expression::PipeLit(self.pipe_literal()),
            Kind::Dot => Expression::Label(self.label_literal()),
            Kind::LBrack => self.array_or_dict(),
            Kind::LBrace => Expression::Object(Box::new(self.object_literal())),
            Kind::LParen => self.paren(),
            _ => {
                // The token stays: callers know whether to go over it.
                let token = self.peek().clone();
                self.invalid_primary(&token)
            }
        }
    }

    /// The answer to a token that starts no expression.
    pub(super) fn invalid_primary(&mut self, token: &Token) -> Expression {
        let text = format!("invalid token for primary expression: {}", token.kind);
        self.bad_expression(token.start, token.end, text)
    }

    pub(super) fn identifier(&mut self) -> Identifier {
        let token = self.expect_or_leave(Kind::Ident);
        let name = self.text(&token).to_owned();
        Identifier { base: self.base_of_token(&token), name }
    }

    pub(super) fn label_literal(&mut self) -> LabelLiteral {
        let dot = self.expect(Kind::Dot);
        let key = self.property_key();
        let value = key.name().to_owned();
        // The key is no node of its own: what is wrong with it is told of the label.
        self.errors.splice(0..0, key.base().errors.iter().cloned());
        let mut base = self.base(dot.start, finish(key.base()));
        base.comments = dot.comments;
        base.comments.extend_from_slice(&key.base().comments);
        LabelLiteral { base, value }
    }

    fn paren(&mut self) -> Expression {
        let lparen = self.open(Kind::LParen, Kind::RParen);
        match self.peek_kind() {
            Kind::RParen => {
                let rparen = self.close(Kind::RParen);
                self.function(lparen, rparen, Vec::new())
            }
            Kind::Ident => {
                let id = self.identifier();
                self.paren_after_identifier(lparen, id)
            }
            _ => {
                let first = self.peek().clone();
                let expression = self.expressions_while_more(None, &[]);
                let expression = expression.unwrap_or_else(|| {
                    let text = self.text(&first).to_owned();
                    self.bad_expression(first.start, first.end, text)
                });
                self.paren_end(lparen, expression)
            }
        }
    }

    /// `(x` may go on as a function's parameters or as an expression.
    fn paren_after_identifier(&mut self, lparen: Token, id: Identifier) -> Expression {
        match self.peek_kind() {
            Kind::RParen => {
                let rparen = self.close(Kind::RParen);
                if self.peek_kind() == Kind::Arrow {
                    let param = self.required_parameter(id);
                    return self.function(lparen, rparen, vec![param]);
                }
                let base = self.base(lparen.start, rparen.end);
                let expression = Expression::Identifier(id);
                let (lparen, rparen) = (lparen.comments, rparen.comments);
                Expression::Paren(Box::new(ParenExpression { base, lparen, expression, rparen }))
            }
            Kind::Assign | Kind::Comma => {
                let params = self.parameters_after(id);
                let rparen = self.close(Kind::RParen);
                self.function(lparen, rparen, params)
            }
            _ => {
                let first = self.expression_suffix(Expression::Identifier(id));
                let expression = match self.expressions_while_more(Some(first), &[]) {
                    Some(expression) => expression,
                    None => self.bad_expression(lparen.start, lparen.end, String::new()),
                };
                self.paren_end(lparen, expression)
            }
        }
    }

    fn paren_end(&mut self, lparen: Token, expression: Expression) -> Expression {
        let rparen = self.close(Kind::RParen);
        let base = self.base(lparen.start, rparen.end);
        let (lparen, rparen) = (lparen.comments, rparen.comments);
        Expression::Paren(Box::new(ParenExpression { base, lparen, expression, rparen }))
    }
}
