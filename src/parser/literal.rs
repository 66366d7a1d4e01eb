//! Literals: dates, durations, quantities, numbers, strings and the three constants.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while1};
use nom::character::complete::{char, digit1, one_of, satisfy};
use nom::combinator::{map, not, opt, peek, recognize, value};
use nom::multi::{many0, many1};
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{Err, Parser};

use super::ast::{Duration, Literal, Number, Quantity, Scale, Unit};
use super::edtf::{DateError, parse_edtf, parse_literal};
use super::expected::Expected;
use super::input::{Fault, Input, Parsed, fatal};
use super::keyword::{Role, words_of};
use super::lexeme::{as_one, keyword, skip, token, unclosed, unit_name};
use super::text::string;
use crate::error::{Diagnostic, Span};
use crate::model::Date;

/// `Literal`
pub(super) fn literal(input: Input<'_>) -> Parsed<'_, Literal> {
    let constant = alt((
        value(Literal::Bool(true), keyword("true")),
        value(Literal::Bool(false), keyword("false")),
        value(Literal::Null, keyword("null")),
    ));
    alt((
        map(date_lit, |date| Literal::Date(Box::new(date))),
        map(duration, Literal::Duration),
        map(quantity, Literal::Quantity),
        map(number, Literal::Number),
        map(string, Literal::String),
        constant,
    ))
    .parse(input)
}

/// `DateLit`
pub(super) fn date_lit(input: Input<'_>) -> Parsed<'_, Date> {
    token(Expected::Date, alt((edtf, date)))(input)
}

fn edtf(input: Input<'_>) -> Parsed<'_, Date> {
    let (rest, text) = edtf_lexeme(input)?;
    match parse_edtf(text) {
        Ok(date) => Ok((rest, date)),
        Err(error) => Err(bad_date(error, input.at + 1, text)),
    }
}

fn date(input: Input<'_>) -> Parsed<'_, Date> {
    let (rest, text) = date_lexeme(input)?;
    match parse_literal(text) {
        Ok(date) => Ok((rest, date)),
        Err(error) => Err(bad_date(error, input.at, text)),
    }
}

/// `EDTF`, without its sign.
pub(super) fn edtf_lexeme(input: Input<'_>) -> Parsed<'_, &str> {
    let bare = take_while1(|c: char| c.is_ascii_alphanumeric() || ":+-./?~%".contains(c));
    let within = |open, close: char| {
        let inside = nom::bytes::complete::take_while(move |c| c != close && c != '\n');
        recognize(delimited(char(open), inside, char(close)))
    };
    let (inside, _) = char('@').parse(input)?;
    let text = alt((bare, within('[', ']'), within('{', '}'))).parse(inside);
    match (inside.peek(), text) {
        (Some('['), Err(Err::Error(_))) => Err(unclosed(input, "unclosed-date", "a date", "]", "")),
        (Some('{'), Err(Err::Error(_))) => Err(unclosed(input, "unclosed-date", "a date", "}", "")),
        (_, text) => text.map(|(rest, text)| (rest, text.rest)),
    }
}

/// `DATE`: the forms that need no `@`.
pub(super) fn date_lexeme(input: Input<'_>) -> Parsed<'_, &str> {
    let year = (digit, digit, digit, digit, char('-'));
    let month = pair((digit, digit), opt((char('-'), digit, digit)));
    let word = |input| {
        words_of(Role::Part)
            .map(|word| tag_no_case::<_, _, Fault>(word).parse(input))
            .find(Result::is_ok)
            .unwrap_or(Err(Err::Error(Fault(None))))
    };
    let part = alt((
        value((), word),
        value((), pair(one_of("Qq"), one_of("1234"))),
        value((), pair(one_of("Hh"), one_of("12"))),
    ));
    let of_year = terminated(recognize((year, alt((value((), month), part)))), no_word);
    let decade = terminated(recognize((digit, digit, digit, tag("0s"))), no_word);
    map(alt((of_year, decade)), |text: Input<'_>| text.rest).parse(input)
}

fn digit(input: Input<'_>) -> Parsed<'_, char> {
    satisfy(|c| c.is_ascii_digit()).parse(input)
}

fn no_word(input: Input<'_>) -> Parsed<'_, ()> {
    not(satisfy(|c| c.is_ascii_alphanumeric() || c == '_')).parse(input)
}

/// The error of a date, at its place in the text.
fn bad_date(error: DateError, start: usize, text: &str) -> Err<Fault> {
    let end = text.len();
    // A range behind an `@` date without a blank between: EDTF has dots of its own.
    if let Some((before, _)) = text.split_once("..")
        && parse_edtf(before).is_ok()
    {
        let dots = start + before.len();
        let message = format!("`{text}` is not a date");
        return fatal(
            Diagnostic::new("bad-date", message, Span::new(start, start + end))
                .help("put a blank before the `..` of a range behind an `@` date")
                .fix(Span::new(dots, dots), " "),
        );
    }
    let at = Span::new(start + error.at.start.min(end), start + error.at.end.min(end));
    let mut diagnostic = Diagnostic::new("bad-date", error.message, at);
    diagnostic.help = error.help;
    if let Some(fix) = error.fix {
        diagnostic = diagnostic.fix(Span::new(start, start + end), fix);
    }
    fatal(diagnostic)
}

/// `Duration`
pub(super) fn duration(input: Input<'_>) -> Parsed<'_, Duration> {
    as_one(Expected::Duration, map(many1(pair(integer, token(Expected::Unit, unit))), Duration))(
        input,
    )
}

fn unit(input: Input<'_>) -> Parsed<'_, Unit> {
    let word = |one: &'static str, many: &'static str, unit| {
        value(unit, terminated(alt((tag_no_case(many), tag_no_case(one))), no_word))
    };
    alt((
        word("second", "seconds", Unit::Second),
        word("minute", "minutes", Unit::Minute),
        word("hour", "hours", Unit::Hour),
        word("day", "days", Unit::Day),
        word("week", "weeks", Unit::Week),
        word("month", "months", Unit::Month),
        word("quarter", "quarters", Unit::Quarter),
        word("year", "years", Unit::Year),
    ))
    .parse(input)
}

/// `Quantity`
fn quantity(input: Input<'_>) -> Parsed<'_, Quantity> {
    let measure =
        |i| as_one(Expected::Measure, alt((string, token(Expected::Measure, unit_name))))(i);
    let (rest, number) = number(input)?;
    let scaled = pair(map(token(Expected::Measure, scale), Some), opt(measure));
    let plain = map(measure, |measure| (None, Some(measure)));
    map(alt((scaled, plain)), move |(scale, measure)| Quantity { number, scale, measure })
        .parse(rest)
}

fn scale(input: Input<'_>) -> Parsed<'_, Scale> {
    let word = |word, scale| value(scale, terminated(tag_no_case(word), no_word));
    alt((
        word("thousand", Scale::Thousand),
        word("million", Scale::Million),
        word("billion", Scale::Billion),
        word("trillion", Scale::Trillion),
    ))
    .parse(input)
}

/// `INTEGER`
pub(super) fn integer(input: Input<'_>) -> Parsed<'_, u64> {
    let (start, ()) = skip(input)?;
    let (rest, text) = token(Expected::Integer, integer_lexeme)(start)?;
    match text.replace('_', "").parse() {
        Ok(number) => Ok((rest, number)),
        Err(_) => Err(too_large(start.span_to(&rest))),
    }
}

fn integer_lexeme(input: Input<'_>) -> Parsed<'_, &str> {
    let digits = recognize(pair(digit1, many0(preceded(char('_'), digit1))));
    map(digits, |text: Input<'_>| text.rest).parse(input)
}

fn too_large(span: Span) -> Err<Fault> {
    fatal(Diagnostic::new("bad-number", "a number is too large", span))
}

/// `NUMBER`
pub(super) fn number(input: Input<'_>) -> Parsed<'_, Number> {
    let (start, ()) = skip(input)?;
    let (rest, text) = token(Expected::Number, number_lexeme)(start)?;
    let text = text.replace('_', "");
    let number = if text.contains(['.', 'e', 'E']) {
        text.parse().ok().filter(|n: &f64| n.is_finite()).map(Number::Float)
    } else {
        text.parse().ok().map(Number::Int)
    };
    match number {
        Some(number) => Ok((rest, number)),
        None => Err(too_large(start.span_to(&rest))),
    }
}

/// Digits that `-` joins to more digits are no number: they look like a date and are not one.
pub(super) fn number_lexeme(input: Input<'_>) -> Parsed<'_, &str> {
    let fraction = opt(pair(char('.'), digit1));
    let exponent = opt((one_of("eE"), opt(one_of("+-")), digit1));
    let (rest, text) = recognize((integer_lexeme, fraction, exponent)).parse(input)?;
    let joined: Parsed<'_, _> = peek(pair(char('-'), digit1)).parse(rest);
    if joined.is_ok() {
        return Err(fatal(joined_digits(input)));
    }
    Ok((rest, text.rest))
}

/// What to say to digits joined by `-` that are not a date, such as `2015-6-12` or `2015-2016`.
pub(super) fn joined_digits(input: Input<'_>) -> Diagnostic {
    let bytes = input.rest.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let end = (0..bytes.len())
        .find(|&at| match bytes.get(at) {
            Some(b'.') => !is_digit(at + 1),
            Some(b) => !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')),
            None => true,
        })
        .unwrap_or(bytes.len());
    let text = input.rest.get(..end).unwrap_or_default();
    let span = Span::new(input.at, input.at + end);
    let diagnostic = Diagnostic::new("bad-date", format!("`{text}` is not a date"), span);
    let fix = |fix: String| {
        let help = format!("write `{fix}`");
        diagnostic.clone().help(help).fix(span, fix)
    };
    let parts: Vec<&str> = text.split('-').collect();
    let is_year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let is_small = |text: &str| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [from, to] if is_year(from) && is_year(to) => fix(format!("{from}..{to}")),
        [from, month, rest @ ..] if is_year(from) && is_small(month) => match rest {
            [] => fix(format!("{from}-{month:0>2}")),
            [day] if is_small(day) => fix(format!("{from}-{month:0>2}-{day:0>2}")),
            [to] if is_year(to) => {
                fix(format!("{from}-{month:0>2}..{to}"))
            }
            [to, end] if is_year(to) && is_small(end) => {
                fix(format!("{from}-{month:0>2}..{to}-{end:0>2}"))
            }
            // A time of day is told to the second.
            [day] if day.len() == "12T10:00".len() => fix(format!("@{text}:00")),
            [day] if day.contains('T') => fix(format!("@{text}")),
            _ => diagnostic.help("a date is written `2015`, `2015-06` or `2015-06-12`"),
        },
        [day, month, year] if is_year(year) && is_small(day) && is_small(month) => {
            fix(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        [month, year] if is_year(year) && is_small(month) => fix(format!("{year}-{month:0>2}")),
        [left, right] => fix(format!("{left} - {right}")),
        _ => diagnostic.help("a date is written `2015`, `2015-06` or `2015-06-12`; `-` as minus stands between blanks"),
    }
}
