//! Natural keys of sealed events: hashes in sorted blocks, so that a key is looked for in one block.
//!
//! A *run* has the keys of a shard of 2^20 ids. An entry is the upper 40 bits of the key's hash and the *place* of the
//! event, its id less the first of the shard. Blocks divide the hashes evenly: of *n* blocks, the one numbered
//! `hash * n / 2^64` may have a key, and the record tells whether it does.
//!
//! A block is the version (1 byte, 1), the width of its hashes (1 byte, 4 or 5), and its entries, sorted: the hash less
//! the least of the block, and the place (3 bytes).

use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, Result};

const VERSION: u8 = 1;

/// How many bits of a hash are kept.
const BITS: u32 = 40;

/// How many ids a shard has.
const SHARD: u32 = 1 << 20;

/// The bytes of a place.
const PLACE: usize = 3;

/// How many entries a block has on average: a block is a page of the engine, unless it has a fifth more.
const NARROW: usize = 480;
const WIDE: usize = 410;

/// From so many blocks on, a hash within a block fits into four bytes.
const NARROW_FROM: usize = 1 << (BITS - 32);

/// The hash of a natural key.
pub(in crate::storage) fn hash(key: &str) -> u64 {
    xxh3_64(key.as_bytes())
}

/// A key of a run. Entries that are read have only the upper 40 bits of the hash, and zeros behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::storage) struct KeyEntry {
    /// The hash of the key.
    pub hash: u64,
    /// The id of the event less the first of the shard.
    pub place: u32,
}

/// Builds the blocks of a run, one at least.
pub(in crate::storage) fn build(mut entries: Vec<KeyEntry>) -> Result<Vec<Vec<u8>>> {
    if entries.len() > SHARD as usize || entries.iter().any(|entry| entry.place >= SHARD) {
        return Err(Error::Storage("keys of more events than a shard has".into()));
    }
    for entry in &mut entries {
        entry.hash = kept(entry.hash) << (64 - BITS);
    }
    entries.sort_unstable();
    let run = KeyRun::of(entries.len());
    let mut rest = entries.as_slice();
    let mut blocks = Vec::with_capacity(run.blocks);
    for block in 0..run.blocks {
        let count = rest.partition_point(|entry| run.block_of(entry.hash) <= block);
        let (here, behind) = rest.split_at(count);
        blocks.push(run.write(block, here));
        rest = behind;
    }
    Ok(blocks)
}

/// The bits of a hash that are kept, as a number.
fn kept(hash: u64) -> u64 {
    hash >> (64 - BITS)
}

/// How a run is cut into blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) struct KeyRun {
    blocks: usize,
}

impl KeyRun {
    /// A run that is cut into so many blocks.
    pub(in crate::storage) fn new(blocks: usize) -> Result<KeyRun> {
        match blocks {
            1..=0x10000 => Ok(KeyRun { blocks }),
            _ => Err(corrupt("there are too many blocks, or none")),
        }
    }

    /// How so many keys are cut.
    fn of(keys: usize) -> KeyRun {
        let narrow = keys.div_ceil(NARROW);
        let wide = keys.div_ceil(WIDE).clamp(1, NARROW_FROM - 1);
        KeyRun { blocks: if narrow >= NARROW_FROM { narrow } else { wide } }
    }

    /// No more keys than this are in a run of so many blocks.
    pub(in crate::storage) fn most_keys(self) -> usize {
        self.blocks * NARROW
    }

    /// The number of the block that may have a key.
    pub(in crate::storage) fn block_of(self, hash: u64) -> usize {
        let block = (u128::from(kept(hash)) * self.blocks as u128) >> BITS;
        usize::try_from(block).unwrap_or(0)
    }

    /// The least hash of a block, of those that are kept.
    fn least(self, block: usize) -> u64 {
        let least = ((block as u128) << BITS).div_ceil(self.blocks as u128);
        u64::try_from(least).unwrap_or(u64::MAX)
    }

    fn width(self) -> usize {
        if self.blocks >= NARROW_FROM { 4 } else { 5 }
    }

