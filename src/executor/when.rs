//! When events of a pattern were: their days, their time of day, what comes first, and how long it took.

use crate::model::{Date, Day, Duration};

/// No time of day is known.
const NO_TIME: u32 = u32::MAX;

/// Seconds of a day, with room for those that are no time.
const DAY: i64 = 1 << 17;

/// The first of the seconds of a day, and the last.
const START: u32 = 0;
const END: u32 = (1 << 17) - 1;

/// When an event began: from one day to another, and at what time where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    /// The first day; the least number where it is not known.
    pub(super) first: i32,
    /// The last day; the greatest number where it is not known.
    pub(super) last: i32,
    time: u32,
}

/// Whether a match is to be so for all days that its events may have had, or for some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    Certain,
    Possible,
}

impl When {
    /// Of no event.
    pub(super) const NEVER: When = When { first: 1, last: 0, time: NO_TIME };

    /// The beginning of a date; of an event without one, any day.
    pub(super) fn of(date: Option<&Date>) -> When {
        let Some(date) = date else {
            return When { first: i32::MIN, last: i32::MAX, time: NO_TIME };
        };
        let days = date.start();
        let (first, last) = (number(days.first), number(days.last));
        let time = match date.time() {
            Some(time) if first == last => time.seconds.min(END),
            _ => NO_TIME,
        };
        When { first, last, time }
    }

    /// Is its day known?
    pub(super) fn is_exact(self) -> bool {
        self.first == self.last
    }

    /// The days between which it is, where these are known.
    pub(super) fn bounds(self) -> Option<(i64, i64)> {
        let known = self.first != i32::MIN && self.last != i32::MAX && self != When::NEVER;
        known.then(|| (self.first.into(), self.last.into()))
    }

    /// The day from which on it may fill a step.
    pub(super) fn fills(self, doubt: Doubt) -> i32 {
        match doubt {
            Doubt::Certain => self.first,
            Doubt::Possible => self.last,
        }
    }

    /// The day from which on others may follow it.
    pub(super) fn pends(self, doubt: Doubt) -> i32 {
        match doubt {
            Doubt::Certain => self.last,
            Doubt::Possible => self.first,
        }
    }

    /// Its place on a day that it fills or pends on: by its time, where that is known; else what can begin a match stands
    /// at the start of the day, and everything else at its end, so that the same day satisfies.
    pub(super) fn place(self, begins: bool) -> u32 {
        match (self.time, begins) {
            (NO_TIME, true) => START,
            (NO_TIME, false) => END,
            (time, _) => time,
        }
    }

    /// A point of time before everything that is after it for sure: the day's end where no time is known.
    pub(super) fn ends(self, day: i32) -> i64 {
        self.at(day, END)
    }

    /// A point of time after everything that is before it for sure: the day's start where no time is known.
    pub(super) fn starts(self, day: i32) -> i64 {
        self.at(day, START)
    }

    fn at(self, day: i32, without_time: u32) -> i64 {
        let time = if self.time == NO_TIME { without_time } else { self.time };
        i64::from(day) * DAY + i64::from(time)
    }
}

/// The first point of time of a day.
pub(super) fn start_of(day: i64) -> i64 {
    day.saturating_mul(DAY)
}

/// The day of a point of time.
pub(super) fn day_of(point: i64) -> i64 {
    point.div_euclid(DAY)
}

fn number(day: Day) -> i32 {
    i32::try_from(day.0).unwrap_or(if day.0 < 0 { i32::MIN } else { i32::MAX })
}

/// How long a match, or a step of it, may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span(pub(super) Duration);

impl Span {
    /// Is it no longer from one event to another, for all of their days, or for some?
    pub(super) fn reaches(self, from: When, to: When, doubt: Doubt) -> bool {
        if self.0.seconds != 0 && from.time != NO_TIME && to.time != NO_TIME {
            let days = Day(i64::from(from.first)).plus(Duration { seconds: 0, ..self.0 }).0;
            let at = |day: i64, time: u32| day.saturating_mul(86_400).saturating_add(time.into());
            return at(to.first.into(), to.time)
                <= at(days, from.time).saturating_add(self.0.seconds);
        }
        match doubt {
            Doubt::Certain => self.reaches_day(from.first, to.last),
            Doubt::Possible => self.reaches_day(from.last, to.first),
        }
    }

