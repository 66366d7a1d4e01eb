//! DuckDB with two threads and without indexes, which scans do not need.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use duckdb::types::ValueRef;
use duckdb::{AccessMode, Config, Connection, Params, Statement, params};

use super::Engine;
use crate::cell::{Answer, Cell};
use crate::error::{Error, Result};
use crate::generate::Row;
use crate::question::Question;

const LOAD: &str = "CREATE TABLE ev AS SELECT * FROM read_csv('{csv}', header = true, columns = {
    'id': 'BIGINT', 'date': 'INTEGER', 'actor1': 'VARCHAR', 'actor2': 'VARCHAR', 'code': 'VARCHAR',
    'country': 'VARCHAR', 'goldstein': 'DOUBLE', 'mentions': 'INTEGER', 'text': 'VARCHAR'});
    CHECKPOINT";

pub(super) fn version() -> Result<String> {
    Ok(Connection::open_in_memory()?.version()?)
}

pub(super) fn load(csv: &Path, database: &Path) -> Result<()> {
    let connection = Connection::open_with_flags(database, Config::default().threads(2)?)?;
    let csv = csv.to_string_lossy().replace('\'', "''");
    connection.execute_batch(&LOAD.replace("{csv}", &csv))?;
    connection.close().map_err(|(_, error)| error.into())
}

/// An open database.
pub(super) struct Duckdb {
    connection: Connection,
}

impl Duckdb {
    pub(super) fn open(database: &Path, write: bool) -> Result<Duckdb> {
        let mode = if write { AccessMode::ReadWrite } else { AccessMode::ReadOnly };
        let config = Config::default().threads(2)?.access_mode(mode)?;
        Ok(Duckdb { connection: Connection::open_with_flags(database, config)? })
    }

    /// Runs the statement once, or once for each number.
    fn each(
        &self,
        question: &Question,
        ids: &[u64],
        mut see: impl FnMut(&mut Statement<'_>, Option<i64>) -> Result<()>,
    ) -> Result<()> {
        // DuckDB 1.5.6 fails on a second run of one prepared `ASOF JOIN`, with an internal error.
        if question.duckdb.contains("ASOF JOIN") {
            return see(&mut self.connection.prepare(&question.duckdb)?, None);
        }
        let mut statement = self.connection.prepare_cached(&question.duckdb)?;
        if !question.lookup {
            return see(&mut statement, None);
        }
        ids.iter().try_for_each(|id| see(&mut statement, Some(id.cast_signed())))
    }
}

impl Engine for Duckdb {
    fn answer(&mut self, question: &Question, ids: &[u64]) -> Result<Answer> {
        let mut answer = Answer::new();
        self.each(question, ids, |statement, id| match id {
            Some(id) => read(statement, params![id], &mut answer),
            None => read(statement, [], &mut answer),
        })?;
        Ok(answer)
    }

    /// Takes the answer as Arrow batches, which is DuckDB's fastest way to give it.
    fn take(&mut self, question: &Question, ids: &[u64]) -> Result<u64> {
        let mut rows = 0;
        self.each(question, ids, |statement, id| {
            let batches = match id {
                Some(id) => statement.query_arrow(params![id])?,
                None => statement.query_arrow([])?,
            };
            for batch in batches {
                rows += batch.num_rows() as u64;
                black_box(&batch);
            }
            Ok(())
        })?;
        Ok(rows)
    }

    fn insert(&mut self, rows: &[Row]) -> Result<Duration> {
        let start = Instant::now();
        let transaction = self.connection.transaction()?;
        {
            let mut appender = transaction.appender("ev")?;
            for row in rows {
                appender.append_row(params![
                    row.id.cast_signed(),
                    row.date,
                    row.actor1,
                    row.actor2,
                    row.code.digits,
                    row.country,
                    row.code.goldstein,
                    row.mentions.cast_signed(),
                    row.text
                ])?;
            }
            appender.flush()?;
        }
        transaction.commit()?;
        Ok(start.elapsed())
    }
}

/// Adds the rows of an answer.
fn read(statement: &mut Statement<'_>, params: impl Params, answer: &mut Answer) -> Result<()> {
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        let columns = row.as_ref().column_count();
        answer.push((0..columns).map(|c| cell(row.get_ref(c)?)).collect::<Result<_>>()?);
    }
    Ok(())
}

/// A value as all engines give it.
fn cell(value: ValueRef<'_>) -> Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Int(n) => Cell::Int(n.into()),
        ValueRef::BigInt(n) => Cell::Int(n),
        ValueRef::HugeInt(n) => {
            Cell::Int(n.try_into().map_err(|_| Error::said(format!("{n} is too large")))?)
        }
        ValueRef::Double(n) => Cell::Float(n),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        other => return Err(Error::said(format!("DuckDB gave {other:?}"))),
    })
}
