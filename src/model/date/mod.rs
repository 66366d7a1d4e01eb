//! The date: what is known about when something happened, and what is not.
//!
//! A date has a start and an end, each an interval of days. *Lasting is not doubt*: `2014/2016` lasted from a day of
//! 2014 to a day of 2016, while a lone `2014` is one unknown day of that year.

mod calendar;
mod duration;
mod part;
mod period;
mod relation;
mod stored;
mod stretches;
mod text;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use calendar::{Day, Days};
pub(crate) use calendar::{YEARS, YearText};
pub use duration::Duration;
pub(crate) use part::{PARTS, Part, THIRDS_OF_MONTH, is_third_of_month};
pub use period::Period;
pub use relation::Order;
pub(crate) use stretches::Stretches;

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

impl Precision {
    /// The word for it in answers: `day`, `part of month`.
    pub const fn word(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Month => "month",
            Precision::PartOfMonth => "part of month",
            Precision::Season => "season",
            Precision::Quarter => "quarter",
            Precision::PartOfYear => "part of year",
            Precision::Half => "half",
            Precision::Year => "year",
            Precision::Decade => "decade",
            Precision::Century => "century",
            Precision::Interval => "interval",
        }
    }

    /// One unit of it, in months and days: what *about* adds on each side.
    pub(crate) const fn unit(self) -> (i64, i64) {
        match self {
            Precision::Day | Precision::Interval => (0, 1),
            Precision::PartOfMonth => (0, 10),
            Precision::Month => (1, 0),
            Precision::Season | Precision::Quarter => (3, 0),
            Precision::PartOfYear => (4, 0),
            Precision::Half => (6, 0),
            Precision::Year => (12, 0),
            Precision::Decade => (120, 0),
            Precision::Century => (1200, 0),
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What the teller says of his own date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Qualifier {
    /// `?`: the source may be wrong. Kept and shown; widens nothing.
    pub uncertain: bool,
    /// `~`: about. Widens by one unit of the precision on each side.
    pub approximate: bool,
}

impl Qualifier {
    /// What either says.
    #[must_use]
    pub fn or(self, other: Qualifier) -> Qualifier {
        Qualifier {
            uncertain: self.uncertain || other.uncertain,
            approximate: self.approximate || other.approximate,
        }
    }
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimeOfDay {
    /// Seconds after midnight, local.
    pub seconds: u32,
    /// Minutes ahead of UTC, where told.
    pub offset: Option<i16>,
}

impl fmt::Display for TimeOfDay {
    /// As EDTF, without the `T` in front: `14:30:00+05:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.seconds;
        write!(f, "{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)?;
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// When something happened, with what is not known about it.
///
/// Two dates are equal when they say the same, however it was told: `told` does not count.
#[derive(Debug, Clone)]
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
        Date::within(Days::one(day), Precision::Day)
    }

    /// A month (1–12) of a year: one unknown day within it.
    pub fn month(year: i64, month: u8) -> Date {
        Date::within(Days::months(year, month, 1), Precision::Month)
    }

    /// A year: one unknown day within it.
    pub fn year(year: i64) -> Date {
        Date::within(Days::year(year), Precision::Year)
    }

    /// One unknown day within an interval; within [`Days::ALL`], nothing is known.
    pub fn within(days: Days, precision: Precision) -> Date {
        let (edtf, told) = match precision {
            Precision::Interval => (text::interval(days), None),
            _ => (text::within(days).0, text::readable(days)),
        };
        Date {
            edtf,
            told,
            start: days,
            end: days,
            lasts: false,
            precision,
            qualifier: Qualifier::default(),
            time: None,
        }
    }

    /// One unknown day within an interval, as finely told as the interval is a month, a quarter, a year …
    pub fn spanning(days: Days) -> Date {
        Date::within(days, text::within(days).1)
    }

    /// What lasted from a day of `start` to a day of `end`.
    ///
    /// [`Day::MIN`] as the first day of `start`, or [`Day::MAX`] as the last of `end`, says that nobody knows when it
    /// began or ended; a start of nothing but [`Day::MIN`], or an end of nothing but [`Day::MAX`], that it is open:
    /// without a beginning or an end.
    pub fn lasting(start: Days, end: Days) -> Date {
        Date {
            edtf: text::lasting(start, end),
            lasts: true,
            start,
            end,
            ..Date::within(start.hull(end), Precision::Interval)
        }
    }

    /// The same date, shown as it was told.
    #[must_use]
    pub fn told_as(mut self, phrase: impl Into<String>) -> Date {
        let phrase = phrase.into();
        self.told = (phrase != self.edtf).then_some(phrase);
        self
    }

    /// The days within which it began.
    pub fn start(&self) -> Days {
        self.start
    }

    /// The days within which it ended; the same as [`Date::start`] for one unknown day.
    pub fn end(&self) -> Days {
        self.end
    }

    /// True when it lasted from start to end, false for one day within.
    pub fn lasts(&self) -> bool {
        self.lasts
    }

    /// The first day that it may have had; [`Day::MIN`] when not known.
    pub fn earliest(&self) -> Day {
        self.start.first
    }

    /// The last day that it may have had; [`Day::MAX`] when not known.
    pub fn latest(&self) -> Day {
        self.end.last
    }

    /// All days that it may have had, from [`Date::earliest`] to [`Date::latest`].
    pub fn covering(&self) -> Days {
        Days { first: self.start.first, last: self.end.last }
    }

    /// How fine it was told.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// What the teller says of it: `?`, `~`.
    pub fn qualifier(&self) -> Qualifier {
        self.qualifier
    }

    /// The time of day.
    pub fn time(&self) -> Option<TimeOfDay> {
        self.time
    }

    /// Are its days known: the one day, or the first and the last of what lasted?
    pub fn is_certain(&self) -> bool {
        self.start.is_one() && self.end.is_one()
    }

    /// The date as EDTF, from which it can be read again.
    pub fn edtf(&self) -> &str {
        &self.edtf
    }

    /// The date as it was told: the phrase, or else EDTF.
    pub fn told(&self) -> &str {
        self.told.as_deref().unwrap_or(&self.edtf)
    }

    /// What dates are sorted by: their earliest day, then their latest.
    pub fn sort_key(&self) -> (Day, Day) {
        (self.earliest(), self.latest())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told())
    }
}
