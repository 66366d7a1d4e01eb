//! Stretches of days: a set of days that is told by its intervals.

use super::calendar::{Day, Days};

/// Days as intervals, ascending, with at least one day missing between two of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stretches(Vec<Days>);

impl Stretches {
    /// All days there are.
    pub(crate) fn all() -> Stretches {
        Stretches(vec![Days::ALL])
    }

    /// The days of any of these intervals. One that ends before it begins has none.
    pub(crate) fn of(intervals: impl IntoIterator<Item = Days>) -> Stretches {
        let mut sorted: Vec<Days> =
            intervals.into_iter().filter(|days| days.first <= days.last).collect();
        sorted.sort_unstable_by_key(|days| (days.first, days.last));
        let mut joined: Vec<Days> = Vec::with_capacity(sorted.len());
        for days in sorted {
            match joined.last_mut() {
                Some(last) if last.last.plus_days(1) >= days.first => {
                    last.last = last.last.max(days.last);
                }
                _ => joined.push(days),
            }
        }
        Stretches(joined)
    }

    /// The intervals.
    pub(crate) fn intervals(&self) -> &[Days] {
        &self.0
    }

    /// From its first day to its last; none when it has no day.
    pub(crate) fn hull(&self) -> Option<Days> {
        Some(Days { first: self.0.first()?.first, last: self.0.last()?.last })
    }

    /// Has it every day of an interval?
    pub(crate) fn covers(&self, days: Days) -> bool {
        let at = self.0.partition_point(|stretch| stretch.last < days.first);
        self.0.get(at).is_some_and(|stretch| stretch.covers(days))
    }

    /// Has it a day of an interval?
    pub(crate) fn touches(&self, days: Days) -> bool {
        let at = self.0.partition_point(|stretch| stretch.last < days.first);
        self.0.get(at).is_some_and(|stretch| stretch.overlaps(days))
    }

    /// The days of either.
    pub(crate) fn or(&self, other: &Stretches) -> Stretches {
        Stretches::of(self.0.iter().chain(&other.0).copied())
    }

    /// The days of both.
    pub(crate) fn and(&self, other: &Stretches) -> Stretches {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut found = Vec::new();
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            found.push(Days { first: x.first.max(y.first), last: x.last.min(y.last) });
            if x.last < y.last {
                a.next()
            } else {
                b.next()
            };
        }
        Stretches::of(found)
    }

    /// All other days.
    pub(crate) fn complement(&self) -> Stretches {
        let mut from = Some(Day::MIN);
        let mut found = Vec::new();
        for days in &self.0 {
            if let Some(first) = from
                && days.first > first
            {
                found.push(Days { first, last: days.first.plus_days(-1) });
            }
            from = (days.last != Day::MAX).then(|| days.last.plus_days(1));
        }
        found.extend(from.map(|first| Days { first, last: Day::MAX }));
        Stretches::of(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(first: i64, last: i64) -> Days {
        Days { first: Day(first), last: Day(last) }
    }

    #[test]
    fn what_touches_is_one_stretch() {
        let joined = Stretches::of([days(7, 9), days(1, 3), days(4, 5), days(12, 2)]);
        assert_eq!(joined.intervals(), [days(1, 5), days(7, 9)]);
        assert!(joined.covers(days(2, 5)) && !joined.covers(days(5, 7)));
        assert!(joined.touches(days(6, 7)) && !joined.touches(days(6, 6)));
        assert_eq!(joined.hull(), Some(days(1, 9)));
    }

    #[test]
    fn stretches_are_sets_of_days() {
        let sets = [
            Stretches::default(),
            Stretches::all(),
            Stretches::of([days(1, 3), days(5, 5), days(9, 12)]),
            Stretches::of([days(2, 6), days(11, 20)]),
            Stretches::of([Days { first: Day::MIN, last: Day(4) }, days(8, 8)]),
            Stretches::of([Days { first: Day(6), last: Day::MAX }]),
        ];
        let has = |set: &Stretches, day: i64| set.covers(days(day, day));
        for a in &sets {
            assert_eq!(&a.complement().complement(), a);
            for b in &sets {
                for day in -1..22 {
                    assert_eq!(has(&a.and(b), day), has(a, day) && has(b, day), "{a:?} {b:?}");
                    assert_eq!(has(&a.or(b), day), has(a, day) || has(b, day), "{a:?} {b:?}");
                    assert_eq!(has(&a.complement(), day), !has(a, day), "{a:?}");
                }
            }
        }
    }
}
