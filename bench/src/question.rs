//! The questions, each in the three languages.

use crate::error::Result;
use crate::generate::SEED;
use crate::vocabulary::{RARE, Vocabulary};

/// How Attaché is asked.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// By a query.
    Query(&'static str),
    /// By the library's `Database::get`, which takes no query.
    Get,
}

/// A line of the table of questions: names of actors and the like stand in braces.
struct Line {
    name: &'static str,
    title: &'static str,
    attache: Asked,
    /// `//` divides whole numbers, as in DuckDB; `?` is the number of an event.
    sql: &'static str,
    /// SQLite's own way, where it has a better one.
    sqlite: Option<&'static str>,
}

const WHOLE: &str = "select key, date, source, target, code, place, goldstein, mentions, summary";

/// Thirty days after a date of eight digits, as such digits, in SQLite.
const DAYS_ON: &str = "CAST(strftime('%Y%m%d', substr(date, 1, 4) || '-' || substr(date, 5, 2) || '-' || substr(date, 7), \
                       '+30 days') AS INTEGER)";

const LINES: &[Line] = &[
    Line {
        name: "get",
        title: "one event by number, by the library (a lookup)",
        attache: Asked::Get,
        sql: "SELECT * FROM ev WHERE id = ?",
        sqlite: None,
    },
    Line {
        name: "key",
        title: "one event by key, by a query (a lookup)",
        attache: Asked::Query("events where key = $id | {whole}"),
        sql: "SELECT * FROM ev WHERE id = ?",
        sqlite: None,
    },
    Line {
        name: "actor-rows",
        title: "a mid-size actor since 2015, whole rows",
        attache: Asked::Query(r#"events where source = "{actor}" and year >= 2015 | {whole}"#),
        sql: "SELECT * FROM ev WHERE actor1 = '{actor}' AND date >= 20150101",
        sqlite: None,
    },
    Line {
        name: "actor-code",
        title: "count of the biggest actor and a code",
        attache: Asked::Query(r#"events where source = "{big}" and code = "{code}" | count"#),
        sql: "SELECT count(*) FROM ev WHERE actor1 = '{big}' AND code = '{code}'",
        sqlite: None,
    },
    Line {
        name: "dyad-month",
        title: "one dyad by month",
        attache: Asked::Query(
            r#"events where source = "{big}" and target = "{second}" | count by month | select month, count"#,
        ),
        sql: "SELECT date // 100, count(*) FROM ev WHERE actor1 = '{big}' AND actor2 = '{second}' GROUP BY 1",
        sqlite: None,
    },
    Line {
        name: "dyads-month",
        title: "all dyads by month, top 20",
        attache: Asked::Query(
            "events | count by source, target, month | top 20 by count desc, source, target, month \
             | select source, target, month, count",
        ),
        sql: "SELECT actor1, actor2, date // 100 AS month, count(*) AS n FROM ev GROUP BY 1, 2, 3 \
              ORDER BY n DESC, actor1, actor2, month LIMIT 20",
        sqlite: None,
    },
    Line {
        name: "country-year",
        title: "mean Goldstein by country and year, all rows",
        attache: Asked::Query(
            "events | summarize avg(goldstein) as mean by place, year | select place, year, mean",
        ),
        sql: "SELECT country, date // 10000, avg(goldstein) FROM ev GROUP BY 1, 2",
        sqlite: None,
    },
    Line {
        name: "top-actors",
        title: "top 10 actors 2010–2019",
        attache: Asked::Query(
            "events where year in 2010..2019 | count by source | top 10 by count desc, source | select source, count",
        ),
        sql: "SELECT actor1, count(*) AS n FROM ev WHERE date BETWEEN 20100101 AND 20191231 GROUP BY 1 \
              ORDER BY n DESC, actor1 LIMIT 10",
        sqlite: None,
    },
    Line {
        name: "rare-word",
        title: "a rare word, whole rows",
        attache: Asked::Query(r#"events where summary ~ "{rare}" | {whole}"#),
        sql: "SELECT * FROM ev WHERE text LIKE '%{rare}%'",
        sqlite: Some("SELECT ev.* FROM fts JOIN ev ON ev.id = fts.rowid WHERE fts MATCH '{rare}'"),
    },
    Line {
        name: "country-count",
        title: "count of one country",
        attache: Asked::Query(r#"events where place = "{place}" | count"#),
        sql: "SELECT count(*) FROM ev WHERE country = '{place}'",
        sqlite: None,
    },
    Line {
        name: "sum",
        title: "sum of mentions, all rows",
        attache: Asked::Query("events | summarize sum(mentions)"),
        sql: "SELECT sum(mentions) FROM ev",
        sqlite: None,
    },
    Line {
        name: "quad-year",
        title: "quad class by year, all rows",
        attache: Asked::Query("events | count by quad, year | select quad, year, count"),
        sql: "SELECT CASE WHEN code < '06' THEN 1 WHEN code < '10' THEN 2 WHEN code < '15' THEN 3 ELSE 4 END, \
              date // 10000, count(*) FROM ev GROUP BY 1, 2",
        sqlite: None,
    },
    Line {
        name: "pair-mean",
        title: "mean Goldstein of a pair, each way by year",
        attache: Asked::Query(
            r#"events where (source = "{big}" and target = "{second}") or (source = "{second}" and target = "{big}")
               | summarize avg(goldstein) as mean by source, target, year | select source, target, year, mean"#,
        ),
        sql: "SELECT actor1, actor2, date // 10000, avg(goldstein) FROM ev \
              WHERE (actor1 = '{big}' AND actor2 = '{second}') OR (actor1 = '{second}' AND actor2 = '{big}') \
              GROUP BY 1, 2, 3",
        sqlite: None,
    },
    Line {
        name: "partners",
        title: "top 10 partners of a mid-size actor",
        attache: Asked::Query(
            r#"events where source = "{actor}" | count by target | top 10 by count desc, target | select target, count"#,
        ),
        sql: "SELECT actor2, count(*) AS n FROM ev WHERE actor1 = '{actor}' GROUP BY 1 ORDER BY n DESC, actor2 LIMIT 10",
        sqlite: None,
    },
    Line {
        name: "place-year",
        title: "a place in one year, whole rows",
        attache: Asked::Query(r#"events where place = "{place}" and year = 2015 | {whole}"#),
        sql: "SELECT * FROM ev WHERE country = '{place}' AND date BETWEEN 20150101 AND 20151231",
        sqlite: None,
    },
    Line {
        name: "code-place",
        title: "a code in a place, whole rows",
        attache: Asked::Query(
            r#"events where code = "{rare_code}" and place = "{place}" | {whole}"#,
        ),
        sql: "SELECT * FROM ev WHERE code = '{rare_code}' AND country = '{place}'",
        sqlite: None,
    },
    Line {
        name: "dyad-fill",
        title: "a dyad by month, empty months too",
        attache: Asked::Query(
            r#"events where source = "{actor}" and target = "{big}" and date in 1979..2025
               | count by month fill | select month, count"#,
        ),
        sql: "WITH months AS (SELECT y * 100 + m AS month FROM range(1979, 2026) AS years(y), range(1, 13) AS of_year(m)), \
              n AS (SELECT date // 100 AS month, count(*) AS n FROM ev \
                    WHERE actor1 = '{actor}' AND actor2 = '{big}' AND date BETWEEN 19790101 AND 20251231 GROUP BY 1) \
              SELECT month, coalesce(n, 0) FROM months LEFT JOIN n USING (month)",
        sqlite: Some(
            "WITH RECURSIVE months(month) AS (SELECT 197901 UNION ALL \
             SELECT CASE WHEN month % 100 = 12 THEN month + 89 ELSE month + 1 END FROM months WHERE month < 202512), \
             n AS (SELECT date / 100 AS month, count(*) AS n FROM ev \
                   WHERE actor1 = '{actor}' AND actor2 = '{big}' AND date BETWEEN 19790101 AND 20251231 GROUP BY 1) \
             SELECT month, coalesce(n, 0) FROM months LEFT JOIN n USING (month)",
        ),
    },
    Line {
        name: "quad-partners",
        title: "quad classes of the biggest actor, by its 20 partners",
        attache: Asked::Query(
            r#"events where source = "{big}"
               | summarize count(quad = 1) as q1, count(quad = 2) as q2, count(quad = 3) as q3, count(quad = 4) as q4,
                           count() as n by target
               | top 20 by n desc, target | select target, q1, q2, q3, q4"#,
        ),
        sql: "SELECT actor2, sum(CASE WHEN code < '06' THEN 1 ELSE 0 END), \
              sum(CASE WHEN code >= '06' AND code < '10' THEN 1 ELSE 0 END), \
              sum(CASE WHEN code >= '10' AND code < '15' THEN 1 ELSE 0 END), \
              sum(CASE WHEN code >= '15' THEN 1 ELSE 0 END) \
              FROM ev WHERE actor1 = '{big}' GROUP BY 1 ORDER BY count(*) DESC, actor2 LIMIT 20",
        sqlite: None,
    },
    Line {
        name: "share-month",
        title: "share of material conflict by month, all rows",
        attache: Asked::Query(
            "events | summarize share(quad = 4) as part by month | select month, part",
        ),
        sql: "SELECT date // 100, avg(CASE WHEN code >= '15' THEN 1.0 ELSE 0.0 END) FROM ev GROUP BY 1",
        sqlite: None,
    },
    Line {
        name: "sequence-rare",
        title: "a rare code, then another between the same two within 30 days",
        attache: Asked::Query(
            r#"sequence each by source, target within 30 days
               [events where code = "{rare_first}"] as a [events where code = "{rare_code}"] as b
               | select a.key as key, a.date as first, b.date as second"#,
        ),
        sql: "SELECT a.id, a.date, b.date \
              FROM (SELECT * FROM ev WHERE code = '{rare_first}') a \
              ASOF JOIN (SELECT * FROM ev WHERE code = '{rare_code}') b \
              ON a.actor1 = b.actor1 AND a.actor2 = b.actor2 AND a.date <= b.date \
              WHERE {day of b.date} <= {day of a.date} + 30",
        sqlite: Some(
            "WITH w AS (SELECT id, date, code, min(CASE WHEN code = '{rare_code}' THEN date END) \
                        OVER (PARTITION BY actor1, actor2 ORDER BY date DESC) AS second \
                        FROM ev WHERE code IN ('{rare_first}', '{rare_code}')) \
             SELECT id, date, second FROM w WHERE code = '{rare_first}' AND second <= {30 days on}",
        ),
    },
    Line {
        name: "sequence-common",
        title: "the commonest code, then the next between the same two within 30 days, by year",
        attache: Asked::Query(
            r#"sequence each by source, target within 30 days
               [events where code = "{common_first}"] as a [events where code = "{common_second}"] as b
               | count by a.year as year | select year, count"#,
        ),
        sql: "SELECT a.date // 10000, count(*) \
              FROM (SELECT * FROM ev WHERE code = '{common_first}') a \
              ASOF JOIN (SELECT * FROM ev WHERE code = '{common_second}') b \
              ON a.actor1 = b.actor1 AND a.actor2 = b.actor2 AND a.date <= b.date \
              WHERE {day of b.date} <= {day of a.date} + 30 GROUP BY 1",
        sqlite: Some(
            "WITH w AS (SELECT date, code, min(CASE WHEN code = '{common_second}' THEN date END) \
                        OVER (PARTITION BY actor1, actor2 ORDER BY date DESC) AS second \
                        FROM ev WHERE code IN ('{common_first}', '{common_second}')) \
             SELECT date / 10000, count(*) FROM w \
             WHERE code = '{common_first}' AND second <= {30 days on} GROUP BY 1",
        ),
    },
];

/// A question, ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// The short name, by which it is chosen.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) title: &'static str,
    /// In Attaché's language; none for the library's call.
    pub(crate) attache: Option<String>,
    /// In SQLite's SQL.
    pub(crate) sqlite: String,
    /// In DuckDB's SQL.
    #[cfg_attr(not(feature = "duckdb"), allow(dead_code, reason = "DuckDB is left out"))]
    pub(crate) duckdb: String,
    /// Is it asked for many numbers of events, and the time that of one?
    pub(crate) lookup: bool,
}

impl Question {
    /// The question for one number of an event, in Attaché's language.
    pub(crate) fn literal(&self, id: u64) -> (String, String, String) {
        let id = id.to_string();
        let attache = self.attache.as_deref().unwrap_or_default();
        (
            attache.replace("$id", &format!("\"{id}\"")),
            self.sqlite.replace('?', &id),
            self.duckdb.replace('?', &id),
        )
    }
}

/// The questions whose names have one of the given parts; all, when none is given.
pub(crate) fn questions(parts: &[String]) -> Result<Vec<Question>> {
    let names = Names::new()?;
    let chosen =
        |line: &&Line| parts.is_empty() || parts.iter().any(|part| line.name.contains(part));
    Ok(LINES
        .iter()
        .filter(chosen)
        .map(|line| Question {
            name: line.name,
            title: line.title,
            attache: match line.attache {
                Asked::Query(text) => Some(names.put_into(text)),
                Asked::Get => None,
            },
            sqlite: names.put_into(line.sqlite.unwrap_or(line.sql)).replace("//", "/"),
            duckdb: names.put_into(line.sql),
            lookup: line.sql.contains('?'),
        })
        .collect())
}

/// What stands for the words in braces.
struct Names(Vec<(&'static str, String)>);

impl Names {
    fn new() -> Result<Names> {
        let v = Vocabulary::new(SEED)?;
        let of = |list: &[String], rank: usize| list.get(rank).cloned().unwrap_or_default();
        let code = |rank: usize| v.codes.get(rank).map(|c| c.digits.clone()).unwrap_or_default();
        Ok(Names(vec![
            ("{whole}", WHOLE.to_owned()),
            ("{big}", of(&v.actors, 0)),
            ("{second}", of(&v.actors, 1)),
            ("{actor}", of(&v.actors, 100)),
            ("{place}", of(&v.countries, 20)),
            ("{code}", code(3)),
            ("{rare_code}", code(150)),
            ("{rare_first}", code(100)),
            ("{common_first}", code(0)),
            ("{common_second}", code(1)),
            (
                "{day of a.date}",
                "make_date(a.date // 10000, a.date // 100 % 100, a.date % 100)".to_owned(),
            ),
            (
                "{day of b.date}",
                "make_date(b.date // 10000, b.date // 100 % 100, b.date % 100)".to_owned(),
            ),
            ("{30 days on}", DAYS_ON.to_owned()),
            ("{rare}", RARE.to_owned()),
        ]))
    }

    fn put_into(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (word, name)| text.replace(word, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_brace_is_filled_and_names_choose() {
        for q in questions(&[]).unwrap() {
            let all = format!("{:?}{}{}", q.attache, q.sqlite, q.duckdb);
            assert!(!all.contains('{') && !all.contains('}'), "{all}");
            if let Some(text) = &q.attache {
                text.parse::<attache::Query>().unwrap();
            }
        }
        let dyads: Vec<_> = questions(&["dyad".into()]).unwrap().iter().map(|q| q.name).collect();
        assert_eq!(dyads, ["dyad-month", "dyads-month", "dyad-fill"]);
    }
}
