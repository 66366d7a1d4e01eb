//! Phrases that start from a day: `last year`, `two months ago`. Their words are replaced by what they come to, so that
//! `end of last year` and `since last March` are read like any other.

use super::token::Token;
use super::words::{DIRECTIONS, MONTHS, NEAR_DAYS, NUMBERS, UNITS, WEEKDAYS, look_up};
use crate::model::{Day, Days, Part, Period};
use crate::parser::edtf::part_of_word;

/// A phrase needs a day to start from, and there is none.
#[derive(Debug)]
pub(super) struct NoAnchor;

/// The tokens with all that is relative replaced.
pub(super) fn rewrite(tokens: &[Token], anchor: Option<Day>) -> Result<Vec<Token>, NoAnchor> {
    let mut rewritten = Vec::new();
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        // Which words are relative does not hang on the day; only what they come to does.
        match relative(rest, anchor.unwrap_or(Day(0))) {
            Some(_) if anchor.is_none() => return Err(NoAnchor),
            Some((meaning, length)) => {
                rewritten.extend(meaning);
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                rewritten.push(first.clone());
                rest = after;
            }
        }
    }
    Ok(rewritten)
}

/// What the first tokens come to, and how many they are.
fn relative(tokens: &[Token], anchor: Day) -> Option<(Vec<Token>, usize)> {
    let word = |at: usize| tokens.get(at).and_then(Token::word);
    let first = word(0);
    if let Some(days) = first.and_then(|w| look_up(&NEAR_DAYS, w)) {
        return Some((vec![Token::Span(Days::one(anchor.plus_days(days)))], 1));
    }
    if let Some(which @ ("earlier" | "later")) = first {
        let (2, unit) = (if word(1)? == "this" { 2 } else { 0 }, unit(word(2)?)?) else {
            return None;
        };
        let whole = current(unit, anchor, 0);
        let days = match which {
            "earlier" => Days { first: whole.first, last: anchor },
            _ => Days { first: anchor, last: whole.last },
        };
        return Some((vec![Token::Span(days)], 3));
    }
    if let Some(count) = tokens.first().and_then(count) {
        let unit = unit(word(1)?)?;
        if word(2)? != "ago" {
            return None;
        }
        return Some((vec![ago(unit, count, anchor)], 3));
    }
    let &(_, direction, window) = DIRECTIONS.iter().find(|(w, ..)| Some(*w) == first)?;
    if let Some(count) = tokens.get(1).and_then(count) {
        let unit = unit(word(2)?)?;
        let days = stretch(unit, count, direction, anchor)?;
        return Some((vec![Token::Span(days)], 3));
    }
    let next = word(1)?;
    if word(2) == Some("of") || matches!(tokens.get(2), Some(Token::Number { digits: 4, .. })) {
        return None; // `last week of March 2014` hangs on no day
    }
    if let Some(unit) = unit(next) {
        let days = if window {
            stretch(unit, 1, direction, anchor)?
        } else {
            current(unit, anchor, direction)
        };
        return Some((vec![as_token(unit, days)], 2));
    }
    named(next, direction, anchor).map(|tokens| (tokens, 2))
}

/// A unit in months and days.
type Unit = (i64, i64);

fn unit(word: &str) -> Option<Unit> {
    UNITS
        .iter()
        .find(|(unit, ..)| *unit == word || word.strip_suffix('s') == Some(*unit))
        .map(|&(_, months, days)| (months, days))
}

/// A number, in digits or in words.
fn count(token: &Token) -> Option<i64> {
    match token {
        Token::Number { value, ordinal: false, .. } => Some(*value),
        Token::Word(word) => look_up(&NUMBERS, word),
        _ => None,
    }
}

/// The calendar unit of the anchor, or one before or after it. Weeks begin on Monday.
fn current((months, days): Unit, anchor: Day, away: i64) -> Days {
    let period = match months {
        1 => Period::Month,
        3 => Period::Quarter,
        12 => Period::Year,
        120 => Period::Decade,
        _ => {
            let monday = anchor.plus_days(-i64::from(anchor.weekday()));
            let first =
                if days == 1 { anchor } else { monday }.plus_days(away.saturating_mul(days));
            return Days { first, last: first.plus_days(days - 1) };
        }
    };
    period.days(period.ordinal(anchor).saturating_add(away))
}

/// So many units up to the anchor, or from it on.
fn stretch((months, days): Unit, count: i64, direction: i64, anchor: Day) -> Option<Days> {
    if direction == 0 {
        return None;
    }
    let count = count.saturating_mul(direction);
    let far =
        anchor.plus_months(months.saturating_mul(count)).plus_days(days.saturating_mul(count));
    Some(Days::new(anchor, far))
}

/// So many units before the anchor: a day for days, the seven days around it for weeks, else the calendar unit.
fn ago((months, days): Unit, count: i64, anchor: Day) -> Token {
    let there = anchor
        .plus_months(months.saturating_mul(count).saturating_neg())
        .plus_days(days.saturating_mul(count).saturating_neg());
    if months > 0 {
        return as_token((months, days), current((months, days), there, 0));
    }
    let around = days / 2;
    Token::Span(Days { first: there.plus_days(-around), last: there.plus_days(around) })
}

/// Years as numbers, so that months and seasons can be told of them.
fn as_token((months, _): Unit, days: Days) -> Token {
    let year = days.first.ymd().0;
    let whole = days == Days::year(year) && (0..=9999).contains(&year);
    if months == 12 && whole { Token::year(year) } else { Token::Span(days) }
}

/// `last March`, `this summer`, `next Friday`: the nearest that lies wholly before the anchor, holds it or lies in its
/// year, or lies wholly after it.
fn named(word: &str, direction: i64, anchor: Day) -> Option<Vec<Token>> {
    if let Some(weekday) = look_up(&WEEKDAYS, word) {
        let ahead = (i64::from(weekday) - i64::from(anchor.weekday())).rem_euclid(7);
        let away = match direction {
            -1 => ahead - 7,
            0 => i64::from(weekday) - i64::from(anchor.weekday()),
            _ if ahead == 0 => 7,
            _ => ahead,
        };
        return Some(vec![Token::Span(Days::one(anchor.plus_days(away)))]);
    }
    let year = anchor.ymd().0;
    let month = look_up(&MONTHS, word);
    let part: Option<&Part> = part_of_word(word).filter(|p| p.code < 30);
    let in_year = |year: i64| match (month, part) {
        (Some(month), _) => Some(Days::months(year, month, 1)),
        (None, Some(part)) => Some(part.days(year)),
        _ => None,
    };
    let found = match direction {
        -1 => (year - 1..=year).rev().filter_map(in_year).find(|d| d.last < anchor),
        0 => in_year(year),
        _ => (year..=year + 1).filter_map(in_year).find(|d| d.first > anchor),
    };
    let days = match found {
        Some(days) => days,
        // A winter reaches into the next year, so that the last but one may be the last that has ended.
        None => in_year(year - 2).filter(|_| direction == -1)?,
    };
    Some(vec![Token::Span(days)])
}
