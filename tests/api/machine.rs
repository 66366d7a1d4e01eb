//! Rows as machines code them: general names with codes beside them, visits told from both sides, the data sets' own
//! names of columns.

use attache::{Database, Event, Participant, Role, Value};

use super::keys;

/// A participant with a code.
fn coded(name: &str, code: &str, role: Role) -> Participant {
    Participant { code: Some(code.to_owned()), ..Participant::new(name, role) }
}

/// An event of a kind by code, with a source and a target.
fn event(key: &str, code: &str, source: (&str, &str), target: (&str, &str)) -> Event {
    let kind = match code {
        "042" => "visit",
        "043" => "hosted visit",
        _ => "consult",
    };
    Event {
        key: Some(key.to_owned()),
        kind: kind.to_owned(),
        code: Some(code.to_owned()),
        participants: vec![
            coded(source.0, source.1, Role::Source),
            coded(target.0, target.1, Role::Target),
        ],
        date: Some("2015-06-12".parse().unwrap()),
        ..Event::default()
    }
}

fn database(events: impl IntoIterator<Item = Event>) -> Database {
    let db = Database::open_in_memory().unwrap();
    db.execute(
        r#"define actor "Pakistan" { type: "state", codes: { iso3: "PAK" } };
        define actor "India" { type: "state", codes: { iso3: "IND" } };
        define actor "China" { type: "state", codes: { iso3: "CHN" } };
        define actor "Japan" { type: "state", codes: { iso3: "JPN" } };
        define actor "PAKCOP" { state: "PAK", sectors: ["COP"] };
        define actor "INDCOP" { state: "IND", sectors: ["COP"] };
        define actor "Anna" { type: "person", state: "India", affiliations: { under: "India", as: "envoy", rank: 2 } };"#,
    )
    .unwrap();
    db.write(|tx| tx.insert_all(events)).unwrap();
    db
}

fn found(db: &Database, query: &str) -> Vec<String> {
    keys(db.query(query).unwrap_or_else(|e| panic!("{query}: {e:?}")))
}

/// The rows as lines, the columns apart by ` | `.
fn lines(db: &Database, query: &str) -> Vec<String> {
    let rows = db.query(query).unwrap_or_else(|e| panic!("{query}: {e:?}"));
    let line = |row: attache::Row| {
        row.values().iter().map(Value::to_string).collect::<Vec<_>>().join(" | ")
    };
    rows.map(|row| line(row.unwrap())).collect()
}

/// The words of a notice of an answer.
fn notice(db: &Database, query: &str, code: &str) -> Option<String> {
    let mut rows = db.query(query).unwrap();
    rows.by_ref().for_each(|row| drop(row.unwrap()));
    rows.notices().into_iter().find(|n| n.code == code).map(|n| n.text)
}

