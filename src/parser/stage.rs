//! Stages of a pipeline.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::fold_many0;
use nom::sequence::{pair, preceded};

use super::ast::{At, Count, Grouping, Item, Path, SortKey, Stage};
use super::chain::list;
use super::condition::optional;
use super::expected::Expected;
use super::expression::{condition, expr, sum};
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, path, spanned};
use super::literal::integer;
use super::value::assign;

/// `Stage`
pub(super) fn stage(input: Input<'_>) -> Parsed<'_, Stage> {
    as_one(Expected::Stage, alt((filter_or_columns, groups, order, rows)))(input)
}

fn filter_or_columns(input: Input<'_>) -> Parsed<'_, Stage> {
    let explode = pair(spanned(path), opt(preceded(keyword("as"), name)));
    alt((
        map(preceded(keyword("where"), condition), Stage::Where),
        map(preceded(keyword("select"), items), Stage::Select),
        map(preceded(keyword("derive"), |i| list(i, assign)), Stage::Derive),
        map(preceded(keyword("drop"), paths), Stage::Drop),
        map(preceded(keyword("explode"), explode), |(path, name)| Stage::Explode { path, name }),
    ))
    .parse(input)
}

fn groups(input: Input<'_>) -> Parsed<'_, Stage> {
    let summarize = preceded(keyword("summarize"), pair(items, opt(grouping)));
    alt((
        map(preceded(keyword("count"), opt(grouping)), Stage::Count),
        map(summarize, |(items, grouping)| Stage::Summarize { items, grouping }),
        map(preceded(keyword("distinct"), opt(items)), Stage::Distinct),
        map(preceded(keyword("unique"), items), Stage::Unique),
        map(preceded(keyword("dyads"), optional("directed")), |directed| Stage::Dyads { directed }),
    ))
    .parse(input)
}

fn order(input: Input<'_>) -> Parsed<'_, Stage> {
    let top = pair(at_count, preceded(keyword("by"), sort_keys));
    alt((
        map(preceded((keyword("sort"), opt(keyword("by"))), sort_keys), Stage::Sort),
        map(preceded(keyword("top"), top), |(count, keys)| Stage::Top { count, keys }),
    ))
    .parse(input)
}

fn rows(input: Input<'_>) -> Parsed<'_, Stage> {
    let sample = pair(at_count, opt(preceded(keyword("seed"), integer)));
    alt((
        map(preceded(keyword("head"), opt(at_count)), Stage::Head),
        map(preceded(keyword("tail"), opt(at_count)), Stage::Tail),
        map(preceded(keyword("skip"), at_count), Stage::Skip),
        map(preceded(keyword("sample"), sample), |(count, seed)| Stage::Sample { count, seed }),
    ))
    .parse(input)
}

/// `Grouping`
fn grouping(input: Input<'_>) -> Parsed<'_, Grouping> {
    let option = alt((value(true, keyword("fill")), value(false, keyword("spread"))));
    let options = fold_many0(
        spanned(option),
        || (None, None),
        |(fill, spread), option| {
            if option.node { (Some(option.span), spread) } else { (fill, Some(option.span)) }
        },
    );
    let grouping = pair(preceded(keyword("by"), items), options);
    map(grouping, |(items, (fill, spread))| Grouping { items, fill, spread }).parse(input)
}

/// `Items`
fn items(input: Input<'_>) -> Parsed<'_, Vec<Item>> {
    list(input, item)
}

/// `Item`
fn item(input: Input<'_>) -> Parsed<'_, Item> {
    let item = pair(expr, opt(preceded(keyword("as"), name)));
    map(item, |(expr, name)| Item { expr, name }).parse(input)
}

/// `Path (',' Path)* ','?`
pub(super) fn paths(input: Input<'_>) -> Parsed<'_, Vec<At<Path>>> {
    list(input, |i| spanned(path)(i))
}

/// `SortKeys`
fn sort_keys(input: Input<'_>) -> Parsed<'_, Vec<SortKey>> {
    list(input, sort_key)
}

/// `SortKey`
fn sort_key(input: Input<'_>) -> Parsed<'_, SortKey> {
    let direction = opt(alt((value(false, keyword("asc")), value(true, keyword("desc")))));
    let place = alt((value(true, keyword("first")), value(false, keyword("last"))));
    let parts = (sum, direction, opt(preceded(keyword("nulls"), place)));
    map(parts, |(expr, descending, nulls_first)| SortKey {
        expr,
        descending: descending.unwrap_or(false),
        nulls_first,
    })
    .parse(input)
}

fn at_count(input: Input<'_>) -> Parsed<'_, At<Count>> {
    spanned(count)(input)
}

/// `Count`
pub(super) fn count(input: Input<'_>) -> Parsed<'_, Count> {
    as_one(Expected::Count, alt((map(integer, Count::Number), map(param, Count::Param))))(input)
}
