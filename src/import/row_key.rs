//! Keys for rows that have no id of their own: a hash of the row, and which of the equal rows of the file it is; and which
//! keys a file has told already.

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// How many different rows a generation of counts holds.
///
/// Two generations are kept, so that equal rows are told apart when at most so many different ones lie between them, and
/// memory stays below 70 MiB whatever the file. Equal rows further apart are one event: that is the same at each import
/// of the file. It is what fits into a table of 2^20 places: one more would make it twice as large.
const GENERATION: usize = (1 << 20) / 8 * 7;

/// How many digits of the hash are in a key.
const DIGITS: usize = 24;

/// Gives rows their keys, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct RowKeys {
    young: FxHashMap<u128, u32>,
    old: FxHashMap<u128, u32>,
    /// The cells of a row, one after the other.
    bytes: Vec<u8>,
}

impl RowKeys {
    /// The key of a row: `icews:` and 24 digits, with `:2` behind for the second equal row.
    pub(crate) fn key<'a>(&mut self, format: &str, cells: impl Iterator<Item = &'a str>) -> String {
        self.bytes.clear();
        for cell in cells {
            self.bytes.extend_from_slice(cell.trim().as_bytes());
            self.bytes.push(0x1f);
        }
        // The upper 96 bits: among 10⁹ rows, the chance that two are mixed up is below 10⁻¹⁰.
        let hash = xxh3_128(&self.bytes) >> 32;
        let mut key = String::with_capacity(format.len() + 1 + DIGITS);
        key.push_str(format);
        key.push(':');
        key.extend((0..DIGITS).rev().map(|at| hex_digit(hash >> (4 * at))));
        let count = self.count(hash);
        if count > 1 {
            key.push(':');
            key.push_str(&count.to_string());
        }
        key
    }

    fn count(&mut self, hash: u128) -> u32 {
        if !self.young.contains_key(&hash) {
            if self.young.len() >= GENERATION {
                std::mem::swap(&mut self.old, &mut self.young);
                self.young.clear();
            }
            let before = self.old.get(&hash).copied().unwrap_or(0);
            self.young.insert(hash, before);
        }
        let count = self.young.entry(hash).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

/// The last hexadecimal digit of a number.
fn hex_digit(number: u128) -> char {
    char::from_digit(u32::try_from(number & 0xf).unwrap_or_default(), 16).unwrap_or_default()
}

/// The keys of the rows of a file so far, as far as [`GENERATION`] reaches.
#[derive(Debug, Default)]
pub(crate) struct SeenKeys {
    young: FxHashSet<u64>,
    old: FxHashSet<u64>,
}

impl SeenKeys {
    /// Is this the first row that bears a key?
    pub(crate) fn is_first(&mut self, key: &str) -> bool {
        let hash = xxh3_64(key.as_bytes());
        if self.young.len() >= GENERATION {
            std::mem::swap(&mut self.old, &mut self.young);
            self.young.clear();
        }
        !self.old.contains(&hash) && self.young.insert(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_numbered_and_different_ones_are_not() {
        let mut keys = RowKeys::default();
        let mut key = |cells: &[&str]| keys.key("icews", cells.iter().copied());
        let first = key(&["2014-01-01", "China"]);
        assert_eq!(first.len(), "icews:".len() + 24);
        assert_ne!(key(&["2014-01-01Ch", "ina"]), first);
        assert_eq!(key(&["2014-01-01 ", "China"]), format!("{first}:2"));
        assert_eq!(key(&["2014-01-01", "China"]), format!("{first}:3"));
    }

    #[test]
    fn a_key_is_first_once() {
        let mut keys = SeenKeys::default();
        assert!(keys.is_first("gdelt:1") && keys.is_first("gdelt:2"));
        assert!(!keys.is_first("gdelt:1"));
    }

    #[test]
    fn counts_outlive_one_generation_and_memory_does_not_grow() {
        let mut keys = RowKeys::default();
        keys.count(1);
        (10..10 + GENERATION as u128).for_each(|n| assert_eq!(keys.count(n), 1));
        assert_eq!(keys.count(1), 2);
        (10..10 + 3 * GENERATION as u128).for_each(|n| {
            keys.count(n << 64);
        });
        for generation in [&keys.young, &keys.old] {
            assert!(generation.len() <= GENERATION && generation.capacity() <= GENERATION);
        }
    }
}
