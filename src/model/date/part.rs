//! Parts of a year that EDTF has numbers for: seasons, quarters, thirds, halves.

use super::Precision;
use super::calendar::{Day, Days};

/// A part of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// The number that EDTF writes in the place of the month.
    pub(crate) code: u8,
    /// The word after the year in a query: `2015-summer`.
    pub(crate) word: &'static str,
    /// The month in which it begins, 1–12.
    pub(crate) month: u8,
    /// How many months it has.
    pub(crate) months: u8,
    /// How fine a date is that tells it.
    pub(crate) precision: Precision,
}

const fn part(code: u8, word: &'static str, month: u8, months: u8, precision: Precision) -> Part {
    Part { code, word, month, months, precision }
}

/// The parts of a year, by ISO 8601-2:2019, 4.8, with meteorological seasons of the northern hemisphere.
///
/// Winter begins in December of its year and ends in February of the next: the winter of 2013 is the one that 2013 ends
/// with. The southern seasons, 29 to 32, are left out: the same word would mean other months in two events.
/// *Early*, *mid* and *late* are the thirds, which ISO calls quadrimesters. Where two parts have the same months, the
/// first is the one that is written.
pub(crate) const PARTS: [Part; 17] = [
    part(21, "spring", 3, 3, Precision::Season),
    part(22, "summer", 6, 3, Precision::Season),
    part(23, "autumn", 9, 3, Precision::Season),
    part(24, "winter", 12, 3, Precision::Season),
    part(25, "spring", 3, 3, Precision::Season),
    part(26, "summer", 6, 3, Precision::Season),
    part(27, "autumn", 9, 3, Precision::Season),
    part(28, "winter", 12, 3, Precision::Season),
    part(33, "Q1", 1, 3, Precision::Quarter),
    part(34, "Q2", 4, 3, Precision::Quarter),
    part(35, "Q3", 7, 3, Precision::Quarter),
    part(36, "Q4", 10, 3, Precision::Quarter),
    part(37, "early", 1, 4, Precision::PartOfYear),
    part(38, "mid", 5, 4, Precision::PartOfYear),
    part(39, "late", 9, 4, Precision::PartOfYear),
    part(40, "H1", 1, 6, Precision::Half),
    part(41, "H2", 7, 6, Precision::Half),
];

impl Part {
    /// The part that EDTF writes with this number.
    pub(crate) fn of_code(code: u8) -> Option<&'static Part> {
        PARTS.iter().find(|p| p.code == code)
    }

    /// The part that is exactly these days, with its year.
    pub(crate) fn of_days(days: Days) -> Option<(i64, &'static Part)> {
        if !days.is_bounded() {
            return None;
        }
        let (year, month, _) = days.first.ymd();
        PARTS.iter().find(|p| p.month == month && p.days(year) == days).map(|p| (year, p))
    }

    /// Its days in a year.
    pub(crate) fn days(&self, year: i64) -> Days {
        Days::months(year, self.month, self.months)
    }
}

/// First and last day of the month of its *early*, *mid* and *late* part. 31 stands for the end of the month.
pub(crate) const THIRDS_OF_MONTH: [(&str, u8, u8); 3] =
    [("early", 1, 10), ("mid", 11, 20), ("late", 21, 31)];

/// Are these days just the early, the mid or the late part of a month?
pub(crate) fn is_third_of_month(days: Days) -> bool {
    if !days.is_bounded() {
        return false;
    }
    let (year, month, _) = days.first.ymd();
    let third = |from, to| Days {
        first: Day::from_ymd(year, month, from),
        last: Day::from_ymd(year, month, to),
    };
    THIRDS_OF_MONTH.iter().any(|&(_, from, to)| third(from, to) == days)
}
