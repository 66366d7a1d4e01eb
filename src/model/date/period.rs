//! Periods of the calendar: years, quarters, months, decades.

use super::calendar::{Day, Days, YearText};
use super::{Date, Precision};

/// A unit by which events are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// `2014`
    Year,
    /// `2014-Q3`
    Quarter,
    /// `2014-11`
    Month,
    /// `2010s`
    Decade,
}

impl Period {
    /// How many months it has.
    pub const fn months(self) -> i64 {
        match self {
            Period::Month => 1,
            Period::Quarter => 3,
            Period::Year => 12,
            Period::Decade => 120,
        }
    }

    /// Which period a day belongs to, counted so that the next period has the next number: for years the year, for
    /// months `year * 12 + month - 1`, for quarters a third of that. `i64::MIN` and `i64::MAX` beyond every day.
    pub fn ordinal(self, day: Day) -> i64 {
        if !day.is_known() {
            return day.0;
        }
        let (year, month, _) = day.ymd();
        (year * 12 + i64::from(month) - 1).div_euclid(self.months())
    }

    /// The days of the period with this number; [`Day::MIN`] or [`Day::MAX`] where they lie beyond every day.
    pub fn days(self, ordinal: i64) -> Days {
        let month = ordinal.saturating_mul(self.months());
        let first = |month: i64| {
            let of_year = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
            Day::from_ymd(month.div_euclid(12), of_year, 1)
        };
        Days { first: first(month), last: first(month.saturating_add(self.months())).plus_days(-1) }
    }
}

impl Date {
    /// The first and the last period in which it may have begun, by [`Period::ordinal`]; the same when that is certain.
    /// `i64::MIN` and `i64::MAX` where the beginning is not known.
    pub fn periods(&self, unit: Period) -> (i64, i64) {
        (unit.ordinal(self.start.first), unit.ordinal(self.start.last))
    }

    /// A period as a date: one unknown day within it, shown as `2014`, `2014-Q3`, `2014-11`, `2010s`.
    pub fn period(unit: Period, ordinal: i64) -> Date {
        let days = unit.days(ordinal);
        let year = YearText(days.first.ymd().0);
        let (precision, told) = match unit {
            Period::Year => (Precision::Year, None),
            Period::Month => (Precision::Month, None),
            Period::Quarter => {
                (Precision::Quarter, Some(format!("{year}-Q{}", ordinal.rem_euclid(4) + 1)))
            }
            Period::Decade => (Precision::Decade, Some(format!("{year}s"))),
        };
        let mut date = Date::within(days, precision);
        date.told = told;
        date
    }
}
