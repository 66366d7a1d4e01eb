//! The store: opening, sharing, locking and closing one database file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};

use redb::backends::InMemoryBackend;
use redb::{
    Builder, CompactionError, Database, DatabaseError, ReadOnlyDatabase, ReadTransaction,
    ReadableDatabase, TableError,
};

use super::FORMAT_VERSION;
use super::guard::{Fault, Health};
use super::key::{self, counter};
use super::known::KnownKeys;
use super::load::Load;
use super::opening::{self, StoreOptions};
use super::sealing::{Sealing, Segments};
use super::segment::Segment;
use super::snapshot::{Counters, Snapshot};
use super::texts::Texts;
use super::transaction::Transaction;
use super::view::View;
use crate::error::{Error, Result};

/// The path of what is on a device.
#[cfg(test)]
const DEVICE: &str = "device";

/// A database, open. Shared by threads in an `Arc`; many read while one writes.
pub struct Store {
    inner: Arc<Inner>,
}

pub(super) enum Handle {
    Writer(Database),
    Reader(ReadOnlyDatabase),
}

impl Handle {
    fn begin_read(&self) -> Result<ReadTransaction, Fault> {
        Ok(match self {
            Handle::Writer(database) => database.begin_read()?,
            Handle::Reader(database) => database.begin_read()?,
        })
    }
}

/// Many small commits leave a small file several times as long as what is in it: after so many, one of no more than
/// so many bytes is made short when it is closed, which takes some milliseconds.
const MANY_COMMITS: u64 = 32;
const SMALL_FILE: u64 = 4 << 20;

/// What views and transactions keep open.
pub(super) struct Inner {
    handle: RwLock<Option<Handle>>,
    pub(super) health: Arc<Health>,
    path: Option<PathBuf>,
    read_only: bool,
    closed: AtomicBool,
    turn: Mutex<bool>,
    turn_over: Condvar,
    /// The tables of the last commit, while nobody has written another.
    latest: Mutex<Option<Arc<Snapshot>>>,
    /// The segments that were seen last: most are the same in the next commit.
    segments: Mutex<Arc<[Arc<Segment>]>>,
    pub(super) sealing: Sealing,
    /// How often it was written to since it was opened.
    pub(super) commits: AtomicU64,
    /// The texts of cells that were asked for.
    pub(super) texts: Texts,
}

/// The right to write, held by one transaction at a time.
pub(super) struct Turn(Arc<Inner>);

