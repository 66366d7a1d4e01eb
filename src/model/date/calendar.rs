//! Days and their place in the proleptic Gregorian calendar.
//!
//! The arithmetic is our own because EDTF tells years such as `Y-170000002`, far beyond the 9999 at which `jiff` ends.
//! The algorithms are `days_from_civil` and `civil_from_days` of Howard Hinnant, *chrono-Compatible Low-Level Date
//! Algorithms* (2013), in 64 bits.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The years that have days of their own reach this far on both sides of zero.
pub(crate) const YEARS: i64 = 1_000_000_000;

/// Days from 0000-03-01, where the algorithm begins to count, to 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days in the 400 years after which the calendar repeats.
const ERA: i64 = 146_097;

/// A day: how many days after 1970-01-01 of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i64);

impl Day {
    /// Before every day.
    pub const MIN: Day = Day(i64::MIN);
    /// After every day.
    pub const MAX: Day = Day(i64::MAX);

    /// The day of a year, month (1–12) and day of the month (1–31).
    ///
    /// A month or day out of range becomes the nearest that exists, so that 31 means the end of any month. A year beyond
    /// ±1,000,000,000 becomes [`Day::MIN`] or [`Day::MAX`]. [`Day::checked`] refuses instead.
    pub fn from_ymd(year: i64, month: u8, day: u8) -> Day {
        if year < -YEARS {
            return Day::MIN;
        }
        if year > YEARS {
            return Day::MAX;
        }
        let month = month.clamp(1, 12);
        let day = i64::from(day.clamp(1, days_in_month(year, month)));
        let month = i64::from(month);
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Day(era * ERA + day_of_era - EPOCH)
    }

    /// The day of a year, month and day of the month; none where the calendar has no such day.
    pub fn checked(year: i64, month: u8, day: u8) -> Option<Day> {
        let exists = (-YEARS..=YEARS).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        exists.then(|| Day::from_ymd(year, month, day))
    }

    /// Year, month and day of the month.
    ///
    /// Days before year -1,000,000,000 or after year 1,000,000,000, [`Day::MIN`] and [`Day::MAX`] among them, are given
    /// as the first or the last day of these years.
    pub fn ymd(self) -> (i64, u8, u8) {
        let day = self.max(Day::from_ymd(-YEARS, 1, 1)).min(Day::from_ymd(YEARS, 12, 31)).0 + EPOCH;
        let era = day.div_euclid(ERA);
        let day_of_era = day.rem_euclid(ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, small(month), small(day))
    }

    /// Is it a day at all, and not [`Day::MIN`] or [`Day::MAX`]?
    pub fn is_known(self) -> bool {
        self != Day::MIN && self != Day::MAX
    }

    /// The day so many days later, or earlier when negative. What is beyond every day stays there.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Day {
        if self.is_known() { Day(self.0.saturating_add(days)) } else { self }
    }

    /// The same day of the month so many months later, or earlier when negative; the last of a month too short for it.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Day {
        if !self.is_known() {
            return self;
        }
        let (year, month, day) = self.ymd();
        let ordinal = (year * 12 + i64::from(month) - 1).saturating_add(months);
        Day::from_ymd(ordinal.div_euclid(12), small(ordinal.rem_euclid(12) + 1), day)
    }

    /// Is it the first day of its month?
    pub(crate) fn opens_month(self) -> bool {
        self.is_known() && self.ymd().2 == 1
    }

    /// Is it the last day of its month?
    pub(crate) fn closes_month(self) -> bool {
        self.is_known() && self.plus_days(1).ymd().2 == 1
    }

    /// The last day of its month.
    pub(crate) fn end_of_month(self) -> Day {
        let (year, month, _) = self.ymd();
        if self.is_known() { Day::from_ymd(year, month, 31) } else { self }
    }

    /// Days since Monday: 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        small((self.0.rem_euclid(7) + 3) % 7) // 1970-01-01 was a Thursday
    }
}

impl fmt::Display for Day {
    /// As EDTF: `2014-03-12`, `Y12014-03-12` for years of more than four digits, `..` beyond every day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_known() {
            return f.write_str("..");
        }
        let (year, month, day) = self.ymd();
        write!(f, "{}-{month:02}-{day:02}", YearText(year))
    }
}

/// A year as EDTF writes it: at least four digits, `Y` in front of more.
pub(crate) struct YearText(pub(crate) i64);

impl fmt::Display for YearText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0..=9999 => write!(f, "{:04}", self.0),
            -9999..=-1 => write!(f, "-{:04}", -self.0),
            year => write!(f, "Y{year}"),
        }
    }
}

/// How many days a month has; 31 for a month that does not exist.
pub(crate) fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        2 if year.rem_euclid(4) == 0
            && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) =>
        {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A number that is known to be small.
fn small(n: i64) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

/// An interval of days, both ends included. [`Day::MIN`] and [`Day::MAX`] stand for an end that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Days {
    /// The first day.
    pub first: Day,
    /// The last day.
    pub last: Day,
}

impl Days {
    /// All days there are.
    pub const ALL: Days = Days { first: Day::MIN, last: Day::MAX };

    /// The days from the one to the other, whichever comes first.
    pub fn new(a: Day, b: Day) -> Days {
        Days { first: a.min(b), last: a.max(b) }
    }

    /// One day.
    pub fn one(day: Day) -> Days {
        Days { first: day, last: day }
    }

    /// The days of a year.
    pub fn year(year: i64) -> Days {
        Days { first: Day::from_ymd(year, 1, 1), last: Day::from_ymd(year, 12, 31) }
    }

    /// The days of so many months from the first of `month` (1–12) of a year.
    pub fn months(year: i64, month: u8, count: u8) -> Days {
        let first = Day::from_ymd(year, month, 1);
        Days { first, last: first.plus_months(i64::from(count.max(1)) - 1).end_of_month() }
    }

    /// Is this a single day, and known?
    pub fn is_one(self) -> bool {
        self.first == self.last && self.first.is_known()
    }

    /// Are both ends known?
    pub fn is_bounded(self) -> bool {
        self.first.is_known() && self.last.is_known()
    }

    /// Is the day among them?
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Are all days of the other among them?
    pub fn covers(self, other: Days) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Have the two a day in common?
    pub fn overlaps(self, other: Days) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The least interval with all days of both.
    #[must_use]
    pub fn hull(self, other: Days) -> Days {
        Days { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// How many days; none where an end is not known.
    pub fn count(self) -> Option<i64> {
        if self.is_bounded() { self.last.0.checked_sub(self.first.0)?.checked_add(1) } else { None }
    }

    /// The first moved back, the last moved on, by so many months and days each. A last day that ends its month ends
    /// the later month as well, so that months stay whole.
    pub(crate) fn widened(self, months: i64, days: i64) -> Days {
        let first = self.first.plus_months(-months).plus_days(-days);
        let last = self.shifted_last(months).plus_days(days);
        Days { first, last }
    }

    /// Both ends moved by so many months and days; whole months stay whole.
    pub(crate) fn shifted(self, months: i64, days: i64) -> Days {
        let first = self.first.plus_months(months).plus_days(days);
        Days { first, last: self.shifted_last(months).plus_days(days) }
    }

    fn shifted_last(self, months: i64) -> Day {
        let last = self.last.plus_months(months);
        if months != 0 && self.first.opens_month() && self.last.closes_month() {
            last.end_of_month()
        } else {
            last
        }
    }
}
