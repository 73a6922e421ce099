//! What a prompt remembers between lines: imports, options and variables, of which each new line makes a script.

use weir_flux_syntax::ast::{Assignment, Expression, Statement};

/// Whether a text can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// It is whole.
    Whole,
    /// It goes on: a bracket or a text is open.
    Unfinished,
}

/// Whether a text is whole, or waits for more lines.
pub fn reading(text: &str) -> Reading {
    let file = weir_flux_syntax::parse(text, "");
    let at_the_end = |message: &str| message.contains("EOF") || message.contains("unterminated");
    let errors = weir_flux_syntax::errors(&file);
    let (mut open, mut in_text, mut escaped) = (0i64, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => open += 1,
            ')' | ']' | '}' if !in_text => open -= 1,
            _ => {}
        }
    }
    if !errors.is_empty() && (in_text || open > 0 || errors.iter().any(|e| at_the_end(&e.message))) {
        return Reading::Unfinished;
    }
    Reading::Whole
}

/// What was entered so far.
#[derive(Debug, Default)]
pub struct Session {
    imports: Vec<String>,
    /// Names and the statements that define them.
    definitions: Vec<(String, String)>,
}

/// What to run for a line, and what the session is after it.
#[derive(Debug)]
pub struct Entered {
    /// The script; `None` if the line only defines something that has to be checked.
    pub script: String,
    /// Whether the line asks for something to be shown.
    pub asks: bool,
    /// The same script, in which the last expression is a table with the expression's value as text. For values that
    /// are no tables.
    pub as_value: Option<String>,
    next: Session,
}

impl Session {
    /// Reads a line.
    ///
    /// # Errors
    /// When it is no Flux.
    pub fn enter(&self, text: &str) -> Result<Entered, String> {
        let file = weir_flux_syntax::parse_valid(text, "").map_err(|e| e.to_string())?;
        let mut next = Self { imports: self.imports.clone(), definitions: self.definitions.clone() };
        for import in &file.imports {
            let source = import.base.location.text().to_owned();
            if !next.imports.contains(&source) {
                next.imports.push(source);
            }
        }
        let mut body: Vec<String> = Vec::new();
        let mut last = None;
        for statement in &file.body {
            let source = statement.base().location.text().to_owned();
            match defined(statement) {
                Some(name) => {
                    // A name that is given again takes the new meaning, and what used it sees the new one.
                    match next.definitions.iter_mut().find(|(known, _)| *known == name) {
                        Some(known) => known.1 = source,
                        None => next.definitions.push((name, source)),
                    }
                }
                None => {
                    last = match statement {
                        Statement::Expression(s) => Some(s.expression.base().location.text().to_owned()),
                        _ => None,
                    };
                    body.push(source);
                }
            }
        }
        let script = next.script(&body, "");
        let as_value = last.map(|expression| {
            body.pop();
            body.push(format!("____array.from(rows: [{{value: display(v: {expression})}}])"));
            next.script(&body, "import ____array \"array\"\n")
        });
        let asks = !body.is_empty();
        Ok(Entered { script, asks, as_value, next })
    }

    /// Takes what a line defined, after it was run.
    pub fn accept(&mut self, entered: Entered) {
        *self = entered.next;
    }

    fn script(&self, body: &[String], imports: &str) -> String {
        let definitions = self.definitions.iter().map(|(_, source)| source.as_str());
        let lines: Vec<&str> = definitions.chain(body.iter().map(String::as_str)).collect();
        let own: String = self.imports.iter().map(|i| format!("{i}\n")).collect();
        format!("{imports}{own}{}\n", lines.join("\n"))
    }
}

fn defined(statement: &Statement) -> Option<String> {
    match statement {
        Statement::Variable(s) => Some(s.id.name.clone()),
        Statement::Option(s) => Some(match &s.assignment {
            Assignment::Variable(a) => a.id.name.clone(),
            Assignment::Member(a) => match &a.member.object {
                Expression::Identifier(package) => format!("{}.{}", package.name, a.member.property.name()),
                _ => return None,
            },
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_build_on_lines() {
        let mut session = Session::default();
        for line in ["import \"math\"", "x = 1", "x = 2\ny = x + 1"] {
            let entered = session.enter(line).unwrap();
            assert!(!entered.asks);
            session.accept(entered);
        }
        let entered = session.enter("y * x").unwrap();
        assert_eq!(entered.script, "import \"math\"\nx = 2\ny = x + 1\ny * x\n");
        assert!(entered.as_value.unwrap().contains("display(v: y * x)"));
        assert!(session.enter("1 +").is_err());
    }

    #[test]
    fn open_brackets_wait() {
        assert_eq!(reading("f = (a) => {"), Reading::Unfinished);
        assert_eq!(reading("x = [1, 2"), Reading::Unfinished);
        assert_eq!(reading("x = 1"), Reading::Whole);
        // What more lines cannot mend is not waited for.
        assert_eq!(reading("x = )"), Reading::Whole);
    }
}
