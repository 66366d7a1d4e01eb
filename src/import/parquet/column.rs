//! Columns: which of a schema can be cells, and their values as text.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::RowGroupReader;
use parquet::schema::types::ColumnDescriptor;

use super::value::{self, Means};

/// What stands between the members of a list.
const BETWEEN: &str = "; ";

/// A column whose rows are cells: of single values, or of lists of them.
pub(super) struct Column {
    pub(super) name: String,
    /// Its place among all that the file has.
    pub(super) leaf: usize,
    means: Means,
    /// The level at which a value is there, and the one up to which it may repeat.
    there: i16,
    repeats: i16,
}

/// The cells of a column, in the order of rows.
#[derive(Default)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
    /// What is wrong with some of them, in the order of rows.
    faults: Vec<(usize, String)>,
}

impl Cells {
    /// The cell of a row.
    pub(super) fn get(&self, row: usize) -> &str {
        let end = self.ends.get(row).copied().unwrap_or_default();
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.text.get(start.unwrap_or_default()..end).unwrap_or_default()
    }

    /// Why the cell of a row is no text.
    pub(super) fn fault(&self, row: usize) -> Option<&str> {
        let at = self.faults.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        self.faults.get(at).map(|(_, why)| why.as_str())
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.faults.clear();
    }

    fn end(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// The columns of a file, without the row numbers that pandas writes beside them.
pub(super) fn columns(file: &ParquetMetaData) -> Result<Vec<Column>, String> {
    let schema = file.file_metadata().schema_descr();
    let mut columns = Vec::with_capacity(schema.num_columns());
    for (leaf, found) in schema.columns().iter().enumerate() {
        let root = schema.get_column_root(leaf);
        let name = root.name();
        if name.starts_with("__index_level_") {
            continue;
        }
        let list = root.is_group()
            && (root.get_basic_info().converted_type() == ConvertedType::LIST
                || root.get_basic_info().logical_type_ref() == Some(&LogicalType::List));
        // A list lies in a group of its own, old writers have one level less.
        let depth = found.path().parts().len();
        if !(root.is_primitive() || list && depth <= 3) || found.max_rep_level() > 1 {
            return Err(format!(
                "column `{name}` is nested (`{}`): write each of its parts to a column of its own, or leave it out",
                found.path().parts().join(".")
            ));
        }
        columns.push(Column {
            name: name.to_owned(),
            leaf,
            means: means(found).map_err(|what| {
                format!("column `{name}` holds {what}: write it as text, or leave it out")
            })?,
            there: found.max_def_level(),
            repeats: found.max_rep_level(),
        });
    }
    Ok(columns)
}

/// What the values of a column mean, or what they are when no text says it.
fn means(column: &ColumnDescriptor) -> Result<Means, String> {
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => 1_000_000,
        TimeUnit::MICROS => 1_000,
        TimeUnit::NANOS => 1,
    };
    let decimal = |scale: i32| match usize::try_from(scale) {
        Ok(scale) if scale <= value::SCALE => Ok(Means::Decimal(scale)),
        _ => Err(format!("decimals of scale {scale}")),
    };
    match column.logical_type_ref() {
        Some(LogicalType::Date) => return Ok(Means::Date),
        Some(LogicalType::Time(time)) => return Ok(Means::Time(unit(&time.unit))),
        Some(LogicalType::Timestamp(time)) => {
            return Ok(Means::Timestamp(unit(&time.unit), time.is_adjusted_to_u_t_c));
        }
        Some(LogicalType::Integer(int)) if !int.is_signed => return Ok(Means::Unsigned),
        Some(LogicalType::Decimal(of)) => return decimal(of.scale),
        Some(LogicalType::Uuid) => return Ok(Means::Uuid),
        Some(LogicalType::Float16) => return Err("numbers of 16 bits".to_owned()),
        Some(LogicalType::Bson) => return Err("BSON".to_owned()),
        Some(LogicalType::Geometry(_) | LogicalType::Geography(_)) => {
            return Err("shapes of the earth".to_owned());
        }
        _ => {}
    }
    Ok(match column.converted_type() {
        ConvertedType::DATE => Means::Date,
        ConvertedType::TIME_MILLIS => Means::Time(1_000_000),
        ConvertedType::TIME_MICROS => Means::Time(1_000),
        ConvertedType::TIMESTAMP_MILLIS => Means::Timestamp(1_000_000, true),
        ConvertedType::TIMESTAMP_MICROS => Means::Timestamp(1_000, true),
        ConvertedType::UINT_8
        | ConvertedType::UINT_16
        | ConvertedType::UINT_32
        | ConvertedType::UINT_64 => Means::Unsigned,
        ConvertedType::DECIMAL => return decimal(column.type_scale()),
        ConvertedType::INTERVAL => return Err("spans of time".to_owned()),
        ConvertedType::BSON => return Err("BSON".to_owned()),
        // The stamps of old Spark and Impala; nothing says in which zone they are.
        _ if column.physical_type() == Physical::INT96 => Means::Timestamp(1, false),
        _ => Means::Itself,
    })
}

impl Column {
    /// Its reader in a row group.
    pub(super) fn reader(&self, group: &dyn RowGroupReader) -> Result<ColumnReader> {
        group.get_column_reader(self.leaf)
    }

    /// Reads the cells of the next `rows` rows.
    pub(super) fn read(
        &self,
        reader: &mut ColumnReader,
        rows: usize,
        cells: &mut Cells,
    ) -> Result<()> {
        let means = self.means;
        match reader {
            ColumnReader::BoolColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| {
                    to.push_str(if *value { "true" } else { "false" });
                    Ok(())
                })
            }
            ColumnReader::Int32ColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| means.int32(*value, to))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| means.int64(*value, to))
            }
            ColumnReader::Int96ColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| means.int96(value.data(), to))
            }
            ColumnReader::FloatColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| value::float(*value, to))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| value::double(*value, to))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| means.bytes(value.data(), to))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                self.fill(reader, rows, cells, |value, to| means.bytes(value.data(), to))
            }
        }
    }

    fn fill<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        cells: &mut Cells,
        write: impl Fn(&T::T, &mut String) -> Result<(), String>,
    ) -> Result<()> {
        let (mut there, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let (read, _, levels) =
            reader.read_records(rows, Some(&mut there), Some(&mut repeats), &mut values)?;
        if read != rows {
            return Err(ParquetError::General(format!("column `{}` has too few rows", self.name)));
        }
        cells.clear();
        let mut values = values.iter();
        let mut begun = 0;
        for level in 0..levels {
            if self.repeats == 0 || repeats.get(level) == Some(&0) {
                if begun > 0 {
                    cells.end();
                }
                begun += 1;
            }
            if self.there > 0 && there.get(level) != Some(&self.there) {
                continue;
            }
            let Some(value) = values.next() else { continue };
            let from = cells.ends.last().copied().unwrap_or_default();
            if cells.text.len() > from {
                cells.text.push_str(BETWEEN);
            }
            if let Err(why) = write(value, &mut cells.text) {
                let row = cells.ends.len();
                if cells.faults.last().is_none_or(|(last, _)| *last != row) {
                    cells.faults.push((row, why));
                }
            }
        }
        cells.end();
        Ok(())
    }
}
