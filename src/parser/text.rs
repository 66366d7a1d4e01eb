//! Strings: `"…"` and `'…'` with escapes, `r"…"` as it stands, `"""…"""` over several lines.

use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_till, take_until, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{map, verify};
use nom::multi::fold_many0;
use nom::sequence::{delimited, preceded};
use nom::{Err, Parser};

use super::ast::{Name, Text, TextKind};
use super::expected::Expected;
use super::input::{Fault, Input, Parsed, fatal};
use super::lexeme::{as_one, param, spanned, token, unclosed};
use crate::error::{Diagnostic, Span};

/// `STRING`
pub(super) fn string(input: Input<'_>) -> Parsed<'_, String> {
    token(Expected::String, string_lexeme)(input)
}

/// A string with its place.
pub(super) fn string_at(input: Input<'_>) -> Parsed<'_, Name> {
    spanned(string)(input)
}

/// `Text`: a string or a parameter.
pub(super) fn text(input: Input<'_>) -> Parsed<'_, Text> {
    let kind = alt((map(string, TextKind::String), map(param, TextKind::Param)));
    as_one(Expected::Text, spanned(kind))(input)
}

pub(super) fn string_lexeme(input: Input<'_>) -> Parsed<'_, String> {
    match input.rest {
        t if t.starts_with("r\"") => {
            closed(input, "\"", delimited(tag("r\""), take_till(|c| c == '"'), char('"')))
        }
        t if t.starts_with("\"\"\"") => {
            closed(input, "\"\"\"", delimited(tag("\"\"\""), take_until("\"\"\""), tag("\"\"\"")))
        }
        t if t.starts_with('"') => escaped(input, '"', "\"", "\"\\\n"),
        t if t.starts_with('\'') => escaped(input, '\'', "'", "'\\\n"),
        _ => Err(Err::Error(Fault(None))),
    }
}

/// A string that may go over lines; without an end, more text may bring it.
fn closed<'a>(
    input: Input<'a>,
    close: &str,
    mut rule: impl Parser<Input<'a>, Output = Input<'a>, Error = Fault>,
) -> Parsed<'a, String> {
    if let Ok((rest, inside)) = rule.parse(input) {
        return Ok((rest, inside.rest.to_owned()));
    }
    let end = input.at + input.rest.lines().next().unwrap_or_default().len();
    let span = Span::new(input.at, end);
    let mut diagnostic = Diagnostic::new("unclosed-string", "a string is not closed", span)
        .help(format!("close it with `{close}`"));
    diagnostic.incomplete = true;
    Err(fatal(diagnostic))
}

/// A string on one line, with escapes.
fn escaped<'a>(
    input: Input<'a>,
    quote: char,
    close: &'static str,
    special: &'static str,
) -> Parsed<'a, String> {
    let piece =
        alt((map(is_not(special), |i: Input<'a>| Piece::Text(i.rest)), map(escape, Piece::Char)));
    let pieces = fold_many0(piece, String::new, |mut text, piece| {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Char(c) => text.push(c),
        }
        text
    });
    match delimited(char(quote), pieces, char(quote)).parse(input) {
        Err(Err::Error(_)) => {
            let advice = ", or write text of several lines in `\"\"\"`";
            Err(unclosed(input, "unclosed-string", "a string", close, advice))
        }
        parsed => parsed,
    }
}

enum Piece<'a> {
    Text(&'a str),
    Char(char),
}

/// `ESCAPE`
fn escape(input: Input<'_>) -> Parsed<'_, char> {
    let (inside, _) = char('\\').parse(input)?;
    if inside.rest.is_empty() {
        return Err(Err::Error(Fault(None)));
    }
    let simple = map(one_of("nrt0\\\"'"), |c| match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        other => other,
    });
    let hex = take_while1(|c: char| c.is_ascii_hexdigit());
    let code = verify(hex, |digits: &Input<'_>| code_point(digits.rest).is_some());
    let unicode = map(delimited(tag("u{"), code, char('}')), |digits: Input<'_>| {
        code_point(digits.rest).unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    let parsed: Parsed<'_, char> = alt((simple, unicode)).parse(inside);
    parsed.map_err(|_| {
        let wrong = inside.rest.chars().next().map_or(0, char::len_utf8);
        let end = match preceded(tag("u{"), take_till(|c: char| !c.is_ascii_hexdigit()))
            .parse(inside)
        {
            Ok((rest, _)) => rest.at + usize::from(rest.rest.starts_with('}')),
            Err(Err::Error(Fault(_)) | Err::Failure(Fault(_)) | Err::Incomplete(_)) => {
                inside.at + wrong
            }
        };
        let span = Span::new(input.at, end);
        let shown = input.rest.get(..end - input.at).unwrap_or_default();
        let at = Span::new(input.at, input.at);
        fatal(
            Diagnostic::new("bad-escape", format!("`{shown}` is not an escape"), span)
                .help(r#"the escapes are \n \r \t \0 \\ \" \' and \u{…}; `\\` is a backslash, and r"…" takes them as they stand"#)
                .fix(at, "\\"),
        )
    })
}

/// The character of a code point in hexadecimal digits.
fn code_point(digits: &str) -> Option<char> {
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}
