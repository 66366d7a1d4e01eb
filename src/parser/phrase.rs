//! Analysts' phrases to dates: `early 2018`, `summer of 2015`, `14-16 July 2001`.
//!
//! A phrase is cut into [`token`]s, what is [`relative`] in it is replaced, and the rest is read as one date or two with
//! the words of [`words`] between them. The manual's table of phrases is these tables.

mod point;
mod reader;
mod relative;
mod token;
mod words;

use std::str::FromStr;

use super::edtf::{DateError, parse_edtf, parse_literal};
use crate::error::{Diagnostic, Error, Span};
use crate::model::{Date, Day, Days, Precision, Qualifier};
use point::Partial;
use reader::Reader;
use token::Token;
use words::{OPENINGS, Opening, TO};

/// In which order a data set writes day and month between slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// `31/12/2014`
    DayFirst,
    /// `12/31/2014`
    MonthFirst,
}

/// A date from whatever a person writes: EDTF, the bare forms of the language, or a phrase.
///
/// `anchor` is the day that relative phrases (`last six months`) start from; without it they are refused.
pub fn parse_phrase(text: &str, anchor: Option<Day>) -> Result<Date, DateError> {
    let phrase = text.trim();
    let edtf = match parse_edtf(phrase).or_else(|_| parse_literal(phrase)) {
        Ok(date) => return Ok(date),
        Err(error) => error,
    };
    let date = match numeric(phrase) {
        Some(numbers) => numbers.date(phrase, None),
        None => read(phrase, anchor),
    };
    match date {
        Ok(date) => Ok(date.told_as(phrase)),
        // Of what looks like EDTF, its own reader knows best what is wrong.
        Err(None) if edtf.fix.is_some() || !phrase.bytes().any(|b| b.is_ascii_lowercase()) => {
            Err(edtf)
        }
        Err(None) => Err(unreadable(phrase)),
        Err(Some(error)) => Err(error),
    }
    .map_err(|mut error| {
        let offset = text.len() - text.trim_start().len();
        error.at = error.at.start + offset..error.at.end + offset;
        error
    })
}

/// [`parse_phrase`] where the order of day and month between slashes, dots or hyphens is known.
pub fn parse_ordered(text: &str, order: DayOrder, anchor: Option<Day>) -> Result<Date, DateError> {
    let phrase = text.trim();
    match numeric(phrase) {
        Some(numbers) => numbers
            .date(phrase, Some(order))
            .map(|date| date.told_as(phrase))
            .map_err(|error| error.unwrap_or_else(|| unreadable(phrase))),
        None => parse_phrase(text, anchor),
    }
}

fn unreadable(phrase: &str) -> DateError {
    DateError::new(format!("`{phrase}` cannot be read as a date"), 0..phrase.len())
        .help("dates are written `2015-06-12`, `2015-06`, or in words such as `12 June 2015`, `early 2018`, `14-16 July 2001`")
}

/// An error about a whole phrase.
fn wrong(phrase: &str, why: &str) -> DateError {
    DateError::new(format!("`{phrase}` {why}"), 0..phrase.len())
}

/// Three numbers, or month and year, with the same mark between them.
struct Numeric<'a>(Vec<&'a str>);

fn numeric(phrase: &str) -> Option<Numeric<'_>> {
    let mark = phrase.chars().find(|c| !c.is_ascii_digit()).filter(|c| "/.-".contains(*c))?;
    let numbers: Vec<&str> = phrase.split(mark).collect();
    let short = |n: &&str| (1..=2).contains(&n.len());
    let fits = numbers.iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()))
        && match numbers.as_slice() {
            [a, b, c] => {
                short(b) && ((short(a) && matches!(c.len(), 2 | 4)) || (a.len() == 4 && short(c)))
            }
            [a, b] => short(a) && b.len() == 4,
            _ => false,
        };
    fits.then_some(Numeric(numbers))
}