impl Drop for Turn {
    fn drop(&mut self) {
        *lock(&self.0.turn) = false;
        self.0.turn_over.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a store that was opened for reading says to a change.
const READ_ONLY: &str = "the database is open for reading only; open it for writing, without `--read-only`, to change it";

impl Store {
    /// Opens a file.
    pub fn open(path: &Path, options: &StoreOptions) -> Result<Store> {
        opening::open(path, options)
    }

    /// A database in memory, gone with its last user.
    pub fn in_memory(options: &StoreOptions) -> Result<Store> {
        let health = Arc::new(Health::default());
        let handle = health.guard(|| {
            let mut builder = Builder::new();
            builder.set_cache_size(options.cache_bytes);
            Ok(Handle::Writer(builder.create_with_backend(InMemoryBackend::new())?))
        })?;
        Store::started(handle, health, None, false, options.sealing)
    }

    /// A database on a device of bytes that is neither file nor memory, with its checksums looked at or not.
    #[cfg(test)]
    pub(super) fn on_device(
        device: impl redb::StorageBackend,
        access: opening::Access,
        checked: bool,
    ) -> Result<Store> {
        let read_only = access == opening::Access::ReadOnly;
        let path = Path::new(DEVICE);
        let health = Arc::new(Health::default());
        let (pages, opening) = super::pages::Pages::new(device, read_only, Arc::clone(&health))
            .map_err(|error| Error::io("open", error))?;
        opening::expect_ours(path, &opening)?;
        let pages = if checked { pages } else { pages.blind() };
        let handle = health.guard(|| {
            let builder = opening::builder(&StoreOptions::default());
            Ok(if read_only {
                Handle::Reader(builder.open_read_only_with_backend(pages)?)
            } else {
                Handle::Writer(builder.create_with_backend(pages)?)
            })
        })?;
        Store::started(handle, health, Some(path.to_owned()), read_only, super::faults::SEALING)
    }

    /// Makes the tables where there are none, and checks that they are of a format which this program knows.
    pub(super) fn started(
        handle: Handle,
        health: Arc<Health>,
        path: Option<PathBuf>,
        read_only: bool,
        sealing: Sealing,
    ) -> Result<Store> {
        let store = Store {
            inner: Arc::new(Inner {
                handle: RwLock::new(Some(handle)),
                health,
                path,
                read_only,
                closed: AtomicBool::new(false),
                turn: Mutex::new(false),
                turn_over: Condvar::new(),
                latest: Mutex::new(None),
                segments: Mutex::default(),
                sealing,
                commits: AtomicU64::new(0),
                texts: Texts::default(),
            }),
        };
        let new = store.inner.with_reading(|reading| match reading.open_table(key::META) {
            Ok(_) => Ok(false),
            Err(TableError::TableDoesNotExist(_)) => Ok(true),
            Err(error) => Err(error.into()),
        })?;
        if new && read_only {
            return Err(store.format_error("it was never completed: it holds nothing"));
        }
        if new {
            store.inner.write(|writing| {
                writing.open_table(key::COMMITS)?;
                writing.open_table(key::EVENTS)?;
                writing.open_table(key::HISTORY)?;
                writing.open_table(key::KEYS)?;
                writing.open_table(key::ENTRIES)?;
                writing.open_table(key::ENTRY_HISTORY)?;
                writing.open_table(key::NAMES)?;
                writing.open_table(key::POSTINGS)?;
                writing.open_table(key::SEGMENTS)?;
                writing.open_table(key::COLUMNS)?;
                writing.open_table(key::BLOCKS)?;
                writing.open_table(key::GONE)?;
                writing.open_table(key::TEXTS)?;
                writing.open_table(key::TEXT_IDS)?;
                writing.open_table(key::KEY_RUNS)?;
                let mut meta = writing.open_table(key::META)?;
                meta.insert(counter::FORMAT, FORMAT_VERSION)?;
                meta.insert(counter::COMMIT, 0)?;
                meta.insert(counter::NEXT_ID, 1)?;
                meta.insert(counter::IMPORT, 0)?;
                meta.insert(counter::NEXT_SEGMENT, 1)?;
                meta.insert(counter::NEXT_TEXT, 1)?;
                Ok(())
            })?;
        }
        let format = store.inner.with_reading(|reading| Ok(Counters::read(reading)?.format))?;
        if format != FORMAT_VERSION {
            return Err(store.format_error(&opening::other_version(format, FORMAT_VERSION)));
        }
        Ok(store)
    }

    fn format_error(&self, detail: &str) -> Error {
        opening::format_error(self.path().unwrap_or(Path::new(":memory:")), detail)
    }

    /// What the last commit left, unchanging.
    pub fn view(&self) -> Result<View> {
        let base = self.inner.snapshot()?;
        Ok(View {
            inner: Arc::clone(&self.inner),
            base,
            overlay: Arc::default(),
            bytes_read: Arc::default(),
        })
    }

    /// A transaction, once every other of this process has ended.
    pub fn begin(&self) -> Result<Transaction> {
        if self.inner.read_only {
            return Err(Error::Storage(READ_ONLY.to_owned()));
        }
        let turn = self.inner.wait_for_turn();
        Ok(Transaction::new(self.view()?, turn))
    }

    /// A load, once every other load or transaction of this process has ended.
    pub fn load(&self) -> Result<Load> {
        self.load_after(KnownKeys::default())
    }

    /// The same, with what the last load knew of the keys. It is quicker where nobody has written since.
    pub fn load_after(&self, keys: KnownKeys) -> Result<Load> {
        Ok(Load::new(self.begin()?, keys))
    }

    /// Is it open for reading only?
    pub fn is_read_only(&self) -> bool {
        self.inner.read_only
    }

    /// The file; none in memory.
    pub fn path(&self) -> Option<&Path> {
        self.inner.path.as_deref()
    }

    /// The length of the file in bytes; 0 in memory.
    pub fn file_len(&self) -> Result<u64> {
        self.inner.file_len()
    }

    /// Gives back the room that the file has grown ahead of what is in it, in commits of its own that change nothing else.
    /// Does nothing beside a view that is alive.
    pub fn shrink(&self) -> Result<()> {
        let _turn = self.inner.wait_for_turn();
        self.inner.shrink()
    }

    /// Joins what lies in pieces: small segments become large ones, what is loose is sealed, what is gone leaves no gap, and
    /// the file is as short as it can be. No event changes.
    pub fn compact(&self) -> Result<()> {
        if self.inner.read_only {
            return Err(Error::Storage(READ_ONLY.to_owned()));
        }
        let _turn = self.inner.wait_for_turn();
        let directory = self.inner.snapshot()?.directory.clone();
        self.inner.forget_snapshot();
        let written = self.inner.write(|writing| {
            let mut segments = Segments::new(writing, self.inner.sealing, directory)?;
            segments.compact()?;
            segments.finish()
        });
        self.inner.forget_snapshot();
        written?;
        self.inner.shrink()
    }

    /// Closes the file. Views and transactions that are still alive can read and write no more.
    pub fn close(&self) -> Result<()> {
        self.inner.close()
    }

    /// Every disagreement between the records and what is derived from them, and of the file with itself; none when all
    /// is well.
    pub fn verify(&self) -> Result<Vec<String>> {
        let mut found = super::verify::disagreements(&self.view()?)?;
        found.extend(self.inner.check_pages()?);
        Ok(found)
    }
}

fn closed_error() -> Error {
    Error::Storage("the database is closed".to_owned())
}

impl Inner {
    /// An error once the file is closed, even for what is still in memory.
    pub(super) fn check_open(&self) -> Result<()> {
        if self.closed.load(Ordering::Acquire) { Err(closed_error()) } else { Ok(()) }
    }

    fn with_handle<T>(&self, work: impl FnOnce(&Handle) -> Result<T, Fault>) -> Result<T> {
        let handle = self.handle.read().unwrap_or_else(PoisonError::into_inner);
        let Some(handle) = &*handle else {
            return Err(closed_error());
        };
        self.health.guard(|| work(handle))
    }

    fn with_reading<T>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, Fault>,
    ) -> Result<T> {
        self.with_handle(|handle| work(&handle.begin_read()?))
    }

    pub(super) fn with_writer<T>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, Fault>,
    ) -> Result<T> {
        self.with_handle(|handle| match handle {
            Handle::Writer(database) => work(database),
            Handle::Reader(_) => Err(Error::Storage(READ_ONLY.to_owned()).into()),
        })
    }

