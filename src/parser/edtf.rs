//! EDTF (ISO 8601-2:2019) text to dates.
//!
//! Levels 0 and 1 whole; of level 2 the parts of a year except the southern seasons, one-of-a-set, and qualifiers on
//! components. What is left out is refused with the reason. [`grammar`] reads the form, [`days`] finds the days.

mod days;
mod grammar;
mod literal;

use std::ops::Range;

use crate::model::{Date, Day, Days, Precision, Qualifier};
use days::Point;
use grammar::{Edtf, Element, End};

pub use literal::parse_literal;
pub(crate) use literal::part_of_word;

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateError {
    /// What is wrong, with the text quoted.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The stretch of the text that is at fault, in bytes.
    pub at: Range<usize>,
    /// A text that would do in its place.
    pub fix: Option<String>,
}

impl DateError {
    pub(crate) fn new(message: impl Into<String>, at: Range<usize>) -> DateError {
        DateError { message: message.into(), help: None, at, fix: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> DateError {
        self.help = Some(help.into());
        self
    }

    /// Adds the whole text that would do, and says so where there is no other help.
    pub(crate) fn fix(mut self, fix: impl Into<String>) -> DateError {
        let fix = fix.into();
        if self.help.is_none() {
            self.help = Some(format!("write `{fix}`"));
        }
        self.fix = Some(fix);
        self
    }
}

/// A date from EDTF text, without the `@` in front.
pub fn parse_edtf(text: &str) -> Result<Date, DateError> {
    let written = text.trim();
    let offset = text.len() - text.trim_start().len();
    read(written).map_err(|mut error| {
        error.at = error.at.start + offset..error.at.end + offset;
        // A fix that is no date either would only lead on.
        if error.fix.as_deref().is_some_and(|fix| read(fix).is_err()) {
            error.fix = None;
        }
        error
    })
}

fn read(text: &str) -> Result<Date, DateError> {
    let edtf = grammar::parse(text).ok_or_else(|| refuse(text))?;
    match edtf {
        Edtf::Date(written) => Ok(days::resolve(text, &written)?.into_date(text)),
        Edtf::Set(elements) => {
            let days = hull(text, &elements)?;
            let qualifier = qualifiers(text, &elements)?;
            let precision = match Date::within(days, Precision::Interval) {
                d if is_part_of_month(&d) => Precision::PartOfMonth,
                _ => Precision::Interval,
            };
            let mut date = Date::within(days, precision);
            date.edtf = squeeze(text);
            date.qualifier = qualifier;
            Ok(date)
        }
        Edtf::Interval(from, to) => interval(text, &from, &to),
    }
}

/// A set of days of a month is told by that part of the month.
fn is_part_of_month(date: &Date) -> bool {
    crate::model::is_third_of_month(date.covering())
}

/// What lasted from one end to the other.
fn interval(text: &str, from: &End<'_>, to: &End<'_>) -> Result<Date, DateError> {
    let known = |end: &End<'_>| match end {
        End::Unknown | End::Open => Ok(None),
        End::Date(written) => {
            let point = days::resolve(text, written)?;
            if point.time.is_some() {
                return Err(DateError::new(
                    format!("`{text}` has a time of day in an interval"),
                    0..text.len(),
                )
                .help("leave the times out: an interval lasts from day to day"));
            }
            Ok(Some((point.days, point.qualifier)))
        }
        End::Set(elements) => Ok(Some((hull(text, elements)?, qualifiers(text, elements)?))),
    };
    let (first, last) = (known(from)?, known(to)?);
    let start = match (from, first, last) {
        (End::Open, ..) => Days::one(Day::MIN),
        (_, Some((days, _)), _) => days,
        (_, None, Some((end, _))) => Days { first: Day::MIN, last: end.last },
        (_, None, None) => Days::ALL,
    };
    let end = match (to, last) {
        (End::Open, _) => Days::one(Day::MAX),
        (_, Some((days, _))) => days,
        (_, None) if start.is_bounded() => Days { first: start.first, last: Day::MAX },
        (_, None) => Days::ALL,
    };
    if start.first > end.last {
        return Err(ends_first(text, first.map(|f| f.0), last.map(|l| l.0)));
    }
    let mut date = Date::lasting(start, end);
    date.edtf = squeeze(text);
    date.qualifier =
        [first, last].into_iter().flatten().fold(Qualifier::default(), |q, (_, end)| q.or(end));
    Ok(date)
}

fn ends_first(text: &str, first: Option<Days>, last: Option<Days>) -> DateError {
    let error = DateError::new(format!("`{text}` ends before it begins"), 0..text.len());
    match (first, last, text.split_once('/')) {
        (Some(_), Some(_), Some((from, to))) => error.fix(format!("{to}/{from}")),
        _ => error,
    }
}

/// The least interval that holds every member of a set. Gaps between members are not kept.
fn hull(text: &str, elements: &[Element<'_>]) -> Result<Days, DateError> {
    let day_only = |point: Point| match point.time {
        Some(_) => {
            Err(DateError::new(format!("`{text}` has a time of day in a set"), 0..text.len())
                .help("leave the times out"))
        }
        None => Ok(point.days),
    };
    let mut all: Option<Days> = None;
    for element in elements {
        let days = match element {
            Element::One(written) => day_only(days::resolve(text, written)?)?,
            Element::Range(from, to) => {
                let end = |end: &Option<grammar::Written<'_>>| {
                    end.as_ref().map(|w| days::resolve(text, w).and_then(day_only)).transpose()
                };
                let (from, to) = (end(from)?, end(to)?);
                if from.is_none() && to.is_none() {
                    return Err(DateError::new(
                        format!("`{text}` has a range without ends"),
                        0..text.len(),
                    ));
                }
                let first = from.map_or(Day::MIN, |d| d.first);
                let last = to.map_or(Day::MAX, |d| d.last);
                if first > last {
                    return Err(DateError::new(
                        format!("`{text}` has a range that ends before it begins"),
                        0..text.len(),
                    ));
                }
                Days { first, last }
            }
        };
        all = Some(all.map_or(days, |a| a.hull(days)));
    }
    all.ok_or_else(|| refuse(text))
}

fn qualifiers(text: &str, elements: &[Element<'_>]) -> Result<Qualifier, DateError> {
    let mut all = Qualifier::default();
    for element in elements {
        let ends = match element {
            Element::One(written) => [Some(written), None],
            Element::Range(from, to) => [from.as_ref(), to.as_ref()],
        };
        for written in ends.into_iter().flatten() {
            all = all.or(days::resolve(text, written)?.qualifier);
        }
    }
    Ok(all)
}

/// Without blanks.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What can be said of a text that has not even the form of EDTF.
fn refuse(text: &str) -> DateError {
    let all = 0..text.len();
    if text.is_empty() {
        return DateError::new("an empty text is not a date", all)
            .help("leave the date out when it is not known");
    }
    let has = |c: char| text.contains(c);
    if has('{') && has('}') {
        return DateError::new(
            format!("`{text}` is all of a set of dates, and an event has one date"),
            all,
        )
        .help("enter an event for each date, `[…]` for one of them, `a/b` for what lasted");
    }
    if has('[') != has(']') || has('{') != has('}') {
        return DateError::new(format!("`{text}` is a set that is not closed"), all);
    }
    if has('(') || has(')') {
        return DateError::new(format!("`{text}` has round brackets, which EDTF has not"), all)
            .help("a qualifier before a component is for it alone, one after it for it and all to its left: `2004-06?-11`");
    }
    let error = DateError::new(format!("`{text}` is not a date"), all);
    let upper = text.to_uppercase();
    if upper != text && grammar::parse(&upper).is_some() {
        return error.fix(upper);
    }
    if let Some((from, to)) = text.split_once("..") {
        let fix = format!("[{}..{}]", from.trim(), to.trim());
        if grammar::parse(&fix).is_some() {
            return error
                .help(format!("write `{fix}` for one unknown day, `a/b` for what lasted"))
                .fix(fix);
        }
    }
    error.help("dates are written `2015`, `2015-06`, `2015-06-12`")
}
