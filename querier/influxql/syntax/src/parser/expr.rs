//! Expressions.

use super::{OPERATORS, Parser, Result, is_word};
use crate::ast::{DataType, Expr, Op, Wildcard};
use crate::duration::parse_duration;
use crate::error::ParseError;
use crate::scanner::Token;

const OPERAND: [&str; 4] = ["identifier", "string", "number", "bool"];

impl Parser<'_> {
    /// An expression: operands and operators, tighter ones first, equal ones from the left.
    pub(super) fn expr(&mut self) -> Result<Expr> {
        self.enter()?;
        let mut operands = vec![self.operand()?];
        let mut operators: Vec<Op> = Vec::new();
        let mut count = 0;
        loop {
            let (token, _) = self.next()?;
            let op = match token {
                Token::Mark(mark) | Token::Keyword(mark) => Op::from_symbol(mark),
                _ => None,
            };
            let Some(op) = op else {
                self.back();
                break;
            };
            count += 1;
            if count > OPERATORS {
                return Err(ParseError::Message("the query nests too deep".to_owned()));
            }
            reduce(&mut operands, &mut operators, op.precedence());
            operators.push(op);
            operands.push(self.right_of(op)?);
        }
        reduce(&mut operands, &mut operators, 0);
        self.depth -= 1;
        operands.pop().ok_or_else(|| ParseError::Message("an expression is missing".to_owned()))
    }

    fn right_of(&mut self, op: Op) -> Result<Expr> {
        if !matches!(op, Op::Match | Op::NotMatch) {
            return self.operand();
        }
        match self.optional_regex()? {
            Some(regex) => Ok(Expr::Regex(regex)),
            None => {
                let (token, at) = self.next()?;
                Err(self.unexpected(&token, at, &["regex"]))
            }
        }
    }

    fn operand(&mut self) -> Result<Expr> {
        if let Some(regex) = self.optional_regex()? {
            return Ok(Expr::Regex(regex));
        }
        let (token, at) = self.next()?;
        match token {
            Token::Mark("(") => {
                let inner = self.expr()?;
                self.expect_mark(")")?;
                Ok(Expr::Paren(Box::new(inner)))
            }
            Token::Mark(sign @ ("+" | "-")) => self.signed(sign == "-"),
            Token::Mark("*") => Ok(Expr::Wildcard(self.wildcard()?)),
            Token::Ident(name) if self.take_mark("(")? => self.call(&name),
            Token::Ident(name) => self.var_ref(name),
            Token::Keyword("DISTINCT") => {
                if self.take_mark("(")? {
                    return self.call("distinct");
                }
                Ok(Expr::Distinct(self.ident()?))
            }
            Token::Text(text) => Ok(Expr::String(text)),
            Token::Number(text) => {
                let wrong = self.wrong_at("unable to parse number", at);
                text.parse().map(Expr::Number).map_err(|_| wrong)
            }
            Token::Integer(text) => self.integer(&text, at),
            Token::Duration(text) => parse_duration(&text)
                .map(Expr::Duration)
                .ok_or_else(|| ParseError::Message("invalid duration".to_owned())),
            Token::Keyword(word @ ("TRUE" | "FALSE")) => Ok(Expr::Boolean(word == "TRUE")),
            token => Err(self.unexpected(&token, at, &OPERAND)),
        }
    }

    fn integer(&self, text: &str, at: usize) -> Result<Expr> {
        if let Ok(v) = text.parse::<i64>() {
            return Ok(Expr::Integer(v));
        }
        text.parse::<u64>().map(Expr::Unsigned).map_err(|_| self.wrong_at("unable to parse integer", at))
    }

    /// What follows a sign: a literal takes it, anything else is multiplied by it.
    fn signed(&mut self, negative: bool) -> Result<Expr> {
        const AFTER: [&str; 4] = ["identifier", "number", "duration", "("];
        let (token, at) = self.next()?;
        let fits = matches!(
            token,
            Token::Number(_) | Token::Integer(_) | Token::Duration(_) | Token::Ident(_) | Token::Mark("(")
        );
        if !fits {
            return Err(self.unexpected(&token, at, &AFTER));
        }
        if let (Token::Integer(text), true) = (&token, negative)
            && *text == (1u64 << 63).to_string()
        {
            return Ok(Expr::Integer(i64::MIN));
        }
        self.back();
        let operand = self.operand()?;
        let sign = if negative { -1 } else { 1 };
        Ok(match operand {
            Expr::Number(v) => Expr::Number(if negative { -v } else { v }),
            Expr::Integer(v) => Expr::Integer(v.wrapping_mul(sign)),
            Expr::Duration(v) => Expr::Duration(v.wrapping_mul(sign)),
            Expr::Unsigned(v) if negative => {
                return Err(self.wrong_at(format!("constant -{v} underflows int64"), at));
            }
            Expr::Unsigned(v) => Expr::Unsigned(v),
            // In parentheses, so that it prints as what it is whatever stands before it.
            other => Expr::Paren(Box::new(Expr::binary(Op::Mul, Expr::Integer(sign), other))),
        })
    }

    fn call(&mut self, name: &str) -> Result<Expr> {
        self.enter()?;
        let name = name.to_ascii_lowercase();
        let mut args = Vec::new();
        if !self.take_mark(")")? {
            loop {
                args.push(self.expr()?);
                if !self.take_mark(",")? {
                    break;
                }
            }
            self.expect_mark(")")?;
        }
        self.depth -= 1;
        Ok(Expr::Call { name, args })
    }

    fn var_ref(&mut self, mut name: String) -> Result<Expr> {
        while self.take_mark(".")? {
            name.push('.');
            if !self.take_mark(".")? {
                name.push_str(&self.ident()?);
            } else {
                name.push('.');
                name.push_str(&self.ident()?);
            }
        }
        let ty = if self.take_mark("::")? { self.data_type()? } else { DataType::Any };
        Ok(Expr::VarRef { name, ty })
    }

    fn data_type(&mut self) -> Result<DataType> {
        const EACH: [DataType; 7] = [
            DataType::Float,
            DataType::Integer,
            DataType::Unsigned,
            DataType::String,
            DataType::Boolean,
            DataType::Field,
            DataType::Tag,
        ];
        let (token, at) = self.next()?;
        let name = match &token {
            Token::Ident(name) => name.to_ascii_lowercase(),
            Token::Keyword(word) => word.to_ascii_lowercase(),
            _ => String::new(),
        };
        EACH.into_iter().find(|t| t.name() == name).ok_or_else(|| {
            let expected = ["float", "integer", "unsigned", "string", "boolean", "field", "tag"];
            self.unexpected(&token, at, &expected)
        })
    }

    pub(super) fn wildcard(&mut self) -> Result<Wildcard> {
        if !self.take_mark("::")? {
            return Ok(Wildcard::All);
        }
        match self.next()? {
            (Token::Keyword("FIELD"), _) => Ok(Wildcard::Fields),
            (Token::Keyword("TAG"), _) => Ok(Wildcard::Tags),
            (token, at) => Err(self.unexpected(&token, at, &["field", "tag"])),
        }
    }

    /// `WHERE …`
    pub(super) fn optional_condition(&mut self) -> Result<Option<Expr>> {
        if self.take_word("WHERE")? { self.expr().map(Some) } else { Ok(None) }
    }

    /// A name that messages of other parsers call a function's.
    pub(super) fn is_call_of(&mut self, name: &str) -> Result<bool> {
        debug_assert!(!is_word(name), "{name} is a reserved word");
        let before = (self.scanner.at, self.last);
        let named = matches!(self.next(), Ok((Token::Ident(n), _)) if n.eq_ignore_ascii_case(name));
        if named && self.take_mark("(")? {
            return Ok(true);
        }
        (self.scanner.at, self.last) = before;
        Ok(false)
    }
}

/// Applies the operators that bind at least as tightly.
fn reduce(operands: &mut Vec<Expr>, operators: &mut Vec<Op>, precedence: u8) {
    while let Some(op) = operators.last().copied() {
        if op.precedence() < precedence {
            return;
        }
        operators.pop();
        if let (Some(rhs), Some(lhs)) = (operands.pop(), operands.pop()) {
            operands.push(Expr::binary(op, lhs, rhs));
        }
    }
}
