//! Attributes: `@name(value, …)`.

use super::{Parser, finish};
use crate::ast::{Attribute, AttributeParam};
use crate::scanner::Kind;

impl Parser<'_> {
    pub(super) fn attributes(&mut self) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        while self.peek_kind() == Kind::Attribute {
            attributes.push(self.attribute());
        }
        attributes
    }

    fn attribute(&mut self) -> Attribute {
        let token = self.expect(Kind::Attribute);
        let name = self.text(&token).trim_start_matches('@').to_owned();
        let mut end = token.end;
        let mut params = Vec::new();
        if self.peek_kind() == Kind::LParen {
            let lparen = self.open(Kind::LParen, Kind::RParen);
            self.discard(lparen);
            while self.more() {
                params.push(self.attribute_param());
            }
            end = self.close_and_discard(Kind::RParen);
        }
        let mut base = self.base(token.start, end);
        base.comments = token.comments;
        Attribute { base, name, params }
    }

    fn attribute_param(&mut self) -> AttributeParam {
        let before = self.peek().start.offset;
        let value = self.primary();
        let start = super::begin(value.base());
        let mut end = finish(value.base());
        let mut comma = Vec::new();
        if let Some(token) = self.accept(Kind::Comma) {
            end = token.end;
            comma = token.comments;
        } else if self.more() {
            let token = self.peek().clone();
            self.unexpected(&Kind::Comma.to_string(), &token);
            if token.start.offset == before {
                self.scan();
            }
        }
        AttributeParam { base: self.base(start, end), value, comma }
    }
}
