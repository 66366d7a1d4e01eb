//! Parameters of a run.

use crate::model::Value;

/// Parameters by name, without the `$`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params(pub(crate) Vec<(String, Value)>);

impl From<()> for Params {
    fn from((): ()) -> Self {
        Params::default()
    }
}
impl<K: Into<String>, V: Into<Value>, const N: usize> From<[(K, V); N]> for Params {
    fn from(params: [(K, V); N]) -> Self {
        Params(params.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}
impl<K: Into<String>, V: Into<Value>> From<Vec<(K, V)>> for Params {
    fn from(params: Vec<(K, V)>) -> Self {
        Params(params.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}
