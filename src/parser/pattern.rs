//! Patterns of events: `sequence` and `together`.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::{many0, many1};
use nom::sequence::{delimited, pair, preceded};

use super::ast::{
    EventFilter, Expr, Matches, Pattern, PatternMode, PatternOpt, Presence, SpanOf, Step, StepOpt,
};
use super::chain::list;
use super::condition::optional;
use super::expected::Expected;
use super::expression::sum;
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, spanned, symbol};
use super::literal::duration;
use super::query::{dyad, event_filter};
use super::stage::count;

/// `Pattern`
pub(super) fn pattern(input: Input<'_>) -> Parsed<'_, Pattern> {
    let parts = (mode, many0(pattern_opt), many1(spanned(step)), opt(until));
    map(parts, |(mode, options, steps, until)| Pattern { mode, options, steps, until }).parse(input)
}

fn mode(input: Input<'_>) -> Parsed<'_, PatternMode> {
    let matches = alt((value(Matches::All, keyword("all")), value(Matches::Each, keyword("each"))));
    let matches = map(opt(matches), |matches| matches.unwrap_or(Matches::Closest));
    let sequence = preceded(keyword("sequence"), pair(optional("possibly"), matches));
    alt((
        map(sequence, |(possibly, matches)| PatternMode::Sequence { possibly, matches }),
        value(PatternMode::Together, keyword("together")),
    ))
    .parse(input)
}

/// `PatternOpt`
fn pattern_opt(input: Input<'_>) -> Parsed<'_, PatternOpt> {
    alt((
        map(by_keys, PatternOpt::By),
        map(within, PatternOpt::Within),
        map(spanned(dyad), PatternOpt::Dyad),
    ))
    .parse(input)
}

fn by_keys(input: Input<'_>) -> Parsed<'_, Vec<Expr>> {
    preceded(keyword("by"), keys).parse(input)
}

fn within(input: Input<'_>) -> Parsed<'_, super::ast::At<SpanOf>> {
    preceded(keyword("within"), spanned(span)).parse(input)
}

/// `Keys`
fn keys(input: Input<'_>) -> Parsed<'_, Vec<Expr>> {
    list(input, sum)
}

/// `Span`
fn span(input: Input<'_>) -> Parsed<'_, SpanOf> {
    let span = alt((map(duration, SpanOf::Duration), map(param, SpanOf::Param)));
    as_one(Expected::Span, span)(input)
}

/// `Step`
fn step(input: Input<'_>) -> Parsed<'_, Step> {
    let presence =
        alt((value(Presence::No, keyword("no")), value(Presence::Maybe, keyword("maybe"))));
    let presence = map(opt(presence), |presence| presence.unwrap_or(Presence::Required));
    let parts = (presence, slot, many0(step_opt));
    let step = map(parts, |(presence, filter, options)| Step { presence, filter, options });
    as_one(Expected::Step, step)(input)
}

fn slot(input: Input<'_>) -> Parsed<'_, EventFilter> {
    delimited(symbol("["), event_filter, symbol("]")).parse(input)
}

/// `StepOpt`
fn step_opt(input: Input<'_>) -> Parsed<'_, StepOpt> {
    let option = alt((
        map(by_keys, StepOpt::By),
        map(preceded(keyword("as"), name), StepOpt::As),
        map(preceded(keyword("times"), spanned(count)), StepOpt::Times),
        map(within, StepOpt::Within),
    ));
    as_one(Expected::Option, option)(input)
}

/// `Until`
fn until(input: Input<'_>) -> Parsed<'_, (EventFilter, Vec<Expr>)> {
    let keys = map(opt(by_keys), Option::unwrap_or_default);
    preceded(keyword("until"), pair(slot, keys)).parse(input)
}
