//! What follows what, what each year had, and how much money: worked out by hand from the chronicle.

use attache::Database;

use super::possible;

/// The rows of an answer, cell by cell as text.
fn answer(db: &Database, query: &str) -> Vec<Vec<String>> {
    let rows = db.query(query).unwrap_or_else(|e| panic!("{}", e.render(query, "query", false)));
    rows.map(|row| row.unwrap().values().iter().map(ToString::to_string).collect()).collect()
}

/// Visits and agreements of Russia and Pakistan, a year apart at most. (India signs too, and nobody there visits.)
const STEPS: &str = "by dyad within 1 year [visit] as v [agreement] as a";

/// The delegation of March 2017 came before the memorandum of July, and the minister about March 2018 before that of August.
/// Of all else somebody may ask whether it was in that order.
#[test]
fn an_agreement_follows_a_visit_within_a_year() {
    let db = Database::demo().unwrap();
    let wanted = [
        ["Pakistan–Russia", "delegation-tribal-areas-2017", "gazprom-ogdcl-2017"],
        ["Pakistan–Russia", "dastgir-russia-2018", "naval-memorandum-2018"],
    ];
    let query = format!("sequence {STEPS} | select dyad, v.key, a.key");
    assert_eq!(answer(&db, &query), wanted);
    assert_eq!(possible(&db, &query), 5);
    let query =
        format!("sequence possibly {STEPS} | where not certain | sort v.key | select v.key, a.key");
    let wanted = [
        ["abbasi-russia", "deals-winter-2018"],
        ["bajwa-moscow-2018", "agreements-early-2018"],
        ["lavrov-islamabad-2021", "security-training-agreement"], // undated
        ["shaukat-russia-2018", "naval-memorandum-2018"],         // both in August
        ["shoigu-islamabad-2014", "defence-agreement-2014"],      // both in November
    ];
    assert_eq!(answer(&db, &query), wanted);
}

/// Of a visit `early in 2018` it is certain that the memorandum of August followed; not of one that same August.
#[test]
fn each_visit_has_its_first_agreement_or_none() {
    let db = Database::demo().unwrap();
    let query = "sequence each by dyad within 1 year [visit] as v maybe [agreement] as a
        | sort v.key | select v.key, a.key";
    let naval = "naval-memorandum-2018";
    let wanted = [
        ["abbasi-russia", naval],
        ["bajwa-moscow-2018", naval],
        ["dastgir-russia-2018", naval],
        ["delegation-tribal-areas-2017", "gazprom-ogdcl-2017"],
        ["foreign-minister-moscow-2018", naval],
        ["lavrov-islamabad-2021", ""],
        ["raheel-moscow-2015", ""],
        ["shaukat-russia-2018", ""],
        ["shoigu-islamabad-2014", ""],
    ];
    assert_eq!(answer(&db, query), wanted);
}

/// Exercises of each year; nothing is told of 2019 and 2020. One was held by November 2014, nobody says when.
#[test]
fn exercises_of_each_year_since_2014() {
    let db = Database::demo().unwrap();
    let wanted = [
        ["2014", "1"],
        ["2015", "2"],
        ["2016", "1"],
        ["2017", "2"],
        ["2018", "1"],
        ["2019", "0"],
        ["2020", "0"],
        ["2021", "1"],
    ];
    let query = "exercise where year >= 2014 | count by year fill";
    assert_eq!(answer(&db, query), wanted);
    assert_eq!(possible(&db, query), 1);
    // The two held none together after 2017: others were there, or one was alone. What ends is the answer, not the year.
    let query =
        r#"exercise between "Pakistan" and "Russia" where year >= 2014 | count by year fill"#;
    assert_eq!(answer(&db, query), wanted[..4]);
}

/// Three to four billion dollars, ten and forty, and thirty-five billion rupees: no currency goes into another.
#[test]
fn promised_money_by_currency() {
    let db = Database::demo().unwrap();
    let money = r#"events | explode amount
        | where amount.of = "investment" and amount.unit in (units where dimension like "money*" | select unit)"#;
    let query = format!(
        "{money} | sort key | summarize sum(amount) as sum, count() as n, low(sum(amount)) as low, high(sum(amount)) as high, collect(key) as which by amount.unit"
    );
    let wanted = [
        ["PKR", "about 35 billion PKR (investment)", "1", "refinery-2018"],
        [
            "USD",
            "53..54 billion USD (investment)",
            "3",
            "gas-pipelines-talks; gazprom-ogdcl-2017; india-reactors",
        ],
    ];
    let found = answer(&db, &query);
    let shown: Vec<[&str; 4]> =
        found.iter().map(|r| [r[0].as_str(), &r[1], &r[2], &r[5]]).collect();
    assert_eq!(shown, wanted);
    assert_eq!(found[1][3..5], ["53000000000", "54000000000"]);
    // Nobody counts talks among what was agreed.
    let agreed = format!(
        r#"{money} | where status = "happened" and amount.unit = "USD" | summarize sum(amount)"#
    );
    assert_eq!(answer(&db, &agreed), [["43..44 billion USD (investment)"]]);
}