    fn write(self, block: usize, entries: &[KeyEntry]) -> Vec<u8> {
        let width = self.width();
        let least = self.least(block);
        let mut bytes = Vec::with_capacity(2 + entries.len() * (width + PLACE));
        bytes.extend([VERSION, if width == 4 { 4 } else { 5 }]);
        for entry in entries {
            bytes.extend((kept(entry.hash) - least).to_le_bytes().into_iter().take(width));
            bytes.extend(entry.place.to_le_bytes().into_iter().take(PLACE));
        }
        bytes
    }

    /// The places where a key of this hash may be; `bytes` are those of the block that may have it.
    pub(in crate::storage) fn candidates(self, bytes: &[u8], hash: u64) -> Result<Vec<u32>> {
        let block = self.read(bytes)?;
        let least = self.least(self.block_of(hash));
        let wanted = kept(hash).saturating_sub(least);
        let (mut from, mut to) = (0, block.count);
        while from < to {
            let middle = usize::midpoint(from, to);
            match block.entry(middle) {
                Some((hash, _)) if hash < wanted => from = middle + 1,
                _ => to = middle,
            }
        }
        let equal = (from..block.count).map_while(|number| block.entry(number));
        equal.take_while(|(hash, _)| *hash == wanted).map(|(_, place)| checked(place)).collect()
    }

    /// All entries of a block, by its number.
    pub(in crate::storage) fn entries(self, block: usize, bytes: &[u8]) -> Result<Vec<KeyEntry>> {
        let read = self.read(bytes)?;
        let least = self.least(block);
        let mut entries: Vec<KeyEntry> = Vec::with_capacity(read.count);
        for (hash, place) in (0..read.count).map_while(|number| read.entry(number)) {
            let hash = (least + hash) << (64 - BITS);
            let entry = KeyEntry { hash, place: checked(place)? };
            if self.block_of(hash) != block || kept(hash) < least {
                return Err(corrupt("a hash belongs to another block"));
            }
            if entries.last().is_some_and(|last| *last > entry) {
                return Err(corrupt("it is not sorted"));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    fn read(self, bytes: &[u8]) -> Result<Block<'_>> {
        let width = self.width();
        match bytes {
            [VERSION, w, entries @ ..]
                if usize::from(*w) == width && entries.len().is_multiple_of(width + PLACE) =>
            {
                Ok(Block { width, count: entries.len() / (width + PLACE), entries })
            }
            _ => Err(corrupt("it is of another form")),
        }
    }
}

/// A block that is read.
struct Block<'a> {
    width: usize,
    count: usize,
    entries: &'a [u8],
}

impl Block<'_> {
    /// The hash, less the least of the block, and the place.
    fn entry(&self, number: usize) -> Option<(u64, u32)> {
        let len = self.width + PLACE;
        let entry = self.entries.get(number * len..(number + 1) * len)?;
        let (hash, place) = entry.split_at_checked(self.width)?;
        let hash = hash.iter().rev().fold(0, |hash, &byte| hash << 8 | u64::from(byte));
        let place = place.iter().rev().fold(0, |place, &byte| place << 8 | u32::from(byte));
        Some((hash, place))
    }
}

fn checked(place: u32) -> Result<u32> {
    if place < SHARD { Ok(place) } else { Err(corrupt("a place is not in the shard")) }
}