impl Numeric<'_> {
    fn date(&self, phrase: &str, order: Option<DayOrder>) -> Result<Date, Option<DateError>> {
        let exists = |year: &str, month: &str, day: &str| {
            let text = format!("{year}-{month:0>2}-{day:0>2}");
            parse_edtf(&text).ok().filter(|d| d.precision() == Precision::Day)
        };
        match (self.0.as_slice(), order) {
            ([month, year], _) => parse_edtf(&format!("{year}-{month:0>2}"))
                .ok()
                .filter(|d| d.precision() == Precision::Month)
                .ok_or(None),
            ([year, month, day], _) if year.len() == 4 => exists(year, month, day).ok_or(None),
            ([_, _, year], _) if year.len() == 2 => {
                Err(Some(wrong(phrase, "has a year of two digits").help("write the year out")))
            }
            ([day, month, year], Some(DayOrder::DayFirst))
            | ([month, day, year], Some(DayOrder::MonthFirst)) => exists(year, month, day)
                .ok_or_else(|| {
                    Some(wrong(phrase, "is no day in the order of day and month that was named"))
                }),
            ([a, b, year], None) => {
                let error =
                    wrong(phrase, "may be read two ways: the order of day and month is not known");
                let (day_first, month_first) = (exists(year, b, a), exists(year, a, b));
                Err(Some(match (day_first, month_first) {
                    (Some(a), Some(b)) if a != b => {
                        error.help(format!("write `{a}` or `{b}`: year, month, day"))
                    }
                    (Some(only), _) | (_, Some(only)) => {
                        wrong(phrase, "does not begin with the year").fix(only.edtf())
                    }
                    (None, None) => wrong(phrase, "is no day, whichever number is the month"),
                }))
            }
            _ => Err(None),
        }
    }
}

/// A date of a phrase, with the doubt that its words bring.
#[derive(Debug, Clone, Copy)]
struct Told {
    /// The days without what *about* adds.
    days: Days,
    qualifier: Qualifier,
}

impl Told {
    /// The days with what *about* adds.
    fn wide(self) -> Days {
        if self.qualifier.approximate {
            let (months, days) = Date::spanning(self.days).precision().unit();
            self.days.widened(months, days)
        } else {
            self.days
        }
    }

    /// As EDTF. A set takes no `~`, so that there it is written out.
    fn edtf(self) -> String {
        let plain = Date::spanning(self.days);
        if plain.edtf().starts_with('[') {
            return Date::spanning(self.wide()).edtf().to_owned();
        }
        let mark = match (self.qualifier.uncertain, self.qualifier.approximate) {
            (false, false) => "",
            (true, false) => "?",
            (false, true) => "~",
            (true, true) => "%",
        };
        format!("{}{mark}", plain.edtf())
    }

    fn into_date(self) -> Date {
        let mut date = Date::within(self.wide(), Date::spanning(self.days).precision());
        date.edtf = self.edtf();
        date.qualifier = self.qualifier;
        date
    }
}

/// What is read of a phrase: `None` for an error where nothing better can be said than that it cannot be read.
type Reading<T> = Result<T, Option<DateError>>;

fn read(phrase: &str, anchor: Option<Day>) -> Reading<Date> {
    let tokens = token::tokens(phrase).ok_or(None)?;
    let tokens =
        relative::rewrite(&tokens, anchor).map_err(|_| {
            Some(wrong(phrase, "is relative and has no day to start from").help(format!(
                "write the year, or name the day: `date(\"{phrase}\", @2018-04-30)`"
            )))
        })?;
    let mut reader = Reader::new(&tokens);
    let hedge = reader.hedges();
    let opening = OPENINGS.iter().find(|(words, _)| reader.accept_words(words)).map(|(_, o)| *o);
    let mut first = reader.point().ok_or(None)?;
    first.qualifier = first.qualifier.or(hedge);

    let date = match opening {
        Some(Opening::Between) => {
            if !reader.accept_words(&["and"]) {
                return Err(None);
            }
            let second = reader.point().ok_or(None)?;
            within(phrase, first, second)?
        }
        Some(Opening::From) => {
            if !(reader.accept_range() || reader.accept_any(&TO)) {
                return Err(None);
            }
            let second = reader.point().ok_or(None)?;
            lasting(phrase, first, second)?
        }
        Some(opening) => alone(opening, first.resolve(phrase)?),
        None => pair_or_one(phrase, &mut reader, first, hedge)?,
    };
    if reader.is_done() { Ok(date) } else { Err(None) }
}

