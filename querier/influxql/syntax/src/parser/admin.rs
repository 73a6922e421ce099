//! Statements that manage databases, users and the like: they are read whole and kept as text.

use super::{Parser, Result};
use crate::ast::{Admin, Statement};
use crate::duration::{format_duration, parse_duration};
use crate::error::ParseError;
use crate::printer::{quote_ident, quote_string};
use crate::scanner::Token;

fn admin(name: &'static str, text: String) -> Result<Statement> {
    Ok(Statement::Admin(Admin { name, text }))
}

impl Parser<'_> {
    fn name(&mut self) -> Result<String> {
        Ok(quote_ident(&self.ident()?))
    }

    fn duration(&mut self) -> Result<String> {
        match self.next()? {
            (Token::Keyword("INF"), _) => Ok("INF".to_owned()),
            (Token::Integer(text), _) if text == "0" => Ok("0s".to_owned()),
            (Token::Duration(text), at) => parse_duration(&text)
                .map(format_duration)
                .ok_or_else(|| self.wrong_at("invalid duration", at)),
            (token, at) => Err(self.unexpected(&token, at, &["duration"])),
        }
    }

    pub(super) fn create(&mut self) -> Result<Statement> {
        const WHAT: [&str; 5] = ["CONTINUOUS", "DATABASE", "USER", "RETENTION", "SUBSCRIPTION"];
        let (token, at) = self.next()?;
        match token {
            Token::Keyword("DATABASE") => {
                let mut text = format!("CREATE DATABASE {}", self.name()?);
                if self.take_word("WITH")? {
                    text.push_str(" WITH");
                    let options = self.policy_options(true)?;
                    if options.is_empty() {
                        let (token, at) = self.next()?;
                        let expected = ["DURATION", "REPLICATION", "SHARD", "NAME", "FUTURE", "PAST"];
                        return Err(self.unexpected(&token, at, &expected));
                    }
                    text.push_str(&options);
                }
                admin("CREATE DATABASE", text)
            }
            Token::Keyword("RETENTION") => {
                self.expect_word("POLICY")?;
                let name = self.name()?;
                self.expect_word("ON")?;
                let mut text = format!("CREATE RETENTION POLICY {name} ON {}", self.name()?);
                text.push_str(&self.policy_options(false)?);
                admin("CREATE RETENTION POLICY", text)
            }
            Token::Keyword("USER") => {
                let mut text = format!("CREATE USER {}", self.name()?);
                self.expect_word("WITH")?;
                self.expect_word("PASSWORD")?;
                text.push_str(&format!(" WITH PASSWORD {}", quote_string(&self.text()?)));
                if self.take_word("WITH")? {
                    self.expect_word("ALL")?;
                    self.expect_word("PRIVILEGES")?;
                    text.push_str(" WITH ALL PRIVILEGES");
                }
                admin("CREATE USER", text)
            }
            Token::Keyword("SUBSCRIPTION") => {
                let name = self.name()?;
                self.expect_word("ON")?;
                let database = self.name()?;
                self.expect_mark(".")?;
                let policy = self.name()?;
                self.expect_word("DESTINATIONS")?;
                let (token, at) = self.next()?;
                let mode = match token {
                    Token::Keyword(mode @ ("ALL" | "ANY")) => mode,
                    token => return Err(self.unexpected(&token, at, &["ALL", "ANY"])),
                };
                let mut places = vec![quote_string(&self.text()?)];
                while self.take_mark(",")? {
                    places.push(quote_string(&self.text()?));
                }
                let places = places.join(", ");
                let text =
                    format!("CREATE SUBSCRIPTION {name} ON {database}.{policy} DESTINATIONS {mode} {places}");
                admin("CREATE SUBSCRIPTION", text)
            }
            Token::Keyword("CONTINUOUS") => self.continuous_query(),
            token => Err(self.unexpected(&token, at, &WHAT)),
        }
    }

    fn continuous_query(&mut self) -> Result<Statement> {
        self.expect_word("QUERY")?;
        let name = self.name()?;
        self.expect_word("ON")?;
        let mut text = format!("CREATE CONTINUOUS QUERY {name} ON {}", self.name()?);
        if self.take_word("RESAMPLE")? {
            text.push_str(" RESAMPLE");
            let every = self.take_word("EVERY")?;
            if every {
                text.push_str(&format!(" EVERY {}", self.duration()?));
            }
            if self.take_word("FOR")? {
                text.push_str(&format!(" FOR {}", self.duration()?));
            } else if !every {
                let (token, at) = self.next()?;
                return Err(self.unexpected(&token, at, &["EVERY", "FOR"]));
            }
        }
        self.expect_word("BEGIN")?;
        self.expect_word("SELECT")?;
        let select = self.select()?;
        self.expect_word("END")?;
        if select.target.is_none() {
            return Err(ParseError::Message("must be a SELECT INTO clause".to_owned()));
        }
        text.push_str(&format!(" BEGIN {select} END"));
        admin("CREATE CONTINUOUS QUERY", text)
    }

    /// The options of a retention policy, in the order in which they are written.
    fn policy_options(&mut self, named: bool) -> Result<String> {
        let mut text = String::new();
        loop {
            if self.take_word("DURATION")? {
                text.push_str(&format!(" DURATION {}", self.duration()?));
            } else if self.take_word("REPLICATION")? {
                text.push_str(&format!(" REPLICATION {}", self.count()?));
            } else if self.take_word("SHARD")? {
                self.expect_word("DURATION")?;
                text.push_str(&format!(" SHARD DURATION {}", self.duration()?));
            } else if self.take_word("FUTURE")? {
                self.expect_word("LIMIT")?;
                text.push_str(&format!(" FUTURE LIMIT {}", self.duration()?));
            } else if self.take_word("PAST")? {
                self.expect_word("LIMIT")?;
                text.push_str(&format!(" PAST LIMIT {}", self.duration()?));
            } else if named && self.take_word("NAME")? {
                text.push_str(&format!(" NAME {}", self.name()?));
            } else if !named && self.take_word("DEFAULT")? {
                text.push_str(" DEFAULT");
            } else {
                return Ok(text);
            }
        }
    }

    pub(super) fn alter(&mut self) -> Result<Statement> {
        self.expect_word("RETENTION")?;
        self.expect_word("POLICY")?;
        let name = if self.take_word("DEFAULT")? { "DEFAULT".to_owned() } else { self.name()? };
        self.expect_word("ON")?;
        let mut text = format!("ALTER RETENTION POLICY {name} ON {}", self.name()?);
        text.push_str(&self.policy_options(false)?);
        admin("ALTER RETENTION POLICY", text)
    }

    pub(super) fn drop_admin(&mut self, what: &'static str) -> Result<Statement> {
        match what {
            "DATABASE" => {
                let text = format!("DROP DATABASE {}", self.name()?);
                admin("DROP DATABASE", text)
            }
            "USER" => {
                let text = format!("DROP USER {}", self.name()?);
                admin("DROP USER", text)
            }
            "SHARD" => {
                let text = format!("DROP SHARD {}", self.count()?);
                admin("DROP SHARD", text)
            }
            "CONTINUOUS" => {
                self.expect_word("QUERY")?;
                let name = self.name()?;
                self.expect_word("ON")?;
                let text = format!("DROP CONTINUOUS QUERY {name} ON {}", self.name()?);
                admin("DROP CONTINUOUS QUERY", text)
            }
            "RETENTION" => {
                self.expect_word("POLICY")?;
                let name = self.name()?;
                self.expect_word("ON")?;
                let text = format!("DROP RETENTION POLICY {name} ON {}", self.name()?);
                admin("DROP RETENTION POLICY", text)
            }
            _ => {
                let name = self.name()?;
                self.expect_word("ON")?;
                let database = self.name()?;
                self.expect_mark(".")?;
                let text = format!("DROP SUBSCRIPTION {name} ON {database}.{}", self.name()?);
                admin("DROP SUBSCRIPTION", text)
            }
        }
    }

    fn privilege(&mut self) -> Result<&'static str> {
        match self.next()? {
            (Token::Keyword("ALL"), _) => {
                self.take_word("PRIVILEGES")?;
                Ok("ALL PRIVILEGES")
            }
            (Token::Keyword("READ"), _) => Ok("READ"),
            (Token::Keyword("WRITE"), _) => Ok("WRITE"),
            (token, at) => Err(self.unexpected(&token, at, &["READ", "WRITE", "ALL [PRIVILEGES]"])),
        }
    }

    pub(super) fn grant(&mut self) -> Result<Statement> {
        let privilege = self.privilege()?;
        if privilege == "ALL PRIVILEGES" && self.take_word("TO")? {
            let text = format!("GRANT ALL PRIVILEGES TO {}", self.name()?);
            return admin("GRANT ALL", text);
        }
        self.expect_word("ON")?;
        let database = self.name()?;
        self.expect_word("TO")?;
        let text = format!("GRANT {privilege} ON {database} TO {}", self.name()?);
        admin("GRANT", text)
    }

    pub(super) fn revoke(&mut self) -> Result<Statement> {
        let privilege = self.privilege()?;
        if privilege == "ALL PRIVILEGES" && self.take_word("FROM")? {
            let text = format!("REVOKE ALL PRIVILEGES FROM {}", self.name()?);
            return admin("REVOKE ALL", text);
        }
        self.expect_word("ON")?;
        let database = self.name()?;
        self.expect_word("FROM")?;
        let text = format!("REVOKE {privilege} ON {database} FROM {}", self.name()?);
        admin("REVOKE", text)
    }

    pub(super) fn set_password(&mut self) -> Result<Statement> {
        self.expect_word("PASSWORD")?;
        self.expect_word("FOR")?;
        let name = self.name()?;
        self.expect_mark("=")?;
        let text = format!("SET PASSWORD FOR {name} = {}", quote_string(&self.text()?));
        admin("SET PASSWORD", text)
    }

    pub(super) fn kill(&mut self) -> Result<Statement> {
        self.expect_word("QUERY")?;
        let mut text = format!("KILL QUERY {}", self.count()?);
        if self.take_word("ON")? {
            text.push_str(&format!(" ON {}", self.name()?));
        }
        admin("SHOW QUERIES", text)
    }
}
