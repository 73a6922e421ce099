//! Which statement it is.

use super::{Parser, Result};
use crate::ast::{Measurement, Statement};
use crate::scanner::Token;

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Result<Statement> {
        const FIRST: [&str; 11] = [
            "SELECT", "DELETE", "SHOW", "CREATE", "DROP", "EXPLAIN", "GRANT", "REVOKE", "ALTER", "SET",
            "KILL",
        ];
        let (token, at) = self.next()?;
        match token {
            Token::Keyword("SELECT") => Ok(Statement::Select(Box::new(self.select()?))),
            Token::Keyword("DELETE") => self.delete(),
            Token::Keyword("SHOW") => self.show(),
            Token::Keyword("DROP") => self.drop(),
            Token::Keyword("EXPLAIN") => {
                let analyze = self.take_word("ANALYZE")?;
                let verbose = self.take_word("VERBOSE")?;
                self.expect_word("SELECT")?;
                Ok(Statement::Explain { analyze, verbose, select: Box::new(self.select()?) })
            }
            Token::Keyword("CREATE") => self.create(),
            Token::Keyword("ALTER") => self.alter(),
            Token::Keyword("GRANT") => self.grant(),
            Token::Keyword("REVOKE") => self.revoke(),
            Token::Keyword("SET") => self.set_password(),
            Token::Keyword("KILL") => self.kill(),
            token => Err(self.unexpected(&token, at, &FIRST)),
        }
    }

    /// `FROM a, b`
    pub(super) fn optional_from(&mut self) -> Result<Vec<Measurement>> {
        if self.take_word("FROM")? { self.measurements() } else { Ok(Vec::new()) }
    }

    pub(super) fn measurements(&mut self) -> Result<Vec<Measurement>> {
        let mut out = vec![self.measurement()?];
        while self.take_mark(",")? {
            out.push(self.measurement()?);
        }
        Ok(out)
    }

    fn delete(&mut self) -> Result<Statement> {
        let (token, at) = self.next()?;
        match token {
            Token::Keyword("FROM") => {
                let sources = self.measurements()?;
                Ok(Statement::Delete { sources, condition: self.optional_condition()? })
            }
            Token::Keyword("WHERE") => {
                Ok(Statement::Delete { sources: Vec::new(), condition: Some(self.expr()?) })
            }
            token => Err(self.unexpected(&token, at, &["FROM", "WHERE"])),
        }
    }

    fn drop(&mut self) -> Result<Statement> {
        const WHAT: [&str; 8] =
            ["CONTINUOUS", "DATABASE", "MEASUREMENT", "RETENTION", "SERIES", "SHARD", "SUBSCRIPTION", "USER"];
        let (token, at) = self.next()?;
        match token {
            Token::Keyword("MEASUREMENT") => Ok(Statement::DropMeasurement(self.ident()?)),
            Token::Keyword("SERIES") => {
                let (token, at) = self.next()?;
                match token {
                    Token::Keyword("FROM") => {
                        let sources = self.measurements()?;
                        Ok(Statement::DropSeries { sources, condition: self.optional_condition()? })
                    }
                    Token::Keyword("WHERE") => {
                        Ok(Statement::DropSeries { sources: Vec::new(), condition: Some(self.expr()?) })
                    }
                    token => Err(self.unexpected(&token, at, &["FROM", "WHERE"])),
                }
            }
            Token::Keyword(what) if WHAT.contains(&what) => self.drop_admin(what),
            token => Err(self.unexpected(&token, at, &WHAT)),
        }
    }
}
