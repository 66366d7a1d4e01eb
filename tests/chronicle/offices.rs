//! Ties with dates: whom a name belongs under, at the date of the event.

use attache::{Database, Row};

/// Ann is a minister of Aland up to 29 June 2012, and president of Bland from the day after.
fn world() -> Database {
    let db = Database::open_in_memory().unwrap();
    db.execute(
        r#"define actor "Aland" { type: "state" };
        define actor "Bland" { type: "state" };
        define actor "Ann" { type: "person", affiliations: [
            { under: "Aland", as: "Minister", rank: 4, to: 2012-06-29 },
            { under: "Bland", as: "President", rank: 5, from: 2012-06-30 } ] };
        insert visit { key: "before", date: 2012-06-01, visitor: "Ann" },
            { key: "across", date: "29 June 2012 - 1 July 2012", visitor: "Ann" },
            { key: "some day", date: 2012, visitor: "Ann" },
            { key: "after", date: 2015, visitor: "Ann" };"#,
    )
    .unwrap();
    db
}

fn keys(db: &Database, condition: &str) -> Vec<String> {
    let rows = db.query(&format!("visit where {condition}")).unwrap();
    let key = |row: attache::Result<Row>| row.unwrap().event().unwrap().key.clone().unwrap();
    rows.map(key).collect()
}

#[test]
fn who_belongs_where_depends_on_the_day() {
    let db = world();
    assert_eq!(keys(&db, r#"visitor under "Aland""#), ["before"]);
    assert_eq!(keys(&db, r#"visitor under "Bland""#), ["after"]);
    assert_eq!(keys(&db, r#"possibly(visitor under "Aland")"#), ["before", "across", "some day"]);
    assert_eq!(keys(&db, r#"visitor under ("Aland", "Bland")"#).len(), 4);
}

#[test]
fn states_and_offices_are_those_of_the_day() {
    let db = world();
    let states: Vec<String> = db
        .query(r#"visit where key = "after" | select states"#)
        .unwrap()
        .one()
        .unwrap()
        .get("states")
        .unwrap();
    assert_eq!(states, ["Bland"]);
    assert_eq!(keys(&db, "rank >= 5"), ["after"]);
    assert_eq!(keys(&db, "possibly(rank >= 5)"), ["across", "some day", "after"]);
}
