//! Queries: sources, event filters, dyads, and the stages behind them.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded};

use super::ast::{AsOf, At, Dyad, EventFilter, Kind, Party, Query, QueryKind, Source, Stage};
use super::chain::{Boxed, bracketed, dispatch, either, labelled, many, maybe, placed};
use super::condition::set_lit;
use super::expected::Expected;
use super::expression::condition;
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, skip, spanned, symbol};
use super::literal::{date_lit, integer};
use super::pattern::pattern;
use super::stage::stage;
use super::text::string;

/// `Query`
pub(super) fn query(input: Input<'_>) -> Parsed<'_, Box<Query>> {
    labelled(input, Expected::Query, pipeline)
}

fn pipeline(input: Input<'_>) -> Parsed<'_, Box<Query>> {
    let (start, ()) = skip(input)?;
    let (rest, source) = source(start)?;
    let source_end = rest;
    let (rest, stages) = many(rest, piped, Vec::new())?;
    Ok((rest, Box::new(build(start, *source, source_end, stages, rest))))
}

fn build(
    start: Input<'_>,
    source: Source,
    source_end: Input<'_>,
    stages: Vec<At<Stage>>,
    end: Input<'_>,
) -> Query {
    let source = At::new(source, start.span_to(&source_end));
    At::new(QueryKind { source, stages }, start.span_to(&end))
}

fn piped(input: Input<'_>) -> Parsed<'_, Box<At<Stage>>> {
    let (rest, ()) = symbol("|")(input)?;
    placed(rest, stage)
}

/// `Source`
fn source(input: Input<'_>) -> Parsed<'_, Box<Source>> {
    either(input, pattern_source).or(inner_query).or(events).parsed
}

fn pattern_source(input: Input<'_>) -> Parsed<'_, Box<Source>> {
    let (rest, pattern) = pattern(input)?;
    Ok((rest, Box::new(Source::Pattern(*pattern))))
}

fn inner_query(input: Input<'_>) -> Parsed<'_, Box<Source>> {
    let (rest, query) = bracketed(input, "(", query, ")")?;
    Ok((rest, Box::new(Source::Query(query))))
}

fn events(input: Input<'_>) -> Parsed<'_, Box<Source>> {
    let (rest, filter) = event_filter(input)?;
    Ok((rest, Box::new(Source::Events(*filter))))
}

/// `EventFilter`
pub(super) fn event_filter(input: Input<'_>) -> Parsed<'_, Box<EventFilter>> {
    let (rest, mut filter) = head(input)?;
    let (rest, dyad) = maybe(rest, |i| placed(i, dyad))?;
    filter.dyad = dyad.map(|dyad| *dyad);
    let (rest, condition) = maybe(rest, filtered)?;
    filter.condition = condition.map(|condition| *condition);
    Ok((rest, filter))
}

/// The start of an event filter, up to its dyad.
fn head(input: Input<'_>) -> Parsed<'_, Box<EventFilter>> {
    let head = pair(spanned(kind), opt(spanned(as_of)));
    map(head, |(kind, as_of)| Box::new(EventFilter { kind, as_of, dyad: None, condition: None }))
        .parse(input)
}

/// `where` and its condition.
pub(super) fn filtered(input: Input<'_>) -> Boxed<'_> {
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
pub(super) fn dyad(input: Input<'_>) -> Parsed<'_, Box<Dyad>> {
    labelled(input, Expected::Dyad, |i| {
        dispatch(i, [("between", between), ("from", from), ("to", to), ("involving", involving)])
    })
}

/// `DyadTest`: in an expression, `and` after a party joins conditions.
pub(super) fn dyad_test(input: Input<'_>) -> Parsed<'_, Box<Dyad>> {
    labelled(input, Expected::Dyad, |i| {
        dispatch(
            i,
            [("between", between), ("from", from), ("to", to), ("involving", involving_one)],
        )
    })
}

fn between(input: Input<'_>) -> Parsed<'_, Box<Dyad>> {
    let (rest, one) = at_party(input)?;
    let (rest, other) = and_party(rest)?;
    Ok((rest, Box::new(Dyad::Between(*one, *other))))
}

fn and_party(input: Input<'_>) -> Parsed<'_, Box<At<Party>>> {
    let (rest, ()) = keyword("and")(input)?;
    at_party(rest)
}

fn from(input: Input<'_>) -> Parsed<'_, Box<Dyad>> {
    let (rest, from) = at_party(input)?;
    let (rest, to) = maybe(rest, to_party)?;
    Ok((rest, Box::new(Dyad::Directed { from: Some(*from), to: to.map(|to| *to) })))
}

fn to_party(input: Input<'_>) -> Parsed<'_, Box<At<Party>>> {
    let (rest, ()) = keyword("to")(input)?;
    at_party(rest)
}

fn to(input: Input<'_>) -> Parsed<'_, Box<Dyad>> {
    let (rest, to) = at_party(input)?;
    Ok((rest, Box::new(Dyad::Directed { from: None, to: Some(*to) })))
}

fn involving(input: Input<'_>) -> Parsed<'_, Box<Dyad>> {
    let (rest, first) = at_party(input)?;
    let (rest, parties) = many(rest, and_party, vec![*first])?;
    Ok((rest, Box::new(Dyad::Involving(parties))))
}

fn involving_one(input: Input<'_>) -> Parsed<'_, Box<Dyad>> {
    let (rest, party) = at_party(input)?;
    Ok((rest, Box::new(Dyad::Involving(vec![*party]))))
}

fn at_party(input: Input<'_>) -> Parsed<'_, Box<At<Party>>> {
    labelled(input, Expected::Party, |i| placed(i, party))
}

/// `Party`
fn party(input: Input<'_>) -> Parsed<'_, Box<Party>> {
    either(input, named_party).or(party_set).parsed
}

fn named_party(input: Input<'_>) -> Parsed<'_, Box<Party>> {
    map(alt((map(string, Party::Name), map(param, Party::Param))), Box::new).parse(input)
}

fn party_set(input: Input<'_>) -> Parsed<'_, Box<Party>> {
    let (rest, exprs) = set_lit(input)?;
    Ok((rest, Box::new(Party::Set(exprs))))
}
