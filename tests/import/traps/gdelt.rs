//! GDELT: widths, dates in doubt, two systems of codes, and what other programs made of it.

use attache::{Database, Format};

use super::super::rows::{coded, gdelt};
use super::super::{answer, keys, number, read, read_fixture, rejected};

fn gdelt_keys(db: &Database, query: &str) -> Vec<u64> {
    let id = |key: String| key.strip_prefix("gdelt:").unwrap().parse().unwrap();
    keys(db, query).into_iter().map(id).collect()
}

#[test]
fn rows_of_57_and_58_cells_stand_in_one_file() {
    let rows = [
        gdelt(58, 800_000_001, &[(53, "Moscow, Moskva, Russia"), (54, "RS"), (52, "4")]),
        gdelt(57, 800_000_002, &[(2, "20180213"), (53, "Lahore, Punjab, Pakistan"), (52, "4")]),
        gdelt(58, 800_000_003, &[]).trim_end().to_owned() + "\tmore\n",
        gdelt(57, 800_000_004, &[]),
        gdelt(58, 800_000_005, &[]),
    ];
    let (db, report) = read("mixed.tsv", rows.concat());
    assert_eq!(report.formats, [Format::Gdelt1]);
    assert_eq!(rejected(&report), ["3: has 59 cells; GDELT has 61, 58 or 57"]);
    let places = answer(&db, "events | sort key | select key, place, documents, DATEADDED");
    let url = "http://www.example.org/a";
    assert_eq!(places[0][1..], ["Moscow, Moskva, Russia", url, "20180312"]);
    assert_eq!(places[1][1..], ["Lahore, Punjab, Pakistan", "", "20180312"]);
    assert_eq!(gdelt_keys(&db, "events"), [800_000_001, 800_000_002, 800_000_004, 800_000_005]);
}

#[test]
fn rows_of_61_cells_are_read_by_their_place() {
    let row = gdelt(
        61,
        900_000_001,
        &[(52, "4"), (53, "Moscow, Moskva, Russia"), (54, "RS"), (56, "25106"), (57, "55.7522")],
    );
    let (db, report) = read("20180312101500.export.CSV", row);
    assert_eq!(report.formats, [Format::Gdelt2]);
    let found =
        answer(&db, "events where key = \"gdelt:900000001\" | select place, ActionGeo_ADM2Code");
    assert_eq!(found, [["Moscow, Moskva, Russia", "25106"]]);
}

#[test]
fn a_quote_is_a_letter() {
    let rows = [
        gdelt(61, 1, &[(7, "\"RUSSIA")]),
        gdelt(61, 2, &[(7, "CABINET \"A\"")]),
        gdelt(61, 3, &[(7, "\"B\""), (17, "\"C\"")]),
    ];
    let (db, _) = read("quotes.CSV", rows.concat());
    assert_eq!(
        answer(&db, "events | sort key | select source"),
        [["\"RUSSIA"], ["CABINET \"A\""], ["\"B\""]]
    );
}

#[test]
fn dates_that_are_guesses_are_only_possible() {
    // The row came in on 12 March 2018.
    let dates = [
        "20180312", "20180311", "20180305", "20180210", "20170312", "20080314", "20180209",
        "20170313",
    ];
    let rows: String =
        (1..).zip(dates).map(|(id, date)| gdelt(61, id, &[(2, date), (3, &date[..6])])).collect();
    let (db, report) = read("guesses.CSV", rows);
    let certain = |date: &str| gdelt_keys(&db, &format!("events where date = {date}"));
    assert_eq!(certain("2018-03-12"), [1]);
    assert_eq!(certain("2018-03-11"), [2]);
    assert_eq!(certain("2018-03-05"), [3]);
    assert_eq!(certain("2018-02-10"), [0_u64; 0]);
    assert_eq!(certain("2018-02-09"), [7]);
    assert_eq!(certain("2017-03-12"), [0_u64; 0]);
    assert_eq!(certain("2017-03-13"), [8]);
    let possible = |date: &str| gdelt_keys(&db, &format!("events where possibly(date = {date})"));
    // A year before, about, may be this one.
    assert_eq!(possible("2018-02-10"), [4, 5]);
    assert_eq!(possible("2017-03-12"), [5]);
    assert_eq!(possible("2008-03-14"), [6]);
    assert_eq!(possible("2018-03-12"), [1, 4, 5]);
    // About that month, about that year.
    assert_eq!(
        answer(
            &db,
            "events where gdelt_sqldate is not null | sort key | select date, gdelt_sqldate"
        ),
        [["2018-02~", "20180210"], ["2017~", "20170312"], ["2008~", "20080314"]]
    );
    assert!(report.notes.iter().any(|note| note.starts_with("3 dates are guesses")));
}

