//! The source: what a path holds, as streams of bytes.
//!
//! The first bytes decide, not the name: GDELT's archives end in `.CSV.zip`, and a browser that unpacks leaves `.gz`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, Result};

#[cfg(feature = "archives")]
mod archive;

/// How many bytes in front tell a file from others.
const HEAD: usize = 64 * 1024;

/// What a path holds: one stream, or the members of an archive.
pub(crate) struct Source {
    name: String,
    progress: Progress,
    identity: Option<(u64, u64)>,
    kind: Kind,
}

enum Kind {
    Once(Option<Box<dyn Read + Send>>),
    #[cfg(feature = "archives")]
    Zip(archive::Members),
    #[cfg(feature = "parquet")]
    Rows(Option<File>),
}

/// A file of rows that are not in lines, to be read from any place.
#[cfg(feature = "parquet")]
pub(crate) struct Rows {
    pub(crate) name: String,
    pub(crate) file: File,
    /// What of it has been read, to be told by its reader.
    pub(crate) progress: Progress,
}

/// One file to read: an event file of its own, with its own header and format.
pub(crate) struct Stream<'a> {
    /// What to call it: `events.tab`, `x.zip: 20180101.export.CSV`, `standard input`.
    pub(crate) name: String,
    /// Its bytes, unpacked. A file that is cut off ends in an error.
    pub(crate) reader: Box<dyn Read + Send + 'a>,
}

