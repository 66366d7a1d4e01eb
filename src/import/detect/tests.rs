use std::path::{Path, PathBuf};

use super::*;
use crate::import::record::{Record, Records};
use crate::import::source::{Source, Stream};
use crate::import::table::Table;

fn told(text: &str, asked: Option<Format>) -> Result<Detected, String> {
    recognised(text, true, asked)
}

/// Format, delimiter, quoted, width of the header.
fn seen(text: &str) -> (Format, Option<u8>, bool, Option<usize>) {
    let seen = told(text, None).unwrap();
    let width = seen.shape.header.as_ref().map(Vec::len);
    (seen.format, seen.shape.delimiter, seen.shape.quoted, width)
}

fn row(format: Format, width: usize, cells: &[(&str, &str)], between: &str) -> String {
    let names = names::standard(format, width).unwrap();
    let cell =
        |name: &&str| cells.iter().find(|(known, _)| known == name).map_or("", |(_, cell)| cell);
    names.iter().map(cell).collect::<Vec<_>>().join(between) + "\n"
}

fn header(format: Format, width: usize, between: &str) -> String {
    names::standard(format, width).unwrap().join(between) + "\n"
}

const GDELT: &[(&str, &str)] = &[
    ("GLOBALEVENTID", "719024875"),
    ("SQLDATE", "20171202"),
    ("MonthYear", "201712"),
    ("Year", "2017"),
    ("EventCode", "043"),
    ("DATEADDED", "20180101"),
    ("SOURCEURL", "http://example.org/\"a\""),
];

#[test]
fn every_standard_header_is_known() {
    for (format, ..) in Format::ALL {
        for names in names::all(*format) {
            // Headers of formats that always come without one are our own.
            for (between, delimiter) in [("\t", b'\t'), (",", b','), (";", b';')] {
                let found = seen(&header(*format, names.len(), between));
                assert_eq!((found.0, found.1), (*format, Some(delimiter)), "{}", names.len());
                assert_eq!(found.3, Some(names.len()));
            }
        }
    }
}

#[test]
fn rows_without_a_header_are_known_by_width_and_shape() {
    let v1 = |width| row(Format::Gdelt1, width, GDELT, "\t");
    let mixed = v1(58) + &v1(57) + &v1(58);
    assert_eq!(seen(&mixed), (Format::Gdelt1, Some(b'\t'), false, None));
    assert_eq!(seen(&row(Format::Gdelt2, 61, GDELT, "\u{1}")).1, Some(1));
    let mention = [
        ("GLOBALEVENTID", "1"),
        ("EventTimeDate", "20160701210000"),
        ("MentionTimeDate", "20170701234500"),
    ];
    let found = seen(&row(Format::GdeltMentions, 16, &mention, "\t"));
    assert_eq!(found, (Format::GdeltMentions, Some(b'\t'), false, None));
    let phoenix = [("Date", "20140620"), ("Year", "2014"), ("Month", "06"), ("Day", "20")];
    assert_eq!(seen(&row(Format::Phoenix, 26, &phoenix, "\t")).0, Format::Phoenix);
    let ucdp = [
        ("id", "36210"),
        ("year", "2009"),
        ("type_of_violence", "1"),
        ("side_a", "\"a, b\""),
        ("date_start", "2009-02-20 00:00:00.000"),
    ];
    assert_eq!(seen(&row(Format::Ucdp, 49, &ucdp, ",")), (Format::Ucdp, Some(b','), true, None));
    let icews = [("Event Date", "2005-01-01"), ("CAMEO Code", "042")];
    for width in [6, 10] {
        assert_eq!(seen(&row(Format::Icews, width, &icews, "\t")).0, Format::Icews);
    }
}

#[test]
fn names_may_vary() {
    let text = "Global_Event_ID,Day,Actor1Code,EventCode,DATEADDED\n1,20140101,USA,043,20140101\n";
    assert_eq!(seen(text).0, Format::Gdelt1);
    assert_eq!(seen(&text.replace(",20140101\n", ",20140101000000\n")).0, Format::Gdelt2);
    let old = "data_id,iso,event_id_cnty,event_date,year,event_type,actor1,admin1\n";
    assert_eq!(seen(old).0, Format::Acled);
    let more = header(Format::Polecat, 40, "\t").trim_end().to_owned() + "\tHeadline\t\t\n";
    assert_eq!(seen(&more), (Format::Polecat, Some(b'\t'), false, Some(41)));
}

