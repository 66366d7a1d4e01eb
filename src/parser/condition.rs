//! Tests: comparisons, sets, names, patterns of text, periods, dyads.

use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded, terminated};
use nom::{Err, Parser};

use super::ast::{At, CmpOp, Expr, ExprKind, InSet, MatchOp, Period, Range, Relation, Text};
use super::chain::{bracketed, labelled, list, or_else};
use super::expected::Expected;
use super::expression::{atom, coalesce, expr, negative_atom, sum};
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, param, skip, spanned, symbol};
use super::literal::duration;
use super::query::{dyad_test, query};
use super::text::text;
use super::value::{Either, list_lit, range_or};
use crate::error::Span;

/// What follows the left side of a test.
enum Tail {
    Compare(At<CmpOp>, Expr),
    In(bool, At<InSet>),
    Under(bool, Vec<Text>),
    Match(bool, MatchOp, Vec<Text>),
    During(bool, Relation, At<Period>),
    IsNull(bool),
}

/// `Test`
pub(super) fn test(input: Input<'_>) -> Parsed<'_, Expr> {
    or_else(input, dyad_condition, comparison)
}

fn dyad_condition(input: Input<'_>) -> Parsed<'_, Expr> {
    let (start, ()) = skip(input)?;
    let (rest, dyad) = dyad_test(start)?;
    Ok((rest, At::new(ExprKind::Dyad(dyad), start.span_to(&rest))))
}

fn comparison(input: Input<'_>) -> Parsed<'_, Expr> {
    let (rest, left) = coalesce(input)?;
    match labelled(rest, Expected::Comparison, tail) {
        Ok((end, tail)) => Ok((end, build(left, tail, end.at))),
        Err(Err::Error(_)) => Ok((rest, left)),
        Err(failure) => Err(failure),
    }
}

fn build(left: Expr, tail: Tail, end: usize) -> Expr {
    let span = Span::new(left.span.start, end);
    let left = Box::new(left);
    let kind = match tail {
        Tail::Compare(op, right) => ExprKind::Compare { left, op, right: Box::new(right) },
        Tail::In(negated, set) => ExprKind::In { left, negated, set },
        Tail::Under(negated, names) => ExprKind::Under { left, negated, names },
        Tail::Match(negated, how, patterns) => ExprKind::Match { left, negated, how, patterns },
        Tail::During(negated, relation, period) => {
            ExprKind::During { left, negated, relation, period }
        }
        Tail::IsNull(negated) => ExprKind::IsNull { left, negated },
    };
    At::new(kind, span)
}

fn tail(input: Input<'_>) -> Parsed<'_, Tail> {
    or_else(input, |i| or_else(i, compare, negatable), |i| or_else(i, search, is_null))
}

fn compare(input: Input<'_>) -> Parsed<'_, Tail> {
    let (rest, op) = spanned(cmp_op)(input)?;
    let (rest, right) = operand(rest)?;
    Ok((rest, Tail::Compare(op, right)))
}

fn is_null(input: Input<'_>) -> Parsed<'_, Tail> {
    let is_null = preceded(keyword("is"), terminated(optional("not"), keyword("null")));
    map(is_null, Tail::IsNull).parse(input)
}

fn operand(input: Input<'_>) -> Parsed<'_, Expr> {
    labelled(input, Expected::Value, coalesce)
}

/// The tests that `not` may stand before.
fn negatable(input: Input<'_>) -> Parsed<'_, Tail> {
    let (rest, negated) = optional("not")(input)?;
    let (rest, mut tail) =
        or_else(rest, |i| or_else(i, member, under), |i| or_else(i, pattern, during))?;
    if let Tail::In(not, _) | Tail::Under(not, _) | Tail::Match(not, ..) | Tail::During(not, ..) =
        &mut tail
    {
        *not = negated;
    }
    Ok((rest, tail))
}

fn member(input: Input<'_>) -> Parsed<'_, Tail> {
    let (rest, ()) = keyword("in")(input)?;
    let (rest, set) = in_set(rest)?;
    Ok((rest, Tail::In(false, set)))
}

fn under(input: Input<'_>) -> Parsed<'_, Tail> {
    map(preceded(keyword("under"), texts), |names| Tail::Under(false, names)).parse(input)
}

fn pattern(input: Input<'_>) -> Parsed<'_, Tail> {
    let how =
        alt((value(MatchOp::Like, keyword("like")), value(MatchOp::Matches, keyword("matches"))));
    map(pair(how, texts), |(how, patterns)| Tail::Match(false, how, patterns)).parse(input)
}

fn during(input: Input<'_>) -> Parsed<'_, Tail> {
    let (rest, relation) = relation(input)?;
    let (start, ()) = skip(rest)?;
    let (rest, period) = labelled(start, Expected::Value, period)?;
    let period = At::new(period, start.span_to(&rest));
    Ok((rest, Tail::During(false, relation, period)))
}

fn relation(input: Input<'_>) -> Parsed<'_, Relation> {
    alt((
        value(Relation::During, keyword("during")),
        value(Relation::Overlaps, keyword("overlaps")),
        value(Relation::Before, keyword("before")),
        value(Relation::After, keyword("after")),
    ))
    .parse(input)
}

fn search(input: Input<'_>) -> Parsed<'_, Tail> {
    let sign = alt((value(false, symbol("~")), value(true, symbol("!~"))));
    map(pair(sign, texts), |(negated, words)| Tail::Match(negated, MatchOp::Search, words))
        .parse(input)
}

/// Whether a word is there.
pub(super) fn optional<'a>(word: &'static str) -> impl FnMut(Input<'a>) -> Parsed<'a, bool> {
    let mut rule = map(opt(keyword(word)), |found| found.is_some());
    move |input| rule.parse(input)
}

/// `CmpOp`
fn cmp_op(input: Input<'_>) -> Parsed<'_, CmpOp> {
    alt((
        value(CmpOp::NotSame, symbol("!==")),
        value(CmpOp::Same, symbol("==")),
        value(CmpOp::Ne, symbol("!=")),
        value(CmpOp::Le, symbol("<=")),
        value(CmpOp::Ge, symbol(">=")),
        value(CmpOp::Eq, symbol("=")),
        value(CmpOp::Lt, symbol("<")),
        value(CmpOp::Gt, symbol(">")),
    ))
    .parse(input)
}

fn in_set(input: Input<'_>) -> Parsed<'_, At<InSet>> {
    let (start, ()) = skip(input)?;
    let (rest, set) = labelled(start, Expected::Set, |i| {
        or_else(i, |i| or_else(i, in_expressions, in_query), |i| or_else(i, in_list, in_range))
    })?;
    Ok((rest, At::new(set, start.span_to(&rest))))
}

fn in_expressions(input: Input<'_>) -> Parsed<'_, InSet> {
    let (rest, exprs) = set_lit(input)?;
    Ok((rest, InSet::Set(exprs)))
}

fn in_query(input: Input<'_>) -> Parsed<'_, InSet> {
    let (rest, query) = bracketed(input, "(", query, ")")?;
    Ok((rest, InSet::Query(Box::new(query))))
}

fn in_list(input: Input<'_>) -> Parsed<'_, InSet> {
    let (rest, values) = list_lit(input)?;
    Ok((rest, InSet::List(values)))
}

fn in_range(input: Input<'_>) -> Parsed<'_, InSet> {
    alt((map(range, InSet::Range), map(param, InSet::Param))).parse(input)
}

/// `SetLit`
pub(super) fn set_lit(input: Input<'_>) -> Parsed<'_, Vec<Expr>> {
    bracketed(input, "(", |i| list(i, expr), ")")
}

/// `TextSet | Text`
fn texts(input: Input<'_>) -> Parsed<'_, Vec<Text>> {
    let set = |i| bracketed(i, "(", |i| list(i, text), ")");
    as_one(Expected::Text, alt((set, map(text, |text| vec![text]))))(input)
}

/// `Period`
fn period(input: Input<'_>) -> Parsed<'_, Period> {
    or_else(input, last, range_or_sum)
}

fn last(input: Input<'_>) -> Parsed<'_, Period> {
    map(preceded(keyword("last"), duration), Period::Last).parse(input)
}

fn range_or_sum(input: Input<'_>) -> Parsed<'_, Period> {
    let (rest, either) = range_or(input, sum)?;
    let period = match either {
        Either::Range(range) => Period::Range(range),
        Either::Expr(expr) => Period::Expr(Box::new(expr)),
    };
    Ok((rest, period))
}

/// `Range`
fn range(input: Input<'_>) -> Parsed<'_, Range> {
    let to = map(preceded(symbol(".."), bound), |to| Range { from: None, to: Some(Box::new(to)) });
    let from = map((bound, symbol(".."), opt(bound)), |(from, (), to)| Range {
        from: Some(Box::new(from)),
        to: to.map(Box::new),
    });
    alt((from, to)).parse(input)
}

/// `Bound`
pub(super) fn bound(input: Input<'_>) -> Parsed<'_, Expr> {
    labelled(input, Expected::Value, |i| or_else(i, negative_atom, atom))
}
