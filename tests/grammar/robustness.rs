//! Texts of any kind: they may be refused, but nothing breaks, hangs or outgrows the stack.

use std::fmt::Write;

use attache::internals::parser::{
    Limits, expected_at, parse_query, parse_script, parse_script_limited, parse_statement, tokens,
};

use super::ebnf::Random;
use super::queries;

/// How one level of nesting is written: what opens it, what stands at the bottom, what closes it.
const LEVELS: &[(&str, &str, &str)] = &[
    ("(", "a", ")"),
    ("f(", "a", ")"),
    ("not ", "a", ""),
    ("-", "a", ""),
    ("- (", "a", ")"),
    ("a in (", "b", ")"),
    ("a in [", "b", "]"),
    ("a in [{ b: ", "c", "}]"),
    ("a in (events where ", "b", ")"),
    ("a in (events | where ", "b", ")"),
    ("a in (events | derive b = ", "c", ")"),
    ("a in (events | summarize ", "b", " by c fill)"),
    ("a in (events | sort f(", "b", "))"),
    ("a in (sequence [events where ", "b", "] as x)"),
    ("a in (sequence by f(", "b", ") [events])"),
    ("a in (sequence [events] until [events where ", "b", "])"),
    ("a during f(", "b", ")"),
    ("a between \"x\" and (", "b", ")"),
    ("between \"x\" and (", "b", ")"),
    ("a in (events between \"x\" and (", "b", "))"),
    ("a = (b ?? (c + ", "d", "))"),
];

fn nested(level: (&str, &str, &str), depth: usize) -> String {
    let (open, bottom, close) = level;
    format!("events where {}{bottom}{}", open.repeat(depth), close.repeat(depth))
}

fn code(text: &str) -> &'static str {
    parse_script(text).unwrap_err().diagnostic().map_or("", |diagnostic| diagnostic.code)
}

#[test]
fn deep_nesting_is_answered() {
    for level in LEVELS {
        // The deepest that is read needs no more than the stack of a thread, also to print, compare and drop it.
        for depth in [16, 31, 32, 63, 64] {
            if let Ok(script) = parse_script(&nested(*level, depth)) {
                assert_eq!(parse_script(&script.to_string()).unwrap(), script);
            }
        }
        assert!(parse_script(&nested(("between \"x\" and (", "b", ")"), 16)).is_ok());
        for text in [nested(*level, 10_000), nested((level.0, "", ""), 10_000)] {
            let code = code(&text);
            let known = ["too-deep", "unexpected", "other-language"];
            assert!(known.contains(&code), "{}: {code}", level.0);
        }
    }
    for (open, close) in [("(", ")"), ("explain ", "")] {
        let text = |depth| format!("{}events{}", open.repeat(depth), close.repeat(depth));
        assert!(parse_script(&text(64)).is_ok());
        assert_eq!(code(&text(65)), "too-deep");
        assert_eq!(code(&text(10_000)), "too-deep");
    }
    assert!(parse_script(&nested(LEVELS[0], 64)).is_ok());
    assert_eq!(code(&nested(LEVELS[0], 65)), "too-deep");
    assert_eq!(code(&"(".repeat(10_000)), "too-deep");
    let records = |depth| format!("insert a {}1{}", "{ b: ".repeat(depth), "}".repeat(depth));
    assert!(parse_script(&records(64)).is_ok());
    assert_eq!(code(&records(10_000)), "too-deep");
}

#[test]
fn long_chains_are_read_or_refused() {
    let chain = |part: &str, count: usize| format!("events where a{}", part.repeat(count));
    for part in [" and a", " or a", " ?? a"] {
        assert!(parse_script(&chain(part, 20_000)).is_ok(), "{part}");
    }
    for part in [" + 1", " * 1", " / a", " - f(1)"] {
        assert!(parse_script(&chain(part, 1000)).is_ok(), "{part}");
        assert_eq!(code(&chain(part, 20_000)), "too-deep", "{part}");
    }
    // Left operands in parentheses go on with the count.
    let mut text = "a".to_owned();
    for _ in 0..60 {
        text = format!("({text}{})", " + 1".repeat(100));
    }
    assert_eq!(code(&format!("events where {text}")), "too-deep");
}

