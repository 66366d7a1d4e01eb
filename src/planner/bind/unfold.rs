//! Stages that make several rows of one: `explode`, `dyads`.

use crate::catalog::{Field, FieldType};
use crate::error::{Result, Span};
use crate::model::fold;
use crate::parser::ast;

use super::super::expression::Expr;
use super::super::plan::{Column, Node, Shape, dyad_columns};
use super::stage::{path_name, twice};
use super::{Binder, Place, error};

impl Binder<'_> {
    /// `explode path as name`: a row for each value, in a column that later stages compare as the values themselves.
    pub(super) fn explode(
        &mut self,
        path: &ast::At<ast::Path>,
        name: Option<&ast::Name>,
        input: Box<Node>,
        mut shape: Shape,
    ) -> Result<(Node, Shape)> {
        let bound = self.path(path, path.span, &Place::row(&shape))?;
        let own = path_name(path);
        let name = name.map_or_else(|| own.clone(), |name| name.node.clone());
        let stands_for_itself = fold(&name) == fold(&own);
        let at = match bound.expr {
            Expr::Column(at) if stands_for_itself => Some(at),
            _ => None,
        };
        let names = matches!(bound.holds, FieldType::Actors | FieldType::Places);
        let holds = match bound.holds {
            FieldType::Links => FieldType::Any,
            other => other,
        };
        match at.and_then(|at| shape.columns.get_mut(at)) {
            Some(column) => column.holds = holds,
            None => add_column(Column { name, holds, field: None }, path.span, &mut shape)?,
        }
        Ok((Node::Explode { input, item: bound.expr, at, names }, shape))
    }

    /// `dyads`: a row for each pair of states of the event.
    pub(super) fn dyads(
        directed: bool,
        span: Span,
        input: Box<Node>,
        mut shape: Shape,
    ) -> Result<(Node, Shape)> {
        if !shape.events {
            return Err(error(
                "no-events",
                "these rows are no events",
                span,
                "only events have pairs",
            )
            .help("put `dyads` before `select`, `count` or `summarize`")
            .bind());
        }
        for name in dyad_columns(directed) {
            let holds = if name == "dyad" { FieldType::Text } else { FieldType::Actors };
            let column = Column { name: name.to_owned(), holds, field: None };
            add_column(column, span, &mut shape)?;
        }
        Ok((Node::Dyads { input, directed }, shape))
    }
}

/// Adds a column, which hides the field of its name.
fn add_column(column: Column, span: Span, shape: &mut Shape) -> Result<()> {
    if shape.columns.iter().any(|c| fold(&c.name) == fold(&column.name)) {
        return Err(twice(&column.name, span));
    }
    if let Some(field) = Field::from_name(&column.name).filter(|_| shape.events) {
        shape.dropped.push(field);
    }
    shape.columns.push(column);
    Ok(())
}
