//! Parquet files: the same rows as text and as Parquet are the same events.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use attache::{Database, Event, Format, ImportOptions};
use parquet::basic::Type::{BYTE_ARRAY, DOUBLE, INT32};
use parquet::basic::{Compression, LogicalType, Repetition};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{assert_sum, data, import};

/// The days since 1970 of `2018-06-01`.
fn days(date: &str) -> i32 {
    let date: jiff::civil::Date = date.parse().unwrap();
    (date - jiff::civil::date(1970, 1, 1)).get_days()
}

/// Writes the rows of a table of text with tabs. Empty cells and `NA` are null; columns without a type are text.
fn written(text: &str, path: &Path, types: &[(&str, &str)]) {
    let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let column = |name: &&str| {
        let found = types.iter().find(|(known, _)| known == name);
        let (physical, logical) =
            found.map_or((BYTE_ARRAY, Some(LogicalType::String)), |(_, kind)| match *kind {
                "date" => (INT32, Some(LogicalType::Date)),
                "int" => (INT32, None),
                _ => (DOUBLE, None),
            });
        let column = Type::primitive_type_builder(name, physical).with_logical_type(logical);
        Arc::new(column.with_repetition(Repetition::OPTIONAL).build().unwrap())
    };
    let columns = header.iter().map(column).collect();
    let schema = Type::group_type_builder("rows").with_fields(columns).build().unwrap();
    let schema = Arc::new(schema);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    for rows in rows.chunks(rows.len().div_ceil(2)) {
        let mut group = writer.next_row_group().unwrap();
        for at in 0..header.len() {
            let cells = rows.iter().map(|row| row.get(at).copied().unwrap_or_default());
            let there = |cell: &&str| !["", "NA"].contains(cell);
            let levels: Vec<i16> = cells.clone().map(|cell| i16::from(there(&cell))).collect();
            let cells: Vec<&str> = cells.filter(there).collect();
            let mut into = group.next_column().unwrap().unwrap();
            let levels = Some(levels.as_slice());
            match into.untyped() {
                ColumnWriter::Int32ColumnWriter(into) => {
                    let value = |cell: &&str| cell.parse().unwrap_or_else(|_| days(cell));
                    into.write_batch(&cells.iter().map(value).collect::<Vec<i32>>(), levels, None)
                }
                ColumnWriter::DoubleColumnWriter(into) => {
                    let value = |cell: &&str| cell.parse().unwrap();
                    into.write_batch(&cells.iter().map(value).collect::<Vec<f64>>(), levels, None)
                }
                ColumnWriter::ByteArrayColumnWriter(into) => {
                    let values: Vec<ByteArray> = cells.iter().map(|cell| (*cell).into()).collect();
                    into.write_batch(&values, levels, None)
                }
                _ => panic!("of this type there is no column"),
            }
            .unwrap();
            into.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

const ICEWS_TYPES: &[(&str, &str)] = &[
    ("Event ID", "int"),
    ("Event Date", "date"),
    ("Intensity", "float"),
    ("Story ID", "int"),
    ("Sentence Number", "int"),
    ("Latitude", "float"),
    ("Longitude", "float"),
];

const ICEWS: &str = "\
Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude
101\t2018-06-01\tForeign Affairs (Chad)\tExecutive,Government\tChad\tConsult\t040\t1\tFrance\tNA\tFrance\t47\t2\tXinhua\tHanoi\tNA\tThanh Pho Ha Noi\tVietnam\t21.0245\t105.841
102\t2018-06-02\tChad\tNA\tChad\tMake a visit\t042\t1.9\tPerú\tNA\tPerú\t47\t3\tXinhua\tNA\tNA\tNA\tPerú\t-12\t-77.0282
103\t2018-06-02\tFrance\tNA\tFrance\tThreaten\t130\t-4.4\tChad\tNA\tChad\t48\t1\tNA\tNA\tNA\tNA\tChad\tNA\tNA
";

/// The events of a file, as they are numbered.
fn events(path: &Path, options: ImportOptions) -> (Database, Vec<Event>) {
    let db = Database::open_in_memory().unwrap();
    let report = db.import(path, options).unwrap();
    assert_sum(&report);
    assert_eq!(report.counts.rejected, 0, "{report}");
    let rows = db.query("events | sort id").unwrap();
    let events = rows.map(|row| row.unwrap().event().unwrap().clone()).collect();
    (db, events)
}

fn both(text: &str, types: &[(&str, &str)], options: impl Fn() -> ImportOptions) {
    let folder = tempfile::tempdir().unwrap();
    let (tabs, parquet) = (folder.path().join("x.tab"), folder.path().join("x.parquet"));
    fs::write(&tabs, text).unwrap();
    written(text, &parquet, types);
    let (_, expected) = events(&tabs, options());
    let (db, found) = events(&parquet, options());
    assert!(!found.is_empty());
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    // The other file has nothing new.
    let again = db.import(&tabs, options()).unwrap();
    assert_eq!(again.counts.duplicates, again.counts.read, "{again}");
    assert_eq!(db.verify().unwrap(), [""; 0]);
}

#[test]
fn icews_is_the_same_from_both() {
    both(ICEWS, ICEWS_TYPES, ImportOptions::default);
}

#[test]
fn the_real_icews_is_the_same_from_both() {
    let Some(path) = data("icews/events.2018.sample.tab") else { return };
    both(&fs::read_to_string(path).unwrap(), ICEWS_TYPES, ImportOptions::default);
}

#[test]
fn a_table_is_the_same_from_both() {
    let text =
        "when\twho\twhom\tdead\n2014-05-20\tChina\tRussia\t12\n2014-05-21\tJapan\tChina\t0\n";
    let types = [("when", "date"), ("dead", "int")];
    let field = |field: &str, column: &str| (field.to_owned(), vec![column.to_owned()]);
    both(text, &types, || ImportOptions {
        format: Some(Format::Table),
        kind: Some("visit".to_owned()),
        mapping: vec![field("date", "when"), field("source", "who"), field("target", "whom")],
        ..ImportOptions::default()
    });
}

#[test]
fn the_format_and_faults_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.parquet");
    written(&ICEWS.replace("2018-06-02\tChad", "soon\tChad"), &path, &[]);
    let db = Database::open_in_memory().unwrap();
    let report = import(&db, &path);
    assert_eq!(report.formats, [Format::Icews]);
    assert_eq!((report.counts.loaded, report.counts.rejected), (2, 1), "{report}");
    assert_eq!(report.rejected[0].line, 2);

    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let error = db.import(&path, ImportOptions::default()).unwrap_err().to_string();
    assert!(error.contains("cut off or damaged"), "{error}");

    written("a\tb\n1\t2\n", &path, &[]);
    let error = db.import(&path, ImportOptions::default()).unwrap_err().to_string();
    assert!(error.contains("it is not an event file: 2 columns (`a`, `b` …)"), "{error}");
}