#[test]
fn a_header_that_lost_names_is_positional() {
    let intact = told(&header(Format::Gdelt2, 61, ";"), None).unwrap();
    assert!(!intact.positional);
    let lost = header(Format::Gdelt2, 61, ";")
        .replace("ActionGeo_ADM2Code", "")
        .replace("Actor2Geo_ADM1Code;Actor2Geo_ADM2Code", ";Actor2Geo_ADM1Code");
    let lost = told(&lost, None).unwrap();
    assert!(lost.positional);
    assert_eq!(lost.columns(61).unwrap().find(&["Actor2Geo_ADM2Code"]), Some(47));
    // A column of the user's own in place of the last.
    let own = header(Format::Gdelt2, 61, ";").replace("SOURCEURL", "score");
    assert!(!told(&own, None).unwrap().positional);
}

#[test]
fn tabs_are_quoted_only_where_cells_stand_in_quotes() {
    let bare = "Event Date\tSource Name\tTarget Name\tIntensity\n2005-01-01\t\"A\" and B\t\"C\tD\n";
    assert!(!seen(bare).2);
    let named = "\"Event Date\"\t\"Source Name\"\t\"Target Name\"\t\"Intensity\"\n";
    assert_eq!(seen(named), (Format::Icews, Some(b'\t'), true, Some(4)));
    let cells = "Event Date\tSource Name\tTarget Name\tIntensity\n2005-01-01\t\"A\"\t\"B\"\t1\n";
    assert!(seen(cells).2);
}

#[test]
fn a_row_number_without_a_name_is_dropped() {
    for header in [
        "\"SQLDATE\" \"Actor1Code\" \"EventCode\"",
        "\"\" \"SQLDATE\" \"Actor1Code\" \"EventCode\"",
    ] {
        let text = format!("{header}\n\"1\" 20130601 NA \"043\"\n\"7\" 20130601 \"USA\" \"010\"\n");
        let seen = told(&text.replace(' ', "\t"), None).unwrap();
        assert!(seen.shape.shift, "{header}");
        assert_eq!(seen.shape.header.unwrap(), ["SQLDATE", "Actor1Code", "EventCode"]);
    }
    let trailing = "SQLDATE\tActor1Code\tEventCode\n20130601\tUSA\t043\t\n20130602\tUSA\t043\t\n";
    assert!(!told(trailing, None).unwrap().shape.shift);
}

#[test]
fn json_lines_dictionaries_and_tables() {
    assert_eq!(seen("\n {\"date\": 1}\n{}\n").0, Format::JsonLines);
    assert_eq!(
        seen("# actors\n\nUN_\n+U.N._\n\t[IGOUNO]\nX_ [PAKGOV 991014-021123]\n").0,
        Format::Actors
    );
    assert_eq!(seen("sep=;\nDate;Who\n1 May 2014;x\n"), (Format::Table, Some(b';'), true, Some(2)));
}

#[test]
fn what_is_no_event_file_is_refused() {
    let said = |text: &str| told(text, None).unwrap_err();
    assert!(said("[\n {\"a\": 1}\n]\n").contains("JSON array"));
    assert!(said("{\n \"a\": 1\n}\n").contains("over several lines"));
    assert!(said("<!DOCTYPE html>\n").contains("web page"));
    assert!(said("FARMER_ [~AGR]\nNURSE_ [~MED]\n").contains("agents"));
    assert!(said(" \n\n").contains("blank"));
    assert_eq!(
        said("CODE\tLABEL\nGOV\tGovernment\n"),
        "it is not an event file: 2 columns between tabs (`CODE`, `LABEL` …); if it is one, name its columns with `--map FIELD=COLUMN`, or its format with `--as`"
    );
    assert!(said("Dear Sir\nthank you\n").contains("text without columns"));
}

#[test]
fn what_was_asked_for_must_fit() {
    let icews = header(Format::Icews, 20, "\t");
    let error = told(&icews, Some(Format::Gdelt2)).unwrap_err();
    assert!(
        error.starts_with(
            "`gdelt2` (GDELT 2 events, 61 columns) was asked for, but this file has 20 columns"
        ),
        "{error}"
    );
    assert!(error.ends_with("looks like `icews` (ICEWS, 20 columns or 6)"), "{error}");
    let table = told(&icews, Some(Format::Table)).unwrap();
    assert_eq!((table.format, table.shape.header.unwrap().len()), (Format::Table, 20));
    assert!(told("{}\n", Some(Format::Icews)).unwrap_err().contains("JSON lines"));
    assert!(told(&icews, Some(Format::JsonLines)).is_err());
    assert!(told(&icews, Some(Format::Actors)).is_err());
    assert!(told("1,2\n3,4\n", Some(Format::Table)).unwrap_err().contains("no names"));
    // Names in another language: the places count.
    let foreign: Vec<String> = (0..31)
        .map(|at| {
            format!(
                "columna {}",
                char::from(b'a' + at % 26).to_string().repeat(1 + usize::from(at) / 26)
            )
        })
        .collect();
    let seen = told(&(foreign.join(",") + "\n"), Some(Format::Acled)).unwrap();
    assert!(seen.positional && seen.columns(31).unwrap().find(&["fatalities"]) == Some(28));
}