#[test]
fn large_texts_are_read() {
    let mut names = String::new();
    let mut count = 0;
    while names.len() < 1 << 20 {
        count += 1;
        write!(names, "\"somebody with the number {count}\", ").unwrap();
    }
    let text = format!("events where actor in ({names})");
    let printed = parse_query(&text).unwrap().to_string();
    assert_eq!(printed.matches("somebody").count(), count);
    let blanks = format!("events{}where a = 1 /*{}*/", " ".repeat(1 << 20), "*".repeat(1 << 20));
    assert!(parse_query(&blanks).is_ok());
    assert!(tokens(&blanks).len() < 20);
    let open = format!("events where a = \"{}", "x".repeat(1 << 20));
    assert!(parse_query(&open).unwrap_err().is_incomplete());
}

#[test]
fn a_statement_has_a_limit() {
    let limits = Limits { statement: 100, ..Limits::default() };
    let short = "events where a = 1;\n".repeat(50);
    assert!(parse_script_limited(&short, &limits).is_ok());
    let long = format!("events where a in ({})", "1, ".repeat(50));
    let error = parse_script_limited(&long, &limits).unwrap_err();
    assert_eq!(error.diagnostic().unwrap().code, "too-long");
}

#[test]
fn one_statement_or_one_query() {
    let said = |error: attache::Error| error.diagnostic().unwrap().message.clone();
    assert!(parse_statement("events; ;").is_ok());
    assert!(parse_query(";events;").is_ok());
    assert_eq!(
        said(parse_statement("events; visit").unwrap_err()),
        "expected one statement, found another"
    );
    assert_eq!(
        said(parse_query("show kinds").unwrap_err()),
        "expected a query, found a statement: `show`"
    );
    assert!(parse_statement(" // nothing").unwrap_err().is_incomplete());
    assert!(parse_query("").unwrap_err().is_incomplete());
}

/// Does everything that is done with a text.
fn try_all(text: &str, random: &mut Random) {
    let mut end = 0;
    for token in tokens(text) {
        assert_eq!(token.span.start, end, "tokens leave a gap in {text:?}");
        assert!(token.span.end > end && text.is_char_boundary(token.span.end), "{text:?}");
        end = token.span.end;
    }
    assert_eq!(end, text.len(), "tokens end early in {text:?}");
    drop(expected_at(text, random.below(text.len() + 2)));
    match parse_script(text) {
        Ok(script) => {
            let printed = script.to_string();
            let again = parse_script(&printed)
                .unwrap_or_else(|error| panic!("{}", error.render(&printed, "printed", false)));
            assert_eq!(again, script, "{text}");
        }
        Err(error) => drop(error.render(text, "text", true)),
    }
}

#[test]
fn random_texts_break_nothing() {
    let mut random = Random::new(7);
    let signs: Vec<char> =
        "\"'`\\()[]{}.,;|-+*/=<>!~?$@#:_ \n\t0159aeRrx\u{0}é中\u{202e}".chars().collect();
    for _ in 0..1500 {
        let length = random.below(60);
        let bytes: Vec<u8> =
            (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
        try_all(&String::from_utf8_lossy(&bytes), &mut random);
        let text: String = (0..length).map(|_| *random.one_of(&signs)).collect();
        try_all(&text, &mut random);
    }
}

#[test]
fn mutated_fixtures_break_nothing() {
    let mut random = Random::new(8);
    let texts: Vec<String> =
        ["accepted", "rejected"].iter().flat_map(|f| queries(f)).map(|(_, text)| text).collect();
    for _ in 0..3000 {
        let mut text: Vec<char> = random.one_of(&texts).chars().collect();
        let other: Vec<char> = random.one_of(&texts).chars().collect();
        for _ in 0..=random.below(3) {
            let (from, to) = (random.below(text.len()), random.below(text.len()));
            let (from, to) = (from.min(to), from.max(to));
            let piece = random.below(other.len());
            match random.below(4) {
                0 => drop(text.drain(from..to.min(from + 8))),
                1 => drop(text.splice(from..from, other[piece..].iter().copied().take(12))),
                2 => text.truncate(to + 1),
                _ => drop(text.splice(from..=from, other[piece..].iter().copied().take(1))),
            }
            if text.is_empty() {
                text.push(' ');
            }
        }
        try_all(&text.into_iter().collect::<String>(), &mut random);
    }
}
