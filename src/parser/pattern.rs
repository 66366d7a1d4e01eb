//! Patterns of events: `sequence` and `together`.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded};

use super::ast::{
    At, EventFilter, Expr, Matches, Pattern, PatternMode, PatternOpt, Presence, SpanOf, Step,
    StepOpt,
};
use super::chain::{either, labelled, list, many, maybe, placed, some};
use super::condition::optional;
use super::expected::Expected;
use super::expression::sum;
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, spanned, symbol};
use super::literal::duration;
use super::query::{dyad, event_filter};
use super::stage::count;

/// `Pattern`
pub(super) fn pattern(input: Input<'_>) -> Parsed<'_, Box<Pattern>> {
    let (rest, mode) = mode(input)?;
    let (rest, options) = many(rest, pattern_opt, Vec::new())?;
    let (rest, steps) = some(rest, at_step)?;
    let (rest, until) = maybe(rest, until)?;
    let until = until.map(|(filter, keys)| (*filter, keys));
    Ok((rest, Box::new(Pattern { mode, options, steps, until })))
}

fn mode(input: Input<'_>) -> Parsed<'_, PatternMode> {
    let matches = alt((value(Matches::All, keyword("all")), value(Matches::Each, keyword("each"))));
    let matches = map(opt(matches), |matches| matches.unwrap_or(Matches::Closest));
    let sequence = preceded(keyword("sequence"), pair(optional("possibly"), matches));
    alt((
        map(sequence, |(possibly, matches)| PatternMode::Sequence { possibly, matches }),
        map(preceded(keyword("together"), optional("possibly")), |possibly| {
            PatternMode::Together { possibly }
        }),
    ))
    .parse(input)
}

/// `PatternOpt`
fn pattern_opt(input: Input<'_>) -> Parsed<'_, Box<PatternOpt>> {
    either(input, by_option).or(within_option).or(dyad_option).parsed
}

fn by_option(input: Input<'_>) -> Parsed<'_, Box<PatternOpt>> {
    let (rest, keys) = by_keys(input)?;
    Ok((rest, Box::new(PatternOpt::By(keys))))
}

fn within_option(input: Input<'_>) -> Parsed<'_, Box<PatternOpt>> {
    map(within, |span| Box::new(PatternOpt::Within(span))).parse(input)
}

fn dyad_option(input: Input<'_>) -> Parsed<'_, Box<PatternOpt>> {
    let (rest, dyad) = placed(input, dyad)?;
    Ok((rest, Box::new(PatternOpt::Dyad(*dyad))))
}

/// `by` and its keys.
fn by_keys(input: Input<'_>) -> Parsed<'_, Vec<Expr>> {
    let (rest, ()) = keyword("by")(input)?;
    keys(rest)
}

fn within(input: Input<'_>) -> Parsed<'_, At<SpanOf>> {
    preceded(keyword("within"), spanned(span)).parse(input)
}

/// `Keys`
fn keys(input: Input<'_>) -> Parsed<'_, Vec<Expr>> {
    list(input, |i| labelled(i, Expected::Field, sum))
}

/// `Span`
fn span(input: Input<'_>) -> Parsed<'_, SpanOf> {
    let span = alt((map(duration, SpanOf::Duration), map(param, SpanOf::Param)));
    as_one(Expected::Span, span)(input)
}

/// `Step`
fn at_step(input: Input<'_>) -> Parsed<'_, Box<At<Step>>> {
    labelled(input, Expected::Step, |i| placed(i, step))
}

fn step(input: Input<'_>) -> Parsed<'_, Box<Step>> {
    let (rest, presence) = presence(input)?;
    let (rest, filter) = slot(rest)?;
    let (rest, options) = many(rest, step_opt, Vec::new())?;
    Ok((rest, Box::new(Step { presence, filter: *filter, options })))
}

fn presence(input: Input<'_>) -> Parsed<'_, Presence> {
    let presence =
        alt((value(Presence::No, keyword("no")), value(Presence::Maybe, keyword("maybe"))));
    map(opt(presence), |presence| presence.unwrap_or(Presence::Required)).parse(input)
}

fn slot(input: Input<'_>) -> Parsed<'_, Box<EventFilter>> {
    let (rest, ()) = symbol("[")(input)?;
    let (rest, filter) = event_filter(rest)?;
    let (rest, ()) = symbol("]")(rest)?;
    Ok((rest, filter))
}

/// `StepOpt`
fn step_opt(input: Input<'_>) -> Parsed<'_, Box<StepOpt>> {
    labelled(input, Expected::Option, |i| either(i, by_step).or(other_step_opt).parsed)
}

fn by_step(input: Input<'_>) -> Parsed<'_, Box<StepOpt>> {
    let (rest, keys) = by_keys(input)?;
    Ok((rest, Box::new(StepOpt::By(keys))))
}

fn other_step_opt(input: Input<'_>) -> Parsed<'_, Box<StepOpt>> {
    let option = alt((
        map(preceded(keyword("as"), name), StepOpt::As),
        map(preceded(keyword("times"), spanned(count)), StepOpt::Times),
        map(within, StepOpt::Within),
    ));
    map(option, Box::new).parse(input)
}

/// `Until`
fn until(input: Input<'_>) -> Parsed<'_, (Box<EventFilter>, Vec<Expr>)> {
    let (rest, ()) = keyword("until")(input)?;
    let (rest, filter) = slot(rest)?;
    let (rest, keys) = maybe(rest, by_keys)?;
    Ok((rest, (filter, keys.unwrap_or_default())))
}
