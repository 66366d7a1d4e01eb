//! Where rows come from.

use std::sync::Arc;

use crate::catalog::{Field, FieldType};
use crate::error::Result;
use crate::parser::ast::{self, EventFilter, Kind, Source};
use crate::parser::parse_query;
use crate::storage::EntryKind;

use super::super::columnar::of_event;
use super::super::columns::{CATALOGS, catalog_columns};
use super::super::expression::Expr;
use super::super::later::Later;
use super::super::plan::{Column, Node, QueryPlan, Shape};
use super::{Binder, Place, did_you_mean, error};

/// Statements of which only the first word was written, with how they go on.
const BARE: &[(&str, &str)] = &[
    ("insert", "`insert visit { date: 2015-06, host: \"Russia\" }`"),
    ("define", "`define actor \"Name\" { type: \"person\" }`"),
    ("drop", "`drop actor \"Name\"`"),
    ("delete", "`delete visit where key = \"…\"`"),
    ("let", "`let $name = value` or `let name = query`"),
    ("param", "`param $name: text = \"…\"`"),
    (
        "show",
        "`show fields`, `show kinds`, `show functions`, `show views`, `show params` or `show stats`",
    ),
    ("explain", "`explain` and the statement behind it"),
    ("update", "`update` and what to change"),
];

/// How deep views may stand within views.
const MAX_VIEWS: usize = 16;

impl Binder<'_> {
    /// A query with its answer's columns.
    pub(super) fn query(&mut self, query: &ast::Query) -> Result<QueryPlan> {
        let (mut node, mut shape) = self.source(&query.source)?;
        for stage in &query.stages {
            (node, shape) = self.stage(stage, node, shape)?;
        }
        let output = output_of(&shape);
        Ok(QueryPlan { root: node, output })
    }

    fn source(&mut self, source: &ast::At<Source>) -> Result<(Node, Shape)> {
        match &source.node {
            Source::Pattern(pattern) => self.pattern(pattern, source.span),
            Source::Query(query) => {
                let (mut node, mut shape) = self.source(&query.source)?;
                for stage in &query.stages {
                    (node, shape) = self.stage(stage, node, shape)?;
                }
                Ok((node, shape))
            }
            Source::Events(filter) => self.filter(filter),
        }
    }

    /// Events of a kind, of a dyad, under a condition; or the rows of a catalogue, a view, a `let`.
    pub(super) fn filter(&mut self, filter: &EventFilter) -> Result<(Node, Shape)> {
        if let Some(as_of) = &filter.as_of {
            return Err(Later::AsOf.error(as_of.span));
        }
        let events = Shape { events: true, ..Shape::default() };
        let (node, shape) = match &filter.kind.node {
            Kind::Events => (Node::Scan, events),
            Kind::Quoted(name) => self.of_kind(name, filter)?,
            Kind::Name(name) => {
                if let Some((word, catalog)) =
                    CATALOGS.iter().find(|(word, _)| word.eq_ignore_ascii_case(name))
                {
                    let _ = word;
                    (Node::CatalogScan { catalog: *catalog }, catalog_shape(*catalog))
                } else if let Some(query) = self.scope.queries.get(name).cloned() {
                    self.within(filter, |binder| binder.source(&query_source(query)))?
                } else if let Some(text) = self.catalog.saved_view(name)? {
                    let query = parse_query(&text)?;
                    self.within(filter, |binder| binder.source(&query_source(query)))?
                } else {
                    self.of_kind(name, filter)?
                }
            }
        };
        let mut tests = Vec::new();
        if let Some(dyad) = &filter.dyad {
            if !shape.events {
                return Err(error(
                    "no-events",
                    "these rows are no events",
                    dyad.span,
                    "only events have two sides",
                )
                .help("leave the dyad out")
                .bind());
            }
            tests.push(Expr::Dyad(self.dyad(dyad)?));
        }
        if let Some(condition) = &filter.condition {
            tests.push(self.condition(condition, &mut Place::row(&shape))?);
        }
        if tests.is_empty() {
            return Ok((node, shape));
        }
        let counted = shape.events;
        Ok((Node::Filter { input: Box::new(node), predicate: Expr::and(tests), counted }, shape))
    }

    fn of_kind(&mut self, name: &str, filter: &EventFilter) -> Result<(Node, Shape)> {
        let span = filter.kind.span;
        let kind = self.kind_name(name, span).map_err(|e| self.or_source(name, e, filter))?;
        let kinds = self.catalog.subkinds(&kind)?;
        let mirrored = self.catalog.kind(&kind)?.is_some_and(|kind| kind.mirrored);
        let node = Node::Filter {
            input: Box::new(Node::Scan),
            predicate: Expr::KindIn { kinds: Arc::new(kinds), text: kind },
            counted: true,
        };
        Ok((node, Shape { events: true, mirrored, ..Shape::default() }))
    }

    /// A bare name that is no kind may be a misspelt catalogue, view, `let` or `events`.
    fn or_source(
        &self,
        name: &str,
        kind_error: crate::error::Error,
        filter: &EventFilter,
    ) -> crate::error::Error {
        if let Some((word, wants)) = BARE.iter().find(|(word, _)| word.eq_ignore_ascii_case(name)) {
            let message = format!("`{word}` stands alone");
            return error("incomplete-statement", message, filter.kind.span, "what?")
                .help(format!("write {wants}"))
                .bind();
        }
        let sources = CATALOGS
            .iter()
            .map(|(word, _)| *word)
            .chain(["events"])
            .chain(self.scope.queries.keys().map(String::as_str));
        let near: Vec<String> =
            crate::catalog::nearest(name, sources).into_iter().map(str::to_owned).collect();
        if near.is_empty() || matches!(filter.kind.node, Kind::Quoted(_)) {
            return kind_error;
        }
        did_you_mean(
            error(
                "unknown-source",
                format!("no kind, view or catalogue `{name}`"),
                filter.kind.span,
                "unknown",
            ),
            filter.kind.span,
            &near,
            "",
        )
    }

    fn within<T>(
        &mut self,
        filter: &EventFilter,
        bind: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if self.depth >= MAX_VIEWS {
            return Err(error(
                "view-cycle",
                format!("queries stand within queries deeper than {MAX_VIEWS}"),
                filter.kind.span,
                "too deep",
            )
            .help("a view must not use itself; join a long chain of `let` into fewer")
            .bind());
        }
        self.depth += 1;
        let bound = bind(self);
        self.depth -= 1;
        bound
    }
}

