//! What EDTF is read, what is refused and why, and that what is written is read again.

use attache::internals::dates::{Date, Day, Days, Precision, parse_edtf, parse_literal};

fn days(text: &str) -> String {
    let date = parse_edtf(text).unwrap();
    format!("{}..{}", date.earliest(), date.latest())
}

#[test]
fn about_adds_a_unit_of_the_component_on_both_sides() {
    assert_eq!(days("1984~"), "1983-01-01..1985-12-31");
    assert_eq!(days("2004-06~"), "2004-05-01..2004-07-31");
    assert_eq!(days("2004-06-11~"), "2004-06-10..2004-06-12");
    assert_eq!(days("2004-06~-11"), "2004-05-11..2004-07-11");
    assert_eq!(days("2004-~06-11"), "2004-05-11..2004-07-11");
    assert_eq!(days("2004~-06"), "2003-06-01..2005-06-30");
    assert_eq!(days("~2004-06-~11"), "2003-06-10..2005-06-12");
    assert_eq!(days("2015-22~"), "2015-03-01..2015-11-30");
    assert_eq!(days("201X~"), "2000-01-01..2029-12-31");
    assert_eq!(days("1984?"), "1984-01-01..1984-12-31");
    assert_eq!(days("1984%"), days("1984~"));
}

#[test]
fn winter_ends_in_the_next_year() {
    assert_eq!(days("2010-24"), "2010-12-01..2011-02-28");
    assert_eq!(days("2011-28"), "2011-12-01..2012-02-29");
}

#[test]
fn an_end_that_is_open_is_not_one_that_is_unknown() {
    let open = parse_edtf("2014/..").unwrap();
    assert_eq!(open.end(), Days::one(Day::MAX));
    let unknown = parse_edtf("2014/").unwrap();
    assert_eq!(unknown.end(), Days { first: Day::from_ymd(2014, 1, 1), last: Day::MAX });
    let in_2020 = Days::year(2020);
    assert!(open.overlaps(in_2020).is_certain());
    assert!(!unknown.overlaps(in_2020).is_certain() && unknown.overlaps(in_2020).is_possible());
    // One unknown day is possible up to its end, and not before it is told to be.
    let since = parse_edtf("[2014..]").unwrap();
    assert!(!since.overlaps(in_2020).is_certain() && since.overlaps(in_2020).is_possible());
    assert!(!since.overlaps(Days::year(2013)).is_possible());
}

#[test]
fn times_of_day_keep_their_zone() {
    let time = |text: &str| parse_edtf(text).unwrap().time().unwrap();
    assert_eq!(time("2016-05-02T16:54:59").to_string(), "16:54:59");
    assert_eq!(time("2016-05-02T16:54:59Z").offset, Some(0));
    assert_eq!(time("2016-05-02T16:54:59-05:30").offset, Some(-330));
    assert_eq!(time("2016-05-02T16:54:59+0530").to_string(), "16:54:59+05:30");
}

#[test]
fn literals_are_shown_as_they_were_written() {
    for (text, edtf) in [
        ("2015", "2015"),
        ("2015-06", "2015-06"),
        ("2015-06-12", "2015-06-12"),
        ("2015-spring", "2015-21"),
        ("2015-fall", "2015-23"),
        ("2015-winter", "2015-24"),
        ("2015-early", "2015-37"),
        ("2015-late", "2015-39"),
        ("2015-q3", "2015-35"),
        ("2015-H2", "2015-41"),
        ("2010s", "201X"),
    ] {
        let date = parse_literal(text).unwrap();
        assert_eq!((date.told(), date.edtf()), (text, edtf));
    }
}

#[test]
fn what_is_refused_is_mended_where_it_can_be() {
    for (text, fix) in [
        ("2015-6-12", Some("2015-06-12")),
        ("2015-6", Some("2015-06")),
        ("2015-2016", Some("2015..2016")),
        ("12-31-2014", Some("2014-12-31")),
        ("12-03-2014", None),
        ("2014-13", None),
        ("2014-02-30", None),
        ("19", Some("19XX")),
        ("193", Some("193X")),
        ("1XXX", Some("[1000..1999]")),
        ("12345", Some("Y12345")),
        ("Y2014", Some("2014")),
        ("Y17E7", Some("Y170000000")),
        ("1950S2", Some("19XX")),
        ("-0000", Some("0000")),
        ("2001-29", Some("[2001-09..2001-11]")),
        ("2001-30", Some("[2001-12..2002-02]")),
        ("201x", Some("201X")),
        ("2016/2014", Some("2014/2016")),
        ("2014..2016", Some("[2014..2016]")),
        ("2016-05-02T16:54", Some("2016-05-02T16:54:00")),
        ("{1960,1961}", None),
        ("156X-12-25", None),
        ("Y1000000001", None),
        ("2012-06T12:00:00", None),
    ] {
        let error = parse_literal(text).unwrap_err();
        assert!(error.message.contains(&format!("`{text}`")), "{}", error.message);
        assert_eq!(error.fix.as_deref(), fix, "{text}: {}", error.message);
        assert!(text.get(error.at.clone()).is_some(), "{text}: {:?}", error.at);
    }
}

/// Days at which something begins or ends.
fn edges() -> Vec<Day> {
    let mut edges: Vec<Day> = [
        (-170_000_002, 1, 1),
        (-1, 12, 31),
        (1900, 1, 1),
        (1999, 12, 31),
        (2010, 1, 1),
        (2013, 12, 1),
        (2014, 1, 1),
        (2014, 2, 28),
        (2014, 3, 1),
        (2014, 3, 12),
        (2014, 3, 31),
        (2014, 12, 31),
        (2019, 12, 31),
        (12_345, 6, 30),
    ]
    .map(|(year, month, day)| Day::from_ymd(year, month, day))
    .to_vec();
    edges.extend([Day::MIN, Day::MAX]);
    edges.sort();
    edges
}

#[test]
fn what_is_written_is_read_again() {
    let edges = edges();
    let intervals: Vec<Days> = edges
        .iter()
        .flat_map(|a| {
            edges.iter().filter(move |b| a <= b).map(move |b| Days { first: *a, last: *b })
        })
        .collect();
    let beyond = |d: &Days| *d == Days::one(Day::MIN) || *d == Days::one(Day::MAX);
    for days in intervals.iter().filter(|d| !beyond(d)) {
        for date in [Date::spanning(*days), Date::within(*days, Precision::Interval)] {
            assert_eq!(parse_edtf(date.edtf()).unwrap(), date);
        }
    }
    for start in &intervals {
        for end in &intervals {
            let nothing = *start == Days::one(Day::MAX) || *end == Days::one(Day::MIN);
            // Of an end that is not known, no more is told than that it is not before the start.
            let told =
                (start.first != Day::MIN || start.is_bounded() || *start == Days::one(Day::MIN))
                    && (end.last != Day::MAX || end.is_bounded() || *end == Days::one(Day::MAX));
            if nothing || !told || start.first > end.last {
                continue;
            }
            let date = Date::lasting(*start, *end);
            let again = parse_edtf(date.edtf()).unwrap();
            assert_eq!(again, date, "{}", date.edtf());
        }
    }
}