/// How far the file has been read, in bytes as they lie on disk. Clones look at the same file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress {
    done: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Progress {
    /// How many bytes have been read.
    pub(crate) fn done(&self) -> u64 {
        let done = self.done.load(Ordering::Relaxed);
        self.total.map_or(done, |total| done.min(total))
    }

    /// So many rows of so many have been read; bytes are taken to be spread evenly over them.
    #[cfg(feature = "parquet")]
    pub(crate) fn reach(&self, rows: u64, all: u64) {
        let bytes = u128::from(self.total.unwrap_or_default()) * u128::from(rows);
        let bytes = bytes / u128::from(all.max(1));
        self.done.store(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How many there are to read; none for standard input and pipes.
    pub(crate) fn total(&self) -> Option<u64> {
        self.total
    }
}

/// A reader that counts.
struct Counted<R> {
    inner: R,
    done: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.done.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: io::Seek> io::Seek for Counted<R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl Source {
    /// Opens a path; `-` is standard input.
    pub(crate) fn open(path: &Path) -> Result<Source> {
        if path.as_os_str() == "-" {
            return Source::stream("standard input".to_owned(), io::stdin());
        }
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| refused(&name, error))?;
        let meta = file.metadata().map_err(|error| refused(&name, error))?;
        if meta.is_dir() {
            let detail = format!("it is a folder: name the files in it, such as `{name}/*.csv`");
            return Err(Error::file(name, None, detail));
        }
        if !meta.is_file() {
            return Source::stream(name, file);
        }
        if meta.len() == 0 {
            return Err(Error::file(name, None, EMPTY));
        }
        Source::file(name, file, meta.len())
    }

    /// What can be read once from front to end.
    fn stream(name: String, mut reader: impl Read + Send + 'static) -> Result<Source> {
        let head = head(&mut reader).map_err(|error| refused(&name, error))?;
        if is_zip(&head) {
            let detail = "a zip archive has its index at its end and cannot be read from a pipe: name the file itself";
            return Err(Error::file(name, None, detail));
        }
        let progress = Progress::default();
        let inner = Counted { inner: reader, done: Arc::clone(&progress.done) };
        progress.done.store(head.len() as u64, Ordering::Relaxed);
        let kind = once(&name, head, inner)?;
        Ok(Source { name, progress, identity: None, kind })
    }

    fn file(name: String, mut file: File, length: u64) -> Result<Source> {
        let head = head(&mut file).map_err(|error| refused(&name, error))?;
        let identity = Some((length, xxh3_64(&head)));
        let mut progress = Progress { done: Arc::default(), total: Some(length) };
        #[cfg(feature = "parquet")]
        if head.starts_with(b"PAR1") {
            return Ok(Source { name, progress, identity, kind: Kind::Rows(Some(file)) });
        }
        let kind = if is_zip(&head) {
            zip(&name, file, &mut progress)?
        } else {
            progress.done.store(head.len() as u64, Ordering::Relaxed);
            let inner = Counted { inner: file, done: Arc::clone(&progress.done) };
            once(&name, head, inner)?
        };
        Ok(Source { name, progress, identity, kind })
    }

    /// What the path is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What tells the file from others, packed as it lies there: its length and the xxh3-64 of its first 64 KiB; none
    /// for standard input and pipes.
    pub(crate) fn identity(&self) -> Option<(u64, u64)> {
        self.identity
    }

    /// How far it has been read.
    pub(crate) fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// The file itself, when it is one of rows. There is nothing else in it then.
    #[cfg(feature = "parquet")]
    pub(crate) fn rows(&mut self) -> Option<Rows> {
        let Kind::Rows(file) = &mut self.kind else {
            return None;
        };
        let (name, progress) = (self.name.clone(), self.progress.clone());
        file.take().map(|file| Rows { name, file, progress })
    }

    /// How many files are in it.
    pub(crate) fn members(&self) -> usize {
        match &self.kind {
            #[cfg(feature = "archives")]
            Kind::Zip(members) => members.len(),
            _ => 1,
        }
    }

    /// The next file in it, members of an archive by name; none behind the last. A stream need not be read to its end.
    #[cfg_attr(not(feature = "archives"), allow(clippy::unnecessary_wraps))] // archives can fail here
    pub(crate) fn next(&mut self) -> Result<Option<Stream<'_>>> {
        match &mut self.kind {
            Kind::Once(reader) => {
                Ok(reader.take().map(|reader| Stream { name: self.name.clone(), reader }))
            }
            #[cfg(feature = "archives")]
            Kind::Zip(members) => members.next(&self.name),
            #[cfg(feature = "parquet")]
            Kind::Rows(_) => Ok(None),
        }
    }
}

/// What is said of a file without a byte in it.
pub(super) const EMPTY: &str = "it is empty: was it fetched completely?";

/// As many of the first bytes as tell the file from others.
fn head(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    reader.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

fn once(name: &str, head: Vec<u8>, rest: impl Read + Send + 'static) -> Result<Kind> {
    let packed = head.starts_with(b"\x1f\x8b");
    let whole = io::Cursor::new(head).chain(rest);
    let reader = if packed { unpacked(name, whole)? } else { Box::new(whole) };
    Ok(Kind::Once(Some(reader)))
}

#[cfg(feature = "archives")]
#[allow(clippy::unnecessary_wraps, reason = "its twin fails")]
fn unpacked(_: &str, packed: impl Read + Send + 'static) -> Result<Box<dyn Read + Send>> {
    Ok(archive::unpacked(packed))
}

#[cfg(not(feature = "archives"))]
fn unpacked(name: &str, _: impl Read + Send + 'static) -> Result<Box<dyn Read + Send>> {
    Err(unbuilt(name, "gzip"))
}

#[cfg(feature = "archives")]
fn zip(name: &str, file: File, progress: &mut Progress) -> Result<Kind> {
    archive::Members::open(name, file, progress).map(Kind::Zip)
}

#[cfg(not(feature = "archives"))]
fn zip(name: &str, _: File, _: &mut Progress) -> Result<Kind> {
    Err(unbuilt(name, "zip"))
}

#[cfg(not(feature = "archives"))]
fn unbuilt(name: &str, packed: &str) -> Error {
    let detail = format!(
        "it is packed with {packed}, and this build cannot unpack: unpack it first, or build with the feature `archives`"
    );
    Error::file(name, None, detail)
}

/// The system refused to open or to read a file.
fn refused(name: &str, error: io::Error) -> Error {
    let detail = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file: look at its name and its folder",
        io::ErrorKind::PermissionDenied => "you may not read it: ask its owner for the right to",
        _ => return Error::io(format!("read `{name}`"), error),
    };
    Error::file(name, None, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn said(path: &Path) -> String {
        match Source::open(path) {
            Ok(_) => panic!("{} was opened", path.display()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_a_remedy() {
        let folder = tempfile::tempdir().unwrap();
        assert!(said(folder.path()).contains("it is a folder: name the files in it"));
        let missing = said(&folder.path().join("gone.tab"));
        assert!(missing.contains("gone.tab`: there is no such file"), "{missing}");
        let empty = folder.path().join("empty.csv");
        File::create(&empty).unwrap();
        assert!(said(&empty).contains("it is empty"));
    }

    #[test]
    fn a_plain_file_is_one_stream_with_progress() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let bytes = b"a,b\n1,2\n".repeat(20_000);
        File::create(&path).unwrap().write_all(&bytes).unwrap();
        let mut source = Source::open(&path).unwrap();
        assert_eq!(source.identity(), Some((160_000, xxh3_64(&bytes[..HEAD]))));
        let progress = source.progress();
        assert_eq!((progress.done(), progress.total()), (HEAD as u64, Some(160_000)));
        let mut all = Vec::new();
        source.next().unwrap().unwrap().reader.read_to_end(&mut all).unwrap();
        assert_eq!((all == bytes, progress.done()), (true, 160_000));
        assert!(source.next().unwrap().is_none());
    }

    #[test]
    fn a_pipe_has_no_identity() {
        let mut source = Source::stream("standard input".to_owned(), &b"a,b\n"[..]).unwrap();
        assert_eq!((source.identity(), source.progress().total()), (None, None));
        assert_eq!(source.next().unwrap().unwrap().name, "standard input");
        assert!(Source::stream("standard input".to_owned(), &b"PK\x03\x04"[..]).is_err());
    }
}
