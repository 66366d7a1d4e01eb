//! The text of scripts, statements, queries and stages.

use std::fmt::{self, Display, Formatter};

use super::expression::{DateText, EntryText, NameText, SUM, StringText, commas, joined, operand};
use crate::parser::ast::{
    AsOf, Assign, Catalog, Change, EventFilter, Expr, Grouping, HistoryOf, Item, Kind, Matches,
    Name, Pattern, PatternMode, PatternOpt, Presence, QueryKind, Record, Script, Show, SortKey,
    Source, SpanOf, Stage, Statement, Step, StepOpt, Topic, UpdateTarget,
};

/// Writes what may be absent, with a text before it.
fn maybe<T: Display>(f: &mut Formatter<'_>, before: &str, thing: Option<&T>) -> fmt::Result {
    match thing {
        Some(thing) => write!(f, "{before}{thing}"),
        None => Ok(()),
    }
}

fn as_name(f: &mut Formatter<'_>, name: Option<&Name>) -> fmt::Result {
    maybe(f, " as ", name.map(|name| NameText(name)).as_ref())
}

fn keys(f: &mut Formatter<'_>, keys: &[Expr]) -> fmt::Result {
    f.write_str("by ")?;
    joined(f, keys, ", ", |f, key| operand(f, key, SUM))
}

impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        joined(f, &self.statements, ";\n", |f, statement| statement.fmt(f))
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Statement::LetParam { name, value } => write!(f, "let ${name} = {value}"),
            Statement::LetQuery { name, query } => write!(f, "let {} = {query}", NameText(name)),
            Statement::Param { name, kind, default } => {
                write!(f, "param ${name}")?;
                maybe(f, ": ", kind.as_ref().map(|kind| NameText(kind)).as_ref())?;
                maybe(f, " = ", default.as_ref())
            }
            Statement::DefineView { name, query } => {
                write!(f, "define view {} as {query}", NameText(name))
            }
            Statement::Define { catalog, name, record } => {
                write!(f, "define {catalog} {} {record}", StringText(name))
            }
            Statement::DropView { name } => write!(f, "drop view {}", EntryText(name)),
            Statement::Drop { catalog, name } => {
                write!(f, "drop {catalog} {}", StringText(name))
            }
            Statement::Insert { kind, records } => {
                write!(f, "insert {kind} ")?;
                commas(f, records)
            }
            Statement::Update { target, changes, because } => {
                write!(f, "update {target}")?;
                for change in changes {
                    write!(f, " {change}")?;
                }
                reason(f, because.as_ref())
            }
            Statement::Delete { kind, dyad, condition, because } => {
                write!(f, "delete {kind}")?;
                maybe(f, " ", dyad.as_ref())?;
                write!(f, " where {condition}")?;
                reason(f, because.as_ref())
            }
            Statement::Import { file, format, kind, options } => {
                write!(f, "import {file}")?;
                as_name(f, format.as_ref())?;
                maybe(f, " into ", kind.as_ref())?;
                maybe(f, " ", options.as_ref())
            }
            Statement::Export { query, file, format, options } => {
                write!(f, "export ({query}) to {file}")?;
                as_name(f, format.as_ref())?;
                maybe::<Record>(f, " ", options.as_ref())
            }
            Statement::Explain { analyze, statement } => {
                let analyze = if *analyze { "analyze " } else { "" };
                write!(f, "explain {analyze}{statement}")
            }
            Statement::Show(show) => show.fmt(f),
            Statement::Query(query) => query.fmt(f),
        }
    }
}

fn reason(f: &mut Formatter<'_>, because: Option<&Name>) -> fmt::Result {
    maybe(f, " because ", because.map(|text| StringText(text)).as_ref())
}

impl Display for Catalog {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Catalog::Actor => "actor",
            Catalog::Kind => "kind",
            Catalog::Place => "place",
            Catalog::Document => "document",
            Catalog::Unit => "unit",
            Catalog::Coverage => "coverage",
        })
    }
}

impl Display for UpdateTarget {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            UpdateTarget::Entry { catalog, name } => write!(f, "{catalog} {}", StringText(name)),
            UpdateTarget::Events { kind, dyad, condition } => {
                kind.fmt(f)?;
                maybe(f, " ", dyad.as_ref())?;
                write!(f, " where {condition}")
            }
        }
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (word, assigns) = match self {
            Change::Set(assigns) => ("set ", assigns),
            Change::Add(assigns) => ("add ", assigns),
            Change::Remove(assigns) => ("remove ", assigns),
            Change::Unset(paths) => {
                f.write_str("unset ")?;
                return commas(f, paths);
            }
        };
        f.write_str(word)?;
        commas(f, assigns)
    }
}

impl Display for Assign {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.path, self.value)
    }
}

impl Display for Show {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Show::History(of) => {
                f.write_str("show history of ")?;
                match &of.node {
                    HistoryOf::Id(id) => id.fmt(f),
                    HistoryOf::Key(key) => StringText(key).fmt(f),
                    HistoryOf::Param(name) => write!(f, "${name}"),
                }
            }
            Show::Topic { topic, of } => {
                f.write_str(match topic.node {
                    Topic::Kinds => "show kinds",
                    Topic::Fields => "show fields",
                    Topic::Views => "show views",
                    Topic::Params => "show params",
                    Topic::Functions => "show functions",
                    Topic::Stats => "show stats",
                })?;
                maybe(f, " of ", of.as_ref())
            }
        }
    }
}

