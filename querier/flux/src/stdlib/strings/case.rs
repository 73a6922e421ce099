//! Upper, lower and title case. A character maps to one character; where case would need several it stays.

use super::{only, text};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "strings":
    TO_UPPER = "toUpper", "(v: string) => string", "Converts text to upper case.",
        |args, _| Ok(map(&only(args)?, upper));
    TO_LOWER = "toLower", "(v: string) => string", "Converts text to lower case.",
        |args, _| Ok(map(&only(args)?, lower));
    TO_TITLE = "toTitle", "(v: string) => string", "Converts every character to title case.",
        |args, _| Ok(map(&only(args)?, title));
    TITLE = "title", "(v: string) => string", "Converts the first letter of each word to title case.",
        |args, _| Ok(Value::from(capitalize(&only(args)?)));
    EQUAL_FOLD = "equalFold", "(v: string, t: string) => bool", "Whether two texts are equal but for case.",
        |args, _| Ok(Value::Bool(text(args, "v")?.chars().map(fold).eq(text(args, "t")?.chars().map(fold))));
}

fn map(text: &str, f: fn(char) -> char) -> Value {
    Value::from(text.chars().map(f).collect::<String>())
}

fn upper(c: char) -> char {
    // Greek letters with an iota below have a capital of one letter besides that of two.
    match c {
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => {
            return char::from_u32(u32::from(c) + 8).unwrap_or(c);
        }
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => return char::from_u32(u32::from(c) + 9).unwrap_or(c),
        _ => {}
    }
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(u), None) => u,
        _ => c,
    }
}

fn lower(c: char) -> char {
    if c == 'İ' {
        return 'i';
    }
    let mut mapped = c.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(l), None) => l,
        _ => c,
    }
}

/// The few letters made of two have a title case of their own.
fn title(c: char) -> char {
    match c {
        '\u{1C4}'..='\u{1C6}' => '\u{1C5}',
        '\u{1C7}'..='\u{1C9}' => '\u{1C8}',
        '\u{1CA}'..='\u{1CC}' => '\u{1CB}',
        '\u{1F1}'..='\u{1F3}' => '\u{1F2}',
        // Georgian titles are not written in capitals.
        '\u{10D0}'..='\u{10FA}' | '\u{10FD}'..='\u{10FF}' => c,
        c => upper(c),
    }
}

fn fold(c: char) -> char {
    lower(upper(c))
}

fn capitalize(text: &str) -> String {
    let mut at_start = true;
    text.chars()
        .map(|c| {
            let mapped = if at_start { title(c) } else { c };
            at_start = separates(c);
            mapped
        })
        .collect()
}

/// Whether a word may begin after the character.
fn separates(c: char) -> bool {
    match c {
        '_' => false,
        c if c.is_ascii() => !c.is_ascii_alphanumeric(),
        c => c.is_whitespace(),
    }
}
