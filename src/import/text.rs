//! Lines: checked text out of bytes, in bounded memory.

use std::borrow::Cow;
use std::io::{self, Read};

use memchr::memchr;

use super::report::grouped;
use super::source::{EMPTY, Stream};
use crate::error::{Error, Result};

/// The longest line, and the longest record over several lines.
pub(crate) const LONGEST: usize = 4 * 1024 * 1024;

/// How much is read at once.
const BLOCK: usize = 256 * 1024;

/// How much of the file in front is looked at before it is read.
const HEAD: usize = 64 * 1024;

/// The lines of a file.
pub(crate) struct Lines<'a> {
    name: String,
    reader: Box<dyn Read + Send + 'a>,
    buffer: Vec<u8>,
    /// What of the buffer is still to come.
    start: usize,
    end: usize,
    /// The reader is at its end or failed.
    over: bool,
    /// Why it failed. Told when the lines before it are through.
    failure: Option<io::Error>,
    /// What ends a line: LF, or CR in files of old Macintosh programs.
    ending: u8,
    /// The number of the line last given.
    line: u64,
    /// How many lines were no UTF-8, and the first of them.
    latin: u64,
    latin_first: u64,
    recoded: String,
}

impl<'a> Lines<'a> {
    /// Looks at the head of a stream: what is no text is refused.
    pub(crate) fn new(stream: Stream<'a>) -> Result<Lines<'a>> {
        let mut lines = Lines {
            name: stream.name,
            reader: stream.reader,
            buffer: vec![0; BLOCK],
            start: 0,
            end: 0,
            over: false,
            failure: None,
            ending: b'\n',
            line: 0,
            latin: 0,
            latin_first: 0,
            recoded: String::new(),
        };
        while !lines.over && lines.end < HEAD {
            lines.fill();
        }
        if lines.end == 0 {
            return Err(match lines.failure.take() {
                Some(failure) => lines.failed(failure),
                None => lines.fault(None, EMPTY),
            });
        }
        if let Some(what) = foreign(lines.head()) {
            return Err(lines.fault(None, what));
        }
        if lines.head().starts_with(b"\xef\xbb\xbf") {
            lines.start = 3;
        }
        if memchr(b'\n', lines.head()).is_none() && memchr(b'\r', lines.head()).is_some() {
            lines.ending = b'\r';
        }
        Ok(lines)
    }

    /// What the stream is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The number of the line last given, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The first whole lines, as far as they are looked at; they are still to come.
    pub(crate) fn sample(&self) -> Cow<'_, str> {
        let head = self.head();
        let ends = memchr::memrchr(self.ending, head).filter(|_| !self.is_whole());
        let lines = head.get(..ends.map_or(head.len(), |at| at + 1)).unwrap_or_default();
        let text = String::from_utf8_lossy(lines);
        if self.ending == b'\r' { Cow::Owned(text.replace('\r', "\n")) } else { text }
    }

    /// True when the sample is the whole file.
    pub(crate) fn is_whole(&self) -> bool {
        self.over && self.failure.is_none() && self.end - self.start <= HEAD
    }