fn corrupt(why: &str) -> Error {
    Error::Corrupt(format!("a block of keys cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: u32) -> Vec<KeyEntry> {
        (0..count)
            .map(|place| KeyEntry { hash: hash(&format!("gdelt:{}", 410_000_000 + place)), place })
            .collect()
    }

    fn cut(mut entries: Vec<KeyEntry>) -> Vec<KeyEntry> {
        for entry in &mut entries {
            entry.hash &= !((1 << (64 - BITS)) - 1);
        }
        entries.sort_unstable();
        entries
    }

    fn all(blocks: &[Vec<u8>]) -> Result<Vec<KeyEntry>> {
        let run = KeyRun::new(blocks.len())?;
        let mut all = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            all.extend(run.entries(number, block)?);
        }
        Ok(all)
    }

    #[test]
    fn all_that_is_put_in_comes_out_and_is_found() {
        for count in [0, 1, 410, 411, 100_000, 122_399, 122_401, SHARD] {
            let entries = entries(count);
            let blocks = build(entries.clone()).unwrap();
            assert!(all(&blocks).unwrap() == cut(entries.clone()));
            let run = KeyRun::new(blocks.len()).unwrap();
            assert!((count as usize..=count as usize * 5 / 4 + NARROW).contains(&run.most_keys()));
            for entry in entries.iter().step_by(1 + entries.len() / 5000) {
                let block = &blocks[run.block_of(entry.hash)];
                assert!(run.candidates(block, entry.hash).unwrap().contains(&entry.place));
            }
            let strange = (0..1000).filter(|other| {
                let hash = hash(&format!("icews:{other}"));
                !run.candidates(&blocks[run.block_of(hash)], hash).unwrap().is_empty()
            });
            assert_eq!(strange.count(), 0);
        }
    }

    #[test]
    fn a_block_of_a_large_run_fits_into_a_page() {
        for count in [100_000, 122_401, SHARD] {
            let blocks = build(entries(count)).unwrap();
            let sum: usize = blocks.iter().map(Vec::len).sum();
            assert!(blocks.iter().all(|block| block.len() <= 4080));
            assert!(sum / blocks.len() > 3200, "{} bytes on average", sum / blocks.len());
        }
    }

    #[test]
    fn the_least_and_the_greatest_hash_of_each_block_have_a_place() {
        for blocks in [1, 2, 3, 255, 256, 257, 2185, 0x10000] {
            let run = KeyRun::new(blocks).unwrap();
            for block in (0..blocks).step_by(1 + blocks / 3000) {
                let least = run.least(block) << (64 - BITS);
                let greatest = (run.least(block + 1) - 1) << (64 - BITS) | 0xff;
                let mut entries = vec![
                    KeyEntry { hash: least, place: 7 },
                    KeyEntry { hash: greatest, place: SHARD - 1 },
                ];
                assert_eq!((run.block_of(least), run.block_of(greatest)), (block, block));
                let bytes = run.write(block, &entries);
                entries[1].hash &= !0xff_ffff;
                assert_eq!(run.entries(block, &bytes).unwrap(), entries);
                assert_eq!(run.candidates(&bytes, greatest).unwrap(), [SHARD - 1]);
                assert_eq!(run.candidates(&bytes, least | 0xff_ffff).unwrap(), [7]);
            }
        }
    }

    #[test]
    fn keys_of_one_hash_are_all_candidates() {
        let mut entries = entries(200_000);
        let shared = entries[5].hash;
        for entry in entries.iter_mut().skip(1000).step_by(20) {
            // What differs lies behind the bits that are kept.
            entry.hash = shared ^ u64::from(entry.place);
        }
        let mut expected = vec![5];
        expected.extend((1000..200_000).step_by(20));
        let blocks = build(entries.clone()).unwrap();
        let run = KeyRun::new(blocks.len()).unwrap();
        let found = run.candidates(&blocks[run.block_of(shared)], shared).unwrap();
        assert_eq!(found, expected);
        assert!(all(&blocks).unwrap() == cut(entries));
    }

    #[test]
    fn too_many_keys_and_places_outside_are_refused() {
        assert!(build(vec![KeyEntry { hash: 1, place: SHARD }]).is_err());
        assert!(build(vec![KeyEntry { hash: 1, place: 1 }; SHARD as usize + 1]).is_err());
        assert!(KeyRun::new(0).is_err());
        assert!(KeyRun::new(usize::MAX).is_err());
    }

    #[test]
    fn any_wrong_byte_is_an_error_or_other_keys_and_never_a_panic() {
        for count in [40, 130_000] {
            let blocks = build(entries(count)).unwrap();
            let run = KeyRun::new(blocks.len()).unwrap();
            let good = run.entries(0, &blocks[0]).unwrap();
            let good = &good[..40.min(good.len())];
            let bytes = &blocks[0][..2 + good.len() * (run.width() + PLACE)];
            let read = |bytes: &[u8]| {
                let found =
                    good.iter().step_by(16).all(|entry| run.candidates(bytes, entry.hash).is_ok());
                run.entries(0, bytes).map(|read| (found, read))
            };
            for at in 0..bytes.len() {
                for flip in [0x01, 0x10, 0x80, 0xff] {
                    let mut bad = bytes.to_vec();
                    bad[at] ^= flip;
                    assert!(read(&bad).map_or(true, |(_, entries)| entries != good));
                }
                let whole = at >= 2 && (at - 2).is_multiple_of(run.width() + PLACE);
                assert_eq!(read(&bytes[..at]).is_ok(), whole);
            }
        }
    }
}