impl Display for QueryKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)?;
        self.stages.iter().try_for_each(|stage| write!(f, " | {stage}"))
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Source::Pattern(pattern) => pattern.fmt(f),
            Source::Query(query) => write!(f, "({query})"),
            Source::Events(filter) => filter.fmt(f),
        }
    }
}

impl Display for EventFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        maybe(f, " as of ", self.as_of.as_ref())?;
        maybe(f, " ", self.dyad.as_ref())?;
        maybe(f, " where ", self.condition.as_ref())
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Events => f.write_str("events"),
            Kind::Quoted(name) => StringText(name).fmt(f),
            Kind::Name(name) => NameText(name).fmt(f),
        }
    }
}

impl Display for AsOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            AsOf::Date(date) => DateText(date).fmt(f),
            AsOf::Commit(number) => number.fmt(f),
            AsOf::Param(name) => write!(f, "${name}"),
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.mode.fmt(f)?;
        for option in &self.options {
            match option {
                PatternOpt::By(exprs) => {
                    f.write_str(" ")?;
                    keys(f, exprs)?;
                }
                PatternOpt::Within(span) => write!(f, " within {span}")?,
                PatternOpt::Dyad(dyad) => write!(f, " {dyad}")?,
            }
        }
        self.steps.iter().try_for_each(|step| write!(f, " {step}"))?;
        let Some((filter, exprs)) = &self.until else { return Ok(()) };
        write!(f, " until [{filter}]")?;
        if exprs.is_empty() {
            return Ok(());
        }
        f.write_str(" ")?;
        keys(f, exprs)
    }
}

impl Display for PatternMode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            PatternMode::Sequence { possibly, matches } => {
                f.write_str(if *possibly { "sequence possibly" } else { "sequence" })?;
                f.write_str(match matches {
                    Matches::Closest => "",
                    Matches::All => " all",
                    Matches::Each => " each",
                })
            }
            PatternMode::Together { possibly } => {
                f.write_str(if *possibly { "together possibly" } else { "together" })
            }
        }
    }
}

impl Display for SpanOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            SpanOf::Duration(duration) => duration.fmt(f),
            SpanOf::Param(name) => write!(f, "${name}"),
        }
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.presence {
            Presence::Required => "",
            Presence::No => "no ",
            Presence::Maybe => "maybe ",
        })?;
        write!(f, "[{}]", self.filter)?;
        for option in &self.options {
            f.write_str(" ")?;
            match option {
                StepOpt::By(exprs) => keys(f, exprs)?,
                StepOpt::As(name) => write!(f, "as {}", NameText(name))?,
                StepOpt::Times(count) => write!(f, "times {count}")?,
                StepOpt::Within(span) => write!(f, "within {span}")?,
            }
        }
        Ok(())
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Stage::Where(condition) => write!(f, "where {condition}"),
            Stage::Select(items) => columns(f, "select ", items),
            Stage::Derive(assigns) => {
                f.write_str("derive ")?;
                commas(f, assigns)
            }
            Stage::Drop(paths) => {
                f.write_str("drop ")?;
                commas(f, paths)
            }
            Stage::Count(grouping) => {
                f.write_str("count")?;
                maybe(f, " ", grouping.as_ref())
            }
            Stage::Summarize { items, grouping } => {
                columns(f, "summarize ", items)?;
                maybe(f, " ", grouping.as_ref())
            }
            Stage::Sort(keys) => {
                f.write_str("sort ")?;
                commas(f, keys)
            }
            Stage::Top { count, keys } => {
                write!(f, "top {count} by ")?;
                commas(f, keys)
            }
            Stage::Head(count) => {
                f.write_str("head")?;
                maybe(f, " ", count.as_ref())
            }
            Stage::Tail(count) => {
                f.write_str("tail")?;
                maybe(f, " ", count.as_ref())
            }
            Stage::Skip(count) => write!(f, "skip {count}"),
            Stage::Sample { count, seed } => {
                write!(f, "sample {count}")?;
                maybe(f, " seed ", seed.as_ref())
            }
            Stage::Distinct(None) => f.write_str("distinct"),
            Stage::Distinct(Some(items)) => columns(f, "distinct ", items),
            Stage::Unique(items) => columns(f, "unique ", items),
            Stage::Explode { path, name } => {
                write!(f, "explode {path}")?;
                as_name(f, name.as_ref())
            }
            Stage::Dyads { directed } => {
                f.write_str(if *directed { "dyads directed" } else { "dyads" })
            }
        }
    }
}

fn columns(f: &mut Formatter<'_>, word: &str, items: &[Item]) -> fmt::Result {
    f.write_str(word)?;
    commas(f, items)
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)?;
        as_name(f, self.name.as_ref())
    }
}

impl Display for Grouping {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        columns(f, "by ", &self.items)?;
        f.write_str(if self.fill.is_some() { " fill" } else { "" })?;
        f.write_str(if self.spread.is_some() { " spread" } else { "" })
    }
}

impl Display for SortKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        operand(f, &self.expr, SUM)?;
        f.write_str(if self.descending { " desc" } else { "" })?;
        f.write_str(match self.nulls_first {
            Some(true) => " nulls first",
            Some(false) => " nulls last",
            None => "",
        })
    }
}
