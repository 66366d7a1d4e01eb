//! Packed files that end or break in the middle, and quotes that do not end.

use std::io::Write as _;

use attache::{Database, Error, ImportOptions};

use super::super::rows::gdelt;
use super::super::{answer, file, import, number};

/// Rows that cannot be packed well.
fn rows(count: u64) -> String {
    let url = |id: u64| format!("http://example.org/{:x}", id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (1..=count).map(|id| gdelt(61, id, &[(61, &url(id))])).collect()
}

/// What an import that fails says: the line, and the words.
fn fails(db: &Database, path: &std::path::Path) -> (u64, String) {
    match db.import(path, ImportOptions::default()).unwrap_err() {
        Error::Import { line, detail, .. } => (line.unwrap_or_default(), detail),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_gzip_file_that_is_cut_off_gives_its_rows_and_goes_on_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(rows(3000).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let path = file(folder.path(), "a.CSV.gz", &packed[..packed.len() / 2]);
    let db = Database::open_in_memory().unwrap();
    let (line, told) = fails(&db, &path);
    let events = u64::try_from(number(&db, "events | count")).unwrap();
    assert!((1000..2999).contains(&events), "{events}");
    assert_eq!(line, events + 1);
    assert!(told.contains("the file is cut off here: fetch it again"), "{told}");
    assert!(told.contains("rows before it were read in"), "{told}");
    assert_eq!(answer(&db, "imports | select finished"), [["false"]]);
    assert_eq!(db.verify().unwrap(), [""; 0]);

    let report = import(&db, &file(folder.path(), "a.CSV.gz", packed));
    assert_eq!(report.counts.loaded + report.counts.duplicates, 3000, "{report}");
    assert_eq!(number(&db, "events | count"), 3000);
}

#[test]
fn a_member_that_is_damaged_gives_the_rows_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("a.CSV", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(rows(3000).as_bytes()).unwrap();
    let mut packed = writer.finish().unwrap().into_inner();
    let middle = packed.len() / 2;
    packed[middle..middle + 600].fill(0xff);
    let db = Database::open_in_memory().unwrap();
    let (line, told) = fails(&db, &file(folder.path(), "a.zip", &packed));
    assert!(line > 1000 && told.contains("damaged"), "{line}: {told}");
    let events = u64::try_from(number(&db, "events | count")).unwrap();
    assert!(events > 1000 && events < line, "{events} {line}");
    // Without its index, nothing can be found in it.
    let db = Database::open_in_memory().unwrap();
    let (_, told) = fails(&db, &file(folder.path(), "b.zip", &packed[..middle]));
    assert!(told.contains("the zip archive is cut off or damaged"), "{told}");
    assert!(told.contains("fetch it again"), "{told}");
}

#[test]
fn a_quote_that_does_not_end_is_told_where_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let text = "date,source,kind,summary\n2014-03-12,Anna,visit,\"calm\"\n2014-03-13,Berta,visit,\"and then\n2014-03-14,Carla,visit,late\n";
    let (line, told) = fails(&db, &file(folder.path(), "a.csv", text));
    assert_eq!(line, 3, "{told}");
    assert!(told.contains("column 4"), "{told}");
    assert_eq!(answer(&db, "events | select source"), [["Anna"]]);
}
