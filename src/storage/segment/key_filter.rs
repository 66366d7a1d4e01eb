//! Which natural keys are surely not there: a Bloom filter over the hashes of keys, for importers.

use fastbloom::BloomFilter;

/// How many bits a key has in a filter that is full: one of a hundred new keys is looked up in vain then.
const BITS_OF_A_KEY: usize = 10;

/// A filter has room for so many keys at least: it shall last for some batches.
const FEWEST: usize = if cfg!(test) { 64 } else { 1 << 20 };

/// A filter takes no more than this, however many keys there are. With ever more of them it becomes worse, not wrong.
const MOST_BITS: usize = 96 << 23;

/// The hashes of keys, as far as runs keep them: their upper 40 bits.
#[derive(Debug, Clone)]
pub(in crate::storage) struct KeyFilter {
    filter: BloomFilter,
    keys: usize,
    room: usize,
}

impl KeyFilter {
    /// A filter for so many keys and a quarter more.
    pub(in crate::storage) fn new(keys: usize) -> KeyFilter {
        let room = keys.saturating_add(keys / 4).max(FEWEST);
        let bits = room.saturating_mul(BITS_OF_A_KEY);
        let filter = BloomFilter::with_num_bits(bits.min(MOST_BITS));
        // The seed is for values that the filter hashes itself; ours are hashed.
        let filter = filter.seed(&0).expected_items(room);
        KeyFilter { filter, keys: 0, room: if bits < MOST_BITS { room } else { usize::MAX } }
    }

    /// Adds the hash of a key, whole or as an entry of a run has it.
    pub(in crate::storage) fn insert(&mut self, hash: u64) {
        self.filter.insert_hash(spread(hash));
        self.keys = self.keys.saturating_add(1);
    }

    /// May a key of this hash be there? If not, it surely is not.
    pub(in crate::storage) fn may_have(&self, hash: u64) -> bool {
        self.filter.contains_hash(spread(hash))
    }

    /// Has it more keys than it was made for, and would a larger one be better?
    pub(in crate::storage) fn is_too_small(&self) -> bool {
        self.keys > self.room
    }
}

/// The upper 40 bits over all 64, for the filter takes its bits from everywhere.
fn spread(hash: u64) -> u64 {
    let kept = (hash >> 24).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (kept ^ (kept >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

#[cfg(test)]
mod tests {
    use super::super::key_run;
    use super::*;

    #[test]
    fn a_key_that_is_there_is_found_and_one_in_a_hundred_others() {
        for keys in [1_000, 30_000, 300_000] {
            let mut filter = KeyFilter::new(keys);
            let keys = keys + keys / 4;
            (0..keys).for_each(|n| filter.insert(key_run::hash(&format!("gdelt:{n}"))));
            assert!(!filter.is_too_small());
            for n in 0..keys {
                let hash = key_run::hash(&format!("gdelt:{n}"));
                assert!(filter.may_have(hash));
                assert!(filter.may_have(hash & !0xff_ffff));
            }
            let strange = 100_000;
            let wrong = (0..strange)
                .filter(|n| filter.may_have(key_run::hash(&format!("icews:{n}"))))
                .count();
            assert!(wrong * 80 < strange, "{wrong} of {strange}");
        }
    }

    #[test]
    fn a_filter_of_nothing_has_nothing() {
        let filter = KeyFilter::new(0);
        assert!((0..1000).all(|n: u64| !filter.may_have(key_run::hash(&n.to_string()))));
    }

    #[test]
    fn more_keys_than_expected_are_all_found() {
        let mut filter = KeyFilter::new(10);
        (0..1000).for_each(|n: u64| filter.insert(key_run::hash(&n.to_string())));
        assert!(filter.is_too_small());
        assert!((0..1000).all(|n: u64| filter.may_have(key_run::hash(&n.to_string()))));
    }

    #[test]
    fn a_filter_has_a_bound() {
        let filter = KeyFilter::new(1 << 40);
        assert!(filter.filter.num_bits() <= MOST_BITS + 64);
        assert!(!filter.is_too_small());
    }
}
