//! Rows as values of one's own types, out of a query that is read once and run with several parameters.
//!
//! `cargo run --example typed_rows`

use attache::{Database, Date, Quantity, Result, RunOptions};
use serde::Deserialize;

/// A row of the query; the fields are called as its columns, and what may be missing is an `Option`.
#[derive(Debug, Deserialize)]
struct Deal {
    /// EDTF text.
    date: Option<String>,
    summary: String,
    amount: Vec<Amount>,
}

/// A quantity: what it is at least and at most.
#[derive(Debug, Deserialize)]
struct Amount {
    low: f64,
    high: f64,
    unit: String,
}

/// Prints what is worth so much, for two sums.
pub(crate) fn main() -> Result<()> {
    let db = Database::demo()?;
    let query = db.prepare("events where amount >= $least | select date, summary, amount")?;
    for least in [1e9, 20e9] {
        let least = Quantity::new(least, least, Some("USD"));
        println!("at least {least}:");
        for deal in db.run(&query, [("least", least)], RunOptions::default())?.deserialize::<Deal>()
        {
            let deal = deal?;
            let day = deal.date.map(|date| date.parse::<Date>()).transpose()?;
            let when =
                day.map_or_else(|| "no date".to_owned(), |day| format!("by {}", day.latest()));
            println!("  {when}: {}", deal.summary);
            for Amount { low, high, unit } in deal.amount {
                println!("    {low} to {high} {unit}");
            }
        }
    }
    Ok(())
}
