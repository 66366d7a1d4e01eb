//! The records of a segment, packed: each alone against a dictionary of the segment, many of them in a block.
//!
//! The dictionary is a sample of the records themselves, so that one record is found without unpacking its neighbours.
//! A record is one LZ4 block (the public block format) whose history is the dictionary. Records of 167 bytes as ICEWS has
//! them take 64 on disk and 0.2 to 0.4 µs to get; LZ4 over blocks of 8 KiB takes 76 and 8 µs or more, FSST 97 and 0.5 µs.
//!
//! The table is the version (1 byte, 1) and the dictionary, at most 61,440 bytes. A block is the number of its rows (2),
//! the length of the longest when unpacked (4), how many bytes a length takes (1: 1, 2 or 4), the packed length of each
//! row, and the packed rows one behind the other. A row that is not there has length 0.

use std::sync::Arc;

use lz4_flex::block;

use super::MOST_ROWS;
use crate::error::{Error, Result};

const VERSION: u8 = 1;

/// No block of several rows is longer: with what the engine adds it fits into a page.
const BLOCK: usize = 4060;

/// The number of rows, the longest, the width of lengths.
const HEAD: usize = 2 + 4 + 1;

/// No record is longer.
const MOST_RECORD: usize = 16 << 20;

/// A dictionary is no longer, so that a record of up to [`SHORT`] bytes reaches all of it.
const DICTIONARY: usize = 60 * 1024;

/// As far as LZ4 looks back, less the dictionary.
const SHORT: usize = u16::MAX as usize - DICTIONARY;

/// A small segment has a dictionary of this part of its records.
const PART: usize = 32;

/// The packed records of a segment.
pub(in crate::storage) struct Packed {
    /// What [`Unpacker::new`] takes.
    pub table: Vec<u8>,
    /// The blocks, each with one row at least.
    pub blocks: Vec<Vec<u8>>,
    /// The first row of each block.
    pub starts: Vec<u16>,
}

/// Packs records that lie one behind the other in `bytes`, each up to its place in `ends`. An empty one is not there.
pub(in crate::storage) fn pack(bytes: &[u8], ends: &[u32]) -> Result<Packed> {
    let rows = split(bytes, ends)?;
    let dictionary = Dictionary::of(&rows);
    let mut packed = Packed { table: vec![VERSION], blocks: Vec::new(), starts: Vec::new() };
    packed.table.extend_from_slice(&dictionary.bytes);
    let mut block = Block::default();
    let mut record = Vec::new();
    for (number, &row) in (0_u16..).zip(&rows) {
        record.clear();
        dictionary.pack(row, &mut record);
        if !block.lens.is_empty() && block.len_with(record.len()) > BLOCK {
            packed.blocks.push(block.to_bytes());
            block.clear();
        }
        if block.lens.is_empty() {
            packed.starts.push(number);
        }
        block.push(row.len(), &record);
    }
    if !block.lens.is_empty() {
        packed.blocks.push(block.to_bytes());
    }
    Ok(packed)
}

fn split<'a>(bytes: &'a [u8], ends: &[u32]) -> Result<Vec<&'a [u8]>> {
    if ends.len() > MOST_ROWS {
        return Err(Error::Limit(format!("{} rows in a segment of {MOST_ROWS}", ends.len())));
    }
    let mut start = 0;
    let mut rows = Vec::with_capacity(ends.len());
    for &end in ends {
        let row = bytes
            .get(start..end as usize)
            .ok_or_else(|| Error::Storage("rows that do not lie one behind the other".into()))?;
        if row.len() > MOST_RECORD {
            return Err(Error::Limit(format!("a record of {} bytes", row.len())));
        }
        rows.push(row);
        start = end as usize;
    }
    Ok(rows)
}

/// A block that grows.
#[derive(Default)]
struct Block {
    lens: Vec<u32>,
    longest: usize,
    longest_packed: usize,
    bytes: Vec<u8>,
}

impl Block {
    /// How long the block is with one more row of so many bytes.
    fn len_with(&self, len: usize) -> usize {
        let width = width(self.longest_packed.max(len));
        HEAD + (self.lens.len() + 1) * width + self.bytes.len() + len
    }

    fn push(&mut self, unpacked: usize, packed: &[u8]) {
        self.longest = self.longest.max(unpacked);
        self.longest_packed = self.longest_packed.max(packed.len());
        self.lens.push(u32::try_from(packed.len()).unwrap_or(u32::MAX));
        self.bytes.extend_from_slice(packed);
    }

