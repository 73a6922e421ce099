//! SELECT.

use super::{Parser, Result};
use crate::ast::{Dimension, Expr, Field, Fill, Select, Source};
use crate::error::ParseError;
use crate::scanner::Token;

impl Parser<'_> {
    /// What follows the word SELECT.
    pub(super) fn select(&mut self) -> Result<Select> {
        self.enter()?;
        let mut fields = Vec::new();
        loop {
            let expr = self.expr()?;
            let alias = if self.take_word("AS")? { Some(self.ident()?) } else { None };
            fields.push(Field { expr, alias });
            if !self.take_mark(",")? {
                break;
            }
        }
        let target = if self.take_word("INTO")? { Some(self.measurement()?) } else { None };
        self.expect_word("FROM")?;
        let mut sources = Vec::new();
        loop {
            if self.take_mark("(")? {
                self.expect_word("SELECT")?;
                sources.push(Source::Subquery(Box::new(self.select()?)));
                self.expect_mark(")")?;
            } else {
                sources.push(Source::Measurement(self.measurement()?));
            }
            if !self.take_mark(",")? {
                break;
            }
        }
        let condition = self.optional_condition()?;
        let dimensions = self.optional_dimensions()?;
        let fill = self.optional_fill()?;
        let descending = self.optional_order()?;
        let limit = self.optional_count("LIMIT")?;
        let offset = self.optional_count("OFFSET")?;
        let slimit = self.optional_count("SLIMIT")?;
        let soffset = self.optional_count("SOFFSET")?;
        let zone = self.optional_zone()?;
        self.depth -= 1;
        Ok(Select {
            fields,
            target,
            sources,
            condition,
            dimensions,
            fill,
            descending,
            limit,
            offset,
            slimit,
            soffset,
            zone,
        })
    }

    pub(super) fn optional_dimensions(&mut self) -> Result<Vec<Dimension>> {
        let mut out = Vec::new();
        if !self.take_word("GROUP")? {
            return Ok(out);
        }
        self.expect_word("BY")?;
        loop {
            out.push(Dimension { expr: self.expr()? });
            if !self.take_mark(",")? {
                return Ok(out);
            }
        }
    }

    fn optional_fill(&mut self) -> Result<Fill> {
        if !self.is_call_of("fill")? {
            return Ok(Fill::Default);
        }
        let arg = self.expr()?;
        if self.take_mark(",")? {
            return Err(ParseError::Message(
                "fill requires an argument, e.g.: 0, null, none, previous, linear".into(),
            ));
        }
        self.expect_mark(")")?;
        let number = || ParseError::Message("expected number argument in fill()".to_owned());
        Ok(match arg.unparen() {
            Expr::VarRef { name, .. } => match name.as_str() {
                "null" => Fill::Null,
                "none" => Fill::None,
                "previous" => Fill::Previous,
                "linear" => Fill::Linear,
                _ => return Err(number()),
            },
            Expr::Integer(v) => Fill::Integer(*v),
            Expr::Number(v) => Fill::Float(*v),
            _ => return Err(number()),
        })
    }

    pub(super) fn optional_order(&mut self) -> Result<Option<bool>> {
        if !self.take_word("ORDER")? {
            return Ok(None);
        }
        self.expect_word("BY")?;
        let only_time = || ParseError::Message("only ORDER BY time supported at this time".to_owned());
        let (token, at) = self.next()?;
        let descending = match token {
            Token::Keyword(word @ ("ASC" | "DESC")) => return Ok(Some(word == "DESC")),
            Token::Ident(name) if name == "time" => match self.next()? {
                (Token::Keyword("DESC"), _) => true,
                (Token::Keyword("ASC"), _) => false,
                _ => {
                    self.back();
                    false
                }
            },
            Token::Ident(_) => return Err(only_time()),
            token => return Err(self.unexpected(&token, at, &["identifier", "ASC", "DESC"])),
        };
        if self.take_mark(",")? { Err(only_time()) } else { Ok(Some(descending)) }
    }

    fn optional_zone(&mut self) -> Result<Option<String>> {
        if !self.is_call_of("tz")? {
            return Ok(None);
        }
        let arg = self.expr()?;
        if self.take_mark(",")? {
            return Err(ParseError::Message("tz requires exactly one argument".to_owned()));
        }
        self.expect_mark(")")?;
        match arg {
            Expr::String(name) => Ok(Some(name)),
            _ => Err(ParseError::Message("expected string argument in tz()".to_owned())),
        }
    }
}