    /// The next line, without what ends it; none behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<&str>> {
        let mut searched = 0;
        let (from, to) = loop {
            let rest = self.buffer.get(self.start + searched..self.end).unwrap_or_default();
            if let Some(length) = memchr(self.ending, rest).map(|at| searched + at) {
                let from = self.start;
                self.start += length + 1;
                break (from, from + length);
            }
            searched += rest.len();
            if searched > LONGEST {
                return Err(self.long());
            }
            if !self.over {
                self.fill();
            } else if let Some(failure) = self.failure.take() {
                return Err(self.failed(failure));
            } else if self.start == self.end {
                return Ok(None);
            } else {
                let from = self.start;
                self.start = self.end;
                break (from, self.end);
            }
        };
        if to - from > LONGEST {
            self.start = from;
            return Err(self.long());
        }
        self.line += 1;
        let line = self.buffer.get(from..to).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Ok(text) = str::from_utf8(line) {
            return Ok(Some(text));
        }
        if self.latin == 0 {
            self.latin_first = self.line;
        }
        self.latin += 1;
        self.recoded.clear();
        self.recoded.extend(line.iter().copied().map(windows_1252));
        Ok(Some(&self.recoded))
    }

    /// What there is to say of the file when it is through.
    pub(crate) fn notes(&self) -> Vec<String> {
        let told = match self.latin {
            0 => return Vec::new(),
            1 => format!("line {} is no UTF-8 and was read as Windows-1252", self.latin_first),
            lines => format!(
                "{} lines are no UTF-8 and were read as Windows-1252, the first is line {}",
                grouped(lines),
                self.latin_first
            ),
        };
        vec![told]
    }

    /// A fault of this file.
    pub(crate) fn fault(&self, line: Option<u64>, detail: impl Into<String>) -> Error {
        Error::file(&self.name, line, detail)
    }

    fn head(&self) -> &[u8] {
        let end = self.end.min(self.start + HEAD);
        self.buffer.get(self.start..end).unwrap_or_default()
    }

    /// Reads on behind what is there, in a buffer that grows only while a line does not fit.
    fn fill(&mut self) {
        if self.end == self.buffer.len() {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            } else {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
        let free = self.buffer.get_mut(self.end..).unwrap_or_default();
        match self.reader.read(free) {
            Ok(0) => self.over = true,
            Ok(count) => self.end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                self.over = true;
                self.failure = Some(error);
            }
        }
    }

    fn failed(&self, failure: io::Error) -> Error {
        let what = match failure.kind() {
            io::ErrorKind::UnexpectedEof => "the file is cut off here".to_owned(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                format!("what is packed is damaged here ({failure})")
            }
            _ => {
                return Error::io(format!("read `{}`, line {}", self.name, self.line + 1), failure);
            }
        };
        self.fault(Some(self.line + 1), format!("{what}: fetch it again"))
    }

    fn long(&self) -> Error {
        let rest = self.buffer.get(self.start..self.end).unwrap_or_default();
        let begin = String::from_utf8_lossy(rest.get(..rest.len().min(60)).unwrap_or_default());
        let begin = begin.split(['\t', '\u{1}']).next().unwrap_or_default();
        let detail = format!(
            "a line of more than {} MiB, column 1 begins `{begin}`: is this a file with a row on each line?",
            LONGEST >> 20
        );
        self.fault(Some(self.line + 1), detail)
    }
}

/// A byte of Windows-1252, which is Latin-1 but for 0x80 to 0x9F.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|at| HIGH.get(usize::from(at)));
    high.copied().unwrap_or(char::from(byte))
}