    fn to_bytes(&self) -> Vec<u8> {
        let width = width(self.longest_packed);
        let rows = u16::try_from(self.lens.len()).unwrap_or(u16::MAX);
        let longest = u32::try_from(self.longest).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(HEAD + self.lens.len() * width + self.bytes.len());
        bytes.extend_from_slice(&rows.to_le_bytes());
        bytes.extend_from_slice(&longest.to_le_bytes());
        bytes.push(u8::try_from(width).unwrap_or(u8::MAX));
        for len in &self.lens {
            bytes.extend(len.to_le_bytes().into_iter().take(width));
        }
        bytes.extend_from_slice(&self.bytes);
        bytes
    }

    fn clear(&mut self) {
        self.lens.clear();
        self.bytes.clear();
        (self.longest, self.longest_packed) = (0, 0);
    }
}

/// How many bytes a length takes that may be as large.
fn width(longest: usize) -> usize {
    match longest {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    }
}

/// What records are packed against, and where in it four and eight bytes last begin.
struct Dictionary {
    bytes: Vec<u8>,
    fours: Vec<u16>,
    eights: Vec<u16>,
}

const HASH_BITS: u32 = 14;

/// The bucket of something that is nowhere in the dictionary: behind its end.
const NOWHERE: u16 = u16::MAX;

impl Dictionary {
    /// Every so many-th record, whole.
    fn of(rows: &[&[u8]]) -> Dictionary {
        let mut dictionary = Dictionary {
            bytes: Vec::new(),
            fours: vec![NOWHERE; 1 << HASH_BITS],
            eights: vec![NOWHERE; 1 << HASH_BITS],
        };
        let short: Vec<&[u8]> =
            rows.iter().copied().filter(|row| (1..=SHORT).contains(&row.len())).collect();
        let sum: usize = short.iter().map(|row| row.len()).sum();
        let most = (sum / PART).min(DICTIONARY);
        let samples = short.len() * most / sum.max(1);
        for sample in 0..samples {
            let Some(row) = short.get(sample * short.len() / samples) else { break };
            if dictionary.bytes.len() + row.len() <= DICTIONARY {
                dictionary.bytes.extend_from_slice(row);
            }
        }
        for at in 0..dictionary.bytes.len() {
            let place = u16::try_from(at).unwrap_or(NOWHERE);
            if let Some(four) = four(&dictionary.bytes, at)
                && let Some(bucket) = dictionary.fours.get_mut(bucket_of_four(four))
            {
                *bucket = place;
            }
            if let Some(eight) = eight(&dictionary.bytes, at)
                && let Some(bucket) = dictionary.eights.get_mut(bucket_of_eight(eight))
            {
                *bucket = place;
            }
        }
        dictionary
    }

    /// Where in the dictionary what comes next may begin, the longer the better; four bytes are the same for sure.
    fn find(&self, next: u64) -> Option<usize> {
        let place = usize::from(*self.eights.get(bucket_of_eight(next))?);
        if eight(&self.bytes, place) == Some(next) {
            return Some(place);
        }
        let next = u32::try_from(next & u64::from(u32::MAX)).ok()?;
        let place = usize::from(*self.fours.get(bucket_of_four(next))?);
        (four(&self.bytes, place) == Some(next)).then_some(place)
    }

    /// Appends a record, packed.
    fn pack(&self, row: &[u8], packed: &mut Vec<u8>) {
        if row.is_empty() {
            return;
        }
        if row.len() > SHORT {
            packed.extend_from_slice(&block::compress_with_dict(row, &self.bytes));
            return;
        }
        // By the rules of LZ4, the last five bytes are literals, and no match begins in the last twelve.
        let matched = row.get(..row.len().saturating_sub(5)).unwrap_or_default();
        let beginnings = row.len().saturating_sub(11);
        let (mut at, mut literals) = (0, 0);
        while at < beginnings
            && let Some(next) = eight(row, at)
        {
            let Some(place) = self.find(next) else {
                at += 1;
                continue;
            };
            let before = same_before(row.get(literals..at), self.bytes.get(..place));
            let len = before + same(matched.get(at..), self.bytes.get(place..));
            let start = at - before;
            let offset = start + self.bytes.len() - (place - before);
            sequence(packed, row.get(literals..start), Some((offset, len)));
            at = start + len;
            literals = at;
        }
        sequence(packed, row.get(literals..), None);
    }
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|eight| u64::from_le_bytes(*eight))
}

