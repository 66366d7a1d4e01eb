//! Rows, parameters, prepared queries, checking.

use attache::{Database, Date, Event, Location, Outcome, Quantity, Query, Value};

use super::{code, keys, visit};

#[test]
fn rows_have_types() {
    let db = Database::demo().unwrap();
    let query = r#"events where key = "mi35-delivery-2017" | select key, date, amount, id, supplier, goldstein, said, bilateral"#;
    let row = db.query(query).unwrap().one().unwrap();
    assert_eq!(row.get::<&str>("key").unwrap(), "mi35-delivery-2017");
    assert_eq!(row.get::<Date>("date").unwrap().edtf(), "[2017-04..2017-12]");
    let amount: Quantity = row.get("amount").unwrap();
    assert_eq!((amount.low, amount.of.as_deref()), (4.0, Some("Mi-35M")));
    assert!(row.get::<u64>("id").unwrap() > 0);
    assert_eq!(row.get::<Vec<String>>("supplier").unwrap(), ["Russia"]);
    assert_eq!(row.get::<Option<Date>>("said").unwrap(), None);
    assert!(row.get::<bool>("bilateral").unwrap());
    assert_eq!(code(&row.get::<i64>("key").unwrap_err()), "misfit");
    assert_eq!(code(&row.get::<Date>("said").unwrap_err()), "misfit");
    let error = row.get::<&str>("kye").unwrap_err().to_string();
    assert!(error.contains("no column `kye`"), "{error}");
}

#[test]
fn the_only_row_is_the_only_one() {
    let db = Database::demo().unwrap();
    assert!(db.query("events").unwrap().one().is_err());
    assert!(db.query("events where key = \"none\"").unwrap().one().is_err());
    assert!(db.query("events | count").unwrap().scalar::<String>().is_ok());
    assert!(db.query("events | select summary | head 1").unwrap().scalar::<i64>().is_err());
}

#[test]
fn rows_become_structs() {
    #[derive(serde::Deserialize, Debug)]
    struct Deal {
        key: String,
        date: Option<String>,
        supplier: Vec<String>,
    }
    let db = Database::demo().unwrap();
    let query =
        r#""arms deal" where recipient = "Pakistan" | sort key | select key, date, supplier"#;
    let deals: Vec<Deal> =
        db.query(query).unwrap().deserialize().collect::<attache::Result<_>>().unwrap();
    let keys: Vec<&str> = deals.iter().map(|d| d.key.as_str()).collect();
    assert!(keys.contains(&"us-arms-pakistan"), "{keys:?}");
    let old = deals.iter().find(|d| d.key == "us-arms-pakistan").unwrap();
    assert_eq!((old.date.as_deref(), &old.supplier[..]), (None, &["America".to_owned()][..]));
}

#[test]
fn parameters_stand_for_values_sets_and_counts() {
    let db = Database::demo().unwrap();
    let query = "events where actor in $who and date >= $since | sort date | head $n";
    let params = vec![
        ("who", Value::from(vec!["Bajwa", "Shoigu"])),
        ("since", Value::from("2014".parse::<Date>().unwrap())),
        ("n", Value::Int(2)),
    ];
    let found = keys(db.query_with(query, params).unwrap());
    assert_eq!(found, ["shoigu-islamabad-2014", "defence-agreement-2014"]);
    let quoted = db.query_with("events where summary = $x", [("x", "\" or true or \"")]).unwrap();
    assert_eq!(quoted.count(), 0);
    let error = db.query("events where actor = $who").unwrap_err();
    assert_eq!(code(&error), "unbound-parameter");
    assert!(error.to_string().contains("$who"), "{error}");
    assert_eq!(query.parse::<Query>().unwrap().parameters(), ["n", "since", "who"]);
}

