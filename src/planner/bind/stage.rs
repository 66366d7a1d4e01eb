//! Stages: what is done to rows.

use crate::catalog::FieldType;
use crate::error::{Result, Span};
use crate::model::{Value, fold};
use crate::parser::ast::{self, Assign, ExprKind, Item, PathStep, Stage, ValueKind};

use super::super::expression::Expr;
use super::super::function::Function;
use super::super::plan::{Aggregate, AggregateCall, Column, Node, Shape, SortKey};
use super::source::output_of;
use super::{Binder, Place, Typed, error};

/// The most stages of a statement, those of its views and subqueries among them.
const MAX_STAGES: usize = 200;

/// The rows that `head` and `tail` keep when no number is given.
const DEFAULT_ROWS: u64 = 10;

impl Binder<'_> {
    /// A stage over a node.
    pub(super) fn stage(
        &mut self,
        stage: &ast::At<Stage>,
        input: Node,
        shape: Shape,
    ) -> Result<(Node, Shape)> {
        self.stages += 1;
        if self.stages > MAX_STAGES {
            let message = format!("more than {MAX_STAGES} stages stand on top of one another");
            return Err(error("too-deep", message, stage.span, "one too many")
                .help("join conditions with `and`, and columns with `,`")
                .bind());
        }
        let below = Box::new(input);
        match &stage.node {
            Stage::Where(condition) => {
                let predicate = self.condition(condition, &mut Place::row(&shape))?;
                Ok((Node::Filter { input: below, predicate, counted: shape.events }, shape))
            }
            Stage::Select(items) => self.select(items, below, &shape),
            Stage::Derive(assigns) => self.derive(assigns, *below, shape),
            Stage::Drop(paths) => self.drop_columns(paths, below, shape),
            Stage::Count(grouping) => {
                let count = Aggregate {
                    expr: Expr::Column(0),
                    calls: vec![AggregateCall {
                        function: Function::Count,
                        argument: None,
                        any_status: true,
                        span: stage.span,
                    }],
                };
                let column =
                    Column { name: "count".to_owned(), holds: FieldType::Number, field: None };
                self.aggregate(below, &shape, grouping.as_ref(), vec![(count, column)])
            }
            Stage::Summarize { items, grouping } => {
                let mut columns = Vec::with_capacity(items.len());
                for item in items {
                    let mut calls = Vec::new();
                    let bound = self.expression(
                        &item.expr,
                        &mut Place { shape: &shape, calls: Some(&mut calls) },
                    )?;
                    if calls.is_empty() && bound.constant().is_none() {
                        return Err(error("no-aggregate", "a group of rows has many values of this", item.expr.span, "which one?")
                            .help("wrap it in an aggregate, such as `avg(…)` or `first(…)`, or group `by` it")
                            .bind());
                    }
                    let name = Self::item_name(item);
                    columns.push((
                        Aggregate { expr: bound.expr, calls },
                        Column { name, holds: bound.holds, field: None },
                    ));
                }
                self.aggregate(below, &shape, grouping.as_ref(), columns)
            }
            Stage::Sort(keys) => {
                let keys = self.sort_keys(keys, &shape)?;
                Ok((Node::Sort { input: below, keys }, shape))
            }
            Stage::Top { count, keys } => {
                let (count, keys) = (self.count(count)?, self.sort_keys(keys, &shape)?);
                Ok((Node::TopN { input: below, count, keys }, shape))
            }
            Stage::Head(count) => Ok((
                Node::Head { input: below, count: self.optional_count(count.as_ref())? },
                shape,
            )),
            Stage::Tail(count) => Ok((
                Node::Tail { input: below, count: self.optional_count(count.as_ref())? },
                shape,
            )),
            Stage::Skip(count) => {
                Ok((Node::Skip { input: below, count: self.count(count)? }, shape))
            }
            Stage::Sample { count, seed } => Ok((
                Node::Sample { input: below, count: self.count(count)?, seed: seed.unwrap_or(0) },
                shape,
            )),
            Stage::Distinct(None) => {
                let keys = output_of(&shape).into_iter().map(|(_, expr)| expr).collect();
                Ok((Node::Unique { input: below, keys }, shape))
            }
            Stage::Distinct(Some(items)) => {
                let (node, shape) = self.select(items, below, &shape)?;
                let keys = (0..shape.columns.len()).map(Expr::Column).collect();
                Ok((Node::Unique { input: Box::new(node), keys }, shape))
            }
            Stage::Unique(items) => {
                let keys = items
                    .iter()
                    .map(|i| Ok(self.expression(&i.expr, &mut Place::row(&shape))?.expr))
                    .collect::<Result<_>>()?;
                Ok((Node::Unique { input: below, keys }, shape))
            }
            Stage::Explode { path, name } => self.explode(path, name.as_ref(), below, shape),
            Stage::Dyads { directed } => Self::dyads(*directed, stage.span, below, shape),
        }
    }

    fn select(&mut self, items: &[Item], below: Box<Node>, shape: &Shape) -> Result<(Node, Shape)> {
        let mut exprs = Vec::with_capacity(items.len());
        let mut columns: Vec<Column> = Vec::with_capacity(items.len());
        for item in items {
            let bound = self.expression(&item.expr, &mut Place::row(shape))?;
            let column = column_of(Self::item_name(item), &bound);
            if columns.iter().any(|c| fold(&c.name) == fold(&column.name)) {
                return Err(twice(&column.name, item.expr.span));
            }
            columns.push(column);
            exprs.push(bound.expr);
        }
        Ok((Node::Project { input: below, items: exprs }, Shape { columns, ..Shape::default() }))
    }

    fn derive(
        &mut self,
        assigns: &[Assign],
        below: Node,
        mut shape: Shape,
    ) -> Result<(Node, Shape)> {
        let mut node = below;
        for assign in assigns {
            let name = plain_name(&assign.path)?;
            let bound = match &assign.value.node {
                ValueKind::Expr(expr) => self.expression(expr, &mut Place::row(&shape))?,
                _ => Typed::new(Expr::Constant(self.value(&assign.value)?), FieldType::Any),
            };
            node = Node::Derive { input: Box::new(node), items: vec![bound.expr.clone()] };
            shape.columns.push(column_of(name, &bound));
        }
        Ok((node, shape))
    }

    fn drop_columns(
        &mut self,
        paths: &[ast::At<ast::Path>],
        below: Box<Node>,
        mut shape: Shape,
    ) -> Result<(Node, Shape)> {
        let mut kept: Vec<usize> = (0..shape.columns.len()).collect();
        for path in paths {
            let name = plain_name(path)?;
            let before = kept.len();
            kept.retain(|i| shape.columns.get(*i).is_some_and(|c| fold(&c.name) != fold(&name)));
            if kept.len() < before {
                continue;
            }
            // A free attribute is not among the columns anyway.
            if let Expr::Field(field) = self.path(path, path.span, &Place::row(&shape))?.expr {
                shape.dropped.push(field);
            }
        }
        if kept.len() == shape.columns.len() {
            return Ok((*below, shape));
        }
        let items = kept.iter().map(|i| Expr::Column(*i)).collect();
        let columns = kept.iter().filter_map(|i| shape.columns.get(*i).cloned()).collect();
        if !shape.events && kept.is_empty() {
            let span = paths.first().map_or(Span::default(), |p| p.span);
            return Err(error("no-columns", "no column is left", span, "the last one")
                .help("keep at least one")
                .bind());
        }
        Ok((Node::Project { input: below, items }, Shape { columns, ..shape }))
    }

    fn sort_keys(&mut self, keys: &[ast::SortKey], shape: &Shape) -> Result<Vec<SortKey>> {
        keys.iter()
            .map(|key| {
                let bound = self.expression(&key.expr, &mut Place::row(shape))?;
                Ok(SortKey {
                    expr: bound.expr,
                    descending: key.descending,
                    nulls_first: key.nulls_first.unwrap_or(false),
                })
            })
            .collect()
    }

    fn optional_count(&mut self, count: Option<&ast::At<ast::Count>>) -> Result<u64> {
        count.map_or(Ok(DEFAULT_ROWS), |c| self.count(c))
    }

    pub(super) fn count(&mut self, count: &ast::At<ast::Count>) -> Result<u64> {
        match &count.node {
            ast::Count::Number(n) => Ok(*n),
            ast::Count::Param(name) => match self.param(name, count.span)? {
                Value::Int(n) if n >= 0 => Ok(n.unsigned_abs()),
                other => Err(error(
                    "not-a-count",
                    format!("`${name}` holds {}", other.describe()),
                    count.span,
                    "a whole number is wanted here",
                )
                .help(format!("give it one: `let ${name} = 10`"))
                .bind()),
            },
        }
    }

    /// The name of a column: given, or the text of its expression.
    pub(super) fn item_name(item: &Item) -> String {
        match (&item.name, &item.expr.node) {
            (Some(name), _) => name.node.clone(),
            (None, ExprKind::Call { name, args }) if args.is_empty() => name.node.clone(),
            (None, ExprKind::Path(path)) => path_name(path),
            (None, _) => item.expr.to_string(),
        }
    }
}

pub(super) fn column_of(name: String, bound: &Typed) -> Column {
    Column { name, holds: bound.holds, field: bound.field() }
}

/// A path as it is written, without marks.
pub(super) fn path_name(path: &ast::Path) -> String {
    let mut text = path.head.node.clone();
    for step in &path.steps {
        match step {
            PathStep::Name(name) => text.push_str(&format!(".{}", name.node)),
            PathStep::Index(i) => text.push_str(&format!("[{i}]")),
        }
    }
    text
}

pub(super) fn twice(name: &str, span: Span) -> crate::error::Error {
    error("column-twice", format!("the column `{name}` is there twice"), span, "which one?")
        .help("name one of them otherwise: `… as other`")
        .bind()
}

fn plain_name(path: &ast::At<ast::Path>) -> Result<String> {
    if path.steps.is_empty() {
        return Ok(path.head.node.clone());
    }
    Err(error("not-a-column", "a column has a plain name", path.span, "not a plain name")
        .help("leave out what follows the point")
        .bind())
}
