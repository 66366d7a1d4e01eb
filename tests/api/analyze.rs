//! `explain analyze`.

use std::time::Duration;

use attache::{CancelToken, Database, Error, Outcome, Query, RunOptions};

use super::{code, count, visit};

/// The lines of an analysis.
fn lines(rows: attache::Rows) -> attache::Result<Vec<String>> {
    rows.map(|row| Ok(row?.get::<&str>("plan")?.to_owned())).collect()
}

/// The operators with the rows that they gave and what they read.
fn operators(analysis: &[String]) -> Vec<(String, u64, String)> {
    let (_, lines) = analysis.split_last().unwrap();
    let each = lines.iter().map(|line| {
        let words: Vec<&str> = line.split("  ").map(str::trim).filter(|w| !w.is_empty()).collect();
        let at = words.iter().rposition(|w| w.ends_with(" row") || w.ends_with(" rows")).unwrap();
        assert!(words[at + 1].ends_with(" ms"), "{line}");
        let operator = words[at - 1].trim_start_matches(['└', '├', '│', '─', ' ']);
        let operator = operator.trim_start_matches("in: ").split(':').next().unwrap();
        let rows = words[at].split(' ').next().unwrap().parse().unwrap();
        (operator.to_owned(), rows, words.get(at + 2).copied().unwrap_or_default().to_owned())
    });
    each.collect()
}

fn run(db: &Database, text: &str, options: RunOptions) -> attache::Result<Vec<String>> {
    lines(db.run(&text.parse::<Query>()?, (), options)?)
}

#[test]
fn every_operator_tells_its_rows_and_the_leaf_what_it_read() {
    let db = Database::demo().unwrap();
    let text = "events where date >= 2016 | sort date | skip 2 | count by kind | head 3";
    let analysis = db.explain_analyze(text).unwrap();
    let analysis: Vec<String> = analysis.lines().map(str::to_owned).collect();
    let found = operators(&analysis);
    let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["Head", "Aggregate", "Skip", "Sort", "Filter", "PostingsScan"]);
    let fit = db.query("events where date >= 2016").unwrap().count() as u64;
    let kinds = db.query("events where date >= 2016 | sort date | skip 2 | distinct kind");
    let kinds = kinds.unwrap().count() as u64;
    // `head` does not ask for what it does not give; grouping has made all groups by then.
    let rows: Vec<u64> = found.iter().map(|(_, rows, _)| *rows).collect();
    assert!(kinds > 3 && rows[5] >= fit, "{rows:?}");
    assert_eq!(rows[..5], [3, 3, fit - 2, fit, fit]);
    assert!(found[..5].iter().all(|(.., reads)| reads.is_empty()), "{found:?}");
    let (events, bytes) = found[5].2.split_once(" events, ").unwrap();
    assert_eq!(events.parse::<u64>().unwrap(), rows[5]);
    assert!(bytes.ends_with(" KiB"), "{bytes}");
}

#[test]
fn it_has_the_rows_of_the_query() {
    let db = Database::demo().unwrap();
    for text in [
        "events",
        "visit where place = \"Moscow\"",
        "visit where place = \"Moscow\" | count by year",
        "events | top 5 by date | select key",
        "actors | where state = \"Pakistan\"",
        "show kinds",
        "events where kind = \"visit\" and year = 1066",
        "visit where place in (agreement | select place)",
    ] {
        let rows = db.query(text).unwrap().count();
        let analysis = db.explain_analyze(text).unwrap();
        let s = if rows == 1 { "" } else { "s" };
        let last = analysis.lines().last().unwrap();
        assert!(last.starts_with(&format!("{rows} row{s} in ")), "{text}: {last}");
    }
}

#[test]
fn a_query_within_a_condition_has_lines_of_its_own() {
    let db = Database::demo().unwrap();
    let text = "events where place in (agreement | select place)";
    let analysis: Vec<String> =
        db.explain_analyze(text).unwrap().lines().map(str::to_owned).collect();
    let found = operators(&analysis);
    let reads: Vec<(&str, &str)> = found
        .iter()
        .map(|(name, _, reads)| (name.as_str(), reads.split(',').next().unwrap()))
        .collect();
    assert_eq!(reads.first(), Some(&("Filter", "")));
    assert_eq!(reads.last(), Some(&("Scan", "78 events")));
    // The query within reads what it would alone.
    assert!(reads.contains(&("PostingsScan", "8 events")), "{reads:?}");
    // Where no event comes so far as to be asked, the query within does not run.
    let nobody =
        "events where kind = \"visit\" and year = 1066 and place in (agreement | select place)";
    let analysis = db.explain_analyze(nobody).unwrap();
    assert!(analysis.contains("not run"), "{analysis}");
}

