//! Plans as text: what each operator and each expression says of itself.

use std::fmt;

use crate::catalog::{Field, FieldType, NameSet};
use crate::error::Result;
use crate::model::{Day, Days, Value};
use crate::parser::ast::Relation;
use crate::storage::segment::ColumnId;
use crate::storage::{Posting, View};

use super::columns::CATALOGS;
use super::expression::{DyadTest, Expr, Names, Pattern, PeriodExpr};
use super::plan::{Aggregate, FillKey, Filling, GroupKey, Node, Plan, Postings, SortKey};
use super::tree;

/// The lines of a plan; with a view, how many rows its leaves will give.
pub(crate) fn lines(plan: &Plan, view: Option<&View>) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let below = |input, lines: &mut Vec<String>| -> Result<()> {
        for (i, line) in tree::lines(input, view)?.iter().enumerate() {
            lines.push(format!("{}{}", if i == 0 { "└─ " } else { "   " }, line.text));
        }
        Ok(())
    };
    match plan {
        Plan::Query(query) => {
            lines.extend(tree::lines(&query.root, view)?.into_iter().map(|line| line.text));
        }
        Plan::Delete { input, because } => {
            lines.push(match because {
                Some(because) => format!("Delete: because {}", super::bind::quote(because)),
                None => "Delete".to_owned(),
            });
            below(input, &mut lines)?;
        }
        Plan::Undo { import, input, because } => {
            lines.push(match because {
                Some(because) => {
                    format!("Undo: import {import} because {}", super::bind::quote(because))
                }
                None => format!("Undo: import {import}"),
            });
            below(input, &mut lines)?;
        }
        Plan::Insert(events) => {
            lines.push(format!("Insert: {}", count(events.len() as u64, "event")));
        }
        Plan::Define(entries) => lines
            .extend(entries.iter().map(|e| format!("Define: {} {}", e.kind().word(), e.name()))),
        Plan::Drop { catalog, name } => lines.push(format!("Drop: {} {name}", catalog.word())),
        Plan::Import(import) => lines.push(format!("Import: {}", import.file)),
        Plan::Remember => lines.push("Remember".to_owned()),
        Plan::Explain { plan, .. } => return self::lines(plan, view),
    }
    Ok(lines)
}

/// So many of something, in words.
pub(crate) fn count(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// So many names.
fn names(set: &NameSet) -> String {
    count(set.len() as u64, "name")
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Nothing => f.write_str("Nothing: no row can fit"),
            Node::Scan => f.write_str("Scan: all events"),
            Node::PostingsScan { postings } => write!(f, "PostingsScan: {postings}"),
            Node::ColumnScan { columns, postings, rows } => {
                match (rows, columns.is_empty()) {
                    (true, false) => write!(f, "ColumnScan: rows ({}) of ", ColumnNames(columns))?,
                    _ => write!(f, "ColumnScan: {} of ", ColumnNames(columns))?,
                }
                match postings {
                    Some(postings) => postings.fmt(f),
                    None => f.write_str("all events"),
                }
            }
            Node::CatalogScan { catalog } => {
                let word =
                    CATALOGS.iter().find(|(_, c)| c == catalog).map_or("views", |(word, _)| word);
                write!(f, "CatalogScan: {word}")
            }
            Node::Rows { rows } => write!(f, "Rows: {}", count(rows.len() as u64, "row")),
            Node::Pattern(pattern) => pattern.fmt(f),
            Node::Filter { predicate, .. } => write!(f, "Filter: {predicate}"),
            Node::Project { items, .. } => write!(f, "Project: {}", List(items)),
            Node::Derive { items, .. } => write!(f, "Derive: {}", List(items)),
            Node::Aggregate { keys, aggregates, possible, .. } => {
                write!(f, "Aggregate: {}", List(aggregates))?;
                if !keys.is_empty() {
                    write!(f, " by {}", List(keys))?;
                    if keys.iter().any(|key| key.spread) {
                        f.write_str(", divided among periods")?;
                    }
                }
                if *possible { f.write_str(", and how many are possible") } else { Ok(()) }
            }
            Node::Fill { filling, .. } => write!(f, "Fill: {filling}"),
            Node::Sort { keys, .. } => write!(f, "Sort: {}", List(keys)),
            Node::TopN { count, keys, .. } => write!(f, "TopN: {count} by {}", List(keys)),
            Node::Head { count, .. } => write!(f, "Head: {count}"),
            Node::Tail { count, .. } => write!(f, "Tail: {count}"),
            Node::Skip { count, .. } => write!(f, "Skip: {count}"),
            Node::Fetch { .. } => f.write_str("Fetch: whole events"),
            Node::Sample { count, seed, .. } => write!(f, "Sample: {count} seed {seed}"),
            Node::Unique { keys, .. } => write!(f, "Unique: {}", List(keys)),
            Node::Explode { item, .. } => write!(f, "Explode: {item}"),
            Node::Dyads { directed, .. } => {
                write!(f, "Dyads: {}", super::plan::dyad_columns(*directed).join(", "))
            }
        }
    }
}