#[test]
fn china_has_a_code_for_actors_and_another_for_places() {
    let rows = [
        gdelt(
            61,
            1,
            &[(6, "CHNGOV"), (7, "BEIJING"), (8, "CHN"), (52, "4"), (54, "CH"), (55, "CH22")]
                .into_iter()
                .chain([(53, "Beijing, Beijing, China"), (57, "39.9289"), (58, "116.388")])
                .collect::<Vec<_>>(),
        ),
        gdelt(
            61,
            2,
            &[(6, "CHE"), (7, "SWITZERLAND"), (8, "CHE"), (52, "1"), (53, "China"), (54, "CH")],
        ),
        gdelt(
            61,
            3,
            &[(6, "CHN"), (7, "CHINA"), (8, "CHN"), (52, "1"), (53, "Switzerland"), (54, "SZ")],
        ),
    ];
    let (db, _) = read("china.CSV", rows.concat());
    assert_eq!(gdelt_keys(&db, "events where actor under \"China\""), [1, 3]);
    assert_eq!(gdelt_keys(&db, "events where place under \"China\""), [1, 2]);
    assert_eq!(gdelt_keys(&db, "events where actor under \"Switzerland\""), [2]);
    assert_eq!(gdelt_keys(&db, "events where place under \"Switzerland\""), [3]);
    // One state, and not one for each system.
    let states = answer(&db, "actors where type = \"state\" | sort name | select name");
    assert_eq!(states, [["China"], ["Pakistan"], ["Switzerland"]]);
}

#[test]
fn codes_with_blanks_around_are_codes() {
    let rows = [gdelt(61, 1, &[(6, " AZE"), (7, ""), (8, " AZE"), (16, " AZEGOV "), (17, " GOV")])];
    let (db, _) = read("padded.CSV", rows.concat());
    assert_eq!(gdelt_keys(&db, "events where source under \"Azerbaijan\""), [1]);
    assert_eq!(gdelt_keys(&db, "events where target under \"Azerbaijan\""), [1]);
    assert_eq!(answer(&db, "events | select source, target"), [["AZE", "GOV"]]);
}

#[test]
fn ctrl_a_stands_between_cells() {
    let rows = gdelt(61, 1, &[]) + &gdelt(61, 2, &coded("010", "1"));
    let (db, report) = read("hive.txt", rows.replace('\t', "\u{1}"));
    assert_eq!(report.formats, [Format::Gdelt2]);
    assert_eq!(gdelt_keys(&db, "events where code = \"010\""), [2]);
    assert_eq!(answer(&db, "events where root = \"04\" | select source"), [["RUSSIA"]]);
}

#[test]
fn a_spreadsheet_mangled_it() {
    let (db, report) = read_fixture("gdelt_spreadsheet.csv");
    assert_eq!(report.counts.loaded, 5);
    assert_eq!(gdelt_keys(&db, "events where code = \"043\""), [910_000_001]);
    assert_eq!(gdelt_keys(&db, "events where code = \"010\""), [910_000_002]);
    assert_eq!(gdelt_keys(&db, "events where code = \"100\""), [910_000_003]);
    assert_eq!(gdelt_keys(&db, "events where root = \"02\""), [910_000_004, 910_000_005]);
    // The columns that have lost their names stand where they stood.
    assert_eq!(gdelt_keys(&db, "events where place under \"Russia\""), [910_000_001]);
    assert!(report.notes.iter().any(|note| note.contains("lost the zero")), "{:?}", report.notes);
    assert!(report.notes.iter().any(|note| note.contains("2.02E+13")), "{:?}", report.notes);
}

#[test]
fn r_numbers_rows_in_a_column_without_a_name() {
    let (db, report) = read_fixture("gdelt_r.tsv");
    assert_eq!(rejected(&report), ["5: has 20 cells; the file has 17 columns"]);
    assert_eq!(gdelt_keys(&db, "events"), [920_000_001, 920_000_002, 920_000_003]);
    assert_eq!(gdelt_keys(&db, "events where actor under \"Azerbaijan\""), [920_000_001]);
    assert_eq!(gdelt_keys(&db, "events where source is null"), [920_000_002]);
    assert_eq!(gdelt_keys(&db, "events where place is not null"), [920_000_001]);
}

#[test]
fn r_quotes_strings_and_numbers_rows() {
    let text = "\"GLOBALEVENTID\"\t\"SQLDATE\"\t\"Actor1Code\"\t\"Actor1Name\"\t\"Actor2Code\"\t\"EventCode\"\n\
        \"17\"\t31\t20130402\t\"AZE\"\t\"BAKU\"\tNA\t\"040\"\n\
        \"18\"\t32\t20130402\tNA\tNA\t\"RUS\"\t\"010\"\n";
    let (db, report) = read("r.tsv", text);
    assert_eq!(report.counts.loaded, 2, "{:?}", report.rejected);
    assert_eq!(
        answer(&db, "events | sort key | select key, code, source, target"),
        [["gdelt:31", "040", "BAKU", ""], ["gdelt:32", "010", "", "RUS"]]
    );
}

#[test]
fn the_reduced_forms_cut_empty_cells_off() {
    let (db, report) = read_fixture("gdelt_reduced.tsv");
    assert_eq!(report.formats, [Format::GdeltReduced]);
    assert_eq!(number(&db, "events | count"), 4, "{:?}", report.rejected);
    // `10` with quad class 1 had a zero in front.
    assert_eq!(number(&db, "events where code = \"010\" | count"), 1);
    assert_eq!(number(&db, "events where code = \"050\" and place is not null | count"), 0);
    let (db, _) = read_fixture("gdelt_reduced_12.tsv");
    assert_eq!(answer(&db, "events | select code, source"), [["036", "RUSGOV"]]);
}

#[test]
fn many_rows_of_one_document_share_it() {
    let rows: String = (1..=20).map(|id| gdelt(61, id, &[])).collect();
    let (db, _) = read("one.CSV", rows);
    assert_eq!(number(&db, "events where documents = \"http://www.example.org/a\" | count"), 20);
    assert_eq!(number(&db, "documents | count"), 1);
}
