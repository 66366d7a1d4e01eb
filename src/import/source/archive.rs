//! Packed files: gzip, and the members of a zip archive.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::{Counted, EMPTY, Progress, Stream};
use crate::error::{Error, Result};

/// The bytes of a gzip file, all its members one after the other.
pub(super) fn unpacked(packed: impl Read + Send + 'static) -> Box<dyn Read + Send> {
    Box::new(MultiGzDecoder::new(BufReader::with_capacity(64 * 1024, packed)))
}

/// The files of a zip archive by name.
pub(super) struct Members {
    archive: ZipArchive<BufReader<Counted<File>>>,
    /// Their places in the archive, the next one last.
    left: Vec<usize>,
}

impl Members {
    /// How many are still to come.
    pub(super) fn len(&self) -> usize {
        self.left.len()
    }

    /// Reads the index of an archive. Progress then counts what is packed.
    pub(super) fn open(name: &str, mut file: File, progress: &mut Progress) -> Result<Members> {
        file.rewind().map_err(|error| Error::io(format!("read `{name}`"), error))?;
        let counted = Counted { inner: file, done: Arc::clone(&progress.done) };
        let archive = ZipArchive::new(BufReader::with_capacity(64 * 1024, counted))
            .map_err(|error| refused(name, error))?;
        let mut files = Vec::new();
        let mut packed = 0;
        for at in 0..archive.len() {
            let entry = archive.by_index_data(at).map_err(|error| refused(name, error))?;
            let path = entry.name_raw();
            if path == b"[Content_Types].xml" {
                let detail = "it is a workbook of a spreadsheet program: save it there as CSV";
                return Err(Error::file(name, None, detail));
            }
            // What macOS adds beside each file.
            if entry.is_dir() || path.starts_with(b"__MACOSX/") || path.ends_with(b".DS_Store") {
                continue;
            }
            packed += entry.compressed_size();
            files.push((path.to_owned(), at));
        }
        if files.is_empty() {
            return Err(Error::file(name, None, EMPTY));
        }
        files.sort_unstable_by(|a, b| b.cmp(a));
        progress.done.store(0, Ordering::Relaxed);
        progress.total = Some(packed);
        Ok(Members { archive, left: files.into_iter().map(|(_, at)| at).collect() })
    }

    /// The next file.
    pub(super) fn next(&mut self, archive: &str) -> Result<Option<Stream<'_>>> {
        let Some(at) = self.left.pop() else {
            return Ok(None);
        };
        let entry = self.archive.by_index_data(at).map_err(|error| refused(archive, error))?;
        let name = format!("{archive}: {}", String::from_utf8_lossy(entry.name_raw()));
        if entry.encrypted() {
            let detail = "it is encrypted: unpack it with its password first";
            return Err(Error::file(name, None, detail));
        }
        match self.archive.by_index(at) {
            Ok(file) => Ok(Some(Stream { name, reader: Box::new(file) })),
            Err(error) => Err(refused(&name, error)),
        }
    }
}