impl fmt::Display for Postings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Postings], with: &str| {
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    f.write_str(with)?;
                }
                match part {
                    Postings::And(_) | Postings::Or(_) => write!(f, "({part})")?,
                    _ => part.fmt(f)?,
                }
            }
            Ok(())
        };
        match self {
            Postings::AnyOf { field, text, .. } => write!(f, "{} {text}", field.word()),
            Postings::And(parts) => joined(f, parts, " ∩ "),
            Postings::Or(parts) => joined(f, parts, " ∪ "),
            Postings::Ids(ids) => write!(f, "id {}", List(ids)),
            Postings::Key(key) => write!(f, "key {key}"),
        }
    }
}

/// The columns by the words for their fields; all participants are one.
struct ColumnNames<'a>(&'a [ColumnId]);

impl fmt::Display for ColumnNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<&str> = Vec::with_capacity(self.0.len());
        for column in self.0 {
            let word = match column {
                ColumnId::Kind => "kind",
                ColumnId::Code => "code",
                ColumnId::Status => "status",
                ColumnId::Participant(_) => "participants",
                ColumnId::Place => "place",
                ColumnId::Date => "date",
                ColumnId::Goldstein => "goldstein",
                ColumnId::Import => "import",
                ColumnId::Attribute(name) => name,
            };
            if words.last() != Some(&word) {
                words.push(word);
            }
        }
        f.write_str(if words.is_empty() { "rows" } else { "" })?;
        f.write_str(&words.join(", "))
    }
}

impl Posting {
    /// The word for it in plans.
    const fn word(self) -> &'static str {
        match self {
            Posting::Kind => "kind",
            Posting::Name => "name",
            Posting::Place => "place",
            Posting::Code => "code",
            Posting::Status => "status",
            Posting::Document => "document",
            Posting::Year => "year",
            Posting::Attribute => "attribute",
            Posting::Word => "word",
        }
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_field = |field: &Field| matches!(field.field_type(), FieldType::Period(_));
        let own = match &self.expr {
            Expr::Of { expr, .. } => expr,
            expr => expr,
        };
        match (own, self.period) {
            (Expr::Field(field), _) if is_field(field) => self.expr.fmt(f),
            (_, None) => self.expr.fmt(f),
            (_, Some(width)) => write!(f, "bucket({}, {width})", self.expr),
        }
    }
}

