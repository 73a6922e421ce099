//! Records and property lists (also a call's arguments).

use super::{Parser, begin, finish};
use crate::ast::{
    Base, Expression, Identifier, ObjectExpression, Property, PropertyKey, StringLiteral, WithSource,
};
use crate::scanner::Kind;

impl Parser<'_> {
    pub(super) fn object_literal(&mut self) -> ObjectExpression {
        let start = self.open(Kind::LBrace, Kind::RBrace);
        let mut object = self.object_body();
        let end = self.close(Kind::RBrace);
        object.base = self.base(start.start, end.end);
        object.lbrace = start.comments;
        object.rbrace = end.comments;
        object
    }

    fn object_body(&mut self) -> ObjectExpression {
        let (with, properties) = match self.peek_kind() {
            Kind::Ident => {
                let source = self.identifier();
                if self.peek_kind() == Kind::Ident {
                    let word = self.scan();
                    if self.text(&word) != "with" {
                        self.unexpected("with", &word);
                    }
                    (Some(WithSource { source, with: word.comments }), self.property_list())
                } else {
                    (None, self.property_list_after(PropertyKey::Identifier(source)))
                }
            }
            Kind::String => {
                let key = self.string_literal();
                (None, self.property_list_after(PropertyKey::String(key)))
            }
            _ => (None, self.property_list()),
        };
        ObjectExpression { with, properties, ..ObjectExpression::default() }
    }

    fn property_list_after(&mut self, key: PropertyKey) -> Vec<Property> {
        let mut first = self.property_after(key);
        if !self.more() {
            return vec![first];
        }
        if let Some(comma) = self.accept(Kind::Comma) {
            first.comma = comma.comments;
        } else {
            let kind = self.peek_kind();
            self.errors.push(format!("expected comma in property list, got {kind}"));
        }
        let mut properties = vec![first];
        properties.append(&mut self.property_list());
        properties
    }

    pub(super) fn property_list(&mut self) -> Vec<Property> {
        let mut properties = Vec::new();
        let mut errors = Vec::new();
        while self.more() {
            let before = self.peek().start.offset;
            let mut property = match self.peek_kind() {
                Kind::Ident | Kind::String => {
                    let key = self.property_key();
                    self.property_after(key)
                }
                _ => self.invalid_property(),
            };
            if self.more() {
                if let Some(comma) = self.accept(Kind::Comma) {
                    property.comma = comma.comments;
                } else {
                    let next = self.peek().clone();
                    errors.push(format!("expected comma in property list, got {}", next.kind));
                    if next.start.offset == before {
                        self.scan();
                    }
                }
            }
            properties.push(property);
        }
        self.errors.append(&mut errors);
        properties
    }

    pub(super) fn property_key(&mut self) -> PropertyKey {
        let token = self.scan();
        match token.kind {
            Kind::String => PropertyKey::String(self.string_of(&token)),
            kind => {
                if kind != Kind::Ident {
                    self.unexpected(" `IDENT` or `STRING`", &token);
                }
                let name = self.text(&token).to_owned();
                PropertyKey::Identifier(Identifier { base: self.base_of_token(&token), name })
            }
        }
    }

    fn property_after(&mut self, key: PropertyKey) -> Property {
        let mut separator = Vec::new();
        let mut value = None;
        if let Some(colon) = self.accept(Kind::Colon) {
            value = self.property_value();
            separator = colon.comments;
        }
        let end = finish(value.as_ref().map_or(key.base(), Expression::base));
        Property { base: self.base(begin(key.base()), end), key, separator, value, comma: Vec::new() }
    }

    fn property_value(&mut self) -> Option<Expression> {
        let value = self.expressions_while_more(None, &[Kind::Comma, Kind::Colon]);
        if value.is_none() {
            self.errors.push("missing property value".to_owned());
        }
        value
    }

    /// Something that cannot be a property, up to the next comma or end.
    fn invalid_property(&mut self) -> Property {
        let token = self.peek().clone();
        let mut value = None;
        let message = match token.kind {
            Kind::Colon => {
                self.scan();
                value = self.property_value();
                "missing property key".to_owned()
            }
            Kind::Comma => "missing property in property list".to_owned(),
            kind => {
                // Only to find the end: what is read here is dropped.
                self.expressions_while_more(None, &[Kind::Comma, Kind::Colon]);
                if self.accept(Kind::Colon).is_some() {
                    value = self.property_value();
                }
                format!("unexpected token for property key: {kind} ({})", self.text(&token))
            }
        };
        self.errors.push(message);
        let end = self.peek().start;
        let base = self.base(token.start, end);
        let key = StringLiteral {
            base: Base::at(self.location(token.start, token.start)),
            value: "<invalid>".to_owned(),
        };
        Property { base, key: PropertyKey::String(key), separator: Vec::new(), value, comma: Vec::new() }
    }
}
