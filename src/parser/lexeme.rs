//! Blanks, words, signs, names and paths: the lexical rules, and how the other rules skip what lies between them.

use nom::bytes::complete::{is_not, tag, tag_no_case, take_till, take_until, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{map, not, opt, recognize, value, verify};
use nom::multi::{many0, many0_count, many1};
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{Err, Parser};

use super::ast::{At, Name, Path, PathStep};
use super::expected::Expected;
use super::input::{Fault, Input, Parsed, fatal};
use super::keyword;
use crate::error::{Diagnostic, Span};

/// Blanks and comments. Fails for good on a comment without an end, and where a statement outgrows its limit.
pub(super) fn skip(input: Input<'_>) -> Parsed<'_, ()> {
    let state = input.state;
    let (from, to) = state.skipped.get();
    if from == input.at {
        return Ok((input.skip(to - from), ()));
    }
    let (rest, ()) = value((), many0_count(blank)).parse(input)?;
    if rest.at.saturating_sub(state.statement.get()) > state.limits.statement {
        let message = format!("a statement longer than {} bytes", state.limits.statement);
        let start = state.statement.get();
        return Err(fatal(
            Diagnostic::new("too-long", message, Span::new(start, start))
                .help("divide it, or `import` the data from a file"),
        ));
    }
    state.skipped.set((input.at, rest.at));
    Ok((rest, ()))
}

fn blank(input: Input<'_>) -> Parsed<'_, Input<'_>> {
    match input.peek() {
        Some('/') => comment(input),
        Some(c) if c.is_whitespace() => take_while1(char::is_whitespace).parse(input),
        _ => Err(Err::Error(Fault(None))),
    }
}

/// `// …` up to the end of the line, or `/* … */`.
pub(super) fn comment(input: Input<'_>) -> Parsed<'_, Input<'_>> {
    if input.rest.starts_with("/*") {
        return recognize(delimited(tag("/*"), take_until("*/"), tag("*/"))).parse(input).map_err(
            |_: Err<Fault>| {
                let mut diagnostic = Diagnostic::new(
                    "unclosed-comment",
                    "a comment has no end",
                    Span::new(input.at, input.at + 2),
                )
                .help("close it with `*/`");
                diagnostic.incomplete = true;
                fatal(diagnostic)
            },
        );
    }
    recognize(pair(tag("//"), take_till(|c| c == '\n'))).parse(input)
}

/// `#! …`: the first line of a script that can be run.
pub(super) fn shebang(input: Input<'_>) -> Parsed<'_, Input<'_>> {
    preceded(skip, recognize(pair(tag("#!"), take_till(|c| c == '\n')))).parse(input)
}

/// A terminal: blanks, then a lexical rule; when that fails, what was wanted is recorded.
pub(super) fn token<'a, T>(
    expected: Expected,
    mut rule: impl Parser<Input<'a>, Output = T, Error = Fault>,
) -> impl FnMut(Input<'a>) -> Parsed<'a, T> {
    move |input| {
        let (start, ()) = skip(input)?;
        let parsed = rule.parse(start);
        if matches!(parsed, Err(Err::Error(_))) {
            start.state.want(start.at, expected);
        }
        parsed
    }
}

/// Gives a parser a name: when it fails at its very start, the name is wanted, not what the parser is made of.
pub(super) fn as_one<'a, T>(
    expected: Expected,
    mut rule: impl Parser<Input<'a>, Output = T, Error = Fault>,
) -> impl FnMut(Input<'a>) -> Parsed<'a, T> {
    move |input| {
        let (start, ()) = skip(input)?;
        let mark = start.state.mark(start.at);
        let parsed = rule.parse(start);
        if matches!(parsed, Err(Err::Error(_))) {
            start.state.rename(start.at, mark, expected);
        }
        parsed
    }
}

/// A node with its place.
pub(super) fn spanned<'a, T>(
    mut rule: impl Parser<Input<'a>, Output = T, Error = Fault>,
) -> impl FnMut(Input<'a>) -> Parsed<'a, At<T>> {
    move |input| {
        let (start, ()) = skip(input)?;
        let (rest, node) = rule.parse(start)?;
        Ok((rest, At::new(node, start.span_to(&rest))))
    }
}

/// A word of the language, in whatever case, that is not the start of a longer name.
pub(super) fn keyword<'a>(word: &'static str) -> impl FnMut(Input<'a>) -> Parsed<'a, ()> {
    let first = word.chars().next();
    let whole = value((), terminated(tag_no_case(word), not_in_name));
    token(Expected::Keyword(word), starting(first, whole))
}

/// A parser that is not even tried where the text starts otherwise: most words are wanted in vain.
fn starting<'a>(
    first: Option<char>,
    mut rule: impl Parser<Input<'a>, Output = (), Error = Fault>,
) -> impl FnMut(Input<'a>) -> Parsed<'a, ()> {
    move |input| {
        if input.peek().map(|c| c.to_ascii_lowercase()) == first {
            rule.parse(input)
        } else {
            Err(Err::Error(Fault(None)))
        }
    }
}

fn not_in_name(input: Input<'_>) -> Parsed<'_, ()> {
    not(verify(nom::character::complete::anychar, |c| is_name_part(*c))).parse(input)
}

/// Signs of the language.
pub(super) fn symbol<'a>(signs: &'static str) -> impl FnMut(Input<'a>) -> Parsed<'a, ()> {
    token(Expected::Symbol(signs), starting(signs.chars().next(), value((), tag(signs))))
}

pub(super) fn is_name_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

pub(super) fn is_name_part(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

/// `PLAIN`: a word, reserved or not.
pub(super) fn plain(input: Input<'_>) -> Parsed<'_, &str> {
    match input.peek() {
        Some(c) if is_name_start(c) => {
            map(take_while1(is_name_part), |i: Input<'_>| i.rest).parse(input)
        }
        _ => Err(Err::Error(Fault(None))),
    }
}

/// `QUOTED`: any name in back-quotes, a back-quote within it doubled.
pub(super) fn quoted(input: Input<'_>) -> Parsed<'_, String> {
    let (inside, _) = char('`').parse(input)?;
    let part = nom::branch::alt((value("`", tag("``")), map(is_not("`\n"), |i: Input<'_>| i.rest)));
    let closed: Parsed<'_, Vec<&str>> = terminated(many1(part), char('`')).parse(inside);
    match closed {
        Ok((rest, parts)) => Ok((rest, parts.concat())),
        Err(_) if inside.rest.starts_with('`') => Err(fatal(Diagnostic::new(
            "empty-name",
            "a name in back-quotes is empty",
            Span::new(input.at, input.at + 2),
        ))),
        Err(_) => Err(unclosed(input, "unclosed-name", "a name in back-quotes", "`", "")),
    }
}

/// The error of a text that is not closed on its line; the advice is for when there are more lines.
pub(super) fn unclosed(
    input: Input<'_>,
    code: &'static str,
    what: &str,
    close: &str,
    advice: &str,
) -> Err<Fault> {
    let line = input.rest.lines().next().unwrap_or_default();
    let message = format!("{what} is not closed");
    let shown = if close == "`" { "a back-quote".to_owned() } else { format!("`{close}`") };
    let end = input.at + line.len();
    let mut diagnostic = Diagnostic::new(code, message, Span::new(input.at, end))
        .help(format!("close it with {shown}"))
        .fix(Span::new(end, end), close);
    diagnostic.incomplete = line.len() == input.rest.len();
    if !diagnostic.incomplete {
        diagnostic.help = Some(format!("close it with {shown} on its line{advice}"));
    }
    fatal(diagnostic)
}

/// `ANYIDENT`: a name where reserved words do no harm.
pub(super) fn any_ident(input: Input<'_>) -> Parsed<'_, Name> {
    let name = nom::branch::alt((map(plain, str::to_owned), quoted));
    at_here(name)(input)
}

/// `IDENT`: a name.
fn ident(input: Input<'_>) -> Parsed<'_, Name> {
    let free = verify(plain, |word: &str| !keyword::is_reserved(word));
    at_here(nom::branch::alt((map(free, str::to_owned), quoted)))(input)
}

fn at_here<'a, T>(
    mut rule: impl Parser<Input<'a>, Output = T, Error = Fault>,
) -> impl FnMut(Input<'a>) -> Parsed<'a, At<T>> {
    move |input| {
        let (rest, node) = rule.parse(input)?;
        Ok((rest, At::new(node, input.span_to(&rest))))
    }
}

/// `Name`
pub(super) fn name(input: Input<'_>) -> Parsed<'_, Name> {
    token(Expected::Name, ident)(input)
}

/// `$name`, without its sign.
pub(super) fn param(input: Input<'_>) -> Parsed<'_, String> {
    token(Expected::Param, param_lexeme)(input)
}

pub(super) fn param_lexeme(input: Input<'_>) -> Parsed<'_, String> {
    map(preceded(char('$'), plain), str::to_owned).parse(input)
}

/// `Path`
pub(super) fn path(input: Input<'_>) -> Parsed<'_, Path> {
    let step = nom::branch::alt((
        map(preceded(char('.'), any_ident), PathStep::Name),
        map(delimited(char('['), index, char(']')), PathStep::Index),
    ));
    let path = (map(opt(char('?')), |mark| mark.is_some()), ident, many0(step));
    token(Expected::Field, map(path, |(optional, head, steps)| Path { optional, head, steps }))(
        input,
    )
}

fn index(input: Input<'_>) -> Parsed<'_, usize> {
    let (rest, digits) = digit1.parse(input)?;
    match digits.rest.parse() {
        Ok(index) => Ok((rest, index)),
        Err(_) => {
            Err(fatal(Diagnostic::new("bad-number", "an index is too large", input.span_to(&rest))))
        }
    }
}

/// `UNITNAME`: a word for what is counted.
pub(super) fn unit_name(input: Input<'_>) -> Parsed<'_, String> {
    map(verify(plain, |word: &str| !keyword::is_reserved(word)), str::to_owned).parse(input)
}
