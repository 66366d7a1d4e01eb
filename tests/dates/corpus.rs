//! The cases of other readers of EDTF, in the folder that `ATTACHE_DATA` names.
//!
//! `edtfjs_*` are the cases of edtf.js: accepted at a level, or rejected. `python_*` are those of python-edtf: the days
//! that a text covers, with a margin where it is approximate, and its qualifiers.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use attache::internals::dates::{Date, Day, parse_edtf};

/// Texts on which we differ from edtf.js, with the reason.
const EDTFJS: &[(&str, &[&str])] = &[
    (
        "a century or decade of digits alone is a slip in a year as often: `19XX` and `193X` say the same",
        &[
            "19", "00", "-04", "19~", "19?", "19%", "193", "019", "009", "000", "-193", "-019",
            "197~", "197?", "197%",
        ],
    ),
    (
        "digits open in the middle leave gaps between the days, and a date is an interval",
        &[
            "156X-12-31",
            "15XX-12-25",
            "15XX-12-XX",
            "15XX-01-3X",
            "15XX-XX-25",
            "1500-1X-25",
            "15XX-0X-25",
            "15XX-X2",
            "1XXX-XX",
            "1XXX-12",
            "1XX3",
        ],
    ),
    (
        "exponents and significant digits are for geologists",
        &["Y17E7", "Y-17E7", "1950S2", "Y17101000S3", "Y-17101E3S3"],
    ),
    (
        "an event has one date, not all of a set",
        &["{1667, 1670..1672}", "{1960 ,  1961-12}", "{1760..}", "{..1760}"],
    ),
    (
        "parts of years may be ends, as the reader of UNT has it: spring to summer lasted",
        &["2012-21/2012-22"],
    ),
];

/// Texts whose days differ from python-edtf's, with the reason.
const PYTHON: &[(&str, &[&str])] = &[
    ("an unknown end is unknown, not ten years away", &["/2006", "2004-06-01/", "1984-06-02?/"]),
    ("winter ends in February of the next year, not on 31 December", &["2010-24"]),
    (
        "`%` widens as `~` does, by one unit, not two",
        &["16XX%", "1984%", "1984?/2004%", "2004-%06", "2004-06-11%", "2004?-%06", "?2004-%06"],
    ),
    ("`?` widens nothing", &["1984-06-02?/2004-08-08~", "2004?-06-~11", "2004?-~06-~04"]),
    (
        "a qualifier widens by the component that it stands at, not by all to its left as well",
        &["2004-06~-11", "1984/2004-06~"],
    ),
    (
        "digits open in the middle leave gaps between the days, and a thousand years are no date",
        &["1560-XX-25", "156X-12-25", "15XX-12-25", "15XX-12-XX", "XXXX-XX-23", "1XXX", "1XXX~"],
    ),
    (
        "exponents and significant digits are for geologists",
        &[
            "1950S2",
            "1953S2",
            "1953S3",
            "Y-17E7",
            "Y17E7",
            "Y171010000S3",
            "Y17101E4S3",
            "Y3388E2S3",
        ],
    ),
    ("an event has one date, not all of a set", &["{1667,1668, 1670..1672}", "{1960, 1961-12}"]),
    ("the southern seasons are refused", &["2001-29"]),
];

/// The rows of a file, or none where there is no such folder.
fn rows(name: &str) -> Option<Vec<(String, String)>> {
    let Some(folder) = std::env::var_os("ATTACHE_DATA") else {
        println!("ATTACHE_DATA is not set: the cases of other readers are skipped");
        return None;
    };
    let text = fs::read_to_string(PathBuf::from(folder).join("edtf").join(name)).unwrap();
    let cells = |line: &str| {
        let (text, expected) = line.split_once('\t').unwrap_or((line, ""));
        (text.to_owned(), expected.to_owned())
    };
    Some(text.lines().filter(|line| *line != "edtf\texpect").map(cells).collect())
}

/// Those that differ must be just those of the table, so that the table neither hides nor outlives a difference.
fn assert_differs(found: &BTreeSet<String>, table: &[(&str, &[&str])]) {
    let told: BTreeSet<String> =
        table.iter().flat_map(|(_, texts)| texts.iter().map(|t| (*t).to_owned())).collect();
    let unexplained: Vec<_> = found.difference(&told).collect();
    let outlived: Vec<_> = told.difference(found).collect();
    assert!(unexplained.is_empty(), "differ without a reason: {unexplained:#?}");
    assert!(outlived.is_empty(), "no longer differ: {outlived:#?}");
}

#[test]
fn we_accept_what_edtfjs_accepts() {
    let Some(rows) = rows("edtfjs_parser_cases.tsv") else { return };
    let differs = |(text, expected): &(String, String)| {
        parse_edtf(text).is_ok() != expected.starts_with("level")
    };
    assert_differs(&rows.iter().filter(|r| differs(r)).map(|r| r.0.clone()).collect(), EDTFJS);
}

/// `first|last`, one day, or either with `|earliest|latest` behind it, as python-edtf tells them.
fn agrees(date: &Date, expected: &str) -> bool {
    let ends: Vec<&str> = expected.split('|').collect();
    let about = date.qualifier().approximate;
    let (first, last) = match ends.as_slice() {
        [_, earliest, latest] | [_, _, earliest, latest] if about => (*earliest, *latest),
        [day] | [day, _, _] => (*day, *day),
        [first, last, ..] => (*first, *last),
        [] => return false,
    };
    let shown = |day: Day| match day {
        Day::MIN => "-inf".to_owned(),
        Day::MAX => "inf".to_owned(),
        day => day.to_string().trim_start_matches('Y').to_owned(),
    };
    (shown(date.earliest()), shown(date.latest())) == (first.to_owned(), last.to_owned())
}

#[test]
fn we_find_the_days_that_python_edtf_finds() {
    let Some(rows) = rows("python_edtf_EXAMPLES.tsv") else { return };
    let differs = |(text, expected): &(String, String)| {
        !parse_edtf(text).is_ok_and(|date| agrees(&date, expected))
    };
    assert_differs(&rows.iter().filter(|r| differs(r)).map(|r| r.0.clone()).collect(), PYTHON);
}

#[test]
fn we_find_the_qualifiers_that_python_edtf_finds() {
    let Some(rows) = rows("python_edtf_APPROXIMATE_UNCERTAIN_EXAMPLES.tsv") else { return };
    for (text, expected) in rows {
        let flags: Vec<bool> = expected.split('|').map(|flag| flag == "True").collect();
        let [uncertain, approximate, both] = flags.as_slice() else { panic!("{expected}") };
        let found = parse_edtf(&text).unwrap().qualifier();
        assert_eq!(found.uncertain, *uncertain || *both, "{text}");
        assert_eq!(found.approximate, *approximate || *both, "{text}");
    }
}

#[test]
fn we_refuse_what_python_edtf_refuses() {
    for (text, _) in rows("python_edtf_BAD_EXAMPLES.tsv").unwrap_or_default() {
        assert!(parse_edtf(&text).is_err(), "{text}");
    }
}
