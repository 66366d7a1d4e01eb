use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::import::source::Source;

/// The values of one column with its levels: definitions, repetitions.
enum Column {
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Bytes(Vec<&'static [u8]>),
    Fixed(Vec<&'static [u8]>),
    Bool(Vec<bool>),
    Double(Vec<f64>),
}
use Column::*;

type Levelled = (Column, Vec<i16>, Vec<i16>);

/// A column without gaps.
fn full(column: Column) -> Levelled {
    (column, Vec::new(), Vec::new())
}

/// Writes row groups that are all alike.
fn written(path: &Path, schema: &str, packed: Compression, groups: usize, columns: &[Levelled]) {
    let schema = Arc::new(parse_message_type(&format!("message m {{ {schema} }}")).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(packed).build());
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, properties).unwrap();
    for _ in 0..groups {
        let mut group = writer.next_row_group().unwrap();
        for (column, there, repeats) in columns {
            let mut into = group.next_column().unwrap().unwrap();
            let levels = |levels| Some(levels).filter(|levels: &&[i16]| !levels.is_empty());
            let (there, repeats) = (levels(there.as_slice()), levels(repeats.as_slice()));
            match (into.untyped(), column) {
                (ColumnWriter::Int32ColumnWriter(w), Int32(v)) => w.write_batch(v, there, repeats),
                (ColumnWriter::Int64ColumnWriter(w), Int64(v)) => w.write_batch(v, there, repeats),
                (ColumnWriter::BoolColumnWriter(w), Bool(v)) => w.write_batch(v, there, repeats),
                (ColumnWriter::DoubleColumnWriter(w), Double(v)) => {
                    w.write_batch(v, there, repeats)
                }
                (ColumnWriter::ByteArrayColumnWriter(w), Bytes(v)) => {
                    let values: Vec<ByteArray> = v.iter().map(|value| (*value).into()).collect();
                    w.write_batch(&values, there, repeats)
                }
                (ColumnWriter::FixedLenByteArrayColumnWriter(w), Fixed(v)) => {
                    let values = v.iter().map(|value| ByteArray::from(*value).into());
                    w.write_batch(&values.collect::<Vec<FixedLenByteArray>>(), there, repeats)
                }
                _ => panic!("the schema says otherwise"),
            }
            .unwrap();
            into.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

fn opened(path: &Path) -> Result<Parquet> {
    Parquet::open(Source::open(path)?.rows().unwrap())
}

/// All rows as text; a reject begins with `!` and the place of its column.
fn read(path: &Path) -> Result<Vec<Vec<String>>> {
    let mut parquet = opened(path)?;
    let mut record = Record::default();
    let mut rows = Vec::new();
    while let Some(found) = parquet.next(&mut record)? {
        assert_eq!(record.width(), parquet.columns.len());
        rows.push(match found {
            Ok(()) => record.cells().map(str::to_owned).collect(),
            Err(Reject { column, reason }) => vec![format!("!{column:?}"), reason],
        });
    }
    Ok(rows)
}

fn said(path: &Path) -> String {
    read(path).err().map(|error| error.to_string()).unwrap()
}

fn saved(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("x.parquet")
}

/// A small file with columns of many types, lists and gaps.
fn mixed(path: &Path, packed: Compression, groups: usize) {
    let schema = "
        REQUIRED INT32 day (DATE);
        OPTIONAL INT64 at (TIMESTAMP(NANOS,false));
        REQUIRED INT64 utc (TIMESTAMP_MICROS);
        OPTIONAL BYTE_ARRAY who (UTF8);
        REQUIRED BOOLEAN seen;
        OPTIONAL DOUBLE tone;
        REQUIRED FIXED_LEN_BYTE_ARRAY (2) cost (DECIMAL(4,2));
        OPTIONAL group tags (LIST) { REPEATED group list { OPTIONAL BYTE_ARRAY element (UTF8); } }
        REPEATED INT32 codes;
        REQUIRED INT64 __index_level_0__;";
    let columns = [
        full(Int32(vec![17_532, 17_533, -1])),
        (Int64(vec![1_514_765_700_000_000_000, 5]), vec![1, 0, 1], vec![]),
        full(Int64(vec![1_514_765_700_000_000, 0, 1])),
        (Bytes(vec![b"Chad", b"\xff\xfe"]), vec![1, 0, 1], vec![]),
        full(Bool(vec![true, false, true])),
        (Double(vec![-9.5, 4.0]), vec![1, 1, 0], vec![]),
        full(Fixed(vec![&[0, 7], &[0xff, 0xff], &[1, 0]])),
        (Bytes(vec![b"a", b"b; c", b"d"]), vec![3, 2, 3, 1, 3], vec![0, 1, 1, 0, 0]),
        (Int32(vec![4, 5, 6]), vec![1, 0, 1, 1], vec![0, 0, 0, 1]),
        full(Int64(vec![0, 1, 2])),
    ];
    written(path, schema, packed, groups, &columns);
}

#[test]
fn values_are_the_text_that_a_table_would_have() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved(&folder);
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let gzip = Compression::GZIP(parquet::basic::GzipLevel::default());
    let all = [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::LZ4_RAW, zstd, gzip];
    for packed in all {
        mixed(&path, packed, 1);
        let rows = read(&path).unwrap();
        let at = "2018-01-01T00:15:00";
        let utc = "2018-01-01T00:15:00Z";
        assert_eq!(
            rows[0],
            ["2018-01-01", at, utc, "Chad", "true", "-9.5", "0.07", "a; b; c", "4"]
        );
        let utc = "1970-01-01T00:00:00Z";
        assert_eq!(rows[1], ["2018-01-02", "", utc, "", "false", "4", "-0.01", "", ""]);
        assert_eq!(rows[2][0], "!Some(3)");
        assert!(rows[2][1].contains("no UTF-8"), "{:?}", rows[2]);
        assert_eq!(rows.len(), 3);
    }
}

#[test]
fn rows_are_numbered_over_row_groups_and_progress_ends_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved(&folder);
    let count = 1_000;
    // Rows without anything are passed over, as blank lines are.
    let there: Vec<i16> = (0..count).map(|at| i16::from(at % 10 > 0)).collect();
    let names = (Bytes(vec![b"x"; 900]), there.clone(), vec![]);
    let days = (Int32((0..900).collect()), there, vec![]);
    let schema = "OPTIONAL BYTE_ARRAY who; OPTIONAL INT32 day (DATE);";
    written(&path, schema, Compression::SNAPPY, 3, &[names, days]);
    let mut source = Source::open(&path).unwrap();
    let progress = source.progress();
    assert!(source.identity().is_some() && progress.total().is_some());
    let mut parquet = Parquet::open(source.rows().unwrap()).unwrap();
    assert!(source.next().unwrap().is_none());
    assert_eq!(parquet.detect(None).unwrap().format, Format::Table);
    let (mut record, mut rows) = (Record::default(), 0_u64);
    while let Some(found) = parquet.next(&mut record).unwrap() {
        found.unwrap();
        rows += 1;
        assert_eq!(record.line, rows + rows.div_ceil(9));
    }
    assert_eq!((rows, Some(progress.done())), (2_700, progress.total()));
}

#[test]
fn what_is_no_cell_is_named_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved(&folder);
    for (schema, column) in [
        ("REQUIRED group actor { REQUIRED INT32 name; }", "`actor` is nested (`actor.name`)"),
        (
            "REQUIRED group sides (LIST) { REPEATED group list { REQUIRED group element { REQUIRED INT32 a; } } }",
            "`sides` is nested",
        ),
        (
            "REQUIRED group m (MAP) { REPEATED group key_value { REQUIRED INT32 key; } }",
            "`m` is nested",
        ),
        ("REQUIRED FIXED_LEN_BYTE_ARRAY (12) span (INTERVAL);", "`span` holds spans of time"),
    ] {
        written(&path, schema, Compression::UNCOMPRESSED, 0, &[]);
        let error = said(&path);
        assert!(error.contains(column) && error.contains("leave it out"), "{error}");
    }
}

#[test]
fn a_truncated_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved(&folder);
    mixed(&path, Compression::SNAPPY, 4);
    let bytes = fs::read(&path).unwrap();
    for length in (4..bytes.len()).step_by(97) {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = said(&path);
        assert!(
            error.contains("cut off or damaged") && error.contains("fetch it again"),
            "{error}"
        );
    }
}

