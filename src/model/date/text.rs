//! Dates as EDTF text. Whatever is written here is read back as the same days.

use super::Precision;
use super::calendar::{Day, Days, YearText};
use super::part::{Part, is_third_of_month};

/// One unknown day within `days` as EDTF, and how fine that is: the shortest of `2014-03-12`, `2014-03`, `2014-35`,
/// `2014`, `201X`, `20XX`, `[a..b]`.
pub(crate) fn within(days: Days) -> (String, Precision) {
    if days == Days::ALL {
        return ("XXXX".to_owned(), Precision::Interval);
    }
    if days.is_one() {
        return (days.first.to_string(), Precision::Day);
    }
    let (year, month, _) = days.first.ymd();
    if days == Days::months(year, month, 1) {
        return (format!("{}-{month:02}", YearText(year)), Precision::Month);
    }
    if days == Days::year(year) {
        return (YearText(year).to_string(), Precision::Year);
    }
    if let Some((year, part)) = Part::of_days(days) {
        return (format!("{}-{}", YearText(year), part.code), part.precision);
    }
    if (0..=9999).contains(&year) {
        if days == years(year, 10) {
            return (format!("{:03}X", year / 10), Precision::Decade);
        }
        if days == years(year, 100) {
            return (format!("{:02}XX", year / 100), Precision::Century);
        }
    }
    let precision =
        if is_third_of_month(days) { Precision::PartOfMonth } else { Precision::Interval };
    (set(days), precision)
}

/// One unknown day within `days`, told as an interval of its own: a set, unless it is a plain day, month or year.
pub(crate) fn interval(days: Days) -> String {
    let (text, precision) = within(days);
    match precision {
        Precision::Day | Precision::Month | Precision::Year => text,
        _ if days == Days::ALL => text,
        _ => set(days),
    }
}

/// `2015-summer`, where a query writes so what EDTF has a number for.
pub(crate) fn readable(days: Days) -> Option<String> {
    Part::of_days(days).map(|(year, part)| format!("{}-{}", YearText(year), part.word))
}

/// `count` years from one that `count` divides; no days where it does not.
fn years(year: i64, count: i64) -> Days {
    if year % count == 0 {
        Days { first: Days::year(year).first, last: Days::year(year + count - 1).last }
    } else {
        Days { first: Day::MAX, last: Day::MIN }
    }
}

/// `[a..b]`, with both ends as coarse as they may be.
fn set(days: Days) -> String {
    let (first, last) = (days.first, days.last);
    let end = |day: Day, write: fn(Day) -> String| {
        if day.is_known() { write(day) } else { String::new() }
    };
    let of_year = |day: Day, open: (u8, u8)| !day.is_known() || (day.ymd().1, day.ymd().2) == open;
    let write = if of_year(first, (1, 1)) && of_year(last, (12, 31)) {
        |day: Day| YearText(day.ymd().0).to_string()
    } else if (!first.is_known() || first.opens_month())
        && (!last.is_known() || last.closes_month())
    {
        |day: Day| {
            let (year, month, _) = day.ymd();
            format!("{}-{month:02}", YearText(year))
        }
    } else {
        |day: Day| day.to_string()
    };
    format!("[{}..{}]", end(first, write), end(last, write))
}

/// What lasted from a day of `start` to a day of `end`, as EDTF.
///
/// A beginning or an end about which nothing is known is left out, one that lies beyond all days is `..`. Ends that
/// EDTF has no word for are written as sets, `[2014-03-01..2014-03-10]/2014-05`, which is ours and not in the standard.
pub(crate) fn lasting(start: Days, end: Days) -> String {
    let from = if start == Days::one(Day::MIN) {
        "..".to_owned()
    } else if start.first == Day::MIN && start.last >= end.last {
        String::new()
    } else {
        within(start).0
    };
    let to = if end == Days::one(Day::MAX) {
        "..".to_owned()
    } else if end.last == Day::MAX && end.first <= start.first {
        String::new()
    } else {
        within(end).0
    };
    format!("{from}/{to}")
}
