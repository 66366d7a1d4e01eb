//! Stages of a pipeline.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded};

use super::ast::{At, Count, Grouping, Item, Name, Path, SortKey, Stage};
use super::chain::{dispatch, labelled, list, many, maybe};
use super::condition::optional;
use super::expected::Expected;
use super::expression::{condition, expr, sum};
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, path, spanned};
use super::literal::integer;
use super::value::assign;

/// `Stage`
pub(super) fn stage(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    labelled(input, Expected::Stage, |i| {
        dispatch(
            i,
            [
                ("where", where_stage),
                ("select", select),
                ("derive", derive),
                ("drop", |i| map(paths, |paths| Box::new(Stage::Drop(paths))).parse(i)),
                ("count", count_stage),
                ("summarize", summarize),
                ("sort", sort),
                ("top", top),
                ("head", |i| map(opt(spanned(count)), |n| Box::new(Stage::Head(n))).parse(i)),
                ("tail", |i| map(opt(spanned(count)), |n| Box::new(Stage::Tail(n))).parse(i)),
                ("skip", |i| map(spanned(count), |n| Box::new(Stage::Skip(n))).parse(i)),
                ("sample", sample),
                ("distinct", distinct),
                ("unique", unique),
                ("explode", explode),
                ("dyads", dyads),
            ],
        )
    })
}

fn where_stage(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, condition) = condition(input)?;
    Ok((rest, Box::new(Stage::Where(*condition))))
}

fn select(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, items) = items(input)?;
    Ok((rest, Box::new(Stage::Select(items))))
}

fn derive(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, assigns) = list(input, assign)?;
    Ok((rest, Box::new(Stage::Derive(assigns))))
}

fn count_stage(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, grouping) = maybe(input, grouping)?;
    Ok((rest, Box::new(Stage::Count(grouping))))
}

fn summarize(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, items) = items(input)?;
    let (rest, grouping) = maybe(rest, grouping)?;
    Ok((rest, Box::new(Stage::Summarize { items, grouping })))
}

fn sort(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, _) = optional("by")(input)?;
    let (rest, keys) = sort_keys(rest)?;
    Ok((rest, Box::new(Stage::Sort(keys))))
}

fn top(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, count) = spanned(count)(input)?;
    let (rest, ()) = keyword("by")(rest)?;
    let (rest, keys) = sort_keys(rest)?;
    Ok((rest, Box::new(Stage::Top { count, keys })))
}

fn sample(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let sample = pair(spanned(count), opt(preceded(keyword("seed"), integer)));
    map(sample, |(count, seed)| Box::new(Stage::Sample { count, seed })).parse(input)
}

fn distinct(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, items) = maybe(input, items)?;
    Ok((rest, Box::new(Stage::Distinct(items))))
}

fn unique(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    let (rest, items) = items(input)?;
    Ok((rest, Box::new(Stage::Unique(items))))
}

fn explode(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    map(pair(spanned(path), as_name), |(path, name)| Box::new(Stage::Explode { path, name }))
        .parse(input)
}

fn dyads(input: Input<'_>) -> Parsed<'_, Box<Stage>> {
    map(optional("directed"), |directed| Box::new(Stage::Dyads { directed })).parse(input)
}

/// `Grouping`
fn grouping(input: Input<'_>) -> Parsed<'_, Grouping> {
    let (rest, ()) = keyword("by")(input)?;
    let (rest, items) = items(rest)?;
    let mut grouping = Grouping { items, fill: None, spread: None };
    let (rest, options) = many(rest, fill_or_spread, Vec::new())?;
    for option in options {
        *(if option.node { &mut grouping.fill } else { &mut grouping.spread }) = Some(option.span);
    }
    Ok((rest, grouping))
}

fn fill_or_spread(input: Input<'_>) -> Parsed<'_, Box<At<bool>>> {
    let option = alt((value(true, keyword("fill")), value(false, keyword("spread"))));
    map(spanned(option), Box::new).parse(input)
}

/// `Items`
fn items(input: Input<'_>) -> Parsed<'_, Vec<Item>> {
    list(input, item)
}

/// `Item`
fn item(input: Input<'_>) -> Parsed<'_, Box<Item>> {
    let (rest, expr) = expr(input)?;
    let (rest, name) = as_name(rest)?;
    Ok((rest, Box::new(Item { expr: *expr, name })))
}

fn as_name(input: Input<'_>) -> Parsed<'_, Option<Name>> {
    opt(preceded(keyword("as"), name)).parse(input)
}

/// `Path (',' Path)* ','?`
pub(super) fn paths(input: Input<'_>) -> Parsed<'_, Vec<At<Path>>> {
    list(input, |i| map(spanned(path), Box::new).parse(i))
}

/// `SortKeys`
fn sort_keys(input: Input<'_>) -> Parsed<'_, Vec<SortKey>> {
    list(input, sort_key)
}

/// `SortKey`
fn sort_key(input: Input<'_>) -> Parsed<'_, Box<SortKey>> {
    let (rest, expr) = labelled(input, Expected::Field, sum)?;
    let (rest, (descending, nulls_first)) = direction(rest)?;
    Ok((rest, Box::new(SortKey { expr: *expr, descending, nulls_first })))
}

fn direction(input: Input<'_>) -> Parsed<'_, (bool, Option<bool>)> {
    let direction = opt(alt((value(false, keyword("asc")), value(true, keyword("desc")))));
    let place = alt((value(true, keyword("first")), value(false, keyword("last"))));
    pair(
        map(direction, |descending| descending.unwrap_or(false)),
        opt(preceded(keyword("nulls"), place)),
    )
    .parse(input)
}

/// `Count`
pub(super) fn count(input: Input<'_>) -> Parsed<'_, Count> {
    as_one(Expected::Count, alt((map(integer, Count::Number), map(param, Count::Param))))(input)
}
