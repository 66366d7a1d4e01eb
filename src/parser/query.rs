//! Queries: sources, event filters, dyads, and the stages behind them.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{pair, preceded};

use super::ast::{AsOf, At, Dyad, EventFilter, Expr, Kind, Party, Query, QueryKind, Source, Stage};
use super::chain::{bracketed, labelled, or_else};
use super::condition::set_lit;
use super::expected::Expected;
use super::expression::condition;
use super::input::{Fault, Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, skip, spanned, symbol};
use super::literal::{date_lit, integer};
use super::pattern::pattern;
use super::stage::stage;
use super::text::string;

/// `Query`
pub(super) fn query(input: Input<'_>) -> Parsed<'_, Query> {
    labelled(input, Expected::Query, pipeline)
}

fn pipeline(input: Input<'_>) -> Parsed<'_, Query> {
    let (start, ()) = skip(input)?;
    let (mut rest, source) = source(start)?;
    let source = At::new(source, start.span_to(&rest));
    let mut stages = Vec::new();
    while let (after, Some(stage)) = opt(piped).parse(rest)? {
        stages.push(stage);
        rest = after;
    }
    Ok((rest, At::new(QueryKind { source, stages }, start.span_to(&rest))))
}

fn piped(input: Input<'_>) -> Parsed<'_, At<Stage>> {
    let (rest, ()) = symbol("|")(input)?;
    spanned(stage)(rest)
}

/// `Source`
fn source(input: Input<'_>) -> Parsed<'_, Source> {
    or_else(input, pattern_source, |i| or_else(i, inner_query, events))
}

fn pattern_source(input: Input<'_>) -> Parsed<'_, Source> {
    map(pattern, Source::Pattern).parse(input)
}

fn inner_query(input: Input<'_>) -> Parsed<'_, Source> {
    let (rest, query) = bracketed(input, "(", query, ")")?;
    Ok((rest, Source::Query(Box::new(query))))
}

fn events(input: Input<'_>) -> Parsed<'_, Source> {
    let (rest, filter) = event_filter(input)?;
    Ok((rest, Source::Events(filter)))
}

/// `EventFilter`
pub(super) fn event_filter(input: Input<'_>) -> Parsed<'_, EventFilter> {
    let (rest, (kind, as_of, dyad)) =
        (spanned(kind), opt(spanned(as_of)), opt(spanned(dyad))).parse(input)?;
    let (rest, condition) = opt(filter).parse(rest)?;
    Ok((rest, EventFilter { kind, as_of, dyad, condition }))
}

fn filter(input: Input<'_>) -> Parsed<'_, Expr> {
    let (rest, ()) = keyword("where")(input)?;
    condition(rest)
}

/// `Kind`
pub(super) fn kind(input: Input<'_>) -> Parsed<'_, Kind> {
    let kind = alt((
        value(Kind::Events, keyword("events")),
        map(string, Kind::Quoted),
        map(name, |name| Kind::Name(name.node)),
    ));
    as_one(Expected::Kind, kind)(input)
}

/// `AsOf`
fn as_of(input: Input<'_>) -> Parsed<'_, AsOf> {
    let time = alt((
        map(date_lit, |date| AsOf::Date(Box::new(date))),
        map(integer, AsOf::Commit),
        map(param, AsOf::Param),
    ));
    preceded((keyword("as"), keyword("of")), as_one(Expected::Date, time)).parse(input)
}

/// `Dyad`
pub(super) fn dyad(input: Input<'_>) -> Parsed<'_, Dyad> {
    dyad_of(separated_list1(keyword("and"), at_party))(input)
}

/// `DyadTest`: in an expression, `and` after a party joins conditions.
pub(super) fn dyad_test(input: Input<'_>) -> Parsed<'_, Dyad> {
    dyad_of(map(at_party, |party| vec![party]))(input)
}

fn dyad_of<'a>(
    involved: impl Parser<Input<'a>, Output = Vec<At<Party>>, Error = Fault>,
) -> impl FnMut(Input<'a>) -> Parsed<'a, Dyad> {
    let between = (preceded(keyword("between"), at_party), preceded(keyword("and"), at_party));
    let to = |i| preceded(keyword("to"), at_party).parse(i);
    let from = pair(preceded(keyword("from"), at_party), opt(to));
    let mut dyad = as_one(
        Expected::Dyad,
        alt((
            map(between, |(a, b)| Dyad::Between(a, b)),
            map(from, |(from, to)| Dyad::Directed { from: Some(from), to }),
            map(to, |to| Dyad::Directed { from: None, to: Some(to) }),
            map(preceded(keyword("involving"), involved), Dyad::Involving),
        )),
    );
    move |input| dyad(input)
}

fn at_party(input: Input<'_>) -> Parsed<'_, At<Party>> {
    spanned(party)(input)
}

/// `Party`
fn party(input: Input<'_>) -> Parsed<'_, Party> {
    let party = alt((map(string, Party::Name), map(param, Party::Param), map(set_lit, Party::Set)));
    as_one(Expected::Party, party)(input)
}
