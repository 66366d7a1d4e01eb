//! Addresses of the web as documents.

use crate::model::Document;

/// The host of an address, in lower case, without `www.`, user and port; none for what is no address.
pub(crate) fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_start_matches("www.");
    if host.is_empty() { None } else { Some(host.to_ascii_lowercase()) }
}

/// The document that a cell names: an address, or the words for what has none, such as `BBC Monitoring`, which then are
/// its publisher.
pub(crate) fn document(cell: &str) -> Document {
    let host = host(cell);
    Document {
        key: cell.to_owned(),
        url: host.is_some().then(|| cell.to_owned()),
        publisher: Some(host.unwrap_or_else(|| cell.to_owned())),
        ..Document::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_publishers() {
        for (address, expected) in [
            ("http://www.ExampleNews.com/story/1?x=y", Some("examplenews.com")),
            ("https://user@arabic.example.org:8080", Some("arabic.example.org")),
            ("https://example.org?story=1", Some("example.org")),
            ("BBC Monitoring", None),
            ("http:///story", None),
        ] {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        }
        let document = document("BBC Monitoring");
        assert_eq!((document.key.as_str(), document.url), ("BBC Monitoring", None));
        assert_eq!(document.publisher.as_deref(), Some("BBC Monitoring"));
    }
}
