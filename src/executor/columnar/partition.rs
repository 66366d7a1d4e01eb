//! Counts of very many groups: rows are dealt out by their keys, and each deal is counted by itself, in a table that
//! stays in the cache.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Result;
use crate::storage::segment::Codes;

use super::super::Context;
use super::groups::{GroupKey, numbers, packed};
use super::segment::{Rows, each_code};

/// The deals of all rows. More would not be written to side by side, fewer would not be small.
const DEALS: usize = 512;

/// More rows than this are not held: they are counted by hashing each.
const MOST_ROWS: usize = 1 << 26;

/// So many rows are held before it is looked at whether their counts would take less.
const MANY_ROWS: usize = if cfg!(test) { 1 << 12 } else { 1 << 22 };

/// The rows of a thread by their keys, packed into one word each.
pub(super) struct Partitions {
    /// How many keys there are, and the bits of the number of each.
    keys: usize,
    bits: u32,
    deals: Vec<Vec<u64>>,
    /// What was counted of each deal: different words, ascending.
    counted: Vec<Vec<(u64, i64)>>,
    /// How many rows the deals hold, and how many they may before they are looked at.
    held: usize,
    look_at: usize,
    rows: usize,
}

impl Partitions {
    pub(super) fn new(keys: usize) -> Partitions {
        let bits = 64 / u32::try_from(keys.max(2)).unwrap_or(64);
        let (deals, counted) = (vec![Vec::new(); DEALS], vec![Vec::new(); DEALS]);
        Partitions { keys, bits, deals, counted, held: 0, look_at: MANY_ROWS, rows: 0 }
    }

    /// Deals out rows; false when their numbers do not fit into a word, or they are too many.
    pub(super) fn add(&mut self, keys: &[(Codes<'_>, &[u32])], rows: &Rows) -> bool {
        let most = 1_u64 << self.bits;
        let fits = |number: &u32| *number == u32::MAX || u64::from(*number) < most;
        if self.held + rows.len() > MOST_ROWS || !keys.iter().all(|(_, all)| all.iter().all(fits)) {
            return false;
        }
        let mut words: Vec<u64> = vec![0; rows.len()];
        for (at, (codes, numbers)) in (0..).zip(keys) {
            let shift = self.bits * at;
            let mut places = words.iter_mut();
            each_code(*codes, rows, |code| {
                if let (Some(place), Some(number)) = (places.next(), numbers.get(usize::from(code)))
                {
                    *place |= u64::from(*number) << shift;
                }
            });
        }
        self.rows += words.len();
        self.held += words.len();
        for word in words {
            if let Some(deal) = self.deals.get_mut(deal_of(word)) {
                // Twice as long, they would be half empty on average, which is much of the memory of a query.
                if deal.len() == deal.capacity() {
                    deal.reserve_exact((deal.len() / 4).max(64));
                }
                deal.push(word);
            }
        }
        if self.held >= self.look_at {
            self.shrink();
        }
        true
    }

    /// Counts what is held, if one deal says that there are many rows to a group. Else more are held before the next look.
    fn shrink(&mut self) {
        if let Some(deal) = self.deals.iter_mut().find(|deal| !deal.is_empty()) {
            deal.sort_unstable();
            let different = deal.chunk_by(|a, b| a == b).count();
            // A count is twice as long as a word.
            if different * 4 > deal.len() {
                self.look_at = self.look_at.saturating_mul(2);
                return;
            }
        }
        for (deal, counted) in self.deals.iter_mut().zip(&mut self.counted) {
            deal.sort_unstable();
            let new = deal.chunk_by(|a, b| a == b).filter_map(|same| {
                Some((*same.first()?, i64::try_from(same.len()).unwrap_or(i64::MAX)))
            });
            *counted = merged(counted, new);
            deal.clear();
        }
        self.held = 0;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.deals.iter().map(|deal| deal.capacity() * 8).sum::<usize>()
            + self.counted.iter().map(|counted| counted.capacity() * 16).sum::<usize>()
    }

    fn key(&self, word: u64) -> GroupKey {
        let mask = (1_u64 << self.bits) - 1;
        let shifts = (0..).take(self.keys).map(|at| self.bits * at);
        packed(shifts.map(|shift| u32::try_from((word >> shift) & mask).unwrap_or(u32::MAX)))
    }

    /// The word of a key; none where it does not fit.
    fn word(&self, key: GroupKey) -> Option<u64> {
        let most = 1_u64 << self.bits;
        let mut word = 0;
        for (at, number) in (0..).zip(numbers(key, self.keys)) {
            if u64::from(number) >= most {
                return None;
            }
            word |= u64::from(number) << (self.bits * at);
        }
        Some(word)
    }
}

/// Ascending words with their counts, of two such lists.
fn merged(old: &[(u64, i64)], new: impl Iterator<Item = (u64, i64)>) -> Vec<(u64, i64)> {
    let mut all = Vec::with_capacity(old.len());
    let (mut old, mut new) = (old.iter().copied().peekable(), new.peekable());
    while let Some(&(word, _)) = match (old.peek(), new.peek()) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    } {
        let counts = [old.next_if(|at| at.0 == word), new.next_if(|at| at.0 == word)];
        all.push((word, counts.into_iter().flatten().map(|(_, count)| count).sum()));
    }
    all
}

/// Which deal a word belongs to: by the bits that a product mixes best.
fn deal_of(word: u64) -> usize {
    let mixed = word.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> (64 - DEALS.trailing_zeros())).unwrap_or(0)
}