#[test]
fn a_code_is_a_second_name() {
    let db = database([
        event("two", "040", ("POLICE", "PAKCOP"), ("POLICE", "INDCOP")),
        event("one", "040", ("POLICE", "PAKCOP"), ("Anna", "XYZ")),
        event("none", "040", ("POLICE", "COP"), ("PAKISTAN", "PAK")),
    ]);
    for (condition, wanted) in [
        (r#"source = "POLICE""#, &["two", "one", "none"][..]),
        (r#"source = "pakcop""#, &["two", "one"]),
        (r#"source == "PAKCOP""#, &["two", "one"]),
        (r#"source != "PAKCOP""#, &["none"]),
        (r#"target in ("INDCOP", "XYZ")"#, &["two", "one"]),
        (r#"source under "Pakistan""#, &["two", "one"]),
        (r#"between "Pakistan" and "India""#, &["two", "one"]),
        (r#"between "POLICE" and "POLICE""#, &["two"]),
        (r#"between "PAKCOP" and "POLICE""#, &["two"]),
        (r#"from "Pakistan" to "India""#, &["two", "one"]),
        (r#"actor in (actors where name = "INDCOP" | select name)"#, &["two"]),
        (r#"source.code = "pakcop""#, &["two", "one"]),
        (r#"actor.code under "PAK""#, &["two", "one", "none"]),
        ("target.rank = 2", &["one"]),
        (r#"source.sector = "COP" and source.iso3 = "PAK""#, &["two", "one"]),
    ] {
        let query = format!("events where {condition}");
        assert_eq!(found(&db, &query), wanted, "{query}");
        let unoptimized = attache::internals::run_unoptimized(&db, &query).unwrap();
        assert_eq!(keys(unoptimized), wanted, "unoptimized: {query}");
    }
    assert_eq!(
        lines(
            &db,
            "events | select source, source.code, target.code, states, dyad, pair, target.office"
        ),
        [
            "POLICE | PAKCOP | INDCOP | India; Pakistan | India–Pakistan |  | ",
            "POLICE | PAKCOP | XYZ | India; Pakistan | India–Pakistan | Anna–POLICE | envoy",
            "POLICE | COP | PAK | Pakistan | POLICE–Pakistan | PAKISTAN–POLICE | ",
        ]
    );
    assert_eq!(lines(&db, "events | count by source"), ["POLICE | 3"]);
    assert_eq!(found(&db, r#"consult involving "PAKCOP" and "POLICE""#), ["two"]);
    assert_eq!(db.verify().unwrap(), Vec::<String>::new());
}

#[test]
fn a_code_is_entered_beside_the_name() {
    let db = database([]);
    db.execute(r#"insert visit { source: { actor: "POLICE", code: "PAKCOP" }, target: ["Anna"] }"#)
        .unwrap();
    let row = db.query(r#"visit where source = "PAKCOP""#).unwrap().one().unwrap();
    assert_eq!(row.event().unwrap().participants[0], coded("POLICE", "PAKCOP", Role::Source));
}

#[test]
fn visits_are_the_right_way_round() {
    let (china, japan) = (("CHINA", "CHN"), ("JAPAN", "JPN"));
    let db = database([
        event("makes", "042", china, japan),
        event("hosts", "043", japan, china),
        event("back", "042", japan, china),
        event("hosts back", "043", china, japan),
        event("talks", "040", china, japan),
    ]);
    let query = r#"visit from "China" to "Japan""#;
    assert_eq!(found(&db, query), ["makes", "hosts"]);
    assert_eq!(
        lines(&db, &format!("{query} | select visitor, host")),
        ["CHINA | JAPAN", "CHINA | JAPAN"]
    );
    assert_eq!(found(&db, r#"visit where visitor = "China""#), ["makes", "hosts"]);
    assert_eq!(found(&db, r#"events from "China" to "Japan""#), ["makes", "hosts", "talks"]);
    assert_eq!(found(&db, r#""hosted visit" from "China""#), ["hosts"]);
    let usual = db.query(query).unwrap();
    assert_eq!(usual.columns()[..5], ["date", "kind", "visitor", "host", "party"]);
    let usual = db.query("events").unwrap();
    assert_eq!(usual.columns()[..5], ["date", "kind", "source", "target", "party"]);
    assert_eq!(lines(&db, &format!("{query} | unique date, visitor, host | count")), ["1"]);

    let told = notice(&db, query, "mirrored").unwrap();
    assert!(told.contains("unique date, visitor, host"), "{told}");
    assert!(notice(&db, "visit | count by year", "mirrored").is_some());
    assert!(notice(&db, "events where kind = \"visit\"", "mirrored").is_some());
    for silent in [
        "visit | unique date, visitor, host",
        "\"hosted visit\"",
        "events where kind == \"visit\"",
        "visit where code = \"042\"",
        "visit where year = 2001",
        "consult",
        "events",
    ] {
        assert_eq!(notice(&db, silent, "mirrored"), None, "{silent}");
    }
    assert_eq!(notice(&Database::demo().unwrap(), "visit", "mirrored"), None);
}

#[test]
fn who_has_no_known_state_is_counted() {
    let db = database([
        event("yes", "040", ("POLICE", "PAKCOP"), ("INDIA", "IND")),
        event("unknown", "040", ("POLICE", "COP"), ("INDIA", "IND")),
        event("other", "040", ("CHINA", "CHN"), ("INDIA", "IND")),
        event("both", "040", ("POLICE", "COP"), ("REBELS", "REB")),
        event("visit", "042", ("POLICE", "COP"), ("INDIA", "IND")),
    ]);
    let more = |query: &str| {
        notice(&db, query, "state").map(|text| text.split(' ').next().unwrap().to_owned())
    };
    assert_eq!(more(r#"events where source under "Pakistan""#).as_deref(), Some("3"));
    assert_eq!(more(r#"events where target under "Pakistan""#).as_deref(), Some("1"));
    assert_eq!(more(r#"events where actor under "India""#).as_deref(), Some("1"));
    assert_eq!(more(r#"visit where source under "Pakistan""#).as_deref(), Some("1"));
    assert_eq!(more(r#"events between "Pakistan" and "India""#).as_deref(), Some("3"));
    assert_eq!(
        more(r#"events from "Pakistan" to "India" where kind == "consult""#).as_deref(),
        Some("2")
    );
    for silent in [
        r#"events where source = "Pakistan""#,
        r#"events where not source under "Pakistan""#,
        r#"events where source not under "Pakistan""#,
        r#"events where target under "China" and code = "042""#,
    ] {
        assert_eq!(more(silent), None, "{silent}");
    }
}

#[test]
fn bearers_that_no_catalogue_knows_are_told_apart() {
    let china = ("CHINA", "CHN");
    let db = database([
        event("a", "040", ("Qamar Javed Bajwa", "PAKMIL"), china),
        event("b", "040", ("Asim Saleem Bajwa", "PAKGOV"), china),
        event("c", "042", ("Qamar Javed Bajwa", "PAKMIL"), china),
    ]);
    let query = r#"events where actor = "Bajwa""#;
    assert_eq!(found(&db, query), ["a", "b", "c"]);
    assert_eq!(
        notice(&db, query, "ambiguous").as_deref(),
        Some(
            "\"Bajwa\" means 2 actors here: Asim Saleem Bajwa (1 event), Qamar Javed Bajwa (2 events)"
        )
    );
}

#[test]
fn attributes_are_found_however_they_are_spelled() {
    let attributes = |names: &[&str]| {
        names.iter().map(|name| ((*name).to_owned(), Value::from(*name))).collect()
    };
    let names = [
        "Event Text",
        "NumMentions",
        "Actor1Geo_FullName",
        "event_id_cnty",
        "limit",
        "Tone (%)",
        "CAMEO Code",
    ];
    let db = database([Event {
        attributes: attributes(&names),
        ..event("a", "042", ("CHINA", "CHN"), ("JAPAN", "JPN"))
    }]);
    for (typed, name) in [
        ("`Event Text`", "Event Text"),
        ("event_text", "Event Text"),
        ("EventText", "Event Text"),
        ("num_mentions", "NumMentions"),
        ("NUMMENTIONS", "NumMentions"),
        ("actor1_geo_full_name", "Actor1Geo_FullName"),
        ("event_id_cnty", "event_id_cnty"),
        ("?tone", "Tone (%)"),
        ("`Tone (%)`", "Tone (%)"),
        // An attribute wins over a synonym, a synonym stands for a field.
        ("cameo_code", "CAMEO Code"),
        ("EventCode", "042"),
        ("?SQLDATE", "2015-06-12"),
        ("Actor1Name", "CHINA"),
        ("actor2_code", "JPN"),
    ] {
        let query = format!("events | select {typed}");
        let mut rows = db.query(&query).unwrap_or_else(|e| panic!("{query}: {e:?}"));
        let column = typed.trim_matches(['`', '?']);
        assert_eq!(rows.columns(), [column], "{query}");
        let value = rows.next().unwrap().unwrap().values()[0].to_string();
        assert_eq!(value, name, "{query}");
    }
    assert_eq!(found(&db, r#"events where Actor1Name = "China" and side_b under "Japan""#), ["a"]);
    assert_eq!(found(&db, r#"events where Actor1Code under "CH" and SQLDATE < 2016"#), ["a"]);

    let typed: Vec<String> =
        db.query("show fields").unwrap().map(|row| row.unwrap().get("field").unwrap()).collect();
    let wanted = [
        "Actor1Geo_FullName",
        "cameo_code",
        "event_text",
        "NumMentions",
        "tone",
        "event_id_cnty",
        "limit",
    ];
    for name in wanted {
        assert!(typed.iter().any(|t| t == name), "{name} in {typed:?}");
    }
    for (text, offered) in
        [("events where event_t", "event_text"), ("events where NumM", "NumMentions")]
    {
        let items = db.complete(text, text.len()).items;
        assert!(items.iter().any(|item| item.text == offered), "{items:?}");
    }
    let error = db.query("events | select evnt_text").unwrap_err();
    assert!(format!("{error:?}").contains("event_text"), "{error:?}");
}
