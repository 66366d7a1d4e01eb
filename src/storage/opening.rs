//! Opening a file: what is refused and why, how a new one comes to be, and who holds a lock.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use redb::backends::FileBackend;
use redb::{Builder, ConcurrencyMode, DatabaseError};

use super::guard::Health;
use super::pages::{LAYOUT, Opening, Pages, note_of};
use super::sealing::Sealing;
use super::store::{Handle, Store};
use crate::error::{Error, Result};

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To read and write: nobody else may write meanwhile.
    ReadWrite {
        /// Whether a file that does not exist is made.
        create: bool,
    },
    /// To read, beside whoever writes. The file is never made nor changed, unless it was not closed and nobody has it
    /// open: then it is first repaired.
    ReadOnly,
}

/// Options of opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreOptions {
    /// How it is opened.
    pub access: Access,
    /// How much memory the cache of pages may take.
    pub cache_bytes: usize,
    /// When rows are sealed, and into how large segments.
    pub sealing: Sealing,
}

impl Default for StoreOptions {
    fn default() -> Self {
        StoreOptions {
            access: Access::ReadWrite { create: true },
            cache_bytes: 64 << 20,
            sealing: Sealing::default(),
        }
    }
}

pub(super) fn format_error(path: &Path, detail: impl Into<String>) -> Error {
    Error::Format { path: path.to_owned(), detail: detail.into() }
}

/// Opens a file.
pub(super) fn open(path: &Path, options: &StoreOptions) -> Result<Store> {
    match options.access {
        Access::ReadWrite { create } => {
            if !examine(path, create)? {
                make(path, options)?;
            }
            open_to_write(path, options)
        }
        Access::ReadOnly => {
            examine(path, false)?;
            open_to_read(path, options)
        }
    }
}

pub(super) fn builder(options: &StoreOptions) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(options.cache_bytes);
    builder.set_concurrency_mode(ConcurrencyMode::SingleWriter);
    builder
}

pub(super) fn other_version(found: u64, known: u64) -> String {
    format!(
        "it has format {found}, and this program knows format {known}; a newer program is needed"
    )
}

/// Is there a file with something in it? An error when there is anything else, or nothing where nothing may be made.
fn examine(path: &Path, create: bool) -> Result<bool> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Err(format_error(
            path,
            "it is a directory; name another file, and it is made by the first change if it is not there",
        )),
        Ok(meta) if !meta.is_file() => Err(format_error(path, "it is not a file")),
        Ok(meta) if meta.len() == 0 && !create => Err(format_error(
            path,
            "the file is empty; name another file, and it is made by the first change if it is not there",
        )),
        // An empty file becomes a database where it stands.
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if create {
                Ok(false)
            } else {
                Err(format_error(path, "there is no such file"))
            }
        }
        Err(error) => Err(Error::io(format!("open `{}`", path.display()), error)),
    }
}

/// Makes a database beside its place and then links it there, so that a file of that name is always whole.
fn make(path: &Path, options: &StoreOptions) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let making = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let attempt = || format!("make `{}`", path.display());
    let mut new = OpenOptions::new();
    new.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    let file = new.open(&making).map_err(|error| Error::io(attempt(), error))?;
    let made = write_to(file, &making, options).and_then(|store| store.close()).and_then(|()| {
        let linked = match fs::hard_link(&making, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
                fs::rename(&making, path)
            }
            // Somebody else was quicker: theirs is as good.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        };
        linked.map_err(|error| Error::io(attempt(), error))
    });
    let _ = fs::remove_file(&making);
    made?;
    sync_directory(path);
    Ok(())
}

/// Makes the name of a new file durable, where the system can.
fn sync_directory(path: &Path) {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(directory) = File::open(parent) {
        let _ = directory.sync_all();
    }
}

fn open_to_write(path: &Path, options: &StoreOptions) -> Result<Store> {
    let opened = OpenOptions::new().read(true).write(true).open(path);
    let file = opened
        .map_err(|error| Error::io(format!("open `{}` for writing", path.display()), error))?;
    write_to(file, path, options)
}

