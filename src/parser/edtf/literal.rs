//! Dates as a query writes them without `@`.

use super::{DateError, parse_edtf};
use crate::model::{Date, PARTS, Part, Period};

/// Other words for parts of a year.
const SYNONYMS: [(&str, &str); 1] = [("fall", "autumn")];

/// A date from the forms that need no `@`: `2015`, `2015-06`, `2015-06-12`, `2015-summer`, `2015-Q3`, `2015-late`, `2010s`.
pub fn parse_literal(text: &str) -> Result<Date, DateError> {
    if let Some(date) = decade(text).or_else(|| part_of_year(text)) {
        return Ok(date);
    }
    parse_edtf(text).map_err(|error| mend(text, error))
}

/// `2010s`
fn decade(text: &str) -> Option<Date> {
    let digits = text.strip_suffix('s').filter(|d| is_number(d, 4) && d.ends_with('0'))?;
    let year: i64 = digits.parse().ok()?;
    Some(Date::period(Period::Decade, year / 10))
}

/// `2015-summer`
fn part_of_year(text: &str) -> Option<Date> {
    let (year, word) = text.split_once('-')?;
    let year: i64 = year.parse().ok().filter(|_| is_number(year, 4))?;
    let part = part_of_word(word)?;
    Some(Date::within(part.days(year), part.precision).told_as(text))
}

/// The part of a year that a word means: `summer`, `Q3`, `H1`, `late`.
pub(crate) fn part_of_word(word: &str) -> Option<&'static Part> {
    let plain = SYNONYMS
        .iter()
        .find(|(synonym, _)| word.eq_ignore_ascii_case(synonym))
        .map_or(word, |(_, plain)| plain);
    PARTS.iter().find(|p| p.word.eq_ignore_ascii_case(plain))
}

/// What bare digits may have been meant for, better than the reader of EDTF can know.
fn mend(text: &str, error: DateError) -> DateError {
    let numbers: Vec<&str> = text.split('-').collect();
    let plain =
        |message: &str| DateError::new(format!("`{text}` is not a date: {message}"), 0..text.len());
    match numbers.as_slice() {
        [a, b] if is_number(a, 4) && is_number(b, 4) => {
            plain("digits joined by `-` are year, month and day").fix(format!("{a}..{b}"))
        }
        [a, b, year] if is_number(year, 4) && a.len() <= 2 && b.len() <= 2 => {
            let both = [format!("{year}-{b:0>2}-{a:0>2}"), format!("{year}-{a:0>2}-{b:0>2}")];
            let dates: Vec<&String> = both.iter().filter(|t| parse_edtf(t).is_ok()).collect();
            match dates.as_slice() {
                [only] => plain("the year comes first").fix(only.as_str()),
                [day_first, month_first] if day_first != month_first => {
                    plain("the order of day and month is not known")
                        .help(format!("write `{day_first}` or `{month_first}`: year, month, day"))
                }
                [same, _] => plain("the year comes first").fix(same.as_str()),
                _ => error,
            }
        }
        _ => error,
    }
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}
