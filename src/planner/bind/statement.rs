//! Statements.

use std::sync::Arc;

use crate::catalog::{Field, nearest};
use crate::error::Result;
use crate::model::Value;
use crate::parser::ast::{self, Catalog, CmpOp, Kind, Show, Statement, Topic};
use crate::storage::{Entry, EntryKind, Posting, SavedView};

use super::super::columns::CATALOGS;
use super::super::expression::Expr;
use super::super::function::Function;
use super::super::later::Later;
use super::super::optimizer;
use super::super::plan::{Column, ImportPlan, Node, Plan, QueryPlan};
use super::entered::Entered;
use super::{Binder, did_you_mean, error};
use crate::catalog::FieldType;

impl Binder<'_> {
    /// Any statement.
    pub(super) fn statement(&mut self, statement: &ast::At<Statement>) -> Result<Plan> {
        match &statement.node {
            Statement::Query(query) => Ok(Plan::Query(self.query(query)?)),
            Statement::LetParam { name, value } => {
                let value = self.value(value)?;
                self.scope.params.insert(name.node.clone(), value);
                Ok(Plan::Remember)
            }
            Statement::LetQuery { name, query } => {
                self.is_free(name)?;
                // Bound now only to find mistakes where they are made.
                self.query(query)?;
                self.scope.queries.insert(name.node.clone(), query.clone());
                Ok(Plan::Remember)
            }
            Statement::Param { name, kind, default } => {
                self.declare(name, kind.as_ref(), default.as_ref())?;
                Ok(Plan::Remember)
            }
            Statement::DefineView { name, query } => {
                self.is_free(name)?;
                self.query(query)?;
                let view = SavedView { name: name.node.clone(), text: query.to_string() };
                Ok(Plan::Define(vec![Entry::View(view)]))
            }
            Statement::Define { catalog, name, record } => {
                Ok(Plan::Define(vec![self.entry(catalog, name, record)?]))
            }
            Statement::DropView { name } => self.drop_entry(EntryKind::View, name),
            Statement::Drop { catalog, name } => self.drop_entry(entry_kind(catalog.node), name),
            Statement::Insert { kind, records } => Ok(Plan::Insert(self.events(kind, records)?)),
            Statement::Update { .. } => Err(Later::Update.error(statement.span)),
            Statement::Delete { kind, dyad, condition, because } => {
                let filter = ast::EventFilter {
                    kind: kind.clone(),
                    as_of: None,
                    dyad: dyad.clone(),
                    condition: Some(condition.clone()),
                };
                let (input, shape) = self.filter(&filter)?;
                if !shape.events {
                    return Err(error(
                        "no-events",
                        "only events can be deleted",
                        kind.span,
                        "these are no events",
                    )
                    .help("`drop` removes an entry of a catalogue")
                    .bind());
                }
                let because = because.as_ref().map(|b| b.node.clone());
                // Any narrower condition chooses events to delete; this alone means the import as a whole.
                Ok(match import_alone(&input) {
                    Some(import) if kind.node == Kind::Events => {
                        Plan::Undo { import, input, because }
                    }
                    _ => Plan::Delete { input, because },
                })
            }
            Statement::Import { file, format, kind, options } => {
                let kind = match kind.as_ref().map(|kind| (&kind.node, kind.span)) {
                    None | Some((Kind::Events, _)) => None,
                    Some((Kind::Quoted(name) | Kind::Name(name), span)) => {
                        Some(self.kind_name(name, span)?)
                    }
                };
                let entered = options.as_ref().map(|record| self.entered(record)).transpose()?;
                let at = |node, span| ast::At { node, span };
                let option = |e: Entered| {
                    (
                        ast::At { node: e.name, span: e.name_span },
                        ast::At { node: e.value, span: e.span },
                    )
                };
                Ok(Plan::Import(ImportPlan {
                    file: self.text(file)?,
                    format: format.as_ref().map(|name| at(name.node.clone(), name.span)),
                    kind,
                    options: entered.into_iter().flatten().map(option).collect(),
                }))
            }
            Statement::Export { .. } => Err(Later::Export.error(statement.span)),
            Statement::Explain { analyze, statement } => {
                if *analyze {
                    may_be_analyzed(statement)?;
                }
                let plan = self.statement(statement)?;
                let plan = Box::new(optimizer::optimize(plan, self.catalog)?);
                Ok(Plan::Explain { plan, analyze: *analyze })
            }
            Statement::Show(show) => self.show(show),
        }
    }

    /// A named query may not hide a catalogue, a view or a kind.
    fn is_free(&self, name: &ast::Name) -> Result<()> {
        let taken = if CATALOGS.iter().any(|(word, _)| word.eq_ignore_ascii_case(name)) {
            "catalogue"
        } else if self.catalog.kind(name)?.is_some() {
            "kind"
        } else {
            return Ok(());
        };
        Err(error(
            "name-taken",
            format!("`{}` is already a {taken}", name.node),
            name.span,
            "taken",
        )
        .help("choose another name")
        .bind())
    }

    /// `param $name: type = default`: what was set from outside wins over the default and is read as the type.
    fn declare(
        &mut self,
        name: &ast::Name,
        kind: Option<&ast::Name>,
        default: Option<&ast::Value>,
    ) -> Result<()> {
        let wanted = kind.map(param_type).transpose()?;
        let value = match (self.scope.params.get(&name.node).cloned(), default) {
            (Some(set), _) => set,
            (None, Some(default)) => self.value(default)?,
            (None, None) => return self.param(name, name.span).map(|_| ()),
        };
        let value = match wanted {
            None => value,
            Some(FieldType::Text) => match value {
                Value::Text(_) | Value::Null => value,
                Value::Int(n) => Value::Text(n.to_string()),
                other => return Err(wrong_param(name, kind, &other)),
            },
            Some(FieldType::Number) => match value {
                Value::Int(_) | Value::Float(_) | Value::Null => value,
                other => return Err(wrong_param(name, kind, &other)),
            },
            Some(FieldType::Bool) => match value {
                Value::Bool(_) | Value::Null => value,
                Value::Text(t) if t == "true" || t == "false" => Value::Bool(t == "true"),
                other => return Err(wrong_param(name, kind, &other)),
            },
            Some(wanted) => self.coerce(value, wanted, name.span)?,
        };
        self.scope.params.insert(name.node.clone(), value);
        Ok(())
    }

    fn drop_entry(&self, catalog: EntryKind, name: &ast::Name) -> Result<Plan> {
        if let Some(entry) = self.catalog.entry_of(catalog, name)? {
            let posting = match catalog {
                EntryKind::Kind => Some(Posting::Kind),
                EntryKind::Document => Some(Posting::Document),
                _ => None,
            };
            // Events would be left of a kind, or tell of a document, that is not there.
            if let Some(posting) = posting {
                let used = self.catalog.view().posting_len(posting, entry.name())?;
                if used > 0 {
                    let what = format!("{} `{}`", catalog.word(), entry.name());
                    let message = format!("the {what} has {}", super::names::events(used));
                    return Err(error("in-use", message, name.span, "still in use")
                        .help("delete these events first, or keep it")
                        .bind());
                }
            }
            Ok(Plan::Drop { catalog, name: entry.name().to_owned() })
        } else {
            let entries = self.catalog.view().entries(catalog)?;
            let near: Vec<String> = nearest(name, entries.iter().map(Entry::name))
                .into_iter()
                .map(str::to_owned)
                .collect();
            Err(did_you_mean(
                error(
                    "unknown-entry",
                    format!("no {} `{}` is defined", catalog.word(), name.node),
                    name.span,
                    "not defined here",
                ),
                name.span,
                &near,
                "what is built in cannot be dropped",
            ))
        }
    }

    fn show(&mut self, show: &Show) -> Result<Plan> {
        let (topic, of) = match show {
            Show::History(of) => return Err(Later::History.error(of.span)),
            Show::Topic { topic, of } => (topic.node, of.as_ref()),
        };
        let text = |t: &str| Value::Text(t.to_owned());
        let maybe = |t: &Option<String>| t.as_deref().map_or(Value::Null, text);
        let (columns, rows): (&[(&str, FieldType)], Vec<Vec<Value>>) = match topic {
            Topic::Fields => {
                let attributes = self.catalog.typed_attributes()?;
                let rows = Field::ALL
                    .iter()
                    .map(|f| vec![text(f.name()), text(f.field_type().word()), text(f.doc())])
                    .chain(attributes.iter().map(|(typed, _, n)| {
                        vec![text(typed), text("attribute"), text(&super::names::events(*n))]
                    }))
                    .collect();
                (
                    &[
                        ("field", FieldType::Text),
                        ("type", FieldType::Text),
                        ("meaning", FieldType::Text),
                    ],
                    rows,
                )
            }
            Topic::Kinds => {
                let within = of.map(|kind| self.subkinds_of(kind)).transpose()?;
                let rows = self
                    .catalog
                    .all_kinds()?
                    .iter()
                    .filter(|k| within.as_ref().is_none_or(|set| set.contains(&k.name)))
                    .map(|k| vec![text(&k.name), maybe(&k.parent), maybe(&k.code), maybe(&k.title)])
                    .collect();
                (
                    &[
                        ("kind", FieldType::Text),
                        ("parent", FieldType::Text),
                        ("code", FieldType::Code),
                        ("title", FieldType::Text),
                    ],
                    rows,
                )
            }
            Topic::Views => {
                let entries = self.catalog.view().entries(EntryKind::View)?;
                let rows = entries.iter().filter_map(|e| {
                    if let Entry::View(v) = e {
                        Some(vec![text(&v.name), text(&v.text)])
                    } else {
                        None
                    }
                });
                let lets = self
                    .scope
                    .queries
                    .iter()
                    .map(|(name, query)| vec![text(name), text(&query.to_string())]);
                (
                    &[("view", FieldType::Text), ("query", FieldType::Text)],
                    rows.chain(lets).collect(),
                )
            }
            Topic::Params => {
                let rows = self
                    .scope
                    .params
                    .iter()
                    .map(|(name, value)| vec![text(name), value.clone()])
                    .collect();
                (&[("param", FieldType::Text), ("value", FieldType::Any)], rows)
            }
            Topic::Functions => {
                let rows =
                    Function::ALL.iter().map(|f| vec![text(f.name()), text(f.doc())]).collect();
                (&[("function", FieldType::Text), ("gives", FieldType::Text)], rows)
            }
            Topic::Stats => {
                (&[("what", FieldType::Text), ("count", FieldType::Number)], self.stats()?)
            }
        };
        let output = columns
            .iter()
            .enumerate()
            .map(|(i, (name, holds))| {
                (Column { name: (*name).to_owned(), holds: *holds, field: None }, Expr::Column(i))
            })
            .collect();
        Ok(Plan::Query(QueryPlan { root: Node::Rows { rows: Arc::new(rows) }, output }))
    }

    fn stats(&self) -> Result<Vec<Vec<Value>>> {
        let view = self.catalog.view();
        let count = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let mut rows = vec![vec!["events".into(), count(view.event_count()?)]];
        for (word, catalog) in CATALOGS.iter().chain(&[("views", EntryKind::View)]) {
            rows.push(vec![(*word).into(), count(view.entries(*catalog)?.len() as u64)]);
        }
        rows.push(vec!["commits".into(), count(view.commit())]);
        Ok(rows)
    }

    fn subkinds_of(&self, kind: &ast::At<Kind>) -> Result<std::collections::BTreeSet<String>> {
        match &kind.node {
            Kind::Events => Ok(self.catalog.all_kinds()?.into_iter().map(|k| k.name).collect()),
            Kind::Quoted(name) | Kind::Name(name) => {
                self.catalog.subkinds(&self.kind_name(name, kind.span)?)
            }
        }
    }
}

