//! Dictionaries of actors: names and dated roles, and dates that are none.

use attache::{Database, Format, ImportOptions};

use super::super::rows::gdelt;
use super::super::{answer, assert_sum, file, import, keys, number, read, read_fixture, rejected};

const MUSHARRAF: &str = "\
PAKISTAN_  [PAK]
+PAKISTANI_

PERVEZ_MUSHARRAF_
+PRESIDENT_MUSHARRAF
+GENERAL_MUSHARRAF
\t[PAKELI 610101-991014]
\t[PAKGOVMIL 991014-021123]
\t[PAKGOV 20010620-20080818]
\t[PAKELI]
";

#[test]
fn an_office_holds_on_its_days() {
    let folder = tempfile::tempdir().unwrap();
    let (db, report) = read("Phoenix.Countries.actors.txt", MUSHARRAF);
    assert_eq!(report.formats, [Format::Actors]);
    assert_eq!(report.counts.rejected, 0, "{:?}", report.rejected);
    let text = "date,source,key\n1998-05-01,GENERAL MUSHARRAF,n98\n2000-05-01,General Musharraf,n00\n2003-05-01,PRESIDENT MUSHARRAF,n03\n2012-05-01,Pervez Musharraf,n12\n";
    let options = ImportOptions { kind: Some("statement".into()), ..ImportOptions::default() };
    let report = db.import(file(folder.path(), "statements.csv", text), options).unwrap();
    assert_sum(&report);
    assert_eq!(report.counts.loaded, 4, "{:?}", report.rejected);
    let under = |whom: &str| keys(&db, &format!("events where actor under \"{whom}\""));
    // The army of the government is the government's.
    assert_eq!(under("PAKGOV"), ["n00", "n03"]);
    assert_eq!(under("PAKGOVMIL"), ["n00"]);
    assert_eq!(under("PAKELI"), ["n12", "n98"]);
    assert_eq!(under("Pakistan"), ["n00", "n03", "n12", "n98"]);
    assert_eq!(
        keys(&db, "events where actor = \"PERVEZ MUSHARRAF\""),
        ["n00", "n03", "n12", "n98"]
    );
}

#[test]
fn broken_dates_are_told_with_their_line() {
    let (db, report) = read_fixture("dictionary.actors.txt");
    assert_eq!(report.counts.rejected, 6);
    assert_eq!(
        rejected(&report),
        [
            "20: `[FRAGOV >22000101]` has the date `22000101`, which lies beyond all that is known",
            "22: `[FRAELI]` holds on the days of no other role, and one of these is broken",
            "24: `[URYGOV 20121231-18000101]` ends on 1800-01-01 before it begins on 2012-12-31",
            "25: `[URYGOV 2004017-20061201]` has the date `2004017`, which is neither YYYYMMDD nor YYMMDD",
            "29: `URYGOV]` ends a role that does not begin",
        ]
    );
    // The sound roles of the same actor are in.
    let martin = answer(&db, "actors where name = \"JEANNE MARTIN\" | select affiliations");
    assert_eq!(martin.len(), 1);
    assert!(martin[0][0].contains("FRAGOV") && !martin[0][0].contains("FRAELI"), "{martin:?}");
    assert_eq!(number(&db, "events | count"), 0);
}

#[test]
fn a_dictionary_names_what_codes_brought() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    import(&db, &file(folder.path(), "a.CSV", gdelt(61, 1, &[])));
    let before = number(&db, "actors where type = \"state\" | count");
    import(&db, &file(folder.path(), "x.actors.txt", MUSHARRAF));
    assert_eq!(number(&db, "actors where type = \"state\" | count"), before);
    assert_eq!(keys(&db, "events where actor under \"Pakistani\""), ["gdelt:1"]);
    let again = import(&db, &file(folder.path(), "x.actors.txt", MUSHARRAF));
    assert_eq!((again.import, again.counts.duplicates), (None, again.counts.read));
}