impl fmt::Display for Filling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blank = "";
        for key in &self.keys {
            match key {
                FillKey::Met => continue,
                FillKey::Periods { unit, .. } => {
                    let text = unit.to_string();
                    let one = text.strip_prefix("1 ").filter(|unit| !unit.contains(' '));
                    write!(f, "{blank}each {}", one.unwrap_or(&text))?;
                }
                FillKey::Numbers(most) => write!(f, "{blank}1 to {most}")?,
            }
            blank = ", ";
        }
        match self.days.hull() {
            None => f.write_str(", no days"),
            Some(Days::ALL) => Ok(()),
            Some(days) => {
                let end = |day: Day| if day.is_known() { day.to_string() } else { String::new() };
                write!(f, " of {}..{}", end(days.first), end(days.last))
            }
        }
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)?;
        f.write_str(if self.descending { " desc" } else { "" })?;
        f.write_str(if self.nulls_first { " nulls first" } else { "" })
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, call) in self.calls.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{}(", call.function.name())?;
            if let Some(argument) = &call.argument {
                argument.fmt(f)?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Constant(value) => write!(f, "{}", Shown(value)),
            Expr::Column(i) => write!(f, "#{i}"),
            Expr::Field(field) => f.write_str(field.name()),
            Expr::Property(field, name) => write!(f, "{}.{name}", field.name()),
            Expr::Attribute(name) => f.write_str(name),
            Expr::Of { event, expr, .. } => write!(f, "{event}.{expr}"),
            Expr::Member(base, name) | Expr::OfDocument(base, name) => {
                write!(f, "{base}.{name}")
            }
            Expr::Index(base, i) => write!(f, "{base}[{i}]"),
            Expr::Or(parts) => write!(f, "{}", Joined(parts, " or ")),
            Expr::And(parts) => write!(f, "{}", Joined(parts, " and ")),
            Expr::Not(inner) => write!(f, "not ({inner})"),
            Expr::Compare { left, op, right } => write!(f, "{left} {op} {right}"),
            Expr::Named { names, set, text } => {
                match names {
                    Names::Field(field) => write!(f, "{} is {text}", field.name())?,
                    Names::Column(i) => write!(f, "#{i} is {text}")?,
                }
                how_many(f, set.len(), "name")
            }
            Expr::KindIn { kinds, text } => {
                write!(f, "kind is {text}")?;
                how_many(f, kinds.len(), "kind")
            }
            Expr::Prefix { left, prefixes } => write!(f, "{left} under {}", prefixes.join(", ")),
            Expr::InList { left, list } => write!(f, "{left} in ({})", List(list)),
            Expr::InRange { left, from, to } => {
                write!(f, "{left} in ")?;
                if let Some(from) = from {
                    from.fmt(f)?;
                }
                f.write_str("..")?;
                to.as_ref().map_or(Ok(()), |to| to.fmt(f))
            }
            Expr::InQuery { left, query, .. } => write!(f, "{left} in ({query} …)"),
            Expr::When { left, relation, period } => {
                let relation = match relation {
                    Relation::During => "during",
                    Relation::Overlaps => "overlaps",
                    Relation::Before => "before",
                    Relation::After => "after",
                };
                write!(f, "{left} {relation} ")?;
                match period {
                    PeriodExpr::Days(days) => write!(
                        f,
                        "{}",
                        crate::model::Date::within(*days, crate::model::Precision::Interval)
                    ),
                    PeriodExpr::Of(expr) => expr.fmt(f),
                }
            }
            Expr::Match { left, patterns } => write!(f, "{left} fits {}", List(patterns)),
            Expr::Dyad(DyadTest::Between(a, b)) => {
                write!(f, "between {} and {}", names(a), names(b))
            }
            Expr::Dyad(DyadTest::Directed { from, to }) => {
                if let Some(from) = from {
                    write!(f, "from {}", names(from))?;
                }
                if let Some(to) = to {
                    write!(f, "{}to {}", if from.is_some() { " " } else { "" }, names(to))?;
                }
                Ok(())
            }
            Expr::Dyad(DyadTest::Involving(parties)) => {
                let parties: Vec<String> = parties.iter().map(|party| names(party)).collect();
                write!(f, "involving {}", parties.join(" and "))
            }
            Expr::IsNull(inner) => write!(f, "{inner} is null"),
            Expr::Possibly(inner) => write!(f, "possibly({inner})"),
            Expr::Certainly(inner) => write!(f, "certainly({inner})"),
            Expr::Coalesce(parts) => write!(f, "{}", Joined(parts, " ?? ")),
            Expr::Arithmetic { left, op, right, .. } => {
                write!(f, "({left} {op} {right})")
            }
            Expr::Negate(inner, _) => write!(f, "-{inner}"),
            Expr::Pairs { directed } => {
                f.write_str(if *directed { "directed pairs" } else { "pairs" })
            }
            Expr::Score(ranking) => write!(f, "score of {}", List(ranking.terms())),
            Expr::Highlight(text, terms) => write!(f, "highlight({text}) of {}", List(terms)),
            Expr::Call { function, args, .. } => write!(f, "{}({})", function.name(), List(args)),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Glob(glob) => write!(f, "{}", super::bind::quote(glob)),
            Pattern::Regex(regex) => write!(f, "r{}", super::bind::quote(regex.as_str())),
            Pattern::Search(search) => write!(f, "{}", super::bind::quote(&search.text)),
        }
    }
}

/// How many of them a test looks for; left out where a condition is shown to people (`{:#}`).
fn how_many(f: &mut fmt::Formatter<'_>, n: usize, what: &str) -> fmt::Result {
    if f.alternate() { Ok(()) } else { write!(f, " ({})", count(n as u64, what)) }
}

/// Things with commas between them.
struct List<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

/// Conditions with a word between them; those of two or more parts in parentheses.
struct Joined<'a>(&'a [Expr], &'static str);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(self.1)?;
            }
            match part {
                Expr::Or(_) | Expr::And(_) => write!(f, "({part})")?,
                _ => part.fmt(f)?,
            }
        }
        Ok(())
    }
}

/// A value as a plan shows it: text in quotes.
struct Shown<'a>(&'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Text(text) => f.write_str(&super::bind::quote(text)),
            other => other.fmt(f),
        }
    }
}
