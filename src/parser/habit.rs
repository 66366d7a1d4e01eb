//! The habits of other languages, each answered with what is written here.

use super::diagnose::{Clues, shortened};
use super::expected::Expected;
use super::token::TokenKind;
use crate::error::{Diagnostic, Span};

/// The habit that an error shows, if it shows one; the first that is recognised is told.
pub(super) fn recognize(clues: &Clues<'_>) -> Option<Diagnostic> {
    let habits =
        [select, quotes, signs, joined_sign, chained, clauses, between, contains, is, is_in, comma];
    habits.iter().find_map(|habit| habit(clues))
}

fn habit(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::new("other-language", message, span)
}

/// A word or sign and what it is called here.
fn renamed(written: &str, ours: &str, span: Span) -> Diagnostic {
    habit(format!("`{written}` is written `{ours}`"), span)
        .help(format!("write `{ours}`"))
        .fix(span, ours)
}

/// `&&`, `||`, `<>`, `!`, `#`.
fn signs(clues: &Clues<'_>) -> Option<Diagnostic> {
    let token = clues.token(0)?;
    let ours = match clues.word(0) {
        "&&" => "and",
        "||" => "or",
        "<>" => "!=",
        "!" => {
            let span = token.span;
            return Some(habit("`!` is written `not`", span).help("write `not`").fix(span, "not "));
        }
        "#" => {
            let span = token.span;
            return Some(habit("a comment starts with `//`", span).fix(span, "//"));
        }
        _ => return None,
    };
    Some(renamed(clues.word(0), ours, token.span))
}

/// `===`, `=>`, `=<`: two signs that the reader took for one.
fn joined_sign(clues: &Clues<'_>) -> Option<Diagnostic> {
    let (before, found) = (clues.token(-1)?, clues.token(0)?);
    if before.span.end != found.span.start {
        return None;
    }
    let ours = match (clues.word(-1), clues.word(0)) {
        ("==", "=") => "==",
        ("!==", "=") => "!==",
        ("=", ">") => ">=",
        ("=", "<") => "<=",
        _ => return None,
    };
    let span = before.span.to(found.span);
    Some(renamed(clues.at(span), ours, span))
}

/// `“text”`
fn quotes(clues: &Clues<'_>) -> Option<Diagnostic> {
    const QUOTES: [char; 10] = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '″'];
    let token = clues.token(0).filter(|token| token.kind == TokenKind::Error)?;
    let quote = clues.word(0).chars().next().filter(|c| QUOTES.contains(c))?;
    let rest = clues.text.get(token.span.end..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let message = format!("`{quote}` is no quotation mark of the language");
    let diagnostic = habit(message, token.span);
    let Some((inside, close)) = line.char_indices().find(|(_, c)| QUOTES.contains(c) || *c == '"')
    else {
        return Some(diagnostic.help("write `\"`").fix(token.span, "\""));
    };
    let end = token.span.end + inside + close.len_utf8();
    let fix = format!("\"{}\"", line.get(..inside).unwrap_or_default());
    let help = format!("write `{}`", shortened(&fix, 120));
    Some(diagnostic.help(help).fix(Span::new(token.span.start, end), fix))
}

/// `SELECT a, b FROM visit WHERE …`
fn select(clues: &Clues<'_>) -> Option<Diagnostic> {
    let start = clues.statement_start();
    if !clues.is(start, "select") || start == 0 {
        return None;
    }
    let first = clues.token(start)?;
    let from = (start + 1..clues.end()).find(|&i| clues.is(i, "from"));
    let diagnostic =
        habit("a query starts with what it looks through, and `select` is a stage", first.span);
    let source = from.and_then(|from| clues.token(from + 1));
    let (Some(from), Some(source)) = (from, source) else {
        return Some(diagnostic.help("write `events | select …`"));
    };
    let end = (from + 2..clues.end())
        .map_while(|i| clues.token(i).filter(|_| !clues.is(i, ";")).map(|token| (i, token)))
        .last()
        .map_or((from + 1, source), |last| last);
    let items = Span::new(first.span.end, clues.token(from)?.span.start);
    let items = clues.at(items).trim();
    let rest = clues.at(Span::new(source.span.start, end.1.span.end));
    let fix = if items == "*" { rest.to_owned() } else { format!("{rest} | select {items}") };
    let foreign = ["order", "group", "limit", "having", "join", ","];
    if (from + 1..=end.0).any(|i| foreign.iter().any(|word| clues.is(i, word))) {
        let help = format!("start with `{}` and go on with stages", clues.at(source.span));
        return Some(diagnostic.help(format!("{help}: `| where …`, `| sort …`, `| select …`")));
    }
    let help = format!("write `{}`", shortened(&fix, 120));
    Some(diagnostic.help(help).fix(first.span.to(end.1.span), fix))
}

