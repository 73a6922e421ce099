//! Arrays and dictionaries.

use super::Parser;
use crate::ast::{ArrayExpression, ArrayItem, Comment, DictExpression, DictItem, Expression};
use crate::scanner::{Kind, Token};

impl Parser<'_> {
    pub(super) fn array_or_dict(&mut self) -> Expression {
        let start = self.open(Kind::LBrack, Kind::RBrack);
        match self.peek_kind() {
            Kind::Colon => {
                self.skip(Kind::Colon);
                self.dict_end(&start, Vec::new())
            }
            Kind::RBrack => self.array_end(&start, Vec::new()),
            _ => {
                let first = self.expression();
                if self.skip(Kind::Colon) {
                    let val = self.expression();
                    self.dict_rest(&start, first, val)
                } else {
                    self.array_rest(&start, first)
                }
            }
        }
    }

    fn optional_comma(&mut self) -> Vec<Comment> {
        self.accept(Kind::Comma).map(|token| token.comments).unwrap_or_default()
    }

    fn array_rest(&mut self, start: &Token, first: Expression) -> Expression {
        if self.peek_kind() == Kind::RBrack {
            return self.array_end(start, vec![ArrayItem { expression: first, comma: Vec::new() }]);
        }
        let comma = self.expect(Kind::Comma).comments;
        let mut elements = vec![ArrayItem { expression: first, comma }];
        let mut last = self.peek().start.offset;
        while self.more() {
            let expression = self.expression();
            let comma = self.optional_comma();
            elements.push(ArrayItem { expression, comma });
            // What takes no token will not take one the next time either.
            let now = self.peek().start.offset;
            if now == last {
                break;
            }
            last = now;
        }
        self.array_end(start, elements)
    }

    fn array_end(&mut self, start: &Token, elements: Vec<ArrayItem>) -> Expression {
        let end = self.close(Kind::RBrack);
        let base = self.base(start.start, end.end);
        let (lbrack, rbrack) = (start.comments.clone(), end.comments);
        Expression::Array(Box::new(ArrayExpression { base, lbrack, elements, rbrack }))
    }

    fn dict_rest(&mut self, start: &Token, key: Expression, val: Expression) -> Expression {
        if self.peek_kind() == Kind::RBrack {
            return self.dict_end(start, vec![DictItem { key, val, comma: Vec::new() }]);
        }
        let comma = self.expect(Kind::Comma).comments;
        let mut elements = vec![DictItem { key, val, comma }];
        while self.more() {
            let key = self.expression();
            self.expect_and_discard(Kind::Colon);
            let val = self.expression();
            let comma = self.optional_comma();
            elements.push(DictItem { key, val, comma });
        }
        self.dict_end(start, elements)
    }

    fn dict_end(&mut self, start: &Token, elements: Vec<DictItem>) -> Expression {
        let end = self.close(Kind::RBrack);
        let base = self.base(start.start, end.end);
        let (lbrack, rbrack) = (start.comments.clone(), end.comments);
        Expression::Dict(Box::new(DictExpression { base, lbrack, elements, rbrack }))
    }
}