    fn snapshot(&self) -> Result<Arc<Snapshot>> {
        let mut latest = lock(&self.latest);
        // Nobody else writes to what we have open for writing.
        if let Some(snapshot) = latest.as_ref().filter(|_| !self.read_only) {
            self.health.check()?;
            return Ok(Arc::clone(snapshot));
        }
        let known = latest.as_ref().map(|snapshot| snapshot.commit);
        let newer = self.with_reading(|reading| {
            let counters = Counters::read(reading)?;
            if known == Some(counters.commit) {
                return Ok(None);
            }
            let known = lock(&self.segments).clone();
            Ok(Some(Arc::new(Snapshot::new(reading, &counters, &known)?)))
        })?;
        if let Some(newer) = newer {
            lock(&self.segments).clone_from(&newer.directory.segments);
            *latest = Some(newer);
        }
        latest.clone().ok_or_else(|| Error::Storage("no snapshot".to_owned()))
    }

    /// Lets go of the tables of the last commit, for another follows.
    pub(super) fn forget_snapshot(&self) {
        *lock(&self.latest) = None;
    }

    fn wait_for_turn(self: &Arc<Self>) -> Turn {
        let mut taken = lock(&self.turn);
        while *taken {
            taken = self.turn_over.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken = true;
        Turn(Arc::clone(self))
    }

    pub(super) fn file_len(&self) -> Result<u64> {
        match &self.path {
            #[cfg(test)]
            Some(path) if path == Path::new(DEVICE) => Ok(0),
            Some(path) => fs::metadata(path).map(|meta| meta.len()).map_err(|error| {
                Error::io(format!("read the length of `{}`", path.display()), error)
            }),
            None => Ok(0),
        }
    }

    fn close(&self) -> Result<()> {
        self.closed.store(true, Ordering::Release);
        self.forget_snapshot();
        let handle = self.handle.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(handle) = handle else { return Ok(()) };
        let ill = self.health.check();
        let tidy = ill.is_ok()
            && self.commits.load(Ordering::Relaxed) >= MANY_COMMITS
            && self.path.is_some()
            && self.file_len().is_ok_and(|len| len <= SMALL_FILE);
        // Closed even where the handle is ill: the file and its locks are let go.
        let closing = Health::default();
        let closed = closing.guard(|| {
            match handle {
                Handle::Writer(mut database) => {
                    // Beside somebody who still looks at what was there, it is left as it is.
                    if tidy && let Err(CompactionError::Storage(error)) = database.compact() {
                        return Err(error.into());
                    }
                    database.close()?;
                }
                Handle::Reader(database) => database.close()?,
            }
            Ok(())
        });
        ill.and(closed)
    }

    fn shrink(&self) -> Result<()> {
        self.forget_snapshot();
        let mut handle = self.handle.write().unwrap_or_else(PoisonError::into_inner);
        let Some(Handle::Writer(database)) = &mut *handle else { return Ok(()) };
        let done = self.health.guard(|| match database.compact() {
            Err(CompactionError::Storage(error)) => Err(error.into()),
            _ => Ok(()),
        });
        if let Err(error) = &done {
            self.health.failed(format!("the file could not be made shorter ({error})"));
        }
        done
    }

    /// Has the engine compare its pages with its own checksums, which catches pages that were once right. Needs the
    /// file for itself: beside a view of somebody else it is left out.
    fn check_pages(&self) -> Result<Option<String>> {
        self.forget_snapshot();
        let mut handle = self.handle.write().unwrap_or_else(PoisonError::into_inner);
        let Some(Handle::Writer(database)) = &mut *handle else { return Ok(None) };
        self.health.guard(|| match database.check_integrity() {
            Ok(true) | Err(DatabaseError::TransactionInProgress) => Ok(None),
            Ok(false) => Ok(Some("pages were damaged, and were repaired".to_owned())),
            Err(error) => Err(error.into()),
        })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let _ = self.close();
    }
}
