//! Records: cells between delimiters, quoted or not.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use memchr::memchr;

use super::record::{Record, Records, Reject};
use super::shape::{Shape, told_delimiter};
use super::text::{LONGEST, Lines};
use crate::error::{Error, Result};

/// The longest cell.
const CELL: usize = 1024 * 1024;

/// The most cells of a record.
pub(super) const CELLS: usize = 10_000;

/// The records of a file.
pub(crate) struct Table<'a> {
    lines: Lines<'a>,
    cells: Cells,
    shape: Shape,
    /// The header is still to come.
    header: bool,
}

/// How a line becomes cells.
enum Cells {
    /// It is one cell.
    Line,
    /// A delimiter ends a cell whatever is around it.
    Bare(u8),
    /// A delimiter or a line end between quotes is a character.
    Quoted(u8, Box<Quoted>),
}

struct Quoted {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How much of `text` and `ends` is in use.
    length: usize,
    width: usize,
}

impl<'a> Table<'a> {
    /// The records of lines that have a shape. The header, where there is one, is not among them.
    pub(crate) fn new(lines: Lines<'a>, shape: &Shape) -> Table<'a> {
        let cells = match shape.delimiter {
            None => Cells::Line,
            Some(delimiter) if shape.quoted => {
                Cells::Quoted(delimiter, Box::new(Quoted::new(delimiter)))
            }
            Some(delimiter) => Cells::Bare(delimiter),
        };
        Table { lines, cells, shape: shape.clone(), header: shape.header.is_some() }
    }

    /// The next record that has something in it, header or not.
    fn one(&mut self, record: &mut Record) -> Result<Option<Result<(), Reject>>> {
        loop {
            let number = self.lines.line() + 1;
            let Some(line) = self.lines.next()? else {
                return Ok(None);
            };
            let delimiter = match self.cells {
                Cells::Line => None,
                Cells::Bare(delimiter) | Cells::Quoted(delimiter, _) => Some(delimiter),
            };
            let blank = |byte: u8| byte.is_ascii_whitespace() || Some(byte) == delimiter;
            if line.bytes().all(blank) {
                continue;
            }
            if number == 1 && told_delimiter(line).is_some() {
                continue;
            }
            let nul = memchr(0, line.as_bytes()).is_some();
            let long = line.len() > CELL;
            let quote = memchr(b'"', line.as_bytes()).is_some();
            return Ok(Some(match &mut self.cells {
                Cells::Line => {
                    record.start(number);
                    record.push(line);
                    judged(record, nul, false)
                }
                Cells::Quoted(_, quoted) if quote => {
                    let whole = quoted.begin(line.as_bytes());
                    let nul = (!whole && quoted.go_on(&mut self.lines)?) || nul;
                    record.start(number);
                    quoted.fill(record);
                    judged(record, nul, true)
                }
                Cells::Bare(delimiter) | Cells::Quoted(delimiter, _) => {
                    record.start(number);
                    record.split(line, *delimiter, CELLS);
                    judged(record, nul, long)
                }
            }));
        }
    }
}

impl Records for Table<'_> {
    fn name(&self) -> &str {
        self.lines.name()
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<Result<(), Reject>>> {
        if std::mem::take(&mut self.header) && self.one(record)?.is_none() {
            return Ok(None);
        }
        let found = self.one(record)?;
        self.shape.fit(record);
        Ok(found)
    }

    fn notes(&self) -> Vec<String> {
        self.lines.notes()
    }
}

/// A record that can be kept, or why not.
pub(super) fn judged(record: &Record, nul: bool, long: bool) -> Result<(), Reject> {
    if nul {
        let at = record.cells().position(|cell| cell.contains('\0'));
        return Err(Reject::cell(at, "there is a NUL byte in it"));
    }
    if long && let Some(at) = record.cells().position(|cell| cell.len() > CELL) {
        return Err(Reject::cell(Some(at), format!("it is longer than {} MiB", CELL >> 20)));
    }
    if record.width() > CELLS {
        return Err(Reject::row(format!("the row has more than {CELLS} cells")));
    }
    Ok(())
}

impl Quoted {
    fn new(delimiter: u8) -> Quoted {
        // Lines come without their ends, so a CR that is left is a character.
        let reader =
            ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
        Quoted { reader, text: vec![0; 8 * 1024], ends: vec![0; 128], length: 0, width: 0 }
    }

    /// Takes in the first line of a record. True when the record ends with it.
    fn begin(&mut self, line: &[u8]) -> bool {
        self.reader.reset();
        (self.length, self.width) = (0, 0);
        self.feed(line)
    }

    /// Reads on as long as a quote is open. True when there is a NUL in one of the lines.
    fn go_on(&mut self, lines: &mut Lines<'_>) -> Result<bool> {
        let mut nul = false;
        // The cell that is open, and where it began.
        let (mut column, mut opened) = (self.width, lines.line());
        loop {
            if self.length > LONGEST {
                let by = format!("within {} MiB", LONGEST >> 20);
                return Err(unclosed(lines, opened, column, &by));
            }
            let Some(line) = lines.next()? else {
                return Err(unclosed(lines, opened, column, "before the end of the file"));
            };
            nul |= memchr(0, line.as_bytes()).is_some();
            if self.feed(line.as_bytes()) {
                return Ok(nul);
            }
            if self.width != column {
                (column, opened) = (self.width, lines.line());
            }
        }
    }

    /// Gives the cells of the record.
    fn fill(&self, record: &mut Record) {
        // Its lines were checked text, and cells are cut at characters.
        let text = String::from_utf8_lossy(self.text.get(..self.length).unwrap_or_default());
        let mut from = 0;
        for end in self.ends.iter().take(self.width).copied() {
            record.push(text.get(from..end).unwrap_or_default());
            from = end;
        }
    }

