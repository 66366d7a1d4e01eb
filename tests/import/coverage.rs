//! What a file covers decides whether a period without events was quiet.

use attache::{Coverage, Database};

use super::{answer, file, import};

#[test]
fn a_filled_count_rests_on_what_was_read_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let db = Database::open(&path).unwrap();
    let rows = "date,kind,source,target\n2014-02-03,visit,A,B\n2014-05-30,visit,B,A\n";
    import(&db, &file(folder.path(), "visits.csv", rows));
    let counts = |db: &Database, days: &str| -> Vec<String> {
        let query = format!("visit where date in {days} | count by month fill");
        answer(db, &query).into_iter().map(|mut row| row.remove(1)).collect()
    };
    // February and May are covered in part, and have events; January and June are not.
    assert_eq!(counts(&db, "2014-01..2014-06"), ["", "1", "0", "0", "1", ""]);
    // Only the days that are asked for must be covered.
    assert_eq!(counts(&db, "2014-02-04..2014-05-29"), ["0", "0", "0", "0"]);
    assert_eq!(counts(&db, "2014-02-02..2014-02-02"), [""]);
    let diary = Coverage {
        name: "diary".to_owned(),
        from: Some("2014-06".parse().unwrap()),
        to: Some("2014-09".parse().unwrap()),
        note: None,
    };
    db.write(|tx| tx.define_coverage(diary)).unwrap();
    db.close().unwrap();

    let db = Database::open(&path).unwrap();
    assert_eq!(answer(&db, "coverage"), [["diary", "2014-06", "2014-09", ""]]);
    assert_eq!(counts(&db, "2014-01..2014-06"), ["", "1", "0", "0", "1", "0"]);
    // It takes the place of the one of that name; both ends are open.
    db.execute("define coverage DIARY {}").unwrap();
    assert_eq!(counts(&db, "2014-01..2014-06"), ["0", "1", "0", "0", "1", "0"]);
    db.execute("drop coverage diary").unwrap();
    db.execute("delete events where import = 1").unwrap();
    // What was undone covers nothing, and where nobody says anything, nothing happened.
    assert_eq!(counts(&db, "2014-01..2014-06"), ["0"; 6]);
    let error = db.execute("drop coverage diary").unwrap_err();
    assert_eq!(error.diagnostic().unwrap().code, "unknown-entry");
    assert_eq!(db.verify().unwrap(), [""; 0]);
}