#[test]
fn what_changes_the_database_is_not_run() {
    let db = Database::demo().unwrap();
    for (text, word) in [
        ("insert visit { host: \"Pakistan\" }", "`explain` without"),
        ("delete visit where year = 2016", "`explain` shows its plan"),
        ("update visit where year = 2016 set summary = \"x\"", "`explain` without"),
        ("define place \"Kazan\" { under: \"Russia\" }", "`explain` without"),
        ("define view v as visit", "`explain` without"),
        ("drop place \"Kunduz\"", "`explain` without"),
        ("import \"a.csv\"", "`explain` without"),
        ("let $x = 1", "analyze the query that uses it"),
        ("explain visit", "leave this `explain` out"),
    ] {
        let whole = format!("explain analyze {text}");
        let error = db.query(&whole).unwrap_err();
        assert_eq!(code(&error), "not-analyzed", "{text}");
        let diagnostic = error.diagnostic().unwrap();
        assert_eq!(&whole[diagnostic.span.start..diagnostic.span.end], text);
        assert!(error.render(&whole, "query", false).contains(word), "{text}");
        let direct = db.explain_analyze(text).unwrap_err();
        assert_eq!((code(&direct), direct.diagnostic().unwrap().span.start), ("not-analyzed", 0));
        assert!(matches!(db.execute(&whole), Err(Error::Bind(_))));
    }
    assert_eq!(count(&db), 78);
}

#[test]
fn limits_hold_for_the_query_that_is_analyzed() {
    let db = Database::open_in_memory().unwrap();
    db.write(|tx| tx.insert_all((0..3000).map(|n| visit(&format!("k{n}"), "2020")))).unwrap();
    let text = "explain analyze events | sort key";
    let with = |set: &dyn Fn(&mut RunOptions)| {
        let mut options = RunOptions::default();
        set(&mut options);
        run(&db, text, options)
    };
    let analysis = with(&|options| options.max_rows = Some(5)).unwrap();
    assert!(analysis.last().unwrap().starts_with("the first 5 rows in "), "{analysis:?}");
    assert_eq!(analysis.len(), 3);
    let all = with(&|options| options.max_rows = Some(3000)).unwrap();
    assert!(all.last().unwrap().starts_with("3000 rows in "), "{all:?}");
    assert!(matches!(with(&|o| o.timeout = Some(Duration::ZERO)), Err(Error::Limit(_))));
    assert!(matches!(with(&|o| o.memory = Some(1000)), Err(Error::Limit(_))));
    // Nothing runs before the first line is asked for, and then all of it can be cancelled.
    let token = CancelToken::new();
    let mut options = RunOptions::default();
    options.cancel = Some(token.clone());
    let rows = db.run(&text.parse().unwrap(), (), options).unwrap();
    token.cancel();
    assert!(matches!(lines(rows), Err(Error::Cancelled)));
}

#[test]
fn parameters_named_queries_and_transactions_are_as_in_the_query() {
    let db = Database::demo().unwrap();
    let plan = "explain analyze events where year = $y";
    let analysis = lines(db.query_with(plan, [("y", 2016)]).unwrap()).unwrap();
    assert!(analysis.last().unwrap().starts_with("1 row in "), "{analysis:?}");

    let mut session = db.session();
    let mut run = |text: &str| session.run(&text.parse().unwrap(), RunOptions::default()).unwrap();
    run("let $y = 2016");
    run("let v = events where year = $y");
    let Outcome::Rows(rows) = run("explain analyze v | select key") else { panic!("no rows") };
    assert!(lines(rows).unwrap().last().unwrap().starts_with("1 row in "));

    let written = db.write(|tx| {
        tx.insert(visit("new", "2016-05-01"))?;
        lines(tx.query_with(plan, [("y", 2016)])?)
    });
    assert!(written.unwrap().last().unwrap().starts_with("2 rows in "));
}

#[test]
fn its_notices_are_those_of_the_query() {
    let db = Database::demo().unwrap();
    let mut rows = db
        .query("explain analyze events where actor = \"Raheel Sharif\" and date < 2015-07")
        .unwrap();
    assert!(rows.by_ref().all(|row| row.is_ok()));
    let codes: Vec<&str> = rows.notices().iter().map(|notice| notice.code).collect();
    assert_eq!(codes, ["possible"]);
    assert!(rows.stats().scanned > 0);
}

#[test]
fn explain_tells_how_many_events_its_leaves_will_give() {
    let db = Database::demo().unwrap();
    let leaf = |text: &str| db.explain(text).unwrap().lines().last().unwrap().trim().to_owned();
    assert_eq!(leaf("events | count"), "└─ Scan: all events (78)");
    // One posting says it exactly.
    let one = "events where status = \"planned\"";
    let planned = db.query(one).unwrap().count();
    assert!(planned > 1 && leaf(one).ends_with(&format!("({planned} events)")), "{}", leaf(one));
    // Several never say less than there are.
    for text in ["visit", "visit where place = \"Moscow\"", "events where year in 2014..2016"] {
        let estimate = leaf(text);
        let (_, most) = estimate.rsplit_once("(at most ").unwrap();
        let most: u64 = most.split(' ').next().unwrap().parse().unwrap();
        let rows = db.query(text).unwrap().count() as u64;
        assert!((rows..78).contains(&most), "{text}: {rows} rows, {estimate}");
    }
}
