//! Coverage: the stretches of days from which a file has events.

use rustc_hash::FxHashMap;

use crate::model::{Date, Day, Days};

/// A gap is a hole in the data, and not a quiet time, when it is at least this long …
const HOLE_DAYS: i64 = 28;
/// … and the file's mean rate would have brought at least so many events meanwhile.
const HOLE_EVENTS: u128 = 1_000;

/// How many days are counted one by one. Files that reach further are counted by their first and last day.
const MOST_DAYS: usize = 1 << 17;

/// Counts the events of each day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coverage {
    /// In no order: every row looks its day up, and only batches want to know the stretches.
    days: FxHashMap<Day, u64>,
    all: Option<Days>,
}

impl Coverage {
    /// Counts an event whose day is known. What is in doubt covers nothing for certain.
    pub(crate) fn add(&mut self, date: &Date) {
        let days = date.covering();
        if !days.is_one() {
            return;
        }
        self.all = Some(self.all.map_or(days, |all| all.hull(days)));
        if let Some(count) = self.days.get_mut(&days.first) {
            *count += 1;
        } else if self.days.len() < MOST_DAYS {
            self.days.insert(days.first, 1);
        }
    }

    /// The stretches, ascending: from the first day to the last, without holes.
    pub(crate) fn stretches(&self) -> Vec<Days> {
        let Some(all) = self.all else { return Vec::new() };
        let Some(length) = all.count() else { return vec![all] };
        if self.days.len() >= MOST_DAYS {
            return vec![all];
        }
        let events: u128 = self.days.values().map(|&count| u128::from(count)).sum::<u128>();
        let is_hole = |gap: i64| {
            let gap_u = u128::try_from(gap).unwrap_or(0);
            let covered = u128::try_from(length).unwrap_or(1).max(1);
            gap >= HOLE_DAYS && events * gap_u / covered >= HOLE_EVENTS
        };
        let mut found: Vec<Days> = Vec::new();
        let mut days: Vec<Day> = self.days.keys().copied().collect();
        days.sort_unstable();
        for day in days {
            match found.last_mut() {
                Some(last) if !is_hole(day.0 - last.last.0 - 1) => last.last = day,
                _ => found.push(Days::one(day)),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i64, month: u8, day: u8) -> Day {
        Day::from_ymd(year, month, day)
    }

    #[test]
    fn a_quiet_time_is_no_hole_and_a_missing_year_is() {
        let mut sparse = Coverage::default();
        let mut dense = Coverage::default();
        for n in 0..300 {
            let at = day(2014, 1, 1).plus_days(n);
            sparse.add(&Date::day(at));
            (0..20).for_each(|_| dense.add(&Date::day(at)));
        }
        let later = Date::day(day(2016, 1, 1));
        sparse.add(&later);
        dense.add(&later);
        let whole = Days::new(day(2014, 1, 1), day(2016, 1, 1));
        assert_eq!(sparse.stretches(), [whole]);
        let first = Days::new(day(2014, 1, 1), day(2014, 1, 1).plus_days(299));
        assert_eq!(dense.stretches(), [first, Days::one(day(2016, 1, 1))]);
    }

    #[test]
    fn nothing_covers_nothing() {
        assert_eq!(Coverage::default().stretches(), []);
    }
}