fn write_to(file: File, path: &Path, options: &StoreOptions) -> Result<Store> {
    let health = Arc::new(Health::default());
    let pages = open_pages(file, path, false, &health)?.signed(note());
    let opened = health.guard(|| match builder(options).create_with_backend(pages) {
        Ok(database) => Ok(Some(database)),
        Err(DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch) => Ok(None),
        Err(error) => Err(error.into()),
    })?;
    match opened {
        Some(database) => Store::started(
            Handle::Writer(database),
            health,
            Some(path.to_owned()),
            false,
            options.sealing,
        ),
        None => Err(locked(path)),
    }
}

fn open_pages(
    file: File,
    path: &Path,
    read_only: bool,
    health: &Arc<Health>,
) -> Result<Pages<FileBackend>> {
    let device = FileBackend::new(file).map_err(|error| health.explain(error.into()))?;
    let (pages, opening) = Pages::new(device, read_only, Arc::clone(health))
        .map_err(|error| Error::io(format!("read `{}`", path.display()), error))?;
    expect_ours(path, &opening)?;
    Ok(pages)
}

pub(super) fn expect_ours(path: &Path, opening: &Opening) -> Result<()> {
    match opening {
        Opening::Ours => Ok(()),
        Opening::Foreign => Err(format_error(
            path,
            "it is not an Attaché database; name another file, and it is made by the first change if it is not there",
        )),
        Opening::Newer(found) => {
            Err(format_error(path, other_version(u64::from(*found), u64::from(LAYOUT))))
        }
        Opening::Damaged => {
            Err(Error::Corrupt("its first bytes are not what was written".to_owned()))
        }
    }
}

/// Opens a file for reading. One that was not closed and that nobody has open is repaired first; while somebody is
/// about to open it for writing, the answer of the engine changes within moments, so it is asked again.
fn open_to_read(path: &Path, options: &StoreOptions) -> Result<Store> {
    const ATTEMPTS: u32 = 100;
    for _ in 0..ATTEMPTS {
        let file = File::open(path)
            .map_err(|error| Error::io(format!("open `{}`", path.display()), error))?;
        let health = Arc::new(Health::default());
        let pages = open_pages(file, path, true, &health)?;
        let opened =
            health.guard(|| match builder(options).open_read_only_with_backend(pages) {
                Ok(database) => Ok(Some(database)),
                Err(DatabaseError::RepairAborted) => Ok(None),
                Err(DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch) => {
                    Err(locked(path).into())
                }
                Err(error) => Err(error.into()),
            })?;
        if let Some(database) = opened {
            return Store::started(
                Handle::Reader(database),
                health,
                Some(path.to_owned()),
                true,
                options.sealing,
            );
        }
        match open_to_write(path, options) {
            Ok(repaired) => repaired.close()?,
            Err(Error::Locked { .. }) => std::thread::sleep(Duration::from_millis(20)),
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
                return Err(format_error(
                    path,
                    "it was not closed, and cannot be repaired because it cannot be written to",
                ));
            }
            Err(error) => return Err(error),
        }
    }
    Err(locked(path))
}

/// What holds the lock, as far as its note tells, and the way round.
fn locked(path: &Path) -> Error {
    let note = File::open(path)
        .ok()
        .and_then(|file| FileBackend::new(file).ok())
        .and_then(|d| note_of(&d));
    let holder = note
        .map_or_else(|| "another program".to_owned(), |note| format!("another program ({note})"));
    Error::Locked {
        path: path.to_owned(),
        detail: format!(
            "{holder} has it open; open it read-only with `--read-only`, or close the other program"
        ),
    }
}

/// Who we are, for those whom our lock turns away. Nothing depends on it.
fn note() -> String {
    let program = std::env::current_exe().ok();
    let program =
        program.as_deref().and_then(Path::file_stem).unwrap_or_default().to_string_lossy();
    format!("{program}, process {}", std::process::id())
}