    /// Does it take no longer from one day to another?
    pub(super) fn reaches_day(self, start: i32, end: i32) -> bool {
        match (start, end) {
            (i32::MAX, _) | (_, i32::MIN) => true,
            (i32::MIN, _) | (_, i32::MAX) => false,
            (start, end) => i64::from(end) <= self.end(start),
        }
    }

    /// The last day that is no later than so long after a day.
    pub(super) fn end(self, day: i32) -> i64 {
        if day == i32::MAX { day.into() } else { self.end_of(day.into()) }
    }

    /// The same of a day of any number.
    pub(super) fn end_of(self, day: i64) -> i64 {
        Day(day).plus(self.0).0
    }

    /// The first day that is no earlier than so long before a day.
    pub(super) fn start(self, day: i32) -> i64 {
        if day == i32::MIN { day.into() } else { self.start_of(day.into()) }
    }

    /// The same of a day of any number.
    pub(super) fn start_of(self, day: i64) -> i64 {
        Day(day).plus(self.0.reversed()).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(edtf: &str) -> When {
        When::of(Some(&edtf.parse().unwrap()))
    }

    fn reaches(span: Duration, from: &str, to: &str) -> (bool, bool) {
        let reaches = |doubt| Span(span).reaches(when(from), when(to), doubt);
        (reaches(Doubt::Certain), reaches(Doubt::Possible))
    }

    #[test]
    fn a_span_includes_its_ends() {
        for (span, from, to) in [
            (Duration::days(30), "2014-01-01", "2014-01-31"),
            (Duration::days(0), "2014-01-01", "2014-01-01"),
            (Duration::months(1), "2014-01-31", "2014-02-28"),
            (Duration::months(12), "2015-03-05", "2016-03-05"),
        ] {
            assert_eq!(reaches(span, from, to), (true, true), "{from} {to}");
            let shorter = Duration { days: span.days - 1, ..span };
            assert_eq!(reaches(shorter, from, to), (false, false), "{from} {to}");
        }
    }

    #[test]
    fn a_span_of_days_in_doubt_is_certain_for_all_of_them() {
        assert_eq!(reaches(Duration::days(40), "2014-01", "2014-02-10"), (true, true));
        assert_eq!(reaches(Duration::days(39), "2014-01", "2014-02-10"), (false, true));
        assert_eq!(reaches(Duration::days(10), "2014-01", "2014-02-10"), (false, true));
        assert_eq!(reaches(Duration::days(9), "2014-01", "2014-02-10"), (false, false));
        let never = Span(Duration::days(1)).reaches(When::of(None), when("2014"), Doubt::Certain);
        assert!(!never);
    }

    #[test]
    fn hours_count_where_both_times_are_told() {
        let hours = |hours: i64| Duration { seconds: hours * 3600, ..Duration::default() };
        let (late, early) = ("2014-01-01T23:00:00", "2014-01-02T01:00:00");
        assert_eq!(reaches(hours(2), late, early), (true, true));
        assert_eq!(reaches(hours(1), late, early), (false, false));
        // Else the day must be the same.
        assert_eq!(reaches(hours(2), "2014-01-01", early), (false, false));
        assert_eq!(reaches(hours(2), "2014-01-02", early), (true, true));
    }

    #[test]
    fn of_one_day_what_has_no_time_can_begin_first_and_follow_last() {
        let timed = when("2014-01-01T12:00:00");
        let day = when("2014-01-01");
        assert!(day.place(true) < timed.place(true));
        assert!(timed.place(false) < day.place(false));
        assert_eq!(When::of(None).bounds(), None);
        assert_eq!(when("2014-01-01").bounds(), Some((16_071, 16_071)));
    }
}
