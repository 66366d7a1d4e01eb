//! Visits that are told from both sides: 042 makes the visit that 043 hosts.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::model::Day;

/// No more pairs of one day are remembered, so that a file of one day cannot fill the memory.
const MOST: usize = 100_000;

/// Counts visits and those that have their mirror on the same day. Only the pairs of the current day are in memory.
#[derive(Debug, Default)]
pub(super) struct Visits {
    day: Option<Day>,
    /// Which way the days go: back or forth.
    way: Option<Ordering>,
    /// Went they both ways, or were there too many pairs, so that some mirrors may have been passed over?
    missed: bool,
    /// How often either code stands for a visitor and a host.
    pairs: FxHashMap<u64, [u64; 2]>,
    rows: u64,
    /// Of the days before the current one.
    mirrored: u64,
}

impl Visits {
    /// Counts a row, if it is a visit.
    pub(super) fn row(&mut self, code: &str, day: Option<Day>, source: &str, target: &str) {
        let side = match code {
            "042" => 0,
            "043" => 1,
            _ => return,
        };
        if self.day != day {
            let way = day.cmp(&self.day);
            self.missed |= self.rows > 0 && self.way.is_some_and(|before| before != way);
            self.way = (self.rows > 0).then_some(way);
            self.mirrored += self.mirrored_today();
            self.pairs.clear();
            self.day = day;
        }
        self.rows += 1;
        let (visitor, host) = if side == 0 { (source, target) } else { (target, source) };
        let mut hasher = FxHasher::default();
        (visitor, host).hash(&mut hasher);
        let pair = hasher.finish();
        if self.pairs.len() < MOST || self.pairs.contains_key(&pair) {
            let [made, hosted] = self.pairs.entry(pair).or_default();
            *(if side == 0 { made } else { hosted }) += 1;
        } else {
            self.missed = true;
        }
    }

    fn mirrored_today(&self) -> u64 {
        let both = self.pairs.values().filter(|[made, hosted]| *made > 0 && *hosted > 0);
        both.map(|[made, hosted]| made + hosted).sum()
    }

    /// Was every mirror seen? Not so in a file whose days come in no order.
    pub(super) fn all_seen(&self) -> bool {
        !self.missed
    }

    /// All visits, and those that have their mirror.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.rows, self.mirrored + self.mirrored_today())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_have_their_mirror_on_the_same_day() {
        let mut visits = Visits::default();
        let monday = Some(Day::from_ymd(2018, 1, 1));
        let tuesday = Some(Day::from_ymd(2018, 1, 2));
        visits.row("042", monday, "A", "B");
        visits.row("040", monday, "B", "A");
        visits.row("043", monday, "B", "A");
        visits.row("042", monday, "C", "B");
        assert_eq!(visits.counts(), (3, 2));
        visits.row("043", tuesday, "B", "C");
        assert_eq!(visits.counts(), (4, 2));
        assert!(visits.all_seen());
        visits.row("043", monday, "B", "C");
        assert_eq!(visits.counts(), (5, 2));
        assert!(!visits.all_seen());
    }

    #[test]
    fn days_may_go_back() {
        let mut visits = Visits::default();
        for day in [3, 2, 2, 1] {
            visits.row("042", Some(Day::from_ymd(2018, 1, day)), "A", "B");
        }
        assert!(visits.all_seen());
    }
}