fn refused(name: &str, error: ZipError) -> Error {
    let detail = match error {
        ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            return Error::io(format!("read `{name}`"), error);
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            format!("it is packed in a way that is not read here ({error}): unpack it first")
        }
        _ => format!("the zip archive is cut off or damaged ({error}): fetch it again"),
    };
    Error::file(name, None, detail)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::{Path, PathBuf};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::super::text::Lines;
    use super::super::Source;
    use super::*;

    fn saved(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in members {
            if name.ends_with('/') {
                writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
            } else {
                writer.start_file(*name, SimpleFileOptions::default()).unwrap();
                writer.write_all(bytes).unwrap();
            }
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn gzip_is_told_by_its_bytes_and_may_have_members() {
        let folder = tempfile::tempdir().unwrap();
        let path = saved(folder.path(), "x.csv", &[gzip(b"a\n"), gzip(b"b\n")].concat());
        let mut source = Source::open(&path).unwrap();
        let mut text = String::new();
        source.next().unwrap().unwrap().reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "a\nb\n");
        assert_eq!(Some(source.progress().done()), source.progress().total());
    }

    #[test]
    fn members_come_by_name_and_litter_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let bytes =
            zipped(&[("b.csv", b"bb"), ("d/", b""), ("d/a.csv", b"a"), ("__MACOSX/._b.csv", b"-")]);
        let mut source = Source::open(&saved(folder.path(), "x.zip", &bytes)).unwrap();
        let mut seen = Vec::new();
        while let Some(mut stream) = source.next().unwrap() {
            let mut text = String::new();
            stream.reader.read_to_string(&mut text).unwrap();
            let name = stream.name.rsplit('/').next().unwrap().to_owned();
            seen.push((name, text));
        }
        let pairs: Vec<_> = seen.iter().map(|(name, text)| (&name[..], &text[..])).collect();
        assert_eq!(pairs, [("x.zip: b.csv", "bb"), ("a.csv", "a")]);
    }

    #[test]
    fn an_archive_cut_anywhere_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let noise: Vec<u8> =
            (0..9_000u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
        for (bytes, name) in [(gzip(&noise), "x.gz"), (zipped(&[("n", &noise)]), "x.zip")] {
            for length in (2..bytes.len()).step_by(997) {
                let path = saved(folder.path(), name, &bytes[..length]);
                let mut all = Vec::new();
                let read = Source::open(&path).map_err(|error| error.to_string()).and_then(
                    |mut source| {
                        let mut stream = source.next().unwrap().unwrap();
                        stream.reader.read_to_end(&mut all).map_err(|error| error.to_string())
                    },
                );
                assert!(read.is_err() || length < 4, "{name} of {length} bytes");
            }
        }
    }

    #[test]
    fn what_is_cut_or_damaged_in_the_middle_is_told_at_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let rows: String = (0..30_000u32)
            .flat_map(|n| [n.wrapping_mul(40_503).to_string(), "\n".to_owned()])
            .collect();
        let whole = gzip(rows.as_bytes());
        let said = |bytes: &[u8]| {
            let mut source = Source::open(&saved(folder.path(), "x.gz", bytes)).unwrap();
            let mut lines = Lines::new(source.next().unwrap().unwrap()).unwrap();
            loop {
                match lines.next() {
                    Ok(line) => assert!(line.is_some(), "the end was reached"),
                    Err(error) => break (lines.line(), error.to_string()),
                }
            }
        };
        let (line, error) = said(&whole[..whole.len() / 2]);
        assert!(
            error
                .ends_with(&format!("line {}: the file is cut off here: fetch it again", line + 1)),
            "{error}"
        );
        assert!((10_000..20_000).contains(&line), "{line}");
        let mut damaged = whole.clone();
        let last = damaged.len() - 6;
        damaged[last] ^= 1;
        let (line, error) = said(&damaged);
        assert!(line == 30_000 && error.contains("is damaged here"), "{error}");
    }

    #[test]
    fn a_workbook_an_encrypted_member_and_an_empty_archive_have_remedies() {
        let folder = tempfile::tempdir().unwrap();
        let said = |bytes: &[u8]| {
            let path = saved(folder.path(), "x.zip", bytes);
            match Source::open(&path) {
                Err(error) => error.to_string(),
                Ok(mut source) => match source.next() {
                    Err(error) => error.to_string(),
                    Ok(_) => panic!("it was opened"),
                },
            }
        };
        assert!(
            said(&zipped(&[("[Content_Types].xml", b"<x/>")])).contains("save it there as CSV")
        );
        assert!(said(&zipped(&[("d/", b"")])).contains("it is empty"));
        let mut locked = zipped(&[("n.csv", b"abc")]);
        // Bit 0 of the flags, in the local header and in the index.
        locked[6] |= 1;
        let index = locked.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        locked[index + 8] |= 1;
        assert!(said(&locked).contains("x.zip: n.csv`: it is encrypted"));
    }
}