#[test]
fn a_prepared_query_resolves_names_at_each_run() {
    let db = Database::demo().unwrap();
    let query = db.prepare("events where actor = \"Sharif\" and year = 2015").unwrap();
    let run = || keys(db.run(&query, (), attache::RunOptions::default()).unwrap());
    assert_eq!(run(), ["raheel-moscow-2015"]);
    db.execute("define actor \"Vladimir Putin\" { type: \"person\", state: \"Russia\", aliases: [\"Putin\", \"Sharif\"] }").unwrap();
    assert!(run().is_empty());
    assert_eq!(code(&db.prepare("events where actor = \"Bajva\"").unwrap_err()), "unknown-actor");
}

#[test]
fn canonical_text_reads_as_the_same_query() {
    for text in [
        "events   WHERE year>=2015",
        "visit from \"A\" to (\"B\",\"C\",) where possibly(date during 2015-summer) | count by year,month | sort count desc",
        "events where amount >= 5 billion USD and not (kind in (\"visit\", \"x y\"))",
        "let $x = [1, 2]",
        "insert visit { date: @2015-06~, visitor: \"A\", quantities: [3..4 billion USD] }",
        "delete events where key = \"x\" because \"wrong\"",
    ] {
        let query: Query = text.parse().unwrap();
        let printed = query.to_string();
        assert_eq!(printed.parse::<Query>().unwrap().to_string(), printed, "{text}");
    }
}

#[test]
fn checking_runs_nothing_and_tells_every_mistake() {
    let db = Database::demo().unwrap();
    let script = "delete events where year = 2014; events where actr = 1; events where kind = \"vist\"; events";
    let wrong: Vec<(&str, &str)> =
        db.check(script).iter().map(|d| (d.code, &script[d.span.start..d.span.end])).collect();
    assert_eq!(wrong, [("unknown-field", "actr"), ("unknown-kind", "\"vist\"")]);
    assert_eq!(super::count(&db), 78);
    assert!(db.check("events").is_empty());
    assert_eq!(db.check("events where").len(), 1);
}

#[test]
fn explaining_shows_operators_from_the_top() {
    let db = Database::demo().unwrap();
    let plan =
        db.explain("visit where place = \"Moscow\" | sort date | head 3 | select key").unwrap();
    let operators: Vec<&str> = plan
        .lines()
        .map(|l| l.trim_start_matches([' ', '└', '─']).split(':').next().unwrap())
        .collect();
    assert_eq!(operators, ["Project", "TopN", "Filter", "PostingsScan"]);
}

#[test]
fn a_session_remembers_and_a_query_cannot_change() {
    let db = Database::demo().unwrap();
    let mut session = db.session();
    let mut run = |text: &str| session.run(&text.parse().unwrap(), attache::RunOptions::default());
    assert!(matches!(run("let $y = 2016").unwrap(), Outcome::Remembered));
    let Outcome::Rows(rows) = run("events where year = $y").unwrap() else { panic!() };
    assert_eq!(keys(rows), ["druzhba-2016"]);
    assert_eq!(code(&db.query("delete events where year = 2016").unwrap_err()), "not-a-query");
    assert_eq!(code(&"events; events".parse::<Query>().unwrap_err()), "one-statement");
}

#[test]
fn a_place_has_its_coordinates_and_the_country_in_which_it_lies() {
    let db = Database::open_in_memory().unwrap();
    db.execute("define place \"Åland\" { type: \"country\" }; define place \"Mariehamn\" { under: \"Åland\" }")
        .unwrap();
    let at = |name: &str, coordinates| Event {
        places: vec![Location { name: name.to_owned(), coordinates }],
        ..visit(name, "2020")
    };
    let events = [at("Mariehamn", Some((60.1, 19.94))), at("Sund", None)];
    db.write(|tx| tx.insert_all(events.clone())).unwrap();
    let row =
        "events where place.country = \"Åland\" | select place.latitude as n, place.longitude as e";
    let row = db.query(row).unwrap().one().unwrap();
    assert_eq!((row.get::<f64>("n").unwrap(), row.get::<f64>("e").unwrap()), (60.1, 19.94));
    let north = |above| format!("events where place.latitude > {above}");
    assert_eq!(keys(db.query(&north(60)).unwrap()), ["Mariehamn"]);
    assert!(keys(db.query(&north(61)).unwrap()).is_empty());
}
