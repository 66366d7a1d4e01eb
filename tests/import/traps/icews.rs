//! ICEWS: ids that are not unique, codes that are missing, quotes, sectors and names.

use attache::Format;

use super::super::rows::icews;
use super::super::{answer, keys, number, read, read_fixture, rejected};

#[test]
fn an_id_on_two_days_is_two_events() {
    let (db, report) = read(
        "events.2013.tab",
        icews(&[&[("Event Date", "2013-01-01")], &[("Event Date", "2013-01-02")]]),
    );
    assert_eq!((report.counts.loaded, report.counts.updated), (2, 0));
    assert_eq!(keys(&db, "events"), ["icews:33000001:2013-01-01", "icews:33000001:2013-01-02"]);
}

#[test]
fn rows_that_are_there_twice_are_there_once() {
    let (db, report) = read("events.2021.tab", icews(&[&[], &[("Event ID", "2")], &[], &[]]));
    assert_eq!((report.counts.loaded, report.counts.duplicates), (2, 2));
    assert_eq!(number(&db, "events | count"), 2);
}

#[test]
fn the_year_2017_has_american_dates_and_no_codes() {
    let (db, report) = read_fixture("icews_2017.tab");
    assert_eq!(
        answer(&db, "events | sort key | select key, date, code"),
        [
            ["icews:28000001:2017-12-01", "2017-12-01", "137"],
            ["icews:28000002:2017-12-01", "2017-12-01", "100"]
        ]
    );
    assert_eq!(
        rejected(&report),
        [
            "4: Event Date: `13/1/2017` is no day of the calendar",
            "5: Event Text: there is no CAMEO code, and `Speak` is no event text of ICEWS"
        ]
    );
}

#[test]
fn codes_may_be_null_or_have_a_letter() {
    let (db, report) = read(
        "codes.tab",
        icews(&[
            &[("Event ID", "1"), ("CAMEO Code", "NULL"), ("Event Text", "Make a visit")],
            &[("Event ID", "2"), ("CAMEO Code", ""), ("Event Text", "Host a visit")],
            &[("Event ID", "3"), ("CAMEO Code", "13y"), ("Event Text", "Threaten with repression")],
            &[("Event ID", "4"), ("CAMEO Code", "NULL"), ("Event Text", "NULL")],
        ]),
    );
    assert_eq!(
        rejected(&report),
        ["5: CAMEO Code: there is neither a CAMEO code nor an event text"]
    );
    assert_eq!(answer(&db, "events | sort key | select code"), [["042"], ["043"], ["13y"]]);
    assert_eq!(number(&db, "events where root = \"13\" and quad = 3 | count"), 1);
    assert_eq!(number(&db, "visit | count"), 2);
}

#[test]
fn a_download_of_dataverse_is_quoted_and_an_original_is_not() {
    let names = [("Source Name", "Jan \"Johnny\" Žižka"), ("Target Name", "Citizen (Pakistan)")];
    let plain = icews(&[&names, &names]);
    let quoted: String = plain
        .lines()
        .map(|line| {
            let cell = |cell: &str| match cell.parse::<f64>() {
                Ok(_) => cell.to_owned(),
                Err(_) => format!("\"{}\"", cell.replace('"', "\"\"")),
            };
            line.split('\t').map(cell).collect::<Vec<_>>().join("\t") + "\n"
        })
        .collect();
    for text in [plain, quoted] {
        let (db, report) = read("events.tab", text);
        assert_eq!((report.counts.loaded, report.counts.duplicates), (1, 1));
        assert_eq!(
            answer(&db, "events | select source, target, `Source Sectors`"),
            [["Jan \"Johnny\" Žižka", "Citizen (Pakistan)", "Foreign Ministry; Government"]]
        );
    }
}

#[test]
fn sectors_are_lists_however_they_are_written() {
    let (db, _) = read(
        "sectors.tab",
        icews(&[
            &[("Event ID", "1"), ("Source Sectors", "Government,Foreign Ministry")],
            &[("Event ID", "2"), ("Source Sectors", "\"Foreign Ministry,Government\"")],
            &[("Event ID", "3"), ("Source Sectors", "NULL"), ("Target Sectors", "NA")],
        ]),
    );
    let with = |sector: &str| {
        keys(&db, &format!("events where `Source Sectors` = \"{sector}\""))
            .iter()
            .map(|key| key[6..7].to_owned())
            .collect::<String>()
    };
    assert_eq!(with("Government"), "12");
    assert_eq!(with("Foreign Ministry"), "12");
    assert_eq!(number(&db, "events where `Source Sectors` is null | count"), 1);
    let sectors = answer(&db, "actors where name = \"Foreign Affairs (Russia)\" | select sectors");
    assert_eq!(sectors, [["GOV"]]);
}

#[test]
fn collectives_belong_to_the_country_behind_them_and_names_stay_as_written() {
    let bare = &[("Source Country", "NULL"), ("Target Country", "")];
    let name = "Žarko  Đinđić";
    let (db, _) = read(
        "names.tab",
        icews(&[bare, &[("Event ID", "2"), ("Source Name", name), ("Source Country", "Serbia")]]),
    );
    assert_eq!(number(&db, "events where actor under \"Russia\" | count"), 1);
    assert_eq!(number(&db, "events where actor under \"Pakistan\" | count"), 2);
    assert_eq!(number(&db, "events where actor under \"Serbia\" | count"), 1);
    for asked in ["== \"Žarko  Đinđić\"", "= \"Žarko Đinđić\"", "= \"zarko\""] {
        let query = format!("events where source {asked} | select source");
        assert_eq!(answer(&db, &query), [[name]], "{asked}");
    }
}

#[test]
fn visits_are_told_from_both_sides() {
    let (db, report) = read(
        "visits.tab",
        icews(&[
            &[("Event ID", "1"), ("CAMEO Code", "042"), ("Event Text", "Make a visit")],
            &[
                ("Event ID", "2"),
                ("CAMEO Code", "043"),
                ("Event Text", "Host a visit"),
                ("Source Name", "Military (Pakistan)"),
                ("Target Name", "Foreign Affairs (Russia)"),
            ],
        ]),
    );
    assert_eq!(number(&db, "visit | count"), 2);
    let from = "visit from \"Foreign Affairs (Russia)\" to \"Military (Pakistan)\"";
    assert_eq!(number(&db, &format!("{from} | count")), 2);
    assert_eq!(number(&db, "visit | unique date, visitor, host | count"), 1);
    assert!(report.notes.iter().any(|note| note.contains("of 2 rows, 2 have their mirror")));
}

#[test]
fn six_columns_and_ten_are_icews_too() {
    let (db, report) = read_fixture("icews_6.tsv");
    assert_eq!(report.formats, [Format::Icews]);
    let codes = answer(&db, "events | sort code, source | select code, source");
    let bajwa = "Qamar Javed  Bajwa";
    assert_eq!(codes[1], ["010", bajwa], "{codes:?} {:?}", report.rejected);
    assert_eq!(number(&db, "events where root = \"01\" | count"), 2);
    let (db, report) = read_fixture("icews_10.tsv");
    assert_eq!(report.counts.loaded, 2);
    assert_eq!(number(&db, "events where actor under \"Russia\" | count"), 1);
    assert_eq!(number(&db, "events where actor under \"Pakistan\" | count"), 2);
}
