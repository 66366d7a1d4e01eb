//! The form of EDTF: which components, sets and ends a text has. What they mean is not looked at here.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, one_of, space0};
use nom::combinator::{all_consuming, map, opt, recognize, success};
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded, separated_pair};
use nom::{IResult, Parser};

/// A year, a month, a part of a year or a day, with the qualifiers at its sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component<'a> {
    /// The qualifier before it: for it alone.
    pub(super) before: Option<char>,
    /// Its digits, or what stands for them.
    pub(super) text: &'a str,
    /// The qualifier after it: for it and all to its left.
    pub(super) after: Option<char>,
}

/// A date as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) year: Component<'a>,
    /// The month, or a part of a year.
    pub(super) second: Option<Component<'a>>,
    pub(super) day: Option<Component<'a>>,
    /// What follows the `T`.
    pub(super) time: Option<&'a str>,
}

/// A member of a set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Element<'a> {
    One(Written<'a>),
    Range(Option<Written<'a>>, Option<Written<'a>>),
}

/// An end of an interval.
#[derive(Debug, Clone)]
pub(super) enum End<'a> {
    /// Nothing: not known.
    Unknown,
    /// `..`: there is none.
    Open,
    Date(Written<'a>),
    Set(Vec<Element<'a>>),
}

/// A whole text.
#[derive(Debug, Clone)]
pub(super) enum Edtf<'a> {
    Date(Written<'a>),
    Set(Vec<Element<'a>>),
    Interval(End<'a>, End<'a>),
}

/// The form of a text, if it has one.
pub(super) fn parse(text: &str) -> Option<Edtf<'_>> {
    let form = alt((
        all_consuming(map(separated_pair(end, char('/'), end), |(a, b)| Edtf::Interval(a, b))),
        all_consuming(map(set, Edtf::Set)),
        all_consuming(map(written, Edtf::Date)),
    ))
    .parse(text);
    form.ok().map(|(_, edtf)| edtf)
}

fn end(text: &str) -> IResult<&str, End<'_>> {
    alt((
        map(tag(".."), |_| End::Open),
        map(set, End::Set),
        map(written, End::Date),
        map(success(()), |()| End::Unknown),
    ))
    .parse(text)
}

fn set(text: &str) -> IResult<&str, Vec<Element<'_>>> {
    delimited(char('['), separated_list1(char(','), delimited(space0, element, space0)), char(']'))
        .parse(text)
}

fn element(text: &str) -> IResult<&str, Element<'_>> {
    let dots = delimited(space0, tag(".."), space0);
    alt((
        map(separated_pair(opt(written), dots, opt(written)), |(a, b)| Element::Range(a, b)),
        map(written, Element::One),
    ))
    .parse(text)
}

fn written(text: &str) -> IResult<&str, Written<'_>> {
    let year_digits = recognize((
        opt(char('Y')),
        opt(char('-')),
        take_while1(|c: char| c.is_ascii_digit() || matches!(c, 'X' | 'E' | 'S')),
    ));
    map(
        (
            component(year_digits),
            opt(preceded(char('-'), component(digits))),
            opt(preceded(char('-'), component(digits))),
            opt(preceded(
                char('T'),
                take_while1(|c: char| c.is_ascii_digit() || ":.,Z+-".contains(c)),
            )),
        ),
        |(year, second, day, time)| Written { year, second, day, time },
    )
    .parse(text)
}

fn digits(text: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_digit() || c == 'X').parse(text)
}

fn component<'a>(
    mut digits: impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>>,
) -> impl FnMut(&'a str) -> IResult<&'a str, Component<'a>> {
    move |text| {
        let (rest, before) = opt(one_of("?~%")).parse(text)?;
        let (rest, digits) = digits.parse(rest)?;
        let (rest, after) = opt(one_of("?~%")).parse(rest)?;
        Ok((rest, Component { before, text: digits, after }))
    }
}
