//! The ways to open a database, and the limits of a run.

use std::path::Path;
use std::time::{Duration, Instant};

use super::Database;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::executor::{CancelToken, Context, Limits};
use crate::storage::{Access, Sealing, Store, StoreOptions, View};

/// The ways to open a database.
///
/// # Examples
///
/// ```no_run
/// let db = attache::Database::builder().create(false).cache_bytes(16 << 20).open("relations.attache")?;
/// # Ok::<(), attache::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    read_only: bool,
    create: bool,
    cache_bytes: usize,
    sealing: Sealing,
}

impl Default for Builder {
    fn default() -> Self {
        let StoreOptions { cache_bytes, sealing, .. } = StoreOptions::default();
        Builder { read_only: false, create: true, cache_bytes, sealing }
    }
}

impl Builder {
    /// For reading only? No by default.
    #[must_use]
    pub fn read_only(mut self, yes: bool) -> Self {
        self.read_only = yes;
        self
    }

    /// Create the file when there is none? Yes by default; never when opened for reading only.
    #[must_use]
    pub fn create(mut self, yes: bool) -> Self {
        self.create = yes;
        self
    }

    /// The page cache in bytes; 64 MiB by default.
    #[must_use]
    pub fn cache_bytes(mut self, bytes: usize) -> Self {
        self.cache_bytes = bytes;
        self
    }

    /// How many of the newest events lie loose at most, and how many rows a segment has at most; 8,192 and 64,512 by
    /// default. Answers are the same whatever it is: this is for tests, and for measuring what a size costs.
    ///
    /// # Examples
    ///
    /// ```
    /// let db = attache::Database::builder().sealing(16, 64).open_in_memory()?;
    /// let script: String = (0..200).map(|n| format!("insert visit {{ key: \"{n}\" }};")).collect();
    /// db.execute(&script)?;
    /// assert!(db.info()?.segments >= 3);
    /// # Ok::<(), attache::Error>(())
    /// ```
    #[must_use]
    pub fn sealing(mut self, newest: usize, segment_rows: usize) -> Self {
        self.sealing = Sealing::new(newest, segment_rows);
        self
    }

    /// A database in memory, empty. What is said of files does not matter.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn open_in_memory(self) -> Result<Database> {
        Ok(Database::over(Store::in_memory(&self.options())?))
    }

    fn options(&self) -> StoreOptions {
        let access = if self.read_only {
            Access::ReadOnly
        } else {
            Access::ReadWrite { create: self.create }
        };
        StoreOptions { access, cache_bytes: self.cache_bytes, sealing: self.sealing }
    }

    /// Opens the database.
    ///
    /// # Errors
    /// As [`Database::open`] and [`Database::open_read_only`].
    pub fn open(self, path: impl AsRef<Path>) -> Result<Database> {
        Ok(Database::over(Store::open(path.as_ref(), &self.options())?))
    }
}

/// Limits of one run.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// let mut options = attache::RunOptions::default();
/// options.timeout = Some(Duration::from_secs(5));
/// options.max_rows = Some(1_000);
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RunOptions {
    /// Cancels it from another thread or a signal handler.
    pub cancel: Option<CancelToken>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// How many rows it may give; the notice says when there were more.
    pub max_rows: Option<u64>,
    /// How much memory sorting and grouping may take, in bytes; 1 GiB by default.
    pub memory: Option<usize>,
}

impl RunOptions {
    /// What the operators of a run share.
    pub(super) fn context(&self, view: &View, catalog: Catalog) -> Context {
        let mut limits = Limits::default();
        if let Some(memory) = self.memory {
            limits.memory = memory;
        }
        limits.deadline = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        Context::new(view.clone(), catalog, limits, self.cancel.clone().unwrap_or_default())
    }
}
