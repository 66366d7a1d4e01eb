//! The page layer: a checksum beside every page, verified at each physical read, and a header that is always whole.
//!
//! The engine above sees a device of bare 4 KiB pages. The layout beneath is told in the documentation of
//! [`super`]. Two ideas carry it. The checksum of a page is seeded with the page's number and the file's own number, so
//! that a page in the wrong place or from another file fails as one with a flipped bit does. And the engine's header,
//! the only bytes that are ever overwritten in place, is kept twice: a write goes to the copy that does *not* hold the
//! last synced state, so a power cut in the middle of it leaves the other.

use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::guard::{Damage, Health};

/// The newest layout of pages that this program reads and writes.
pub(super) const LAYOUT: u32 = 1;

/// The first bytes of every file: the name, and characters that a transfer as text would spoil.
pub(super) const MAGIC: [u8; 16] = *b"attache-db\x1a\r\n\0\0\0";

/// A page as the engine sees it.
const PAGE: u64 = 4096;
/// A page as it lies in the file: with its checksum behind it.
const SLOT: u64 = PAGE + 8;
const PAGE_LEN: usize = 4096;
const SLOT_LEN: usize = PAGE_LEN + 8;
/// The length of the engine's header.
const HEADER: usize = 320;
/// A header copy: sequence number, header, checksum.
const COPY: usize = 8 + HEADER + 8;
/// Where the two header copies lie, each in a sector of its own.
const COPIES: [u64; 2] = [512, 1024];
/// Where a writer leaves its name, for those whom its lock turns away.
const NOTE: u64 = 2048;
const NOTE_LEN: usize = 120;
/// The byte and bit of the engine's header which say that it was not closed.
const UNCLEAN: (usize, u8) = (9, 2);

/// What the first bytes of a file say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// A database, or an empty device that can become one.
    Ours,
    /// Something else.
    Foreign,
    /// Ours, of a layout that this program does not know.
    Newer(u32),
    /// Ours, with its first bytes damaged.
    Damaged,
}

/// A device of pages with checksums over a device of bytes.
#[derive(Debug)]
pub(super) struct Pages<B> {
    device: B,
    health: Arc<Health>,
    read_only: bool,
    /// The file's own number, part of every checksum.
    file: u64,
    header: Mutex<Header>,
    /// Who writes, for those whom the lock turns away.
    note: String,
    /// False only in the test that shows what the checksums are for.
    verify: bool,
}

/// Where the header stands, as far as this handle has written it.
#[derive(Debug, Default)]
struct Header {
    known: bool,
    sequence: u64,
    /// The copy that was written last.
    newest: Option<usize>,
    /// The copy that holds the last synced state: never to be overwritten.
    synced: Option<usize>,
    /// What was written last.
    bytes: Option<[u8; HEADER]>,
}

/// One copy of the header.
struct HeaderCopy {
    sequence: u64,
    place: usize,
    bytes: [u8; HEADER],
}

impl<B: StorageBackend> Pages<B> {
    /// The page layer over a device, with what its first bytes say.
    pub(super) fn new(
        device: B,
        read_only: bool,
        health: Arc<Health>,
    ) -> io::Result<(Self, Opening)> {
        let mut pages = Pages {
            device,
            health,
            read_only,
            file: 0,
            header: Mutex::default(),
            note: String::new(),
            verify: true,
        };
        let opening = pages.look()?;
        Ok((pages, opening))
    }