/// `explain analyze` runs what it explains, so it takes nothing that changes the database.
fn may_be_analyzed(statement: &ast::At<Statement>) -> Result<()> {
    const PLAN: &str = "`explain` without `analyze` shows the plan and runs nothing";
    let changes =
        ("`explain analyze` would run this statement, which changes the database", "not run");
    let ((message, label), help) = match &statement.node {
        Statement::Query(_) | Statement::Show(_) | Statement::Export { .. } => return Ok(()),
        Statement::Delete { .. } => (
            changes,
            "`explain` shows its plan; `explain analyze events where` and the condition measures how the events are \
             found",
        ),
        Statement::Insert { .. }
        | Statement::Update { .. }
        | Statement::Import { .. }
        | Statement::Define { .. }
        | Statement::DefineView { .. }
        | Statement::Drop { .. }
        | Statement::DropView { .. } => (changes, PLAN),
        Statement::LetParam { .. } | Statement::LetQuery { .. } | Statement::Param { .. } => (
            ("`explain analyze` measures a query, and this has nothing to run", "gives no rows"),
            "run this by itself, then analyze the query that uses it",
        ),
        Statement::Explain { .. } => (
            ("`explain analyze` measures a query, not its explanation", "gives a plan"),
            "leave this `explain` out",
        ),
    };
    Err(error("not-analyzed", message, statement.span, label).help(help).bind())
}

