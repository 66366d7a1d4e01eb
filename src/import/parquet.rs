//! Parquet: another container of rows. The header is its schema, and each cell is the text that a CSV file would have.
//!
//! Columns are read a few rows at once, so that what is held is bounded by the pages of a row group. Whatever the bytes
//! are, the worst is an error: where the crate `parquet` panics over damage, that ends here.

mod column;
mod value;

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::basic::Compression;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::detect::{Detected, detect_rows};
use super::format::Format;
use super::record::{Record, Records, Reject};
use super::shape::Shape;
use super::source::{Progress, Rows};
use super::table::{CELLS, judged};
use super::text::LONGEST;
use crate::error::{Error, Result};
use column::{Cells, Column};

/// How many rows are read at once.
const BATCH: usize = 256;

/// How many rows are looked at before the file is read.
const SAMPLE: usize = 50;

/// The rows of a Parquet file.
pub(crate) struct Parquet {
    name: String,
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    /// The row group that comes next.
    group: usize,
    /// The columns of the one that is read, and how many of its rows are still in them.
    readers: Vec<ColumnReader>,
    left: u64,
    /// The rows at hand, a column each; how many they are, and which of them comes next.
    batch: Vec<Cells>,
    size: usize,
    next: usize,
    /// The number of the row last given, and of the last that there is.
    row: u64,
    rows: u64,
    progress: Progress,
    shape: Option<Shape>,
}

impl Parquet {
    /// Reads the schema and the first rows.
    pub(crate) fn open(rows: Rows) -> Result<Parquet> {
        let Rows { name, file, progress } = rows;
        let length = progress.total().unwrap_or_default();
        let file = sound(&name, None, || SerializedFileReader::new(file))?;
        let columns = sound(&name, None, || Ok(column::columns(file.metadata())))?
            .map_err(|why| Error::file(&name, None, why))?;
        if columns.is_empty() || columns.len() > CELLS {
            let detail = format!("it has {} columns; 1 to {CELLS} can be read", columns.len());
            return Err(Error::file(name, None, detail));
        }
        let mut rows = 0;
        for group in file.metadata().row_groups() {
            let held = sound(&name, None, || Ok(held(group, &columns, length)))?;
            rows += held.map_err(|why| Error::file(&name, None, why))?;
        }
        let batch = columns.iter().map(|_| Cells::default()).collect();
        let mut parquet = Parquet {
            name,
            file,
            columns,
            group: 0,
            readers: Vec::new(),
            left: 0,
            batch,
            size: 0,
            next: 0,
            row: 0,
            rows,
            progress,
            shape: None,
        };
        parquet.read_on()?;
        Ok(parquet)
    }

    /// What the file is, from its columns and its first rows.
    pub(crate) fn detect(&mut self, asked: Option<Format>) -> Result<Detected> {
        let header = self.columns.iter().map(|column| column.name.clone()).collect();
        let row = |at: usize| self.batch.iter().map(|cells| cells.get(at).to_owned()).collect();
        let rows = (0..self.size.min(SAMPLE)).map(row);
        let detected = detect_rows(header, rows, asked);
        let detected = detected.map_err(|why| Error::file(&self.name, None, why))?;
        self.shape = Some(detected.shape.clone());
        Ok(detected)
    }

    /// Reads the next rows, of the next row group where one is through.
    fn read_on(&mut self) -> Result<()> {
        (self.size, self.next) = (0, 0);
        let number = Some(self.row + 1).filter(|_| self.row > 0);
        while self.left == 0 {
            if self.group >= self.file.num_row_groups() {
                return Ok(());
            }
            let group = sound(&self.name, number, || self.file.get_row_group(self.group))?;
            let readers = self.columns.iter().map(|column| column.reader(group.as_ref()));
            self.readers = sound(&self.name, number, || readers.collect())?;
            self.left = group.metadata().num_rows().try_into().unwrap_or_default();
            self.group += 1;
        }
        let size = usize::try_from(self.left).unwrap_or(BATCH).min(BATCH);
        let all = self.columns.iter().zip(&mut self.readers).zip(&mut self.batch);
        sound(&self.name, number, || {
            for ((column, reader), cells) in all {
                column.read(reader, size, cells)?;
            }
            Ok(())
        })?;
        self.size = size;
        self.left -= size as u64;
        Ok(())
    }
}

impl Records for Parquet {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<Result<(), Reject>>> {
        loop {
            if self.next >= self.size {
                self.read_on()?;
                self.progress.reach(self.row, self.rows);
                if self.size == 0 {
                    return Ok(None);
                }
            }
            let at = self.next;
            self.next += 1;
            self.row += 1;
            record.start(self.row);
            let mut fault = None;
            let (mut blank, mut nul, mut length) = (true, false, 0);
            for (place, cells) in self.batch.iter().enumerate() {
                let cell = cells.get(at);
                blank &= cell.trim().is_empty();
                nul |= memchr::memchr(0, cell.as_bytes()).is_some();
                length += cell.len();
                record.push(cell);
                if fault.is_none() {
                    fault = cells.fault(at).map(|why| Reject::cell(Some(place), why));
                }
            }
            if blank && fault.is_none() {
                continue;
            }
            let found = match fault {
                Some(reject) => Err(reject),
                None if length > LONGEST => {
                    Err(Reject::row(format!("the row is longer than {} MiB", LONGEST >> 20)))
                }
                None => judged(record, nul, true),
            };
            if let Some(shape) = &self.shape {
                shape.fit(record);
            }
            return Ok(Some(found));
        }
    }

    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// How many rows a row group has, when all of it is there and packed in a way that is read here.
fn held(group: &RowGroupMetaData, columns: &[Column], length: u64) -> Result<u64, String> {
    const DAMAGED: &str = "the Parquet file is cut off or damaged: fetch it again";
    for column in columns {
        let chunk = group.columns().get(column.leaf).ok_or(DAMAGED)?;
        let (from, size) = chunk.byte_range();
        // What lies behind the end would be made room for before it is missed.
        if from.checked_add(size).is_none_or(|end| end > length) {
            return Err(DAMAGED.to_owned());
        }
        match chunk.compression() {
            Compression::UNCOMPRESSED
            | Compression::SNAPPY
            | Compression::GZIP(_)
            | Compression::LZ4
            | Compression::LZ4_RAW
            | Compression::ZSTD(_) => {}
            packed => {
                return Err(format!(
                    "column `{}` is packed with {packed}, which is not read here: write the file with zstd or snappy",
                    column.name
                ));
            }
        }
    }
    u64::try_from(group.num_rows()).map_err(|_| DAMAGED.to_owned())
}

/// The outcome of a step over bytes that may be damaged; a panic is the fault of the file.
fn sound<T>(
    name: &str,
    row: Option<u64>,
    step: impl FnOnce() -> Result<T, ParquetError>,
) -> Result<T> {
    let told = match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(ParquetError::External(error))) => match error.downcast::<io::Error>() {
            Ok(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                return Err(Error::io(format!("read `{name}`"), *error));
            }
            Ok(error) => format!(" ({error})"),
            Err(error) => format!(" ({error})"),
        },
        Ok(Err(error)) => format!(" ({error})"),
        Err(_) => String::new(),
    };
    let detail = format!("the Parquet file is cut off or damaged{told}: fetch it again");
    Err(Error::file(name, row, detail))
}

#[cfg(test)]
mod tests;