fn bucket_of_four(four: u32) -> usize {
    (four.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as usize
}

fn bucket_of_eight(eight: u64) -> usize {
    usize::try_from(eight.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - HASH_BITS)).unwrap_or(0)
}

/// How many bytes are the same from the start.
fn same(left: Option<&[u8]>, right: Option<&[u8]>) -> usize {
    let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
    let mut len = 0;
    while let (Some(a), Some(b)) = (eight(left, len), eight(right, len)) {
        if a != b {
            return len + (a ^ b).trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    let rest = left.iter().zip(right).skip(len);
    len + rest.take_while(|(a, b)| a == b).count()
}

/// How many bytes are the same up to the end.
fn same_before(left: Option<&[u8]>, right: Option<&[u8]>) -> usize {
    let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
    left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count()
}

/// The fewest bytes that are worth a look back.
const LEAST: usize = 4;

/// Appends a sequence: literals, then so many bytes from so far back; the last sequence has literals alone.
fn sequence(packed: &mut Vec<u8>, literals: Option<&[u8]>, back: Option<(usize, usize)>) {
    let literals = literals.unwrap_or_default();
    let more = back.map_or(0, |(_, len)| len.saturating_sub(LEAST));
    packed.push(nibble(literals.len()) << 4 | nibble(more));
    long(packed, literals.len());
    packed.extend_from_slice(literals);
    if let Some((offset, _)) = back {
        packed.extend_from_slice(&u16::try_from(offset).unwrap_or(0).to_le_bytes());
        long(packed, more);
    }
}

/// A length in half a byte; 15 says that [`long`] goes on.
fn nibble(len: usize) -> u8 {
    u8::try_from(len).unwrap_or(15).min(15)
}

fn long(packed: &mut Vec<u8>, len: usize) {
    let Some(mut rest) = len.checked_sub(15) else { return };
    while rest >= 255 {
        packed.push(255);
        rest -= 255;
    }
    packed.push(u8::try_from(rest).unwrap_or(0));
}

/// What unpacking needs of a table; clones share it.
#[derive(Debug, Clone)]
pub(in crate::storage) struct Unpacker {
    dictionary: Arc<[u8]>,
}

impl Unpacker {
    /// Reads a table.
    pub(in crate::storage) fn new(table: &[u8]) -> Result<Unpacker> {
        match table.split_first() {
            Some((&VERSION, dictionary)) if dictionary.len() <= DICTIONARY => {
                Ok(Unpacker { dictionary: dictionary.into() })
            }
            _ => Err(corrupt("its table is not one")),
        }
    }

    /// One row of a block; empty when it is not there.
    pub(in crate::storage) fn row(&self, block: &[u8], row: usize) -> Result<Vec<u8>> {
        let block = Lengths::of(block)?;
        let len = block.len(row)?;
        let start = block.start(row);
        let mut bytes = Vec::new();
        self.unpack(block.rows.get(start..start + len), block.longest, &mut bytes)?;
        Ok(bytes)
    }

    /// How many rows a block has.
    pub(in crate::storage) fn rows_in(block: &[u8]) -> Result<usize> {
        Ok(Lengths::of(block)?.count)
    }

    /// All rows of a block in their order.
    #[cfg(test)]
    pub(in crate::storage) fn rows(
        &self,
        block: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let block = Lengths::of(block)?;
        let mut bytes = Vec::new();
        let mut start = 0;
        for row in 0..block.count {
            let end = start + block.len(row)?;
            self.unpack(block.rows.get(start..end), block.longest, &mut bytes)?;
            each(&bytes)?;
            start = end;
        }
        if start == block.rows.len() { Ok(()) } else { Err(corrupt("bytes are left over")) }
    }

    fn unpack(&self, packed: Option<&[u8]>, longest: usize, bytes: &mut Vec<u8>) -> Result<()> {
        let packed = packed.ok_or_else(|| corrupt("it is cut off"))?;
        bytes.clear();
        if packed.is_empty() {
            return Ok(());
        }
        // A byte of LZ4 stands for 255 at most: what a block claims is bounded by what it has. The slack lets the last
        // bytes of a row be copied as fast as the first.
        bytes.resize(longest.min(packed.len() * 255) + SLACK, 0);
        let len = block::decompress_into_with_dict(packed, bytes, &self.dictionary)
            .map_err(|error| corrupt(&error.to_string()))?;
        bytes.truncate(len);
        if len > longest { Err(corrupt("a row is longer than the longest")) } else { Ok(()) }
    }
}

/// Room behind a row.
const SLACK: usize = 64;

/// A block that is read.
struct Lengths<'a> {
    count: usize,
    longest: usize,
    width: usize,
    lens: &'a [u8],
    rows: &'a [u8],
}

impl<'a> Lengths<'a> {
    fn of(block: &'a [u8]) -> Result<Lengths<'a>> {
        let (count, rest) = block.split_first_chunk().ok_or_else(|| corrupt("it is cut off"))?;
        let (longest, rest) = rest.split_first_chunk().ok_or_else(|| corrupt("it is cut off"))?;
        let (&width, rest) = rest.split_first().ok_or_else(|| corrupt("it is cut off"))?;
        let count = usize::from(u16::from_le_bytes(*count));
        let longest = u32::from_le_bytes(*longest) as usize;
        let width = usize::from(width);
        if !matches!(width, 1 | 2 | 4) || longest > MOST_RECORD {
            return Err(corrupt("its lengths are not lengths"));
        }
        let (lens, rows) =
            rest.split_at_checked(count * width).ok_or_else(|| corrupt("it is cut off"))?;
        Ok(Lengths { count, longest, width, lens, rows })
    }

    /// Where a row begins among the packed rows.
    fn start(&self, row: usize) -> usize {
        let lens = self.lens.get(..row * self.width).unwrap_or_default();
        match self.width {
            1 => lens.iter().copied().map(usize::from).sum(),
            width => lens.chunks_exact(width).map(number).sum(),
        }
    }

    /// The packed length of a row.
    fn len(&self, row: usize) -> Result<usize> {
        let len = self.lens.get(row * self.width..(row + 1) * self.width);
        let len = len.ok_or_else(|| corrupt("it has no such row"))?;
        Ok(number(len))
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
}

fn corrupt(why: &str) -> Error {
    Error::Corrupt(format!("a block of records cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern, always the same.
    fn random(seed: u64) -> impl FnMut() -> u64 {
        let mut state = seed;
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed ^ (mixed >> 27)
        }
    }

    fn noise(len: usize, seed: u64) -> Vec<u8> {
        let mut next = random(seed);
        (0..len).map(|_| next().to_be_bytes()[0]).collect()
    }

    fn like_an_event(row: u64) -> Vec<u8> {
        let mut next = random(row);
        let place = ["Berlin", "Ankara", "Islamabad"][usize::try_from(next() % 3).unwrap()];
        let text = "talks on the delivery of helicopters and of what belongs to them";
        format!(
            "\u{1}gdelt:{} make a visit {place}, {}",
            next() % 1_000_000,
            &text[..20 + usize::try_from(row % 40).unwrap()]
        )
        .into_bytes()
    }

    fn joined(rows: &[Vec<u8>]) -> (Vec<u8>, Vec<u32>) {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for row in rows {
            bytes.extend_from_slice(row);
            ends.push(u32::try_from(bytes.len()).unwrap());
        }
        (bytes, ends)
    }

    fn packed(rows: &[Vec<u8>]) -> Packed {
        let (bytes, ends) = joined(rows);
        pack(&bytes, &ends).unwrap()
    }

    /// Packs, and unpacks one by one and all at once.
    fn round(rows: &[Vec<u8>]) -> Packed {
        let packed = packed(rows);
        let unpacker = Unpacker::new(&packed.table).unwrap();
        assert_eq!(packed.blocks.len(), packed.starts.len());
        let mut all = Vec::new();
        for (block, &start) in packed.blocks.iter().zip(&packed.starts) {
            assert_eq!(usize::from(start), all.len());
            unpacker
                .rows(block, |row| {
                    all.push(row.to_vec());
                    Ok(())
                })
                .unwrap();
            let count = all.len() - usize::from(start);
            assert!(block.len() <= BLOCK || count == 1);
            for row in (0..count).step_by(1 + count / 500) {
                assert_eq!(unpacker.row(block, row).unwrap(), rows[usize::from(start) + row]);
            }
            assert!(unpacker.row(block, count).is_err());
        }
        assert!(all == rows);
        packed
    }

    #[test]
    fn nothing_and_rows_that_are_not_there() {
        assert!(round(&[]).blocks.is_empty());
        assert_eq!(round(&[Vec::new()]).blocks.len(), 1);
        round(&[b"one".to_vec()]);
        round(&[Vec::new(), b"two".to_vec(), Vec::new()]);
        assert_eq!(round(&vec![Vec::new(); MOST_ROWS]).blocks.len(), 16);
    }

    #[test]
    fn rows_of_each_length() {
        round(&(0..600).map(|len| noise(len, 1)).collect::<Vec<_>>());
        round(&(0..600).map(|len| vec![b'a'; len]).collect::<Vec<_>>());
        round(&(4000..4200).map(|len| noise(len, 2)).collect::<Vec<_>>());
        let text: Vec<u8> = (0..90).flat_map(like_an_event).collect();
        round(&(0..5000).step_by(7).map(|len| text[..len].to_vec()).collect::<Vec<_>>());
    }

    #[test]
    fn rows_that_do_not_get_shorter_and_rows_without_end() {
        let mut rows: Vec<_> = (0..300).map(like_an_event).collect();
        rows.insert(0, noise(MOST_RECORD, 3));
        rows.insert(100, vec![0; MOST_RECORD]);
        rows.insert(200, noise(8000, 4));
        rows.insert(201, noise(70_000, 5));
        round(&rows);
        let (bytes, ends) = joined(&[vec![0; MOST_RECORD + 1]]);
        assert!(pack(&bytes, &ends).is_err());
    }

    #[test]
    fn a_full_segment_takes_less_than_half() {
        let rows: Vec<_> = (0..MOST_ROWS as u64).map(like_an_event).collect();
        let packed = round(&rows);
        let before: usize = rows.iter().map(Vec::len).sum();
        let after: usize = packed.blocks.iter().map(Vec::len).sum();
        assert!((after + packed.table.len()) * 2 < before, "{before} bytes became {after}");
        let (bytes, ends) = joined(&vec![Vec::new(); MOST_ROWS + 1]);
        assert!(pack(&bytes, &ends).is_err());
    }

    #[test]
    fn rows_that_overlap_are_refused() {
        assert!(pack(b"abc", &[2, 1]).is_err());
        assert!(pack(b"abc", &[2, 4]).is_err());
    }

    #[test]
    fn any_wrong_byte_is_an_error_or_other_rows_and_never_a_panic() {
        let mut rows: Vec<_> = (0..20).map(like_an_event).collect();
        rows.push(noise(300, 6));
        rows.push(vec![b'z'; 9000]);
        let good = packed(&rows);
        let unpacker = Unpacker::new(&good.table).unwrap();
        let read = |unpacker: &Unpacker, block: &[u8]| {
            let _ = unpacker.row(block, 7);
            unpacker.rows(block, |row| {
                assert!(row.len() <= MOST_RECORD);
                Ok(())
            })
        };
        for block in &good.blocks {
            for at in 0..block.len() {
                for flip in [0x01, 0x10, 0x80, 0xff] {
                    let mut bad = block.clone();
                    bad[at] ^= flip;
                    let _ = read(&unpacker, &bad);
                }
                assert!(read(&unpacker, &block[..at]).is_err());
            }
            let mut longer = block.clone();
            longer.push(0);
            assert!(read(&unpacker, &longer).is_err());
        }
        for len in 1..good.table.len() {
            let shorter = Unpacker::new(&good.table[..len]).unwrap();
            good.blocks.iter().for_each(|block| drop(read(&shorter, block)));
        }
        assert!(Unpacker::new(&[]).is_err());
        assert!(Unpacker::new(&[VERSION + 1]).is_err());
        assert!(Unpacker::new(&vec![VERSION; DICTIONARY + 2]).is_err());
    }

    #[test]
    fn what_is_not_a_block_is_an_error_or_rows_and_never_a_panic() {
        let unpacker = Unpacker::new(&packed(&[like_an_event(1)]).table).unwrap();
        for seed in 0..20_000 {
            let mut block = noise(40, seed);
            block[0] = 4;
            block[1..7].copy_from_slice(&[0, 200, 0, 0, 0, 1]);
            block[7..11].copy_from_slice(&[8, 8, 8, 9]);
            let _ = unpacker.rows(&block, |_| Ok(()));
        }
    }
}