/// The number of the import whose events are looked for, all of them and no others.
fn import_alone(node: &Node) -> Option<u64> {
    let Node::Filter { input, predicate: Expr::Compare { left, op, right }, .. } = node else {
        return None;
    };
    match (&**input, &**left, op, &**right) {
        (
            Node::Scan,
            Expr::Field(Field::Import),
            CmpOp::Eq | CmpOp::Same,
            Expr::Constant(Value::Int(number)),
        ) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn param_type(kind: &ast::Name) -> Result<FieldType> {
    const TYPES: &[(&str, FieldType)] = &[
        ("text", FieldType::Text),
        ("date", FieldType::Date),
        ("number", FieldType::Number),
        ("quantity", FieldType::Quantities),
        ("bool", FieldType::Bool),
        ("any", FieldType::Any),
    ];
    TYPES
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(kind))
        .map(|(_, holds)| *holds)
        .ok_or_else(|| {
            let near: Vec<String> = nearest(kind, TYPES.iter().map(|(word, _)| *word))
                .into_iter()
                .map(str::to_owned)
                .collect();
            let words =
                TYPES.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            did_you_mean(
                error(
                    "unknown-type",
                    format!("no type `{}`", kind.node),
                    kind.span,
                    "unknown type",
                ),
                kind.span,
                &near,
                &format!("it is one of {words}"),
            )
        })
}

fn wrong_param(name: &ast::Name, kind: Option<&ast::Name>, value: &Value) -> crate::error::Error {
    let kind = kind.map_or("any", |k| &k.node);
    error(
        "parameter-type",
        format!("`${}` is declared as {kind} but holds {}", name.node, value.describe()),
        name.span,
        "of another type",
    )
    .help("give it a value of its type, or change the type")
    .bind()
}

/// The catalogue of a statement.
const fn entry_kind(catalog: Catalog) -> EntryKind {
    match catalog {
        Catalog::Actor => EntryKind::Actor,
        Catalog::Kind => EntryKind::Kind,
        Catalog::Place => EntryKind::Place,
        Catalog::Document => EntryKind::Document,
        Catalog::Unit => EntryKind::Unit,
        Catalog::Coverage => EntryKind::Coverage,
    }
}
