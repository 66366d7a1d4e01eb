//! Each form of condition and stage once, with what it finds.

use attache::Database;

use super::keys;

#[test]
fn conditions_find_what_they_say() {
    let db = Database::demo().unwrap();
    let cases: &[(&str, &[&str])] = &[
        (r#"kind == "exercise""#, &["druzhba-2016", "druzhba-2017", "sco-2018"]),
        (
            r#"kind = "naval exercise""#,
            &["aman-2017", "arabian-monsoon-2014", "arabian-monsoon-2015", "black-sea-fleet-2021"],
        ),
        (
            r#"kind in ("memorandum", "joint commission",)"#,
            &["gazprom-ogdcl-2017", "joint-military-commission", "naval-memorandum-2018"],
        ),
        (r#"key in ["bri", "cpec"]"#, &["bri", "cpec"]),
        (r#"key like "arabian-*""#, &["arabian-monsoon-2014", "arabian-monsoon-2015"]),
        (r#"key matches r"^xi-.*n$""#, &["xi-putin"]),
        (
            r#"summary ~ "helicopter* -Mi-35M -deal" and supplier = "Russia" and recipient = "India""#,
            &["india-ka226"],
        ),
        (r#"summary ~ "\"Joint Military\"""#, &["joint-military-commission"]),
        (r#"actor in (events where key = "xi-putin" | select party)"#, &["xi-putin"]),
        ("key in (events where date during 2016 | select key)", &["druzhba-2016"]),
        ("companion is not null", &["lavrov-islamabad-2021", "shaukat-russia-2018"]),
        ("?ships > 2", &["black-sea-fleet-2021"]),
        ("partner_countries in 10..30", &["gazprom-ogdcl-2017"]),
        (r#"items = "su-35""#, &["arms-talks-2018"]),
        (r#"said_by = "Trump""#, &["trump-safe-havens"]),
        // What has lasted since before has a day in it, too.
        (
            "date in 2016-01..2016-12",
            &["druzhba-2016", "india-russia-friendship", "us-pakistan-strain", "warm-up"],
        ),
        (r#"date in 2017-06..2017-08 and status = "happened""#, &["gazprom-ogdcl-2017"]),
        (r#"involving "China" and kind = "meeting""#, &[]),
        (r#"involving "SCO""#, &["sco-2018"]),
        (r#"from "NATO""#, &["nato-exit-2021"]),
        (r#"to "India" and from "Russia" and status = "planned""#, &["india-s400"]),
        (
            r#"source.office = "President" and target = "Pakistan""#,
            &["imet-end", "trump-safe-havens"],
        ),
        (r#"place.under = "Karachay-Cherkessia""#, &["druzhba-2017"]),
        (
            r#"documents = "observer_2021" and documents = "growing_bilaterally" and kind = "visit""#,
            &["bajwa-moscow-2018", "foreign-minister-moscow-2018"],
        ),
        (
            r#"date = 2021-04-07 and not (status = "ongoing")"#,
            &["lavrov-islamabad-2021", "talks-islamabad-2021"],
        ),
        ("date during 2021-04-06..2021-04-07", &["lavrov-islamabad-2021", "talks-islamabad-2021"]),
        (r#"links.as = "maybe_same""#, &["deals-winter-2018"]),
        (r#"precision(date) = "season""#, &["mi35-deal", "raheel-moscow-2015"]),
        ("month_of_year(date) = 9", &["druzhba-2016", "sco-2018"]),
        (r#"not (status = "happened") and place = "Gwadar""#, &[]),
        (
            r#"year = 2016 or year = 2014 and kind = "visit""#,
            &["druzhba-2016", "shoigu-islamabad-2014"],
        ),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(condition, wanted)| {
            (condition, wanted, keys(&db, &format!("events where {condition}")))
        })
        .filter(|(_, wanted, found)| found != *wanted)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dyads_stand_behind_the_kind() {
    let db = Database::demo().unwrap();
    let cases: &[(&str, &[&str])] = &[
        (r#"events involving "China" and "Iran""#, &["four-on-exit-2021"]),
        (
            r#"events involving "Russia" and "China" and "Pakistan" where date is not null"#,
            &["four-on-exit-2021"],
        ),
        (r#""joint commission" between "Russia" and "Pakistan""#, &["joint-military-commission"]),
        (
            r#"accusation from ("US", "India") to "Pakistan""#,
            &["trump-safe-havens", "us-accuses-pakistan"],
        ),
    ];
    for (query, wanted) in cases {
        assert_eq!(keys(&db, query), *wanted, "{query}");
    }
}

#[test]
fn stages_make_tables() {
    let db = Database::demo().unwrap();
    let table = |query: &str| -> Vec<String> {
        let rows = db.query(query).unwrap();
        rows.map(|row| {
            row.unwrap().values().iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
        })
        .collect()
    };
    assert_eq!(table("events | count"), ["78"]);
    assert_eq!(
        table("visit where date is not null | sort date desc | head 2 | select key, date"),
        ["lavrov-islamabad-2021 | 6-7 April 2021", "shaukat-russia-2018 | 2018-08"],
    );
    assert_eq!(
        table(
            r#"exercise where actor under "Pakistan" | count by place | top 2 by count desc, place"#
        ),
        ["Arabian Sea | 2", " | 2"],
    );
    assert_eq!(
        table(
            r#"events where key = "lavrov-islamabad-2021" | select earliest(date), latest(date), dyad, states, bilateral, rank"#
        ),
        ["2021-04-06 | 2021-04-07 | Pakistan–Russia | Pakistan; Russia | true | 4"],
    );
    assert_eq!(
        table(r#"actors where type = "alliance" | select name | sort name desc | tail 2"#),
        ["Quad", "NATO"]
    );
}
