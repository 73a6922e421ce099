//! Type expressions.

use super::{Parser, begin, finish};
use crate::ast::{
    ArrayType, Base, DictType, DynamicType, FunctionType, MonoType, NamedType, ParameterType, PropertyKey,
    PropertyType, RecordType, StreamType, TvarType, TypeConstraint, TypeExpression, VectorType,
};
use crate::scanner::Kind;

impl Parser<'_> {
    /// A whole text as a type; what follows it is an error.
    pub(crate) fn parse_type(mut self) -> TypeExpression {
        let mut ty = self.type_expression();
        if self.peek_kind() != Kind::Eof {
            let token = self.peek().clone();
            self.unexpected(&Kind::Eof.to_string(), &token);
        }
        if self.too_deep.take().is_some() {
            self.errors.push(crate::check::TOO_DEEP.to_owned());
        }
        ty.base.errors.append(&mut self.errors);
        ty
    }

    pub(super) fn type_expression(&mut self) -> TypeExpression {
        let monotype = self.monotype();
        let mut base = monotype.base().clone();
        base.errors.clear();
        let mut constraints = Vec::new();
        if self.at_word("where") {
            self.skip(Kind::Ident);
            loop {
                constraints.push(self.constraint());
                if !self.skip(Kind::Comma) {
                    break;
                }
            }
            if let Some(last) = constraints.last() {
                base = self.base(begin(&base), finish(&last.base));
            }
        }
        TypeExpression { base, monotype, constraints }
    }

    fn constraint(&mut self) -> TypeConstraint {
        let tvar = self.identifier();
        self.expect_and_discard(Kind::Colon);
        let mut last = self.identifier();
        let mut kinds = Vec::new();
        while self.skip(Kind::Add) {
            kinds.push(last);
            last = self.identifier();
        }
        let base = self.base(begin(&tvar.base), finish(&last.base));
        kinds.push(last);
        TypeConstraint { base, tvar, kinds }
    }

    fn monotype(&mut self) -> MonoType {
        self.guarded(Self::monotype_unguarded, |p| {
            let token = p.peek().clone();
            MonoType::Dynamic(DynamicType { base: Base::at(p.location(token.start, token.end)) })
        })
    }

    fn monotype_unguarded(&mut self) -> MonoType {
        let token = self.peek().clone();
        match (token.kind, self.text(&token)) {
            (Kind::LBrack, _) => self.array_type(),
            (Kind::LBrace, _) => self.record_type(),
            (Kind::LParen, _) => self.function_type(),
            (Kind::Dot, _) => MonoType::Label(self.label_literal()),
            (Kind::Ident, "stream") => {
                let (base, element) = self.applied_type();
                MonoType::Stream(Box::new(StreamType { base, element }))
            }
            (Kind::Ident, "vector") => {
                let (base, element) = self.applied_type();
                MonoType::Vector(Box::new(VectorType { base, element }))
            }
            (Kind::Ident, "dynamic") => {
                self.scan();
                MonoType::Dynamic(DynamicType { base: self.base_of_token(&token) })
            }
            (_, text) => {
                let name = self.identifier();
                let base = Base { errors: Vec::new(), ..name.base.clone() };
                if text.len() == 1 {
                    MonoType::Tvar(TvarType { base, name })
                } else {
                    MonoType::Basic(NamedType { base, name })
                }
            }
        }
    }

    /// `word[T]`.
    fn applied_type(&mut self) -> (Base, MonoType) {
        let start = self.expect(Kind::Ident);
        let bracket = self.open(Kind::LBrack, Kind::RBrack);
        self.discard(bracket);
        let element = self.monotype();
        let end = self.close_and_discard(Kind::RBrack);
        let mut base = self.base(start.start, end);
        base.comments = start.comments;
        (base, element)
    }

    fn array_type(&mut self) -> MonoType {
        let start = self.open(Kind::LBrack, Kind::RBrack);
        let element = self.monotype();
        let val = if self.peek_kind() == Kind::RBrack {
            None
        } else {
            self.expect_and_discard(Kind::Colon);
            Some(self.monotype())
        };
        let end = self.close_and_discard(Kind::RBrack);
        let mut base = self.base(start.start, end);
        base.comments = start.comments;
        match val {
            None => MonoType::Array(Box::new(ArrayType { base, element })),
            Some(val) => MonoType::Dict(Box::new(DictType { base, key: element, val })),
        }
    }

    fn record_type(&mut self) -> MonoType {
        let start = self.open(Kind::LBrace, Kind::RBrace);
        let mut tvar = None;
        let mut properties = Vec::new();
        if matches!(self.peek_kind(), Kind::Ident | Kind::String) {
            match self.property_key() {
                PropertyKey::Identifier(id) if self.at_word("with") => {
                    self.skip(Kind::Ident);
                    tvar = Some(id);
                }
                // Anything but a colon here is told by the closing brace.
                PropertyKey::Identifier(_) if self.peek_kind() != Kind::Colon => {}
                key => properties.push(self.property_type(key)),
            }
            if tvar.is_some() || !properties.is_empty() {
                while self.more() {
                    let key = self.property_key();
                    properties.push(self.property_type(key));
                }
            }
        }
        let end = self.close_and_discard(Kind::RBrace);
        let mut base = self.base(start.start, end);
        base.comments = start.comments;
        MonoType::Record(RecordType { base, tvar, properties })
    }

    fn property_type(&mut self, name: PropertyKey) -> PropertyType {
        self.expect_and_discard(Kind::Colon);
        let monotype = self.monotype();
        let base = self.base(begin(name.base()), finish(monotype.base()));
        self.skip(Kind::Comma);
        PropertyType { base, name, monotype }
    }

    fn function_type(&mut self) -> MonoType {
        let start = self.open(Kind::LParen, Kind::RParen);
        let mut parameters = Vec::new();
        if matches!(self.peek_kind(), Kind::PipeReceive | Kind::QuestionMark | Kind::Ident) {
            while self.more() {
                parameters.push(self.parameter_type());
                self.skip(Kind::Comma);
            }
        }
        self.close_and_discard(Kind::RParen);
        self.expect_and_discard(Kind::Arrow);
        let monotype = self.monotype();
        let mut base = self.base(start.start, finish(monotype.base()));
        base.comments = start.comments;
        MonoType::Function(Box::new(FunctionType { base, parameters, monotype }))
    }

    fn parameter_type(&mut self) -> ParameterType {
        let start = self.peek().clone();
        match start.kind {
            Kind::QuestionMark => {
                self.scan();
                let name = self.identifier();
                self.expect_and_discard(Kind::Colon);
                let monotype = self.monotype();
                let mut end = finish(monotype.base());
                let default = self.skip(Kind::Assign).then(|| self.label_literal());
                if let Some(default) = &default {
                    end = finish(&default.base);
                }
                let base = Base { comments: start.comments, ..self.base(start.start, end) };
                ParameterType::Optional { base, name, monotype, default }
            }
            Kind::PipeReceive => {
                self.scan();
                let name = (self.peek_kind() == Kind::Ident).then(|| self.identifier());
                self.expect_and_discard(Kind::Colon);
                let monotype = self.monotype();
                let base = self.base(start.start, finish(monotype.base()));
                ParameterType::Pipe { base: Base { comments: start.comments, ..base }, name, monotype }
            }
            _ => {
                let name = self.identifier();
                self.expect_and_discard(Kind::Colon);
                let monotype = self.monotype();
                let base = self.base(begin(&name.base), finish(monotype.base()));
                ParameterType::Required { base, name, monotype }
            }
        }
    }
}