/// Reads all there is, rejects among it, or says why not.
fn read(bytes: &[u8]) -> Result<u64, crate::error::Error> {
    let stream = Stream { name: "x".to_owned(), reader: Box::new(bytes) };
    count(stream, None).map(|(_, rows)| rows)
}

fn count(stream: Stream<'_>, asked: Option<Format>) -> crate::error::Result<(Detected, u64)> {
    let lines = Lines::new(stream)?;
    let detected = detect(&lines, asked)?;
    let mut table = Table::new(lines, &detected.shape);
    let mut record = Record::default();
    let mut rows = 0;
    while let Some(row) = table.next(&mut record)? {
        if let Err(reject) = row {
            assert!(!reject.reason.is_empty());
        }
        assert!(record.cells().count() == record.width() && record.line > 0);
        rows += 1;
    }
    Ok((detected, rows))
}

#[test]
fn mutated_files_are_read_or_refused_but_never_a_panic() {
    let v1 = |width| row(Format::Gdelt1, width, GDELT, "\t");
    let csv = header(Format::Acled, 31, ",")
        + &"a1,2022-06-30,2022,\"x, \"\"y\"\"\nz é\",,\n".repeat(200);
    let actors = "# x\nUN_\n+U.N._\n\t[IGOUNO]\n".repeat(300);
    let json = "{\"date\": \"2014\"}\n".repeat(300);
    for text in [v1(58).repeat(40) + &v1(57), csv, actors, json] {
        let bytes = text.as_bytes();
        assert!(read(bytes).unwrap() > 40);
        for length in (0..bytes.len()).step_by(997) {
            if let Err(error) = read(&bytes[..length]) {
                assert!(error.to_string().starts_with("`x`"), "{error}");
            }
        }
        for (at, byte) in (0..bytes.len())
            .step_by(61)
            .zip([0, b'"', b'\n', b'\r', 0xff, b',', b'\t', b'{'].into_iter().cycle())
        {
            let mut mutant = bytes.to_vec();
            mutant[at] = byte;
            if let Err(error) = read(&mutant) {
                assert!(error.to_string().starts_with("`x`"), "{error}");
            }
        }
    }
}

#[test]
fn real_files_are_known_and_read_to_the_last_row() {
    let Some(folder) = std::env::var_os("ATTACHE_DATA").map(PathBuf::from) else {
        println!("ATTACHE_DATA is not set: the real files are skipped");
        return;
    };
    let read = |path: &Path| -> Result<(Detected, u64), String> {
        let mut source = Source::open(path).map_err(|error| error.to_string())?;
        let stream = source.next().unwrap().unwrap();
        count(stream, None).map_err(|error| error.to_string())
    };
    for (file, format, rows) in [
        ("gdelt/gdelt_v1_masterreduced_sample_1979.tsv", Format::GdeltReduced, 999),
        ("gdelt/gdelt_v1_sample_2016_57_58cols.tsv", Format::Gdelt1, 710),
        ("gdelt/gdelt_v2_20180101000000.export.CSV", Format::Gdelt2, 2_414),
        ("gdelt/gdelt_v2_20190121220000.excel_mangled_semicolon.CSV", Format::Gdelt2, 1_629),
        ("gdelt/gdelt_v2_mentions_sample_headered_comma.csv", Format::GdeltMentions, 1_635),
        ("icews/events.2018.sample.tab", Format::Icews, 3_705),
        ("icews/icews_events_2005_2018.tsv", Format::Icews, 350_876),
        ("ucdp/ucdp_ged_v23_1_central_african_republic.csv", Format::Ucdp, 1_848),
        ("acled/acled_old_dummy.csv", Format::Acled, 326),
    ] {
        let (seen, count) = read(&folder.join(file)).unwrap();
        assert_eq!((seen.format, count), (format, rows), "{file}");
        assert_eq!(seen.positional, file.contains("mangled"), "{file}");
    }
    for name in ["Countries", "International", "MilNonState"] {
        let path = folder.join(format!("actors/Phoenix.{name}.actors.txt"));
        assert_eq!(read(&path).unwrap().0.format, Format::Actors, "{name}");
    }
    let mut others = vec![folder.join("actors/Phoenix.agents.txt")];
    others.extend(
        [
            "acled/acled_codebook.csv",
            "icews/CAMEO_codefile.txt",
            "icews/agentnames.txt",
            "icews/countrynames-DEDI.txt",
        ]
        .map(|file| folder.join(file)),
    );
    for part in ["cameo", "plover", "edtf", "schema"] {
        others.extend(
            std::fs::read_dir(folder.join(part)).unwrap().map(|entry| entry.unwrap().path()),
        );
    }
    for path in others {
        let error = read(&path).map(|(seen, _)| format!("{:?}", seen.format)).unwrap_err();
        println!("{error}");
    }
}