#[test]
fn mutated_files_are_read_or_refused_but_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved(&folder);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    let (mut fine, mut refused) = (0, 0);
    for packed in [Compression::UNCOMPRESSED, Compression::SNAPPY] {
        mixed(&path, packed, 2);
        let bytes = fs::read(&path).unwrap();
        for _ in 0..500 {
            let mut mutant = bytes.clone();
            for _ in 0..=random(3) {
                let at = 4 + random(bytes.len() - 4);
                mutant[at] = u8::try_from(random(256)).unwrap();
            }
            fs::write(&path, &mutant).unwrap();
            match read(&path) {
                Ok(_) => fine += 1,
                Err(error) => {
                    refused += 1;
                    assert!(error.to_string().starts_with('`'), "{error}");
                }
            }
        }
    }
    assert!(fine > 50 && refused > 50, "{fine} were read, {refused} were refused");
}

#[test]
fn in_a_pipe_or_an_archive_it_is_refused_with_a_remedy() {
    use crate::import::source::Stream;
    use crate::import::text::Lines;
    let stream = Stream { name: "x.gz".to_owned(), reader: Box::new(&b"PAR1\x15\x04"[..]) };
    let error = Lines::new(stream).err().unwrap().to_string();
    assert!(error.contains("unpack it, and name the file itself"), "{error}");
}
