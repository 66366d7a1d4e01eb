//! Groups by the numbers of their values: small while they are added up, made into values at the end.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::planner::function::Function;
use crate::storage::segment::Codes;

use super::super::total::Sums;
use super::measure::Measure;
use super::segment::{Rows, each_code};

/// The numbers of the values of a group, 32 bits each.
pub(in super::super) type GroupKey = u128;

/// Up to so many bits of numbers are looked up in a table and not hashed.
const DENSE_BITS: u32 = 18;

/// No group yet.
const UNSET: u32 = u32::MAX;

/// Groups with what was added up in each.
pub(super) struct Groups {
    keys: Vec<GroupKey>,
    places: FxHashMap<GroupKey, u32>,
    dense: Dense,
    /// By the number of the value, where there is one key.
    singles: Vec<u32>,
    /// One a call.
    pub(super) sums: Vec<State>,
}

/// The groups by the bits of their numbers, side by side.
#[derive(Default)]
struct Dense {
    /// How many bits the numbers of each key have.
    bits: Vec<u32>,
    groups: Vec<u32>,
}

/// What was added up for one call, by group.
pub(super) enum State {
    Counts(Vec<i64>),
    Sums(Vec<Sums>),
    /// How often a value is in a group, and whether it took place.
    Pairs(FxHashMap<(u32, u32, bool), u32>),
}

impl State {
    fn new(function: Function) -> State {
        match function {
            Function::Count | Function::Share => State::Counts(Vec::new()),
            Function::Sum | Function::Avg => State::Sums(Vec::new()),
            _ => State::Pairs(FxHashMap::default()),
        }
    }
}

/// The numbers of a group one by one.
pub(in super::super) fn numbers(key: GroupKey, keys: usize) -> impl Iterator<Item = u32> {
    (0..keys)
        .map(move |at| u32::try_from((key >> (32 * at)) & u128::from(u32::MAX)).unwrap_or(u32::MAX))
}

/// The group of these numbers.
pub(in super::super) fn packed(numbers: impl IntoIterator<Item = u32>) -> GroupKey {
    numbers.into_iter().zip(0..).fold(0, |key, (number, at)| key | packed_at(number, at))
}

/// A number at its place in a group.
pub(super) fn packed_at(number: u32, at: u32) -> GroupKey {
    u128::from(number) << (32 * at)
}

impl Groups {
    pub(super) fn new(measures: &[Measure]) -> Groups {
        Groups {
            keys: Vec::new(),
            places: FxHashMap::default(),
            dense: Dense::default(),
            singles: Vec::new(),
            sums: measures.iter().map(|measure| State::new(measure.call.function)).collect(),
        }
    }

    pub(super) fn keys(&self) -> &[GroupKey] {
        &self.keys
    }

    /// The group of a key; a new one where there is none yet.
    pub(super) fn group(&mut self, key: GroupKey) -> u32 {
        let next = u32::try_from(self.keys.len()).unwrap_or(UNSET);
        let group = *self.places.entry(key).or_insert(next);
        if group == next {
            self.keys.push(key);
            for state in &mut self.sums {
                match state {
                    State::Counts(counts) => counts.push(0),
                    State::Sums(sums) => sums.push(Sums::default()),
                    State::Pairs(_) => {}
                }
            }
        }
        group
    }

    /// The group of a value of the only key.
    pub(super) fn of_number(&mut self, number: u32) -> u32 {
        let at = number as usize;
        match self.singles.get(at) {
            Some(group) if *group != UNSET => return *group,
            Some(_) => {}
            None => self.singles.resize((at + 1).next_power_of_two(), UNSET),
        }
        let group = self.group(u128::from(number));
        if let Some(place) = self.singles.get_mut(at) {
            *place = group;
        }
        group
    }

