//! Literals.

use super::Parser;
use crate::ast::{
    DateTimeLiteral, DurationLiteral, Expression, FloatLiteral, IntegerLiteral, InterpolatedPart,
    PipeLiteral, RegexpLiteral, StringExpression, StringExpressionPart, StringLiteral, TextPart,
};
use crate::scanner::{Kind, Mode, Token};
use crate::text;

impl Parser<'_> {
    pub(super) fn integer_literal(&mut self) -> IntegerLiteral {
        let token = self.expect(Kind::Int);
        let digits = self.text(&token);
        let value = if digits.len() > 1 && digits.starts_with('0') {
            self.errors
                .push(format!("invalid integer literal \"{digits}\": nonzero value cannot start with 0"));
            0
        } else {
            digits.parse().unwrap_or_else(|_| {
                self.errors.push(format!("invalid integer literal \"{digits}\": value out of range"));
                0
            })
        };
        IntegerLiteral { base: self.base_of_token(&token), value }
    }

    pub(super) fn float_literal(&mut self) -> Expression {
        let token = self.expect(Kind::Float);
        match self.text(&token).parse::<f64>() {
            Ok(value) if value.is_finite() => {
                Expression::Float(FloatLiteral { base: self.base_of_token(&token), value })
            }
            _ => self.invalid_primary(&token),
        }
    }

    pub(super) fn string_literal(&mut self) -> StringLiteral {
        let token = self.expect(Kind::String);
        self.string_of(&token)
    }

    pub(super) fn string_of(&mut self, token: &Token) -> StringLiteral {
        let value = text::unquote(self.text(token)).unwrap_or_else(|message| {
            self.errors.push(message);
            String::new()
        });
        StringLiteral { base: self.base_of_token(token), value }
    }

    pub(super) fn string_expression(&mut self) -> Expression {
        let start = self.expect(Kind::Quote);
        let mut parts = Vec::new();
        loop {
            let token = self.scanner.scan(Mode::Text);
            match token.kind {
                Kind::Text => match text::unescape(self.text(&token)) {
                    Ok(value) => {
                        let base = self.base_of_token(&token);
                        parts.push(StringExpressionPart::Text(TextPart { base, value }));
                    }
                    Err(_) => return self.invalid_primary(&token),
                },
                Kind::StringExpr => {
                    let expression = self.expression();
                    let end = self.expect(Kind::RBrace);
                    let base = self.base(token.start, end.end);
                    parts.push(StringExpressionPart::Interpolated(InterpolatedPart { base, expression }));
                }
                Kind::Quote => {
                    let mut base = self.base(start.start, token.end);
                    base.comments = start.comments;
                    return Expression::String(Box::new(StringExpression { base, parts }));
                }
                kind => {
                    let location = self.location(token.start, token.end);
                    self.errors.push(format!("got unexpected token in string expression {location}: {kind}"));
                    let mut base = self.base(start.start, token.end);
                    base.comments = start.comments;
                    return Expression::String(Box::new(StringExpression { base, parts: Vec::new() }));
                }
            }
        }
    }

    pub(super) fn regexp_literal(&mut self) -> RegexpLiteral {
        let token = self.expect(Kind::Regex);
        let value = text::regexp(self.text(&token)).unwrap_or_else(|message| {
            self.errors.push(message);
            String::new()
        });
        RegexpLiteral { base: self.base_of_token(&token), value }
    }

    pub(super) fn time_literal(&mut self) -> Expression {
        let token = self.expect(Kind::Time);
        match text::date_time(self.text(&token)) {
            Some((value, offset)) => {
                let base = self.base_of_token(&token);
                Expression::DateTime(DateTimeLiteral { base, value, offset })
            }
            None => self.invalid_primary(&token),
        }
    }

    pub(super) fn duration_literal(&mut self) -> Expression {
        let token = self.expect(Kind::Duration);
        match text::duration(self.text(&token)) {
            Some(values) => {
                Expression::Duration(DurationLiteral { base: self.base_of_token(&token), values })
            }
            None => self.invalid_primary(&token),
        }
    }

    pub(super) fn pipe_literal(&mut self) -> PipeLiteral {
        let token = self.expect(Kind::PipeReceive);
        PipeLiteral { base: self.base_of_token(&token) }
    }
}