/// What of very many groups is wanted: all, or those with the greatest counts.
pub(super) struct Wanted {
    /// So many, and all that have as many rows as the last of them.
    pub(super) most: Option<usize>,
    /// These in any case.
    pub(super) kept: FxHashSet<GroupKey>,
}

/// The groups met so far that may be among the wanted.
struct Best<'w> {
    wanted: &'w Wanted,
    /// The greatest counts so far, the least of them on top.
    counts: BinaryHeap<Reverse<i64>>,
    found: Vec<(GroupKey, i64)>,
    pruned_at: usize,
}

impl<'w> Best<'w> {
    fn new(wanted: &'w Wanted) -> Best<'w> {
        Best { wanted, counts: BinaryHeap::new(), found: Vec::new(), pruned_at: 1 << 16 }
    }

    /// The least count that is still wanted.
    fn least(&self) -> i64 {
        match (self.wanted.most, self.counts.peek()) {
            (Some(most), Some(Reverse(least))) if self.counts.len() >= most => *least,
            (Some(0), _) => i64::MAX,
            _ => 0,
        }
    }

    fn add(&mut self, key: impl FnOnce() -> GroupKey, count: i64) {
        if let Some(most) = self.wanted.most {
            if count < self.least() && self.wanted.kept.is_empty() {
                return;
            }
            if most > 0 && (self.counts.len() < most || count > self.least()) {
                self.counts.push(Reverse(count));
                if self.counts.len() > most {
                    self.counts.pop();
                }
            }
        }
        self.found.push((key(), count));
        if self.wanted.most.is_some() && self.found.len() > self.pruned_at {
            self.prune();
            self.pruned_at = (self.found.len() * 2).max(1 << 16);
        }
    }

    fn prune(&mut self) {
        let least = self.least();
        let kept = &self.wanted.kept;
        self.found.retain(|(key, count)| *count >= least || kept.contains(key));
    }

    fn finish(mut self) -> Vec<(GroupKey, i64)> {
        self.prune();
        self.found
    }
}

/// The wanted among groups with their counts.
pub(super) fn wanted(
    groups: impl Iterator<Item = (GroupKey, i64)>,
    wanted: &Wanted,
) -> Vec<(GroupKey, i64)> {
    let mut best = Best::new(wanted);
    groups.for_each(|(key, count)| best.add(|| key, count));
    best.finish()
}

/// The wanted groups of all threads: what was dealt out, and what was counted already.
pub(super) fn count(
    parts: &[Partitions],
    counted: &[(GroupKey, i64)],
    want: &Wanted,
    context: &Context,
) -> Result<Vec<(GroupKey, i64)>> {
    let Some(first) = parts.first() else { return Ok(Vec::new()) };
    let mut dealt: Vec<Vec<(u64, i64)>> = vec![Vec::new(); DEALS];
    // A key that fits into no word is in no deal either.
    let mut apart: FxHashMap<GroupKey, i64> = FxHashMap::default();
    for (key, count) in counted {
        match first.word(*key) {
            Some(word) => {
                if let Some(deal) = dealt.get_mut(deal_of(word)) {
                    deal.push((word, *count));
                }
            }
            None => *apart.entry(*key).or_insert(0) += count,
        }
    }
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(GroupKey, i64)>> {
        let mut best = Best::new(want);
        let mut counts: FxHashMap<u64, i64> = FxHashMap::default();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(before) = dealt.get(at) else { return Ok(best.finish()) };
            context.check()?;
            counts.clear();
            let counted = parts.iter().filter_map(|part| part.counted.get(at)).flatten();
            for (word, count) in before.iter().chain(counted) {
                *counts.entry(*word).or_insert(0) += count;
            }
            for word in parts.iter().filter_map(|part| part.deals.get(at)).flatten() {
                *counts.entry(*word).or_insert(0) += 1;
            }
            for (word, count) in &counts {
                best.add(|| first.key(*word), *count);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut found = std::thread::scope(|scope| -> Result<Vec<_>> {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut found = work()?;
        for other in others {
            match other.join() {
                Ok(more) => found.append(&mut more?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(found)
    })?;
    found.extend(apart);
    Ok(wanted(found.into_iter(), want))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::executor::{CancelToken, Limits};
    use crate::storage::{Store, StoreOptions};

    #[test]
    fn all_deals_together_count_every_group_once() {
        let store = Store::in_memory(&StoreOptions::default()).unwrap();
        let view = store.view().unwrap();
        let catalog = Catalog::new(view.clone());
        let context = Context::new(view, catalog, Limits::default(), CancelToken::new());
        let numbers: Vec<u32> = (0..200).collect();
        let codes: Vec<u8> = (0..200).map(|row| row / 7).collect();
        let mut parts = Vec::new();
        for _ in 0..2 {
            let mut part = Partitions::new(3);
            let column = (Codes::Narrow(&codes), numbers.as_slice());
            assert!(part.add(&[column, column, column], &Rows::All(200)));
            let large = [1_u32 << 21];
            assert!(!part.add(&[(Codes::One, large.as_slice()), column, column], &Rows::All(200)));
            parts.push(part);
        }
        let counted = [(packed([3, 3, 3]), 100), (packed([1 << 22, 0, 0]), 5)];
        let all = Wanted { most: None, kept: FxHashSet::default() };
        let mut found = count(&parts, &counted, &all, &context).unwrap();
        found.sort_unstable();
        assert_eq!(found.len(), 30);
        assert_eq!(found.iter().map(|(_, count)| count).sum::<i64>(), 400 + 105);
        assert!(found.contains(&(packed([3, 3, 3]), 114)));
        assert!(found.contains(&(packed([28, 28, 28]), 8)));

        // The last group of words has 8 rows, all others have 14.
        let kept: FxHashSet<_> = [packed([28, 28, 28])].into_iter().collect();
        let best = Wanted { most: Some(1), kept };
        let mut found = count(&parts, &counted, &best, &context).unwrap();
        found.sort_unstable();
        assert_eq!(found, [(packed([3, 3, 3]), 114), (packed([28, 28, 28]), 8)]);
        let best = Wanted { most: Some(2), kept: FxHashSet::default() };
        assert_eq!(count(&parts, &counted, &best, &context).unwrap().len(), 28);
    }

    /// Counts rows of which each group has so many, in batches; how many rows were held at the end.
    fn counted_as(rows_of_group: usize) -> usize {
        let store = Store::in_memory(&StoreOptions::default()).unwrap();
        let view = store.view().unwrap();
        let catalog = Catalog::new(view.clone());
        let context = Context::new(view, catalog, Limits::default(), CancelToken::new());
        let (mut part, mut expected) = (Partitions::new(2), FxHashMap::default());
        let batches = 40;
        for batch in 0..batches {
            let numbers: Vec<u32> = (0..250_u32)
                .map(|n| (batch * 250 + n) / u32::try_from(rows_of_group).unwrap())
                .collect();
            let codes: Vec<u8> = (0..250).collect();
            let column = (Codes::Narrow(&codes), numbers.as_slice());
            for _ in 0..2 {
                assert!(part.add(&[column, column], &Rows::All(250)));
                for number in &numbers {
                    *expected.entry(packed([*number, *number])).or_insert(0_i64) += 1;
                }
            }
        }
        let held = part.held;
        let all = Wanted { most: None, kept: FxHashSet::default() };
        let found = count(&[part], &[], &all, &context).unwrap();
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().all(|(key, count)| expected.get(key) == Some(count)));
        held
    }

    #[test]
    fn many_rows_of_few_groups_are_counted_before_the_end() {
        assert!(counted_as(500) < MANY_ROWS);
        // Counts would take more than rows.
        assert_eq!(counted_as(1), 20_000);
    }
}