/// What an opening makes of one date.
fn alone(opening: Opening, told: Told) -> Date {
    let days = told.wide();
    let before = |last| Date::within(Days { first: Day::MIN, last }, Precision::Interval);
    let mut date = match opening {
        Opening::Since => {
            let mut date = Date::lasting(days, Days::one(Day::MAX));
            date.edtf = format!("{}/..", told.edtf());
            date
        }
        Opening::Until => {
            let mut date = Date::lasting(Days { first: Day::MIN, last: days.last }, days);
            date.edtf = format!("/{}", told.edtf());
            date
        }
        Opening::Throughout => Date::lasting(Days::one(days.first), Days::one(days.last)),
        Opening::By => before(days.last),
        Opening::Before => Date::spanning(Days { first: Day::MIN, last: days.first.plus_days(-1) }),
        Opening::After => {
            let days = Days { first: days.last.plus_days(1), last: Day::MAX };
            Date::within(days, Precision::Interval)
        }
        Opening::Between | Opening::From => told.into_date(), // these have two dates and do not come here
    };
    date.qualifier = told.qualifier;
    date
}

/// `a-b`, `a to b`, `a or b`, `a..b`, or `a` alone.
fn pair_or_one(
    phrase: &str,
    reader: &mut Reader<'_>,
    mut first: Partial,
    hedge: Qualifier,
) -> Reading<Date> {
    if let Some(year) = reader.accept_short_year(&first) {
        let second = Partial { year: Some(year), ..Partial::default() };
        return lasting(phrase, first, second);
    }
    if reader.accept_range() || reader.accept_any(&TO) {
        let mut second = reader.point().ok_or(None)?;
        second.qualifier = second.qualifier.or(hedge);
        return lasting(phrase, first, second);
    }
    if reader.accept(&Token::Dots) {
        let second = reader.point().ok_or(None)?;
        return within(phrase, first, second);
    }
    if reader.accept_words(&["or"]) {
        let mut second = reader.point().ok_or(None)?;
        second.qualifier = second.qualifier.or(hedge);
        let (a, b) = point::both(phrase, first, second)?;
        let mut date = Date::spanning(a.wide().hull(b.wide()));
        if ![a, b].iter().any(|t| t.edtf().starts_with('[')) {
            date.edtf = format!("[{},{}]", a.edtf(), b.edtf());
            date.precision = Precision::Interval;
        }
        date.qualifier = a.qualifier.or(b.qualifier);
        return Ok(date);
    }
    first.qualifier = first.qualifier.or(reader.hedges());
    Ok(first.resolve(phrase)?.into_date())
}

/// One unknown day from one date to another.
fn within(phrase: &str, first: Partial, second: Partial) -> Reading<Date> {
    let (a, b) = point::both(phrase, first, second)?;
    in_order(phrase, a, b)?;
    let days = Days { first: a.wide().first, last: b.wide().last };
    let mut date = Date::within(days, Precision::Interval);
    if ![a, b].iter().any(|t| t.edtf().starts_with('[')) {
        date.edtf = format!("[{}..{}]", a.edtf(), b.edtf());
    }
    date.qualifier = a.qualifier.or(b.qualifier);
    Ok(date)
}

/// What lasted from one date to another.
fn lasting(phrase: &str, first: Partial, second: Partial) -> Reading<Date> {
    let (a, b) = point::both(phrase, first, second)?;
    in_order(phrase, a, b)?;
    let mut date = Date::lasting(a.wide(), b.wide());
    date.edtf = format!("{}/{}", a.edtf(), b.edtf());
    date.qualifier = a.qualifier.or(b.qualifier);
    Ok(date)
}

fn in_order(phrase: &str, a: Told, b: Told) -> Reading<()> {
    if a.days.first > b.days.last {
        return Err(Some(wrong(phrase, "ends before it begins")));
    }
    Ok(())
}

impl FromStr for Date {
    type Err = Error;

    /// A date from whatever a person writes: EDTF, or a phrase. Relative phrases (`last year`) have no day to start from here.
    ///
    /// # Errors
    /// [`Error::Evaluate`] that quotes what cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// let date: attache::Date = "summer of 2015".parse()?;
    /// assert_eq!(date.edtf(), "2015-22");
    /// assert!("last year".parse::<attache::Date>().is_err());
    /// # Ok::<(), attache::Error>(())
    /// ```
    fn from_str(text: &str) -> Result<Date, Error> {
        parse_phrase(text, None).map_err(|e| {
            let diagnostic =
                Diagnostic::new("bad-date", e.message, Span::new(e.at.start, e.at.end));
            match e.help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
            .evaluate()
        })
    }
}