/// `order by`, `group by`, `limit 10`, `offset 10`, `having`, with or without a pipe; a number before may have taken
/// the first word for its unit.
fn clauses(clues: &Clues<'_>) -> Option<Diagnostic> {
    const CLAUSES: [(&str, &str, &str); 6] = [
        ("order", "by", "sort"),
        ("sort", "by", "sort by"),
        ("group", "by", "count by"),
        ("limit", "", "head"),
        ("offset", "", "skip"),
        ("having", "", "where"),
    ];
    for (word, by, ours) in CLAUSES {
        let first = match (clues.is(0, word), clues.is(-1, word)) {
            (true, _) => 0,
            (_, true) if clues.token(-2).is_some_and(|t| t.kind == TokenKind::Number) => -1,
            _ => continue,
        };
        if !by.is_empty() && !clues.is(first + 1, by) {
            continue;
        }
        let span = clues.token(first)?.span;
        let span = if by.is_empty() { span } else { span.to(clues.token(first + 1)?.span) };
        let piped = clues.is(first - 1, "|");
        if word == "sort" && (piped || first == 0) {
            continue;
        }
        let written = clues.at(span).to_lowercase();
        let ours = if piped { ours.to_owned() } else { format!("| {ours}") };
        return Some(renamed(&written, &ours, span));
    }
    None
}

/// `x BETWEEN 1 AND 5`
fn between(clues: &Clues<'_>) -> Option<Diagnostic> {
    if !clues.is(0, "between") || !clues.wants(&[Expected::Comparison]) {
        return None;
    }
    let found = clues.token(0)?;
    let diagnostic =
        habit("`between` is for participants; a range is written `in x..y`", found.span);
    if clues.is(2, "and")
        && let Some(last) = clues.token(3)
    {
        let fix = format!("in {}..{}", clues.word(1), clues.word(3));
        return Some(diagnostic.help(format!("write `{fix}`")).fix(found.span.to(last.span), fix));
    }
    Some(diagnostic.help("write `in x..y`"))
}

/// `summary contains "x"`
fn contains(clues: &Clues<'_>) -> Option<Diagnostic> {
    let known = ["contains", "includes", "has"];
    let found = clues.token(0)?;
    if !known.iter().any(|word| clues.is(0, word)) || !clues.wants(&[Expected::Comparison]) {
        return None;
    }
    Some(
        habit(format!("`{}` is written `~`", clues.word(0)), found.span)
            .help("write `~` for words, or `like` for a pattern such as `\"*part*\"`")
            .fix(found.span, "~"),
    )
}

/// `1 < x < 5`
fn chained(clues: &Clues<'_>) -> Option<Diagnostic> {
    let is_comparison =
        |i| matches!(clues.word(i), "=" | "!=" | "<" | "<=" | ">" | ">=" | "==" | "!==");
    let wants_more = clues.wants(&[Expected::Keyword("and")]);
    if !is_comparison(0) || !wants_more || clues.wants(&[Expected::Comparison]) {
        return None;
    }
    let found = clues.token(0)?;
    let diagnostic = habit("comparisons cannot be chained", found.span);
    let middle = clues.word(-1);
    if is_comparison(-2) {
        let second = format!("{middle} {} {}", clues.word(0), clues.word(1));
        let first = format!("{} {} {middle}", clues.word(-3), clues.word(-2));
        return Some(
            diagnostic
                .help(format!("write `{} and {}`", first.trim(), second.trim()))
                .fix(Span::new(found.span.start, found.span.start), format!("and {middle} ")),
        );
    }
    Some(diagnostic.help("join two comparisons with `and`"))
}

/// `x is "y"`
fn is(clues: &Clues<'_>) -> Option<Diagnostic> {
    let not = clues.is(-1, "not") && clues.is(-2, "is");
    let token = clues.token(if not { -2 } else { -1 }).filter(|_| not || clues.is(-1, "is"))?;
    clues.token(0)?;
    if !clues.wants(&[Expected::Keyword("null")]) {
        return None;
    }
    let ours = if not { "!=" } else { "=" };
    let span = if not { token.span.to(clues.token(-1)?.span) } else { token.span };
    let written = if not { "is not" } else { "is" };
    Some(
        habit(format!("`{written}` stands before `null` alone"), span)
            .help(format!("write `{ours}`"))
            .fix(span, ours),
    )
}

/// `x in "y"`
fn is_in(clues: &Clues<'_>) -> Option<Diagnostic> {
    let word = clues.token(-2).filter(|_| clues.is(-2, "in"))?;
    let value = clues.token(-1)?;
    if !clues.wants(&[Expected::Symbol("..")]) || clues.wants(&[Expected::Keyword("and")]) {
        return None;
    }
    let written = shortened(clues.word(-1), 40);
    Some(
        habit("`in` looks into a set, a list, a query or a range", value.span)
            .help(format!("write `in ({written})`, or `= {written}` for one value"))
            .fix(value.span, format!("({})", clues.word(-1)))
            .fix(word.span, "="),
    )
}

/// `where a = 1, b = 2`
fn comma(clues: &Clues<'_>) -> Option<Diagnostic> {
    let found = clues.token(0).filter(|_| clues.is(0, ","))?;
    if !clues.wants(&[Expected::Keyword("and")]) || !clues.wants(&[Expected::Keyword("or")]) {
        return None;
    }
    Some(
        habit("conditions are joined by `and`, not by a comma", found.span)
            .help("write `and`")
            .fix(found.span, " and"),
    )
}