/// Why bytes are no text, and what to do.
fn foreign(head: &[u8]) -> Option<&'static str> {
    const PACKED: &str = "it is packed with a program that is not read here: unpack it first";
    const PARQUET: &str = if cfg!(feature = "parquet") {
        "it is a Parquet file in a pipe or inside another file, and has its index at its end: unpack it, and name the file itself"
    } else {
        "it is a Parquet file, and this build cannot read it: write it to a CSV file first, or build with the feature `parquet`"
    };
    const KNOWN: &[(&[u8], &str)] = &[
        (b"attache-db", "it is a database of this program: open it in place of importing it"),
        (b"%PDF", "it is a PDF document, no event file"),
        (b"SQLite format 3\0", "it is an SQLite database: write its table to a CSV file first"),
        (b"PAR1", PARQUET),
        (b"PARE", "it is an encrypted Parquet file: write it without encryption first"),
        (b"PK\x03\x04", "it is an archive inside another file: unpack it first"),
        (b"\x1f\x8b", "it is an archive inside another file: unpack it first"),
        (b"\xd0\xcf\x11\xe0", "it is an old Office document: save the table as CSV"),
        (b"BZh", PACKED),
        (b"\xfd7zXZ\0", PACKED),
        (b"7z\xbc\xaf\x27\x1c", PACKED),
        (b"\x28\xb5\x2f\xfd", PACKED),
        (b"Rar!", PACKED),
    ];
    const UTF16: &str = "it is UTF-16: save it as UTF-8";
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some(UTF16);
    }
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some("it is a tar archive: unpack it first");
    }
    let nuls = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    if even.max(odd) * 5 > head.len() {
        return Some(UTF16);
    }
    let odd_ones = |byte: &&u8| matches!(**byte, 0 | 2..=8 | 14..=26 | 28..=31);
    (head.iter().filter(odd_ones).count() * 50 > head.len())
        .then_some("it is a binary file, no event file")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The lines of some bytes.
    pub(in crate::import) fn lines(bytes: &[u8]) -> Result<Lines<'_>> {
        Lines::new(Stream { name: "x.csv".to_owned(), reader: Box::new(bytes) })
    }

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut lines = lines(bytes).unwrap();
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(line.to_owned());
        }
        all
    }

    #[test]
    fn lines_end_in_lf_crlf_or_cr() {
        assert_eq!(all(b"\xef\xbb\xbfa\nb\r\n\nc"), ["a", "b", "", "c"]);
        assert_eq!(all(b"a\rb\rc\r"), ["a", "b", "c"]);
        assert_eq!(lines(b"a\rb\r").unwrap().sample(), "a\nb\n");
    }

    #[test]
    fn what_is_no_utf8_is_windows_1252_and_counted() {
        let mut lines = lines(b"a\nMu\xf1oz \x80\n\xc3\xb1\n\x93x\x94\n").unwrap();
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push(line.to_owned());
        }
        assert_eq!(seen, ["a", "Muñoz €", "ñ", "“x”"]);
        let note = "2 lines are no UTF-8 and were read as Windows-1252, the first is line 2";
        assert_eq!(lines.notes(), [note]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let said = |bytes: &[u8]| lines(bytes).err().map(|error| error.to_string()).unwrap();
        assert!(said(b"\xff\xfea\0\n\0").contains("save it as UTF-8"));
        assert!(said(b"\0a\0,\0b\0\n").contains("save it as UTF-8"));
        assert!(said(b"%PDF-1.7").contains("PDF"));
        assert!(said(b"attache-db\x1a\r\n\0\0\0").contains("a database of this program"));
        assert!(said(b"a\x02\x03\x04\x05").contains("binary"));
        assert!(said(b"PK\x03\x04").contains("inside another file"));
        let parquet = said(b"PAR1\x15\x04");
        let remedy = if cfg!(feature = "parquet") {
            "name the file itself"
        } else {
            "build with the feature `parquet`"
        };
        assert!(parquet.contains("it is a Parquet file") && parquet.contains(remedy), "{parquet}");
        assert!(said(b"").contains("it is empty"));
        assert!(lines(&[&b"a\0b\n"[..], &b"x,y\n".repeat(99)].concat()).is_ok());
    }

    #[test]
    fn a_line_may_be_long_but_not_endless() {
        let long = [&b"x".repeat(LONGEST)[..], b"\ny\n"].concat();
        let mut read = lines(&long).unwrap();
        assert_eq!(read.next().unwrap().map(str::len), Some(LONGEST));
        assert_eq!(read.next().unwrap(), Some("y"));
        let longer = [&b"a\nx\t"[..], &b"x".repeat(LONGEST)].concat();
        let mut read = lines(&longer).unwrap();
        assert_eq!(read.next().unwrap(), Some("a"));
        let error = read.next().unwrap_err().to_string();
        assert!(error.starts_with("`x.csv`, line 2: a line of more than 4 MiB"), "{error}");
        assert!(error.contains("column 1 begins `x`"), "{error}");
    }

    #[test]
    fn a_gigabyte_on_one_line_takes_little_memory() {
        let reader = Box::new(io::repeat(b'x').take(1 << 30));
        let mut lines = Lines::new(Stream { name: "x".to_owned(), reader }).unwrap();
        assert!(lines.next().is_err());
        assert!(lines.buffer.len() <= 2 * LONGEST, "{}", lines.buffer.len());
    }

    #[test]
    fn a_reader_that_fails_is_told_at_its_line() {
        struct Cut<'a>(&'a [u8]);
        impl Read for Cut<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                match self.0.read(buffer)? {
                    0 => Err(io::ErrorKind::UnexpectedEof.into()),
                    count => Ok(count),
                }
            }
        }
        let reader = Box::new(Cut(b"a\nb\nhal"));
        let mut lines = Lines::new(Stream { name: "x.gz".to_owned(), reader }).unwrap();
        assert_eq!(lines.next().unwrap(), Some("a"));
        assert_eq!(lines.next().unwrap(), Some("b"));
        let error = lines.next().unwrap_err().to_string();
        assert_eq!(error, "`x.gz`, line 3: the file is cut off here: fetch it again");
    }
}
