//! What the database knows, for the dot-commands: fields, kinds, actors, its numbers.

use std::collections::HashMap;

use super::run::Runner;
use super::table::table;
use crate::{Database, Kind, Result, Schema, Value};

/// Shows rows as a table.
fn show(runner: &mut Runner, columns: &[&str], rows: &[Vec<Value>]) -> Result<()> {
    let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    let text = table(&columns, rows, runner.output.screen());
    runner.output.text(&text)
}

/// Fields with their types and meanings.
pub(super) fn fields(runner: &mut Runner) -> Result<()> {
    let rows: Vec<Vec<Value>> = runner
        .db
        .schema()?
        .fields
        .into_iter()
        .map(|(name, kind, meaning)| vec![name.into(), kind.into(), meaning.into()])
        .collect();
    show(runner, &["field", "type", "meaning"], &rows)
}

/// The tree of kinds under one of them; without one, its two upper levels. False when there is no such kind.
pub(super) fn kinds(runner: &mut Runner, under: Option<&str>) -> Result<bool> {
    let schema = runner.db.schema()?;
    let Some(rows) = kind_rows(&schema, under) else { return Ok(false) };
    show(runner, &["kind", "code", "title"], &rows)?;
    Ok(true)
}

fn kind_rows(schema: &Schema, under: Option<&str>) -> Option<Vec<Vec<Value>>> {
    let mut children: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (index, kind) in schema.kinds.iter().enumerate() {
        children.entry(kind.parent.as_deref()).or_default().push(index);
    }
    let below = |name| children.get(&name).cloned().unwrap_or_default();
    let (first, deepest) = match under {
        None => (below(None), 1),
        Some(name) => {
            let index =
                schema.kinds.iter().position(|kind| kind.name.eq_ignore_ascii_case(name))?;
            (vec![index], schema.kinds.len())
        }
    };
    let mut rows = Vec::new();
    let mut waiting: Vec<(usize, usize)> =
        first.into_iter().rev().map(|index| (0, index)).collect();
    while let Some((depth, index)) = waiting.pop() {
        let Some(Kind { name, code, title, .. }) = schema.kinds.get(index) else { continue };
        let indented = format!("{}{name}", "  ".repeat(depth));
        rows.push(vec![indented.into(), code.clone().into(), title.clone().into()]);
        // A tree has no more rows than nodes; a ring would.
        if depth < deepest && rows.len() < schema.kinds.len() {
            waiting.extend(below(Some(name)).into_iter().rev().map(|index| (depth + 1, index)));
        }
    }
    Some(rows)
}

/// Actors whose name or alias begins with a text.
pub(super) fn actors(runner: &mut Runner, prefix: &str) -> Result<()> {
    let pattern = format!("{}*", prefix.trim_matches('"'));
    let text = "actors where name like $pattern or aliases like $pattern | select name, type, aliases | sort name";
    let found: Result<Vec<Vec<Value>>> = runner
        .db
        .query_with(text, [("pattern", pattern)])?
        .map(|row| row.map(|row| row.values().to_vec()))
        .collect();
    show(runner, &["name", "type", "aliases"], &found?)
}

/// The numbers of a database.
pub(super) fn info(runner: &mut Runner) -> Result<()> {
    let text = info_text(&runner.db)?;
    runner.output.text(&text)
}

fn info_text(db: &Database) -> Result<String> {
    let info = db.info()?;
    let place =
        info.path.as_ref().map_or("in memory".to_owned(), |path| path.display().to_string());
    let mut lines = vec![
        ("database".to_owned(), place),
        ("bytes".to_owned(), info.bytes.to_string()),
        ("format".to_owned(), info.format.to_string()),
        ("commits".to_owned(), info.commits.to_string()),
        ("segments".to_owned(), info.segments.to_string()),
        ("events".to_owned(), info.events.to_string()),
    ];
    lines.extend(info.entries.iter().map(|(name, count)| ((*name).to_owned(), count.to_string())));
    let lines: Vec<String> =
        lines.iter().map(|(name, value)| format!("{name:>10}  {value}\n")).collect();
    Ok(lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let kind = |name: &str, parent: Option<&str>| Kind {
            name: name.to_owned(),
            parent: parent.map(str::to_owned),
            ..Kind::default()
        };
        let kinds = vec![
            kind("cooperation", None),
            kind("consult", Some("cooperation")),
            kind("conflict", None),
            kind("visit", Some("consult")),
            kind("state visit", Some("visit")),
        ];
        Schema { kinds, ..Schema::default() }
    }

    fn names(under: Option<&str>) -> Option<Vec<String>> {
        let rows = kind_rows(&schema(), under)?;
        Some(rows.iter().filter_map(|row| row[0].as_text().map(str::to_owned)).collect())
    }

    #[test]
    fn kinds_are_a_tree() {
        assert_eq!(names(None).unwrap(), ["cooperation", "  consult", "conflict"]);
        assert_eq!(names(Some("Consult")).unwrap(), ["consult", "  visit", "    state visit"]);
        assert_eq!(names(Some("vist")), None);
    }

    #[test]
    fn a_ring_of_kinds_has_an_end() {
        let mut schema = schema();
        schema.kinds[0].parent = Some("state visit".to_owned());
        assert!(kind_rows(&schema, Some("visit")).unwrap().len() <= schema.kinds.len());
    }
}
