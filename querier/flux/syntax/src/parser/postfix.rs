//! What may follow an operand closely: `.name`, `(arguments)`, `[index]`.

use super::{Parser, begin, finish};
use crate::ast::{
    CallExpression, Expression, IndexExpression, IntegerLiteral, MemberExpression, ObjectExpression,
    PropertyKey,
};
use crate::scanner::Kind;

impl Parser<'_> {
    pub(super) fn postfix_suffix(&mut self, mut operand: Expression) -> Expression {
        loop {
            operand = match self.peek_kind() {
                Kind::Dot => self.member(operand),
                Kind::LParen => self.call(operand),
                Kind::LBrack => self.index(operand),
                _ => return operand,
            };
            self.grow();
        }
    }

    fn member(&mut self, object: Expression) -> Expression {
        let dot = self.expect(Kind::Dot);
        let id = self.identifier();
        Expression::Member(Box::new(MemberExpression {
            base: self.base(begin(object.base()), finish(&id.base)),
            object,
            lbrack: dot.comments,
            property: PropertyKey::Identifier(id),
            rbrack: Vec::new(),
        }))
    }

    fn call(&mut self, callee: Expression) -> Expression {
        let lparen = self.open(Kind::LParen, Kind::RParen);
        let properties = self.property_list();
        let rparen = self.close(Kind::RParen);
        let base = self.base(begin(callee.base()), rparen.end);
        let mut arguments = Vec::new();
        if let (Some(first), Some(last)) = (properties.first(), properties.last()) {
            let base = self.base(begin(&first.base), finish(&last.base));
            let object = ObjectExpression { base, properties, ..ObjectExpression::default() };
            arguments.push(Expression::Object(Box::new(object)));
        }
        let (lparen, rparen) = (lparen.comments, rparen.comments);
        Expression::Call(Box::new(CallExpression { base, callee, lparen, arguments, rparen }))
    }

    fn index(&mut self, array: Expression) -> Expression {
        let start = self.open(Kind::LBrack, Kind::RBrack);
        let index = self.expressions_while_more(None, &[]);
        let end = self.close(Kind::RBrack);
        match index {
            Some(Expression::StringLit(name)) => Expression::Member(Box::new(MemberExpression {
                base: self.base(begin(array.base()), end.end),
                object: array,
                lbrack: start.comments,
                property: PropertyKey::String(name),
                rbrack: end.comments,
            })),
            Some(index) => Expression::Index(Box::new(IndexExpression {
                base: self.base(begin(array.base()), end.end),
                array,
                lbrack: start.comments,
                index,
                rbrack: end.comments,
            })),
            None => {
                self.errors.push("no expression included in brackets".to_owned());
                Expression::Index(Box::new(IndexExpression {
                    base: self.base(begin(array.base()), end.end),
                    array,
                    lbrack: start.comments,
                    index: Expression::Integer(IntegerLiteral {
                        base: self.base(start.start, end.end),
                        value: -1,
                    }),
                    rbrack: end.comments,
                }))
            }
        }
    }
}
