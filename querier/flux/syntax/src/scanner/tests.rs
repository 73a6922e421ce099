use super::*;

fn kinds(source: &str, mode: Mode) -> String {
    let mut scanner = Scanner::new(source);
    let mut out = Vec::new();
    loop {
        let token = scanner.scan(mode);
        if token.kind == Kind::Eof {
            return out.join(" ");
        }
        out.push(format!("{}:{}", token.kind, scanner.text(&token)));
    }
}

#[test]
fn longest_match_wins() {
    for (source, want) in [
        ("a1 _b or orx", "IDENT:a1 IDENT:_b OR:or IDENT:orx"),
        ("1 1. .5 1.5 012", "INT:1 FLOAT:1. FLOAT:.5 FLOAT:1.5 INT:012"),
        (
            "1h30m 1mo 1m 1ms 5µs 1e10",
            "DURATION:1h30m DURATION:1mo DURATION:1m DURATION:1ms DURATION:5µs INT:1 IDENT:e10",
        ),
        ("2020-01-01 2020-01-1", "TIME:2020-01-01 INT:2020 SUB:- INT:01 SUB:- INT:1"),
        ("2020-01-01T00:00:00.5+01:00", "TIME:2020-01-01T00:00:00.5+01:00"),
        ("2020-01-01T00:00", "TIME:2020-01-01 IDENT:T00 COLON:: INT:00"),
        (
            "<- <= < => == =~ = != !~ |> >= >",
            "PIPE_RECEIVE:<- LTE:<= LT:< ARROW:=> EQ:== REGEXEQ:=~ ASSIGN:= NEQ:!= REGEXNEQ:!~ PIPE_FORWARD:|> GTE:>= GT:>",
        ),
        ("; ! | é ☃", "ILLEGAL:; ILLEGAL:! ILLEGAL:| IDENT:é ILLEGAL:☃"),
        ("@edition @ x", "ATTRIBUTE:@edition ILLEGAL:@ IDENT:x"),
        (r#""a\"b$" "$${x}""#, r#"STRING:"a\"b$" STRING:"$${x}""#),
        (r#""a${b}""#, r#"QUOTE:" IDENT:a ILLEGAL:$ LBRACE:{ IDENT:b RBRACE:} QUOTE:""#),
    ] {
        assert_eq!(kinds(source, Mode::Main), want);
    }
}

#[test]
fn slash_depends_on_the_mode() {
    assert_eq!(kinds("a / b /c", Mode::Main), "IDENT:a DIV:/ IDENT:b DIV:/ IDENT:c");
    assert_eq!(kinds(r"/a\/b/ /x", Mode::Operand), r"REGEX:/a\/b/ DIV:/ IDENT:x");
    // A slash behind a backslash does not end the literal, whatever stands before the backslash.
    assert_eq!(kinds(r"/a\\/b/ /x", Mode::Operand), r"REGEX:/a\\/b/ DIV:/ IDENT:x");
}

#[test]
fn inside_a_string() {
    assert_eq!(kinds(r#"a $b\${${""#, Mode::Text), r#"TEXT:a $b\${ STRINGEXPR:${ QUOTE:""#);
    assert_eq!(kinds(r"a\q", Mode::Text), r"TEXT:a ILLEGAL:\ TEXT:q");
}

#[test]
fn places_count_bytes_and_lines() {
    let mut scanner = Scanner::new("é // c\n  \"x\ny\" z");
    let at = |t: &Token| {
        (t.start.position.line, t.start.position.column, t.end.position.line, t.end.position.column)
    };
    let e = scanner.scan(Mode::Main);
    assert_eq!(at(&e), (1, 1, 1, 3));
    let s = scanner.scan(Mode::Main);
    assert_eq!(at(&s), (2, 3, 3, 3));
    assert_eq!(s.comments, vec![Comment { text: "// c\n".into() }]);
    let z = scanner.scan(Mode::Main);
    assert_eq!(at(&z), (3, 4, 3, 5));
    scanner.rewind(z.start);
    assert_eq!(at(&scanner.scan(Mode::Main)), (3, 4, 3, 5));
}
