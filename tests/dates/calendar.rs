//! The calendar agrees with another one, and goes on where that ends.

use attache::internals::dates::{Date, Day, Days, Duration, Period};
use jiff::civil;

/// Days that a prime number of days lie apart, so that every day of the month and of the week comes up.
fn samples() -> impl Iterator<Item = (i64, civil::Date)> {
    let epoch = civil::date(1970, 1, 1);
    (-4_371_000..=2_932_000_i64).step_by(97).map(move |n| {
        let span = jiff::Span::new().days(n);
        (n, epoch.checked_add(span).unwrap())
    })
}

#[test]
fn days_of_four_digit_years_are_jiffs() {
    for (n, date) in samples() {
        let (year, month, day) = (i64::from(date.year()), date.month(), date.day());
        let (month, day) = (u8::try_from(month).unwrap(), u8::try_from(day).unwrap());
        assert_eq!(Day(n).ymd(), (year, month, day));
        assert_eq!(Day::from_ymd(year, month, day), Day(n));
        assert_eq!(i64::from(Day(n).weekday()), i64::from(date.weekday().to_monday_zero_offset()));
    }
}

#[test]
fn months_are_added_as_jiff_adds_them() {
    for (n, date) in samples().filter(|(_, d)| d.year().abs() < 9_900) {
        for months in [-1200, -13, -12, -1, 1, 2, 3, 12, 600] {
            let moved = date.checked_add(jiff::Span::new().months(months)).unwrap();
            let (year, month, day) = Day(n).plus_months(months).ymd();
            assert_eq!(
                (year, i64::from(month), i64::from(day)),
                (i64::from(moved.year()), i64::from(moved.month()), i64::from(moved.day()))
            );
        }
    }
}

#[test]
fn days_follow_one_another_in_far_years() {
    for year in [-1_000_000_000, -170_000_002, -1, 0, 9_999, 170_000_002, 999_999_999] {
        let first = Day::from_ymd(year, 1, 1);
        let mut expected = (year, 1, 1);
        for n in 0..366 {
            let day = first.plus_days(n);
            assert_eq!(day.ymd(), expected);
            let (year, month, of_month) = expected;
            expected = [(year, month, of_month + 1), (year, month + 1, 1), (year + 1, 1, 1)]
                .into_iter()
                .find(|&(year, month, day)| Day::checked(year, month, day).is_some())
                .unwrap();
        }
    }
}

#[test]
fn nothing_overflows() {
    for day in [Day::MIN, Day::MAX, Day(i64::MIN + 1), Day(i64::MAX - 1)] {
        let _ = (day.ymd(), day.weekday(), day.to_string());
        for n in [i64::MIN, -1, 1, i64::MAX] {
            let _ = (day.plus_days(n), day.plus_months(n));
            let by = Duration { months: n, days: n, seconds: n };
            for date in [
                Date::day(day),
                Date::spanning(Days { first: day, last: Day::MAX }),
                Date::lasting(Days { first: Day::MIN, last: day }, Days::one(day)),
            ] {
                let _ = (date.shift(by), date.midpoint(), date.periods(Period::Month));
                let _ = (date.difference(&Date::day(Day(0))), date.to_string());
            }
        }
    }
    for ordinal in [i64::MIN, -1, 0, i64::MAX] {
        for unit in [Period::Year, Period::Quarter, Period::Month, Period::Decade] {
            let _ = Date::period(unit, ordinal);
        }
    }
    assert_eq!(Day::from_ymd(i64::MAX, 1, 1), Day::MAX);
    assert_eq!(Day::from_ymd(i64::MIN, 1, 1), Day::MIN);
}

#[test]
fn periods_are_numbered_without_gaps() {
    for unit in [Period::Year, Period::Quarter, Period::Month, Period::Decade] {
        for ordinal in [-40, -1, 0, 1, 197, 2014, 24_171] {
            let days = unit.days(ordinal);
            assert_eq!(unit.ordinal(days.first), ordinal);
            assert_eq!(unit.ordinal(days.last), ordinal);
            assert_eq!(unit.ordinal(days.last.plus_days(1)), ordinal + 1);
        }
    }
}

#[test]
fn periods_are_shown_as_queries_write_them() {
    let day = Day::from_ymd(2014, 11, 3);
    for (unit, told) in [
        (Period::Year, "2014"),
        (Period::Quarter, "2014-Q4"),
        (Period::Month, "2014-11"),
        (Period::Decade, "2010s"),
    ] {
        assert_eq!(Date::period(unit, unit.ordinal(day)).to_string(), told);
    }
}

#[test]
fn whole_months_stay_whole_when_moved() {
    let moved = |date: Date, by| date.shift(by).edtf().to_owned();
    assert_eq!(moved(Date::month(2014, 2), Duration::months(1)), "2014-03");
    assert_eq!(moved(Date::year(2014), Duration::months(12)), "2015");
    assert_eq!(moved(Date::year(2014), Duration::months(-1)), "[2013-12..2014-11]");
    assert_eq!(moved(Date::day(Day::from_ymd(2016, 1, 31)), Duration::months(1)), "2016-02-29");
    let lasted = Date::lasting(Days::year(2014), Days::months(2016, 3, 1));
    assert_eq!(moved(lasted, Duration::months(12)), "2015/2017-03");
}
