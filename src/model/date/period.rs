//! Periods of the calendar: years, quarters, months, decades, and so many months or days.

use std::fmt;

use super::calendar::{Day, Days, YearText};
use super::{Date, Duration, Precision};

/// The day from which periods of so many days are counted, Monday 2000-01-03, so that weeks begin on Monday.
const FIRST_MONDAY: i64 = 10_959;

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
    /// So many months, at least one, counted from January of the year 0: 6 begin in January and July.
    Months(u32),
    /// So many days, at least one, counted from Monday 2000-01-03: 7 begin on Monday.
    Days(u32),
}

impl Period {
    /// The period of a width; none for one that mixes months and days, or is shorter than a day.
    pub fn of_width(width: Duration) -> Option<Period> {
        match (width.months, width.days, width.seconds) {
            (1, 0, 0) => Some(Period::Month),
            (3, 0, 0) => Some(Period::Quarter),
            (12, 0, 0) => Some(Period::Year),
            (120, 0, 0) => Some(Period::Decade),
            (months @ 1.., 0, 0) => u32::try_from(months).ok().map(Period::Months),
            (0, days @ 1.., 0) => u32::try_from(days).ok().map(Period::Days),
            _ => None,
        }
    }

    /// How many months it has; none for those of days.
    const fn months(self) -> Option<i64> {
        Some(match self {
            Period::Month | Period::Months(0) => 1,
            Period::Quarter => 3,
            Period::Year => 12,
            Period::Decade => 120,
            Period::Months(months) => months as i64,
            Period::Days(_) => return None,
        })
    }

    /// How many days it has, where it is one of days.
    const fn width(self) -> i64 {
        match self {
            Period::Days(days) if days > 0 => days as i64,
            _ => 1,
        }
    }

    /// Which period a day belongs to, counted so that the next period has the next number: for years the year, for
    /// months `year * 12 + month - 1`, for quarters a third of that. `i64::MIN` and `i64::MAX` beyond every day.
    pub fn ordinal(self, day: Day) -> i64 {
        if !day.is_known() {
            return day.0;
        }
        let Some(months) = self.months() else {
            return day.0.saturating_sub(FIRST_MONDAY).div_euclid(self.width());
        };
        let (year, month, _) = day.ymd();
        (year * 12 + i64::from(month) - 1).div_euclid(months)
    }

    /// The days of the period with this number; [`Day::MIN`] or [`Day::MAX`] where they lie beyond every day.
    pub fn days(self, ordinal: i64) -> Days {
        let Some(months) = self.months() else {
            let first = ordinal.saturating_mul(self.width()).saturating_add(FIRST_MONDAY);
            return Days { first: Day(first), last: Day(first).plus_days(self.width() - 1) };
        };
        let month = ordinal.saturating_mul(months);
        let first = |month: i64| {
            let of_year = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
            Day::from_ymd(month.div_euclid(12), of_year, 1)
        };
        Days { first: first(month), last: first(month.saturating_add(months)).plus_days(-1) }
    }
}

impl fmt::Display for Period {
    /// As a query writes it: `month`, `2 weeks`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year => f.write_str("year"),
            Period::Quarter => f.write_str("quarter"),
            Period::Month => f.write_str("month"),
            Period::Decade => f.write_str("decade"),
            Period::Months(months) => Duration::months(i64::from(*months)).fmt(f),
            Period::Days(7) => f.write_str("1 week"),
            Period::Days(days) if *days > 0 && days % 7 == 0 => write!(f, "{} weeks", days / 7),
            Period::Days(days) => Duration::days(i64::from(*days)).fmt(f),
        }
    }
}

impl Date {
    /// The first and the last period in which it may have begun, by [`Period::ordinal`]; the same when that is certain.
    /// `i64::MIN` and `i64::MAX` where the beginning is not known.
    pub fn periods(&self, unit: Period) -> (i64, i64) {
        (unit.ordinal(self.start.first), unit.ordinal(self.start.last))
    }

    /// A period as a date: one unknown day within it, shown as `2014`, `2014-Q3`, `2014-11`, `2010s`, and as a range
    /// where it has no name: `2014-01-06..2014-01-12`.
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
            Period::Days(1) => return Date::day(days.first),
            Period::Months(_) | Period::Days(_) => (Precision::Interval, None),
        };
        let mut date = Date::within(days, precision);
        date.told = told.or_else(|| date.told.take());
        if matches!(unit, Period::Months(_) | Period::Days(_)) {
            let range = date.edtf.trim_start_matches('[').trim_end_matches(']');
            date.told = Some(range.to_owned()).filter(|range| *range != date.edtf);
        }
        date
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(unit: Period, year: i64, month: u8, day: u8) -> String {
        Date::period(unit, unit.ordinal(Day::from_ymd(year, month, day))).to_string()
    }

    #[test]
    fn weeks_begin_on_monday() {
        let week = Period::Days(7);
        assert_eq!(shown(week, 2014, 1, 1), "2013-12-30..2014-01-05");
        for day in -2_000..20_000 {
            let days = week.days(week.ordinal(Day(day)));
            assert!(days.contains(Day(day)) && days.first.weekday() == 0);
            assert_eq!(days.count(), Some(7));
        }
    }

    #[test]
    fn periods_of_months_begin_with_their_multiples() {
        assert_eq!(shown(Period::Months(6), 2014, 8, 3), "2014-07..2014-12");
        assert_eq!(shown(Period::Months(60), 2014, 8, 3), "2010..2014");
        assert_eq!(shown(Period::Days(1), 2014, 8, 3), "2014-08-03");
    }

    #[test]
    fn periods_follow_one_another() {
        let units =
            [Period::Month, Period::Months(5), Period::Days(10), Period::Days(1), Period::Decade];
        for unit in units {
            for ordinal in -30..30 {
                let (days, next) = (unit.days(ordinal), unit.days(ordinal + 1));
                assert_eq!(days.last.plus_days(1), next.first, "{unit} {ordinal}");
                assert_eq!((unit.ordinal(days.first), unit.ordinal(days.last)), (ordinal, ordinal));
            }
        }
    }

    #[test]
    fn widths_are_of_months_or_of_days() {
        let of = |months, days, seconds| Period::of_width(Duration { months, days, seconds });
        assert_eq!(of(3, 0, 0), Some(Period::Quarter));
        assert_eq!(of(60, 0, 0), Some(Period::Months(60)));
        assert_eq!(of(0, 14, 0), Some(Period::Days(14)));
        for (months, days, seconds) in [(0, 0, 0), (1, 1, 0), (0, 0, 3600), (-1, 0, 0), (0, -7, 0)]
        {
            assert_eq!(of(months, days, seconds), None);
        }
        assert_eq!(Period::Days(14).to_string(), "2 weeks");
        assert_eq!(Period::Months(18).to_string(), "1 year 6 months");
    }
}
