//! Stretches of time, and dates moved by them.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::calendar::{Day, Days};
use super::{Date, TimeOfDay};

/// The mean length of a month of the Gregorian calendar in days: 146,097 days in 4,800 months.
const DAYS_IN_MONTH: f64 = 146_097.0 / 4_800.0;
const SECONDS_IN_DAY: i64 = 86_400;

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

impl Duration {
    /// So many months.
    pub const fn months(months: i64) -> Duration {
        Duration { months, days: 0, seconds: 0 }
    }

    /// So many days.
    pub const fn days(days: i64) -> Duration {
        Duration { months: 0, days, seconds: 0 }
    }

    /// Its length in days, with months of mean length (30.436875 days). To sort by; spans are reckoned on the calendar.
    #[allow(clippy::cast_precision_loss)] // it is a mean anyway
    pub fn to_days_approx(self) -> f64 {
        self.months as f64 * DAYS_IN_MONTH
            + self.days as f64
            + self.seconds as f64 / SECONDS_IN_DAY as f64
    }

    /// The same stretch in the other direction.
    #[must_use]
    pub fn reversed(self) -> Duration {
        Duration {
            months: self.months.saturating_neg(),
            days: self.days.saturating_neg(),
            seconds: self.seconds.saturating_neg(),
        }
    }
}

impl PartialOrd for Duration {
    /// By length, where that can be told: one month is neither shorter nor longer than 30 days.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.months == other.months {
            let seconds = |d: &Duration| {
                i128::from(d.days) * i128::from(SECONDS_IN_DAY) + i128::from(d.seconds)
            };
            return match seconds(self).cmp(&seconds(other)) {
                Ordering::Equal if self != other => None, // 1 day and 24 hours are not the same `==`
                order => Some(order),
            };
        }
        // Months in a row differ from their mean by less than four days.
        let difference = self.to_days_approx() - other.to_days_approx();
        if difference.abs() < 4.0 { None } else { difference.partial_cmp(&0.0) }
    }
}

impl fmt::Display for Duration {
    /// As a query writes it: `1 year 6 months`, `90 days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (self.months / 12, "year"),
            (self.months % 12, "month"),
            (self.days, "day"),
            (self.seconds / 3600, "hour"),
            (self.seconds % 3600 / 60, "minute"),
            (self.seconds % 60, "second"),
        ];
        let mut blank = "";
        for (count, unit) in units {
            if count != 0 {
                write!(f, "{blank}{count} {unit}{}", if count.abs() == 1 { "" } else { "s" })?;
                blank = " ";
            }
        }
        if blank.is_empty() { f.write_str("0 days") } else { Ok(()) }
    }
}

impl Day {
    /// The day a stretch of time later: months first, to the last of a month that is too short, then days.
    /// Seconds count as far as they make whole days.
    #[must_use]
    pub fn plus(self, by: Duration) -> Day {
        self.plus_months(by.months)
            .plus_days(by.days.saturating_add(by.seconds.div_euclid(SECONDS_IN_DAY)))
    }
}

impl Date {
    /// How many days it began after `other` began: the least and the most. None where a beginning is not known.
    pub fn difference(&self, other: &Date) -> Option<(i64, i64)> {
        let (a, b) = (self.start(), other.start());
        if !a.is_bounded() || !b.is_bounded() {
            return None;
        }
        Some((a.first.0.checked_sub(b.last.0)?, a.last.0.checked_sub(b.first.0)?))
    }

    /// The date a stretch of time later: every day that it may be moves. Whole months stay whole.
    ///
    /// Seconds count where a time of day is told, and else as far as they make whole days. `?` is not kept.
    #[must_use]
    pub fn shift(&self, by: Duration) -> Date {
        let now = self.time.map_or(0, |t| i64::from(t.seconds));
        let seconds = now.saturating_add(by.seconds);
        let days = by.days.saturating_add(seconds.div_euclid(SECONDS_IN_DAY));
        let time = self.time.map(|t| TimeOfDay {
            seconds: u32::try_from(seconds.rem_euclid(SECONDS_IN_DAY)).unwrap_or(0),
            offset: t.offset,
        });
        let move_all = |d: Days| d.shifted(by.months, days);
        let mut moved = if self.lasts {
            Date::lasting(move_all(self.start), move_all(self.end))
        } else {
            Date::spanning(move_all(self.start))
        };
        if let Some(time) = time.filter(|_| moved.is_certain() && !moved.lasts) {
            moved.edtf = format!("{}T{time}", moved.edtf);
            moved.time = Some(time);
        }
        moved
    }

    /// The day in the middle of all that it may be; the earlier of two. None where an end is not known.
    pub fn midpoint(&self) -> Option<Day> {
        let days = self.covering();
        let count = days.count()?;
        Some(days.first.plus_days((count - 1) / 2))
    }
}
