//! One query a file, through all stages.
//!
//! `fixtures/scripts/NAME.evq` holds the query, `scripts/NAME.txt` what each stage makes of it on the chronicle: the tree
//! as canonical text, the plan as bound, the plan as optimized (where that differs), the rows with their notices. Times
//! are masked.
//! `ATTACHE_BLESS=1` writes these anew; look at the difference then.

mod sealed;

use std::fmt::Write as _;

use attache::{Database, Query, internals};

use regex::Regex;

use crate::support::{compare, files, mask_analysis, root};

/// What the stages make of a query.
fn stages(db: &Database, text: &str) -> String {
    let mut out = String::new();
    let query: Query = match text.parse() {
        Ok(query) => query,
        Err(error) => return format!("[error]\n{}\n", error.render(text, "query", false)),
    };
    let _ = writeln!(out, "[ast]\n{query}");
    let bound = match internals::explain_unoptimized(db, text) {
        Ok(bound) => bound,
        Err(error) => return out + &format!("[error]\n{}\n", error.render(text, "query", false)),
    };
    let _ = writeln!(out, "[plan]\n{bound}");
    let optimized = db.explain(text).unwrap();
    if without_estimates(&optimized) != bound {
        let _ = writeln!(out, "[opt]\n{optimized}");
    }
    if query.is_read_only() {
        out.push_str(&mask_analysis(&rows(db, text)));
    }
    out
}

/// A plan without how many events its leaves will give, which is not known as it is bound.
fn without_estimates(plan: &str) -> String {
    let estimate = Regex::new(r"(?m)(Scan: .*) \((at most )?\d+( events?)?\)$").unwrap();
    estimate.replace_all(plan, "$1").into_owned()
}

/// The rows as lines, the columns apart by ` | `, and the notices.
fn rows(db: &Database, text: &str) -> String {
    let mut rows = match db.query(text) {
        Ok(rows) => rows,
        Err(error) => return format!("[error]\n{}\n", error.render(text, "query", false)),
    };
    let mut out = format!("[rows]\n{}\n", rows.columns().join(" | "));
    for row in &mut rows {
        match row {
            Ok(row) => {
                let cells: Vec<String> = row.values().iter().map(ToString::to_string).collect();
                out.push_str(cells.join(" | ").trim_end());
            }
            Err(error) => out.push_str(&error.render(text, "query", false)),
        }
        out.push('\n');
    }
    for notice in rows.notices() {
        let _ = writeln!(out, "{}: {}", notice.code, notice.text);
    }
    out
}

#[test]
fn every_stage_makes_of_a_script_what_is_expected() {
    let db = Database::demo().unwrap();
    let folder = root().join("tests/golden/scripts");
    let scripts = files(&root().join("fixtures/scripts"), "evq");
    let mut wrong = Vec::new();
    for script in &scripts {
        let text = std::fs::read_to_string(script).unwrap();
        let expected = folder.join(script.file_name().unwrap()).with_extension("txt");
        wrong.extend(compare(&expected, &stages(&db, text.trim_end())).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(scripts.len() >= 40, "only {} scripts", scripts.len());
    assert_eq!(files(&folder, "txt").len(), scripts.len(), "an expectation without a script");
}

/// Each operator of the plan, and each form of expression that a plan shows, is in some expectation.
#[test]
fn the_scripts_cover_the_plan() {
    let all: String = files(&root().join("tests/golden/scripts"), "txt")
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for wanted in [
        "Nothing",
        "Scan:",
        "PostingsScan:",
        "CatalogScan:",
        "Rows:",
        "Filter:",
        "Project:",
        "Derive:",
        "Aggregate:",
        "Fill:",
        "Sort:",
        "TopN:",
        "Head:",
        "Tail:",
        "Skip:",
        "Sample:",
        "Unique:",
        "Pattern: sequence",
        "Pattern: together",
        "Explode:",
        "Dyads:",
        "score of",
        "highlight(",
        "Delete",
        "Insert:",
        "Define:",
        "Drop:",
        "Undo:",
        " ∩ ",
        " ∪ ",
        "kind is",
        "actor is",
        "under ",
        "between ",
        "from ",
        "involving ",
        "├─ in: ",
        " (at most ",
        " in TIME: ",
        " in (",
        "..",
        " during ",
        " overlaps ",
        " before ",
        " after ",
        " fits ",
        " is null",
        "possibly(",
        "certainly(",
        " ?? ",
        "not (",
        " or ",
        "earliest(",
        "possible: ",
        "status: ",
        "divided among periods",
    ] {
        assert!(all.contains(wanted), "no expectation holds `{wanted}`");
    }
}
