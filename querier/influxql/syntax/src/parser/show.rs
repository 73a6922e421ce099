//! SHOW.

use super::{Parser, Result};
use crate::ast::{
    Admin, Cardinality, CardinalityOf, Measurement, MeasurementName, On, ShowKeys, ShowMeasurements,
    ShowTagValues, Statement, TagKeys,
};
use crate::printer::quote_ident;
use crate::scanner::Token;

const WHAT: [&str; 16] = [
    "CONTINUOUS",
    "DATABASES",
    "DIAGNOSTICS",
    "FIELD",
    "GRANTS",
    "MEASUREMENT",
    "MEASUREMENTS",
    "QUERIES",
    "RETENTION",
    "SERIES",
    "SHARD",
    "SHARDS",
    "STATS",
    "SUBSCRIPTIONS",
    "TAG",
    "USERS",
];

impl Parser<'_> {
    pub(super) fn show(&mut self) -> Result<Statement> {
        let (token, at) = self.next()?;
        let Token::Keyword(word) = token else { return Err(self.unexpected(&token, at, &WHAT)) };
        let admin = |name: &'static str| Ok(Statement::Admin(Admin { name, text: name.to_owned() }));
        match word {
            "DATABASES" => Ok(Statement::ShowDatabases),
            "MEASUREMENTS" => self.show_measurements(),
            "MEASUREMENT" => self.cardinality(CardinalityOf::Measurements),
            "RETENTION" => {
                self.expect_word("POLICIES")?;
                Ok(Statement::ShowRetentionPolicies(self.optional_on()?))
            }
            "SERIES" => {
                if self.cardinality_follows()? {
                    return self.cardinality(CardinalityOf::Series);
                }
                Ok(Statement::ShowSeries(self.show_keys(true)?))
            }
            "FIELD" => {
                let (token, at) = self.next()?;
                match token {
                    Token::Keyword("KEYS") if !self.cardinality_follows()? => {
                        Ok(Statement::ShowFieldKeys(self.show_keys(false)?))
                    }
                    Token::Keyword("KEY" | "KEYS") => self.cardinality(CardinalityOf::FieldKeys),
                    token => Err(self.unexpected(&token, at, &["KEY", "KEYS"])),
                }
            }
            "TAG" => {
                let (token, at) = self.next()?;
                match token {
                    Token::Keyword("KEYS") if !self.cardinality_follows()? => {
                        Ok(Statement::ShowTagKeys(self.show_keys(true)?))
                    }
                    Token::Keyword("KEY" | "KEYS") => self.cardinality(CardinalityOf::TagKeys),
                    Token::Keyword("VALUES") => {
                        if self.cardinality_follows()? {
                            return self.cardinality(CardinalityOf::TagValues(TagKeys::In(Vec::new())));
                        }
                        self.show_tag_values()
                    }
                    token => Err(self.unexpected(&token, at, &["KEY", "KEYS", "VALUES"])),
                }
            }
            "CONTINUOUS" => {
                self.expect_word("QUERIES")?;
                admin("SHOW CONTINUOUS QUERIES")
            }
            "GRANTS" => {
                self.expect_word("FOR")?;
                let text = format!("SHOW GRANTS FOR {}", quote_ident(&self.ident()?));
                Ok(Statement::Admin(Admin { name: "SHOW GRANTS", text }))
            }
            "SHARD" => {
                self.expect_word("GROUPS")?;
                admin("SHOW SHARD GROUPS")
            }
            "STATS" | "DIAGNOSTICS" => {
                let name = if word == "STATS" { "SHOW STATS" } else { "SHOW DIAGNOSTICS" };
                let mut text = name.to_owned();
                if self.take_word("FOR")? {
                    text = format!("{name} FOR {}", crate::printer::quote_string(&self.text()?));
                }
                Ok(Statement::Admin(Admin { name, text }))
            }
            "QUERIES" => admin("SHOW QUERIES"),
            "SHARDS" => admin("SHOW SHARDS"),
            "SUBSCRIPTIONS" => admin("SHOW SUBSCRIPTIONS"),
            "USERS" => admin("SHOW USERS"),
            _ => Err(self.unexpected(&Token::Keyword(word), at, &WHAT)),
        }
    }

    fn optional_on(&mut self) -> Result<Option<String>> {
        if self.take_word("ON")? { self.ident().map(Some) } else { Ok(None) }
    }

    fn show_keys(&mut self, series: bool) -> Result<ShowKeys> {
        let on = self.optional_on()?;
        let sources = self.optional_from()?;
        let condition = if series { self.optional_condition()? } else { None };
        let descending = self.optional_order()?;
        let limit = self.optional_count("LIMIT")?;
        let offset = self.optional_count("OFFSET")?;
        let (mut slimit, mut soffset) = (0, 0);
        if series {
            slimit = self.optional_count("SLIMIT")?;
            soffset = self.optional_count("SOFFSET")?;
        }
        Ok(ShowKeys { on, sources, condition, descending, limit, offset, slimit, soffset })
    }

    fn show_tag_values(&mut self) -> Result<Statement> {
        let on = self.optional_on()?;
        let sources = self.optional_from()?;
        self.expect_word("WITH")?;
        self.expect_word("KEY")?;
        let keys = self.tag_keys()?;
        let condition = self.optional_condition()?;
        let descending = self.optional_order()?;
        let limit = self.optional_count("LIMIT")?;
        let offset = self.optional_count("OFFSET")?;
        let show = ShowKeys { on, sources, condition, descending, limit, offset, slimit: 0, soffset: 0 };
        Ok(Statement::ShowTagValues(ShowTagValues { show, keys }))
    }

    fn tag_keys(&mut self) -> Result<TagKeys> {
        let (token, at) = self.next()?;
        match token {
            Token::Mark("=") => Ok(TagKeys::Equals(self.ident()?)),
            Token::Mark("!=") => Ok(TagKeys::NotEquals(self.ident()?)),
            Token::Mark(mark @ ("=~" | "!~")) => match self.optional_regex()? {
                Some(regex) if mark == "=~" => Ok(TagKeys::Matches(regex)),
                Some(regex) => Ok(TagKeys::NotMatches(regex)),
                None => {
                    let (token, at) = self.next()?;
                    Err(self.unexpected(&token, at, &["regex"]))
                }
            },
            Token::Keyword("IN") => {
                self.expect_mark("(")?;
                let mut names = vec![self.ident()?];
                while self.take_mark(",")? {
                    names.push(self.ident()?);
                }
                self.expect_mark(")")?;
                Ok(TagKeys::In(names))
            }
            token => Err(self.unexpected(&token, at, &["IN", "=", "!=", "=~", "!~"])),
        }
    }

    fn show_measurements(&mut self) -> Result<Statement> {
        let on = if self.take_word("ON")? { Some(self.on_any()?) } else { None };
        let mut source = None;
        if self.take_word("WITH")? {
            self.expect_word("MEASUREMENT")?;
            let (token, at) = self.next()?;
            source = Some(match token {
                Token::Mark("=") => {
                    let name = MeasurementName::Name(self.ident()?);
                    Measurement { database: String::new(), policy: String::new(), name }
                }
                Token::Mark("=~") => match self.optional_regex()? {
                    Some(regex) => {
                        let name = MeasurementName::Regex(regex);
                        Measurement { database: String::new(), policy: String::new(), name }
                    }
                    None => {
                        let (token, at) = self.next()?;
                        return Err(self.unexpected(&token, at, &["regex"]));
                    }
                },
                token => return Err(self.unexpected(&token, at, &["=", "=~"])),
            });
        }
        let condition = self.optional_condition()?;
        let descending = self.optional_order()?;
        let limit = self.optional_count("LIMIT")?;
        let offset = self.optional_count("OFFSET")?;
        Ok(Statement::ShowMeasurements(ShowMeasurements { on, source, condition, descending, limit, offset }))
    }

    fn on_any(&mut self) -> Result<On> {
        let database = if self.take_mark("*")? { None } else { Some(self.ident()?) };
        let mut policy = None;
        let mut any_policy = false;
        if self.take_mark(".")? {
            if self.take_mark("*")? {
                any_policy = true;
            } else {
                policy = Some(self.ident()?);
            }
        }
        Ok(match database {
            Some(database) if !any_policy => On::Database { database, policy },
            // `*` alone has a policy that is none, `*.*` one that is any.
            database => On::Any { database, policy: if any_policy { Some("*".to_owned()) } else { policy } },
        })
    }

    fn cardinality_follows(&mut self) -> Result<bool> {
        let before = (self.scanner.at, self.last);
        let found = matches!(self.next(), Ok((Token::Keyword("EXACT" | "CARDINALITY"), _)));
        (self.scanner.at, self.last) = before;
        Ok(found)
    }

    fn cardinality(&mut self, of: CardinalityOf) -> Result<Statement> {
        let exact = self.take_word("EXACT")?;
        let (token, at) = self.next()?;
        if token != Token::Keyword("CARDINALITY") {
            let expected: &[_] = if exact { &["CARDINALITY"] } else { &["EXACT", "CARDINALITY"] };
            return Err(self.unexpected(&token, at, expected));
        }
        let on = self.optional_on()?;
        let sources = self.optional_from()?;
        let of = match of {
            CardinalityOf::TagValues(_) => {
                self.expect_word("WITH")?;
                self.expect_word("KEY")?;
                CardinalityOf::TagValues(self.tag_keys()?)
            }
            of => of,
        };
        let condition = self.optional_condition()?;
        let dimensions = self.optional_dimensions()?;
        let limit = self.optional_count("LIMIT")?;
        let offset = self.optional_count("OFFSET")?;
        let all = Cardinality { of, exact, on, sources, condition, dimensions, limit, offset };
        Ok(Statement::ShowCardinality(all))
    }
}
