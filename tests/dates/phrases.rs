//! What days each phrase becomes: `fixtures/dates/phrases.tsv` holds the phrases, `tests/golden` what they come to.
//! `ATTACHE_BLESS=1` writes the latter anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use attache::internals::dates::{Date, Day, DayOrder, parse_edtf, parse_ordered, parse_phrase};

fn told(day: Day) -> String {
    if day == Day::MIN || day == Day::MAX { "?".to_owned() } else { day.to_string() }
}

fn shown(date: &Date) -> String {
    let lasts = if date.lasts() { "lasted" } else { "one day" };
    let (from, to) = (told(date.earliest()), told(date.latest()));
    format!("{:<22} {from} .. {to}, {lasts}, {}", date.edtf(), date.precision())
}

#[test]
fn phrases_become_the_days_that_the_golden_file_tells() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let phrases = fs::read_to_string(root.join("fixtures/dates/phrases.tsv")).unwrap();
    let mut written = String::new();
    for line in phrases.lines().skip_while(|l| *l != "phrase\tanchor").skip(1) {
        if line.starts_with('#') {
            writeln!(written, "\n{line}").unwrap();
            continue;
        }
        let (phrase, anchor) = line.split_once('\t').unwrap_or((line, ""));
        let anchor = (!anchor.is_empty()).then(|| parse_edtf(anchor).unwrap().earliest());
        match parse_phrase(phrase, anchor) {
            Ok(date) => {
                assert_eq!(date.told(), phrase);
                let again = parse_edtf(date.edtf()).unwrap();
                assert_eq!(again, date, "`{}` is not read back", date.edtf());
                writeln!(written, "{phrase:<36} {}", shown(&date)).unwrap();
            }
            Err(error) => {
                assert!(phrase.get(error.at.clone()).is_some(), "{phrase}: {:?}", error.at);
                writeln!(written, "{phrase:<36} error: {}", error.message).unwrap();
                if let Some(help) = error.help {
                    writeln!(written, "{:<36} help: {help}", "").unwrap();
                }
            }
        }
    }
    let golden = root.join("tests/golden/dates/phrases.txt");
    if std::env::var_os("ATTACHE_BLESS").is_some() {
        fs::create_dir_all(golden.parent().unwrap()).unwrap();
        fs::write(&golden, &written).unwrap();
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    for (expected, found) in expected.lines().zip(written.lines()) {
        assert_eq!(expected, found);
    }
    assert_eq!(expected.lines().count(), written.lines().count());
}

#[test]
fn an_import_may_name_the_order_of_day_and_month() {
    let read = |order| parse_ordered("12/03/2014", order, None).unwrap().edtf().to_owned();
    assert_eq!(read(DayOrder::DayFirst), "2014-03-12");
    assert_eq!(read(DayOrder::MonthFirst), "2014-12-03");
    assert!(parse_ordered("25/12/2014", DayOrder::MonthFirst, None).is_err());
    assert_eq!(parse_ordered("2014-03-12", DayOrder::DayFirst, None).unwrap().edtf(), "2014-03-12");
}

#[test]
fn no_text_makes_it_panic() {
    let words = [
        "",
        "-",
        "/",
        "..",
        "0",
        "14th",
        "99999999999999999999",
        "2014",
        "2014-03",
        "early",
        "half",
        "of",
        "March",
        "last",
        "two",
        "years",
        "ago",
        "since",
        "between",
        "or",
        "~",
        "[",
        "Y",
        "é",
        "\u{2013}",
        "90s",
        "century",
        "winter",
    ];
    for a in words {
        for b in words {
            for c in words {
                for text in [format!("{a} {b} {c}"), format!("{a}{b}{c}")] {
                    let _ = parse_phrase(&text, None);
                    let _ = parse_phrase(&text, Some(Day(17_000)));
                }
            }
        }
    }
    for anchor in [Day::MIN, Day::MAX, Day(i64::MAX - 1)] {
        for phrase in ["last two years", "last week", "9999999999999 years ago", "next winter"] {
            let _ = parse_phrase(phrase, Some(anchor));
        }
    }
}