    /// The same with a note to leave in the file while it is written to.
    pub(super) fn signed(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    /// The same without looking at checksums.
    #[cfg(test)]
    pub(super) fn blind(mut self) -> Self {
        self.verify = false;
        self
    }

    fn look(&mut self) -> io::Result<Opening> {
        let len = self.device.len()?;
        if len == 0 {
            self.file = random();
            return Ok(Opening::Ours);
        }
        let mut start = [0; 40];
        if len >= 40 {
            self.device.read(0, &mut start)?;
        }
        let (body, sum) = start.split_at(32);
        let whole = number(sum) == xxh3_64_with_seed(body, 0);
        if start.starts_with(&MAGIC) && whole {
            self.file = number(body.get(24..32).unwrap_or_default());
            let version = number(body.get(16..24).unwrap_or_default());
            let version = u32::try_from(version).unwrap_or(u32::MAX);
            return Ok(if version > LAYOUT { Opening::Newer(version) } else { Opening::Ours });
        }
        // A few damaged bytes in front of a header that is whole, or a foreign file?
        let known = start.starts_with(b"attache-db")
            || (len >= SLOT && self.copies()?.iter().any(Option::is_some));
        Ok(if known { Opening::Damaged } else { Opening::Foreign })
    }

    fn state(&self) -> MutexGuard<'_, Header> {
        self.header.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn damage(&self, what: String) -> io::Error {
        self.health.damaged(what.clone());
        Damage(what).into()
    }

    /// Notes an error of the device, which the engine may swallow.
    fn noted<T>(&self, what: &str, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                return Err(self.damage("the file is shorter than it was".to_owned()));
            }
            self.health.failed(format!("{what} failed ({error})"));
        }
        result
    }

    fn checksum(&self, page: u64, bytes: &[u8]) -> u64 {
        xxh3_64_with_seed(bytes, self.file ^ page)
    }

    fn write_start(&self) -> io::Result<()> {
        let mut start = Vec::with_capacity(40);
        start.extend_from_slice(&MAGIC);
        start.extend_from_slice(&u64::from(LAYOUT).to_le_bytes());
        start.extend_from_slice(&self.file.to_le_bytes());
        let sum = xxh3_64_with_seed(&start, 0);
        start.extend_from_slice(&sum.to_le_bytes());
        self.device.write(0, &start)
    }

    /// The copies of the header; none for one that was never written, is torn or damaged.
    fn copies(&self) -> io::Result<[Option<HeaderCopy>; 2]> {
        let read = |place: usize, at: u64| -> io::Result<Option<HeaderCopy>> {
            let mut raw = [0; COPY];
            self.device.read(at, &mut raw)?;
            let (body, sum) = raw.split_at(COPY - 8);
            let (sequence, bytes) = body.split_at(8);
            let good = number(sum) == self.header_checksum(place, body);
            Ok(bytes.try_into().ok().filter(|_| good).map(|bytes| HeaderCopy {
                sequence: number(sequence),
                place,
                bytes,
            }))
        };
        let [first, second] = COPIES;
        Ok([read(0, first)?, read(1, second)?])
    }

    fn header_checksum(&self, index: usize, body: &[u8]) -> u64 {
        self.checksum(u64::MAX - index as u64, body)
    }

    /// The newest header; none in a file that has never had one.
    ///
    /// When one copy is torn or damaged, the other serves if it was closed, for then both said the same, and for the
    /// recovery of a writer. A reader beside a writer never meets a torn copy, so for a reader it is damage.
    fn newest_header(&self) -> io::Result<Option<HeaderCopy>> {
        let copies = self.noted("reading the header", self.copies())?;
        let alone = copies.iter().any(Option::is_none);
        let newest = copies.into_iter().flatten().max_by_key(|copy| copy.sequence);
        if newest.as_ref().is_some_and(|copy| alone && is_unclean(&copy.bytes))
            && self.read_only
            && self.verify
        {
            return Err(
                self.damage("page 0 (a copy of the header) is not what was written".to_owned())
            );
        }
        Ok(newest)
    }

    fn read_header(&self, offset: usize, out: &mut [u8]) -> io::Result<()> {
        let Some(HeaderCopy { bytes, .. }) = self.newest_header()? else {
            return Err(self
                .damage("page 0 (both copies of the header) is not what was written".to_owned()));
        };
        match bytes.get(offset..offset.saturating_add(out.len())) {
            Some(part) => {
                out.copy_from_slice(part);
                Ok(())
            }
            None => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn write_header(&self, data: &[u8]) -> io::Result<()> {
        let bytes: [u8; HEADER] = data.try_into().map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidInput, "a header of another length")
        })?;
        let mut header = self.state();
        if !header.known {
            if let Some(HeaderCopy { sequence, place, .. }) = self.newest_header()? {
                // What was read may be in the system's cache alone.
                self.device.sync_data()?;
                header.sequence = sequence;
                header.synced = Some(place);
            }
            header.known = true;
            leave_note(&self.device, &self.note)?;
        }
        let place = header.synced.map_or(0, |synced| 1 - synced);
        self.write_copy(place, header.sequence + 1, &bytes)?;
        header.sequence += 1;
        header.newest = Some(place);
        header.bytes = Some(bytes);
        Ok(())
    }

    fn write_copy(&self, place: usize, sequence: u64, bytes: &[u8; HEADER]) -> io::Result<()> {
        let mut copy = Vec::with_capacity(COPY);
        copy.extend_from_slice(&sequence.to_le_bytes());
        copy.extend_from_slice(bytes);
        let sum = self.header_checksum(place, &copy);
        copy.extend_from_slice(&sum.to_le_bytes());
        let at = COPIES.get(place).copied().unwrap_or_default();
        self.device.write(at, &copy)
    }
}

/// Leaves a note about the writer in a file; empty to take it away.
pub(super) fn leave_note(device: &impl StorageBackend, note: &str) -> io::Result<()> {
    let mut bytes = [0; NOTE_LEN];
    for (to, from) in bytes.iter_mut().zip(note.bytes()) {
        *to = from;
    }
    device.write(NOTE, &bytes)
}

