//! Questions that people ask of it.

use attache::Database;

use super::{keys, keys_of, possible};

fn demo() -> Database {
    Database::demo().unwrap()
}

#[test]
fn every_spelling_of_a_man_finds_the_same_events() {
    let db = demo();
    let wanted = ["bajwa-moscow-2018", "joint-military-commission"];
    for name in [
        "Bajwa",
        "General Qamar Bajwa",
        "Qamar Javed Bajwa",
        "gen. bajwa",
        "QAMAR BAJWA",
        "General Bajwa",
    ] {
        assert_eq!(keys(&db, &format!("events where actor = \"{name}\"")), wanted, "{name}");
    }
    let shoigu = ["defence-agreement-2014", "shoigu-islamabad-2014"];
    for name in ["Sergei Shigu", "Shoigu", "Sergey Shoigu", "Sergei Shoigu"] {
        assert_eq!(keys(&db, &format!("events where actor = \"{name}\"")), shoigu, "{name}");
    }
}

#[test]
fn exact_names_are_not_resolved() {
    let db = demo();
    assert_eq!(keys(&db, r#"events where actor == "Sergei Shigu""#).len(), 2);
    assert!(keys(&db, r#"events where actor == "Sergei Shoigu""#).is_empty());
    assert!(keys(&db, r#"events where actor == "sergei shigu""#).is_empty());
}

#[test]
fn whoever_belongs_to_a_state_takes_part_for_it() {
    let db = demo();
    let both = keys(&db, r#"events where actor under "Pakistan" and actor under "Russia""#);
    for key in
        ["aman-2017", "gazprom-ogdcl-2017", "bajwa-moscow-2018", "druzhba-2017", "refinery-2018"]
    {
        assert!(both.iter().any(|k| k == key), "{key} is not among {both:?}");
    }
    // Afghanistan and India meet neither; Pakistan is only spoken of.
    for key in
        ["xi-putin", "russia-answers-trump", "us-accuses-pakistan", "cpec", "ambassador-2021"]
    {
        assert!(both.iter().all(|k| k != key), "{key} is among {both:?}");
    }
    assert_eq!(both, keys(&db, r#"events between "Pakistan" and "Russia""#));
    assert_eq!(both, keys(&db, r#"events where between "Russia" and "Pakistan""#));
}

#[test]
fn visits_have_a_direction() {
    let db = demo();
    let to_pakistan =
        ["delegation-tribal-areas-2017", "lavrov-islamabad-2021", "shoigu-islamabad-2014"];
    assert_eq!(keys(&db, r#"visit from "Russia" to "Pakistan""#), to_pakistan);
    let to_russia = [
        "abbasi-russia",
        "bajwa-moscow-2018",
        "dastgir-russia-2018",
        "foreign-minister-moscow-2018",
        "raheel-moscow-2015",
        "shaukat-russia-2018",
    ];
    assert_eq!(keys(&db, r#"visit from "Pakistan" to "Russia""#), to_russia);
    assert_eq!(keys(&db, r#"visit where host = "Russia""#), to_russia);
}

#[test]
fn years_have_a_column_for_what_is_possible() {
    let db = demo();
    let rows =
        db.query(r#"events between "Russia" and "Pakistan" | count by year | sort year"#).unwrap();
    assert_eq!(rows.columns(), ["year", "count", "possible"]);
    let table: Vec<(String, i64, i64)> = rows
        .map(|row| {
            let row = row.unwrap();
            let year: Option<String> = row.get("year").unwrap();
            (year.unwrap_or_default(), row.get("count").unwrap(), row.get("possible").unwrap())
        })
        .collect();
    let table: Vec<(&str, i64, i64)> = table.iter().map(|(y, c, p)| (y.as_str(), *c, *p)).collect();
    let wanted = [
        ("2010", 1, 0),
        ("2014", 3, 0),
        ("2015", 4, 0),
        ("2016", 1, 0),
        ("2017", 5, 2),
        ("2018", 13, 2),
        ("2021", 4, 0),
        ("", 12, 4),
    ];
    assert_eq!(table, wanted);
}

#[test]
fn a_summer_may_lie_before_july() {
    let db = demo();
    let query = r#"events where actor = "Raheel Sharif" and date < 2015-07-01"#;
    let mut rows = db.query(query).unwrap();
    assert!(keys_of(&mut rows).is_empty());
    let notices = rows.notices();
    let texts: Vec<_> = notices.iter().filter(|n| n.code == "possible").map(|n| &n.text).collect();
    assert!(texts.len() == 1 && texts[0].starts_with("1 more event is possible"), "{notices:?}");
    let shown =
        keys(&db, r#"events where actor = "Raheel Sharif" and possibly(date < 2015-07-01)"#);
    assert_eq!(shown, ["raheel-moscow-2015"]);
    assert_eq!(possible(&db, r#"events where actor = "Raheel Sharif" and date < 2015-09-01"#), 0);
}

#[test]
fn what_both_articles_tell_is_one_event() {
    let db = demo();
    let row = db.query("exercise where date during 2016-09").unwrap().one().unwrap();
    let event = row.event().unwrap();
    assert_eq!(event.key.as_deref(), Some("druzhba-2016"));
    let documents: Vec<&str> = event.documents.iter().map(|c| c.document.as_str()).collect();
    assert_eq!(documents, ["growing_bilaterally", "observer_2021"]);
}

#[test]
fn amounts_compare_in_their_dimension() {
    let db = demo();
    let billions = ["gas-pipelines-talks", "india-ka226", "india-reactors"];
    assert_eq!(keys(&db, "events where amount >= 5 billion USD"), billions);
    // Three or four billion, nobody knows; 35 billion are rupees.
    assert_eq!(possible(&db, "events where amount >= 3.5 billion USD"), 1);
    assert_eq!(keys(&db, "events where amount > 15 helicopters"), ["mi35-twenty"]);
    assert_eq!(keys(&db, r#"events where amount > 13 "bcm/year""#), ["north-south-pipeline"]);
}

#[test]
fn places_lie_in_one_another() {
    let db = demo();
    let in_russia = keys(&db, r#"events where place under "Russia""#);
    assert!(in_russia.contains(&"druzhba-2017".to_owned()), "{in_russia:?}");
    assert_eq!(in_russia.len(), 12, "{in_russia:?}");
    assert_eq!(keys(&db, r#"exercise where place under "Russia""#), ["druzhba-2017", "sco-2018"]);
    assert_eq!(
        keys(&db, r#"events where place = "FATA""#),
        keys(&db, r#"events where place = "Tribal areas""#)
    );
}

/// Conditions on dates that leave no dated event in doubt and no undated one out.
const DATE_CONDITIONS: [&str; 14] = [
    "date < 2015",
    "date <= 2015-06",
    "date > 2016",
    "date >= 2018-03-01",
    "date = 2016-09",
    "date != 2016",
    "date in 2014..2016",
    "date in 2014..",
    "date during 2018",
    "date overlaps 2018",
    "date before 2015",
    "date after 2020",
    "year = 2018",
    "month >= 2018-03",
];

#[test]
fn an_undated_event_is_certainly_at_no_time_and_possibly_at_any() {
    let db = demo();
    let undated = keys(&db, "events where date is null");
    assert_eq!(undated.len(), 31, "{undated:?}");
    for condition in DATE_CONDITIONS {
        for condition in [condition.to_owned(), format!("not ({condition})")] {
            let certain = keys(&db, &format!("events where {condition}"));
            assert!(undated.iter().all(|key| !certain.contains(key)), "{condition}");
            let possible = keys(&db, &format!("events where possibly({condition})"));
            assert!(undated.iter().all(|key| possible.contains(key)), "{condition}");
        }
    }
    assert_eq!(
        keys(&db, "events where date is not null").len() + undated.len(),
        keys(&db, "events").len()
    );
}

#[test]
fn nobody_of_that_name_is_an_error_with_the_nearest_one() {
    let error = demo().query(r#"events where actor = "Bajva""#).unwrap_err();
    let diagnostic = error.diagnostic().unwrap();
    assert_eq!(
        (diagnostic.code, diagnostic.message.as_str()),
        ("unknown-actor", "no actor \"Bajva\"")
    );
    let help = diagnostic.help.as_deref().unwrap();
    assert_eq!(help, "did you mean \"Qamar Javed Bajwa\" (2 events)?");
    assert_eq!(diagnostic.fixes[0].text, "\"Qamar Javed Bajwa\"");
}