    /// The keys as numbers side by side, where these are few enough to be looked up.
    pub(super) fn dense_keys<'k>(
        &mut self,
        keys: &[(Codes<'k>, &[u32])],
    ) -> Option<Vec<(Codes<'k>, Vec<u32>)>> {
        if keys.is_empty() || !self.fits_dense(keys) {
            return None;
        }
        let mut shift = 0;
        let shifted = keys.iter().zip(&self.dense.bits).map(|((codes, numbers), bits)| {
            let numbers = numbers.iter().map(|number| number.wrapping_shl(shift)).collect();
            shift += bits;
            (*codes, numbers)
        });
        Some(shifted.collect())
    }

    /// The group of each row, where each key has one value a row.
    pub(super) fn of_rows(&mut self, keys: &[(Codes<'_>, &[u32])], rows: &Rows) -> Vec<u32> {
        if keys.is_empty() {
            let group = self.group(0);
            return vec![group; rows.len()];
        }
        let mut packed: Vec<GroupKey> = vec![0; rows.len()];
        for (at, (codes, numbers)) in keys.iter().enumerate() {
            let mut places = packed.iter_mut();
            each_code(*codes, rows, |code| {
                if let (Some(place), Some(number)) = (places.next(), numbers.get(usize::from(code)))
                {
                    *place |= u128::from(*number) << (32 * at);
                }
            });
        }
        packed.into_iter().map(|key| self.group(key)).collect()
    }

    /// The group of each row of a part of the codes, by [`Groups::dense_keys`].
    pub(super) fn of_dense_rows(
        &mut self,
        keys: &[(Codes<'_>, Vec<u32>)],
        part: &Range<usize>,
        rows: &Rows,
        groups: &mut Vec<u32>,
    ) {
        groups.clear();
        groups.resize(rows.len(), 0);
        for (codes, shifted) in keys {
            let mut places = groups.iter_mut();
            each_code(codes.part(part.clone()), rows, |code| {
                if let (Some(place), Some(number)) = (places.next(), shifted.get(usize::from(code)))
                {
                    *place |= *number;
                }
            });
        }
        for place in groups {
            let at = *place;
            let known = self.dense.groups.get(at as usize).copied().unwrap_or(UNSET);
            *place = if known == UNSET { self.meet(at) } else { known };
        }
    }

    /// The group of numbers side by side, met for the first time.
    fn meet(&mut self, at: u32) -> u32 {
        let mut rest = at;
        let bits = self.dense.bits.clone();
        let numbers = bits.iter().map(|bits| {
            let number = rest & ((1 << bits) - 1);
            rest >>= bits;
            number
        });
        let group = self.group(packed(numbers));
        if let Some(place) = self.dense.groups.get_mut(at as usize) {
            *place = group;
        }
        group
    }

    /// Are the numbers few enough to be looked up? Makes room for them then.
    pub(super) fn fits_dense(&mut self, keys: &[(Codes<'_>, &[u32])]) -> bool {
        let bits = |numbers: &[u32]| {
            let most = numbers.iter().copied().filter(|number| *number != UNSET).max().unwrap_or(0);
            u32::BITS - most.leading_zeros()
        };
        let needed: Vec<u32> = keys.iter().map(|(_, numbers)| bits(numbers)).collect();
        let known = &self.dense.bits;
        if known.len() == needed.len() && known.iter().zip(&needed).all(|(a, b)| a >= b) {
            return true;
        }
        let wider: Vec<u32> = needed
            .iter()
            .enumerate()
            .map(|(at, bits)| known.get(at).copied().unwrap_or(0).max(*bits))
            .collect();
        let all: u32 = wider.iter().sum();
        if all > DENSE_BITS {
            return false;
        }
        self.dense = Dense { bits: wider, groups: vec![UNSET; 1 << all] };
        true
    }

    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        let states = self.sums.iter().map(|state| match state {
            State::Counts(counts) => counts.capacity() * 8,
            State::Sums(sums) => sums.capacity() * size_of::<Sums>(),
            State::Pairs(pairs) => pairs.capacity() * 20,
        });
        self.singles.capacity() * 4
            + self.keys.capacity() * 16
            + self.places.capacity() * 33
            + states.sum::<usize>()
    }

    /// Adds the groups of another thread. What it says in pairs has marks of its own, and stays apart.
    pub(super) fn merge(&mut self, other: &Groups) -> Vec<u32> {
        let renamed: Vec<u32> = other.keys.iter().map(|key| self.group(*key)).collect();
        for (state, other) in self.sums.iter_mut().zip(&other.sums) {
            match (state, other) {
                (State::Counts(counts), State::Counts(more)) => {
                    for (group, more) in renamed.iter().zip(more) {
                        if let Some(count) = counts.get_mut(*group as usize) {
                            *count += more;
                        }
                    }
                }
                (State::Sums(sums), State::Sums(more)) => {
                    for (group, more) in renamed.iter().zip(more) {
                        if let Some(sums) = sums.get_mut(*group as usize) {
                            sums.merge(more);
                        }
                    }
                }
                _ => {}
            }
        }
        renamed
    }
}