/// The note that a writer left in a file.
pub(super) fn note_of(device: &impl StorageBackend) -> Option<String> {
    let mut bytes = [0; NOTE_LEN];
    device.read(NOTE, &mut bytes).ok()?;
    let text: Vec<u8> = bytes.into_iter().take_while(|&b| b != 0).collect();
    let text = String::from_utf8_lossy(&text).into_owned();
    (!text.is_empty() && text.chars().all(|c| !c.is_control())).then_some(text)
}

impl<B: StorageBackend> StorageBackend for Pages<B> {
    fn len(&self) -> io::Result<u64> {
        let len = self.noted("asking for the length", self.device.len())?;
        if !len.is_multiple_of(SLOT) {
            return Err(self.damage(format!(
                "the file ends in the middle of page {}: it was cut off or added to",
                len / SLOT
            )));
        }
        Ok(len / SLOT * PAGE)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if offset < PAGE {
            return self.read_header(usize::try_from(offset).unwrap_or(usize::MAX), out);
        }
        let first = offset / PAGE;
        let last = (offset + out.len() as u64).div_ceil(PAGE);
        let whole = offset.is_multiple_of(PAGE) && out.len().is_multiple_of(PAGE_LEN);
        let mut raw = vec![0; usize::try_from((last - first) * SLOT).unwrap_or(usize::MAX)];
        self.noted(&format!("reading page {first}"), self.device.read(first * SLOT, &mut raw))?;
        let mut bare = Vec::with_capacity(if whole { 0 } else { out.len() + 2 * PAGE_LEN });
        let mut to = out.chunks_exact_mut(PAGE_LEN);
        for (page, slot) in (first..last).zip(raw.chunks_exact(SLOT_LEN)) {
            let (bytes, sum) = slot.split_at(PAGE_LEN);
            if self.verify && self.checksum(page, bytes) != number(sum) {
                return Err(self.damage(format!("page {page} is not what was written")));
            }
            match to.next().filter(|_| whole) {
                Some(to) => to.copy_from_slice(bytes),
                None => bare.extend_from_slice(bytes),
            }
        }
        if !whole {
            let skip = usize::try_from(offset - first * PAGE).unwrap_or(usize::MAX);
            for (to, from) in out.iter_mut().zip(bare.into_iter().skip(skip)) {
                *to = from;
            }
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        if !len.is_multiple_of(PAGE) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a length of broken pages"));
        }
        let new = self.noted("asking for the length", self.device.len())? == 0;
        self.noted("changing the length", self.device.set_len(len / PAGE * SLOT))?;
        if new && len > 0 {
            self.noted("writing the first bytes", self.write_start())?;
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let newest = self.state().newest;
        self.noted("syncing", self.device.sync_data())?;
        if newest.is_some() {
            self.state().synced = newest;
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if offset == 0 {
            return self.noted("writing the header", self.write_header(data));
        }
        if !offset.is_multiple_of(PAGE) || !data.len().is_multiple_of(PAGE_LEN) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a write of broken pages"));
        }
        let first = offset / PAGE;
        let mut raw = Vec::with_capacity(data.len() / PAGE_LEN * SLOT_LEN);
        for (page, bytes) in (first..).zip(data.chunks_exact(PAGE_LEN)) {
            raw.extend_from_slice(bytes);
            raw.extend_from_slice(&self.checksum(page, bytes).to_le_bytes());
        }
        self.noted(&format!("writing page {first}"), self.device.write(first * SLOT, &raw))
    }

    /// After a clean end both copies of the header say so.
    fn close(&self) -> io::Result<()> {
        let header = std::mem::take(&mut *self.state());
        let mut result = Ok(());
        if let (Some(newest), Some(bytes)) = (header.newest, header.bytes) {
            let (at, bit) = UNCLEAN;
            if bytes.get(at).is_some_and(|flags| flags & bit == 0) && header.synced == Some(newest)
            {
                result = self
                    .write_copy(1 - newest, header.sequence, &bytes)
                    .and_then(|()| leave_note(&self.device, ""));
            }
        }
        result.and(self.device.close())
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.device.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.device.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.device.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.device.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.device.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.device.query_lock_range(start, end)
    }
}

/// Does the header say that the file was not closed?
fn is_unclean(header: &[u8; HEADER]) -> bool {
    let (at, bit) = UNCLEAN;
    header.get(at).is_none_or(|flags| flags & bit != 0)
}

/// Eight bytes as a number; anything shorter is zero.
fn number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// A number that another file is unlikely to have.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