fn query_source(query: ast::Query) -> ast::At<Source> {
    let span = query.span;
    ast::At::new(Source::Query(Box::new(query)), span)
}

fn catalog_shape(catalog: EntryKind) -> Shape {
    let columns = catalog_columns(catalog)
        .iter()
        .map(|(name, holds)| Column { name: (*name).to_owned(), holds: *holds, field: None })
        .collect();
    Shape { columns, ..Shape::default() }
}

/// The columns that an answer shows, with what gives each.
pub(super) fn output_of(shape: &Shape) -> Vec<(Column, Expr)> {
    let fields = match (shape.events, shape.mirrored) {
        (false, _) => &[],
        (true, false) => Field::DEFAULT,
        (true, true) => Field::DEFAULT_OF_VISITS,
    };
    let fields = fields.iter().filter(|f| !shape.dropped.contains(f)).map(|field| {
        (
            Column {
                name: field.name().to_owned(),
                holds: field.field_type(),
                field: Some(*field),
            },
            Expr::Field(*field),
        )
    });
    let mut output: Vec<(Column, Expr)> = fields.collect();
    for (at, column) in shape.columns.iter().enumerate() {
        match column.holds {
            FieldType::Event => output.extend(Field::DEFAULT_OF_STEPS.iter().map(|field| {
                let name = format!("{}.{}", column.name, field.name());
                let expr = of_event(Expr::Column(at), Expr::Field(*field));
                (Column { name, holds: field.field_type(), field: None }, expr)
            })),
            _ => output.push((column.clone(), Expr::Column(at))),
        }
    }
    output
}