    /// Takes in a line. True when the record ends with it.
    fn feed(&mut self, line: &[u8]) -> bool {
        // An empty input would mean the end of the file.
        (!line.is_empty() && self.take(line)) || self.take(b"\n")
    }

    fn take(&mut self, mut input: &[u8]) -> bool {
        loop {
            let text = self.text.get_mut(self.length..).unwrap_or_default();
            let ends = self.ends.get_mut(self.width..).unwrap_or_default();
            let (result, read, written, ended) = self.reader.read_record(input, text, ends);
            self.length += written;
            self.width += ended;
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::InputEmpty => return false,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return true,
            }
        }
    }
}

fn unclosed(lines: &Lines<'_>, line: u64, column: usize, by: &str) -> Error {
    let detail = format!(
        "the quote that opens in column {} is not closed {by}: close it, or write a quote within a cell twice",
        column + 1
    );
    lines.fault(Some(line), detail)
}

#[cfg(test)]
mod tests {
    use super::super::text::tests::lines;
    use super::*;

    fn shape(delimiter: u8, quoted: bool) -> Shape {
        Shape { delimiter: Some(delimiter), quoted, header: None, shift: false }
    }

    fn rows(bytes: &[u8], shape: &Shape) -> Vec<(u64, Vec<String>)> {
        let mut table = Table::new(lines(bytes).unwrap(), shape);
        let mut record = Record::default();
        let mut rows = Vec::new();
        while let Some(found) = table.next(&mut record).unwrap() {
            found.unwrap();
            rows.push((record.line, record.cells().map(str::to_owned).collect()));
        }
        rows
    }

    fn cells(bytes: &[u8], shape: &Shape) -> Vec<Vec<String>> {
        rows(bytes, shape).into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn a_quote_is_a_character_where_nothing_is_quoted() {
        let seen = rows(b"1\t\"a\tb\r\n\r\n \t\n2\t\t\n", &shape(b'\t', false));
        assert_eq!(seen[0], (1, vec!["1".to_owned(), "\"a".to_owned(), "b".to_owned()]));
        assert_eq!(seen[1], (4, vec!["2".to_owned(), String::new(), String::new()]));
        assert_eq!(cells(b"a\x01b|\n", &shape(1, false)), [["a", "b|"]]);
    }

    #[test]
    fn quoted_cells_hold_delimiters_quotes_and_line_breaks() {
        let text = b"a,\"b,c\",\"say \"\"x\"\"\"\r\n1,\"two\r\n\r\nlines\",3\n\n4,5\" 6,7\n";
        let seen = rows(text, &shape(b',', true));
        let places: Vec<_> = seen.iter().map(|(line, _)| *line).collect();
        assert_eq!(places, [1, 2, 6]);
        assert_eq!(seen[0].1, ["a", "b,c", "say \"x\""]);
        assert_eq!(seen[1].1, ["1", "two\n\nlines", "3"]);
        assert_eq!(seen[2].1, ["4", "5\" 6", "7"]);
    }

    #[test]
    fn a_header_is_left_out_and_rows_are_fitted_to_it() {
        let header = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        let plain = Shape { header: header(&["a", "b"]), ..shape(b';', true) };
        assert_eq!(
            cells(b"sep=;\na;b;;\n1;2;;\n3;4;5;\n6\n", &plain)[..2],
            [["1", "2"].to_vec(), ["3", "4", "5"].to_vec()]
        );
        let shifted = Shape { header: header(&["a", "b"]), shift: true, ..shape(b'\t', true) };
        let seen = cells(b"\"a\"\t\"b\"\n\"1\"\tx\ty\n\"2\"\tz\t\n", &shifted);
        assert_eq!(seen, [["x", "y"], ["z", ""]]);
    }

    #[test]
    fn an_unclosed_quote_is_told_where_it_opens() {
        let said = |bytes: &[u8]| {
            let mut table = Table::new(lines(bytes).unwrap(), &shape(b',', true));
            let mut record = Record::default();
            loop {
                match table.next(&mut record) {
                    Ok(found) => assert!(found.is_some(), "the end was reached"),
                    Err(error) => break error.to_string(),
                }
            }
        };
        let error = said(b"a,b\n1,\"x\ny\",\"z\nw\nv\n");
        assert!(error.starts_with("`x.csv`, line 3: the quote that opens in column 3"), "{error}");
        assert!(error.contains("before the end of the file"), "{error}");
        let error = said(&[&b"a\n\"x\n"[..], &b"yyyyyyyyyyyyyyy\n".repeat(600_000)].concat());
        assert!(error.contains("line 2: ") && error.contains("within 4 MiB"), "{error}");
    }

    #[test]
    fn a_bad_row_does_not_end_the_file() {
        let huge = "x".repeat(CELL + 1);
        let wide = "\t".repeat(2 * CELLS);
        let text = format!("a\tb\nc\t\0\nd\t{huge}\nw{wide}\ne\tf\n");
        let mut table = Table::new(lines(text.as_bytes()).unwrap(), &shape(b'\t', false));
        let mut record = Record::default();
        let mut seen = Vec::new();
        while let Some(found) = table.next(&mut record).unwrap() {
            seen.push((record.line, found.err().map(|reject| (reject.column, reject.reason))));
        }
        let reject = |column, reason: &str| Some((column, reason.to_owned()));
        assert_eq!(
            seen,
            [
                (1, None),
                (2, reject(Some(1), "there is a NUL byte in it")),
                (3, reject(Some(1), "it is longer than 1 MiB")),
                (4, reject(None, "the row has more than 10000 cells")),
                (5, None),
            ]
        );
    }
}
