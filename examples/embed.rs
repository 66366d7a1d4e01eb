//! Opens a database, asks it, and listens to what the answer has to say besides its rows.
//!
//! `cargo run --example embed`

use attache::{Database, Result};

/// Prints the visits that are certain, and says how many more may be.
pub(crate) fn main() -> Result<()> {
    // A file is opened by `Database::open("relations.attache")?`, which makes it when there is none.
    let db = Database::demo()?;

    let mut rows = db.query("visit where date < 2018-01-01 | select date, visitor, host")?;
    // `by_ref` keeps the rows: notices and statistics are complete when they are through.
    for row in rows.by_ref() {
        let row = row?;
        let visitors: Vec<&str> = row.get("visitor")?;
        println!(
            "{:<16} {} in {}",
            row.get::<&str>("date")?,
            visitors.join(", "),
            row.get::<&str>("host")?
        );
    }
    for notice in rows.notices() {
        println!("note: {}", notice.text);
    }
    println!("{} events looked at", rows.stats().scanned);

    // A mistake in a query is data: a code, a place, a remedy, and the text for people.
    let query = "visit where hots = \"Pakistan\"";
    if let Err(error) = db.query(query) {
        println!("{}", error.render(query, "query", false));
    }
    db.close()
}
