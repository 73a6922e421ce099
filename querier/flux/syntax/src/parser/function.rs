//! Function literals and their parameters.

use std::sync::Arc;

use super::{Parser, begin, finish};
use crate::ast::{Expression, FunctionBody, FunctionExpression, Identifier, Property, PropertyKey};
use crate::scanner::{Kind, Token};

impl Parser<'_> {
    /// What follows `(params)`.
    pub(super) fn function(&mut self, lparen: Token, rparen: Token, params: Vec<Property>) -> Expression {
        let arrow = self.expect_or_leave(Kind::Arrow);
        let body = if self.peek_kind() == Kind::LBrace {
            FunctionBody::Block(self.block())
        } else {
            FunctionBody::Expression(self.expression())
        };
        Expression::Function(Arc::new(FunctionExpression {
            base: self.base(lparen.start, finish(body.base())),
            lparen: lparen.comments,
            params,
            rparen: rparen.comments,
            arrow: if arrow.kind == Kind::Arrow { arrow.comments } else { Vec::new() },
            body,
        }))
    }

    pub(super) fn required_parameter(&mut self, id: Identifier) -> Property {
        Property {
            base: self.base(begin(&id.base), finish(&id.base)),
            key: PropertyKey::Identifier(id),
            separator: Vec::new(),
            value: None,
            comma: Vec::new(),
        }
    }

    /// All parameters, of which the first one's name was read.
    pub(super) fn parameters_after(&mut self, id: Identifier) -> Vec<Property> {
        let mut first = self.parameter_after(id);
        let Some(comma) = self.accept(Kind::Comma) else { return vec![first] };
        first.comma = comma.comments;
        let mut params = vec![first];
        let mut last = self.peek().start.offset;
        while self.more() {
            let id = self.identifier();
            let mut param = self.parameter_after(id);
            if let Some(comma) = self.accept(Kind::Comma) {
                param.comma = comma.comments;
            }
            params.push(param);
            // Something that is no parameter stays where it is.
            let next = self.peek().start.offset;
            if next == last {
                break;
            }
            last = next;
        }
        params
    }

    fn parameter_after(&mut self, id: Identifier) -> Property {
        let Some(assign) = self.accept(Kind::Assign) else { return self.required_parameter(id) };
        let value = self.expression();
        Property {
            base: self.base(begin(&id.base), finish(value.base())),
            key: PropertyKey::Identifier(id),
            separator: assign.comments,
            value: Some(value),
            comma: Vec::new(),
        }
    }
}
