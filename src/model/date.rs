//! The date: what is known about when something happened, and what is not.
//!
//! A date has a start and an end, each an interval of days. *Lasting is not doubt*: `2014/2016` lasted from a day of
//! 2014 to a day of 2016, while a lone `2014` is one unknown day of that year.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Truth;

/// A day: how many days after 1970-01-01 of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i64);

impl Day {
    /// Before every day.
    pub const MIN: Day = Day(i64::MIN);
    /// After every day.
    pub const MAX: Day = Day(i64::MAX);

    /// The day of a year, month (1–12) and day of the month (1–31).
    pub fn from_ymd(year: i64, month: u8, day: u8) -> Day {
        let _ = (year, month, day);
        Day(0)
    }

    /// Year, month and day of the month.
    pub fn ymd(self) -> (i64, u8, u8) {
        (1970, 1, 1)
    }
}

/// An interval of days, both ends included. [`Day::MIN`] and [`Day::MAX`] stand for an end that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Days {
    /// The first day.
    pub first: Day,
    /// The last day.
    pub last: Day,
}

/// A stretch of time as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Duration {
    /// Months; a quarter is 3, a year 12.
    pub months: i64,
    /// Days; a week is 7.
    pub days: i64,
    /// Seconds.
    pub seconds: i64,
}

/// How fine a date was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Precision {
    Day,
    Month,
    /// Part of a month, `late March`: about ten days.
    PartOfMonth,
    Season,
    Quarter,
    /// Part of a year: `early 2018`.
    PartOfYear,
    Half,
    Year,
    Decade,
    Century,
    /// An interval or set with ends of its own.
    Interval,
}

/// What the teller says of his own date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Qualifier {
    /// `?`: the source may be wrong. Kept and shown; widens nothing.
    pub uncertain: bool,
    /// `~`: about. Widens by one unit of the precision on each side.
    pub approximate: bool,
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimeOfDay {
    /// Seconds after midnight, local.
    pub seconds: u32,
    /// Minutes ahead of UTC, where told.
    pub offset: Option<i16>,
}

/// When something happened, with what is not known about it.
///
/// Two dates are equal when they say the same, however it was told: `told` does not count.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Date {
    /// EDTF text.
    pub(crate) edtf: String,
    /// The phrase as it was told, where it was not EDTF.
    pub(crate) told: Option<String>,
    /// The days within which it began.
    pub(crate) start: Days,
    /// The days within which it ended; the same as `start` for one unknown day.
    pub(crate) end: Days,
    /// True when it lasted from start to end, false for one day within.
    pub(crate) lasts: bool,
    /// How fine it was told.
    pub(crate) precision: Precision,
    /// `?` and `~`.
    pub(crate) qualifier: Qualifier,
    /// The time of day.
    pub(crate) time: Option<TimeOfDay>,
}

impl PartialEq for Date {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end, self.lasts, &self.edtf)
            == (other.start, other.end, other.lasts, &other.edtf)
    }
}

impl Date {
    /// A day known for sure.
    pub fn day(day: Day) -> Date {
        let days = Days { first: day, last: day };
        Date {
            edtf: String::new(),
            told: None,
            start: days,
            end: days,
            lasts: false,
            precision: Precision::Day,
            qualifier: Qualifier::default(),
            time: None,
        }
    }

    /// `self < literal` and so on. `<` and `>=` look at the literal's first day, `<=` and `>` at its last.
    pub fn before(&self, period: Days) -> Truth {
        let _ = period;
        Truth::MISSING
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told.as_deref().unwrap_or(&self.edtf))
    }
}
