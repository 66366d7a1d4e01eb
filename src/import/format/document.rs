//! Documents by what a cell says of them: an address of the web, or words.

use crate::import::draft::Hint;
use crate::model::{Citation, Document};

/// The document of a key. An address is its own key, and its host the publisher.
pub(super) fn document(key: &str) -> Document {
    let host = host(key);
    Document {
        key: key.to_owned(),
        url: host.is_some().then(|| key.to_owned()),
        publisher: host,
        ..Document::default()
    }
}

/// The document of a cell of GDELT: what is no address, such as `BBC Monitoring`, is the publisher.
pub(super) fn article(cell: &str) -> Document {
    let mut article = document(cell);
    article.publisher.get_or_insert_with(|| cell.to_owned());
    article
}

/// That a document tells an event, and the document.
pub(super) fn telling(document: Document) -> (Citation, Hint) {
    let citation = Citation { document: document.key.clone(), ..Citation::default() };
    (citation, Hint::Document(Box::new(document)))
}

/// The host of an address, in lower case, without `www.`, user and port; none for what is no address.
fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_start_matches("www.");
    if host.is_empty() { None } else { Some(host.to_ascii_lowercase()) }
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
            assert_eq!(document(address).publisher.as_deref(), expected, "{address}");
        }
        let article = article("BBC Monitoring");
        assert_eq!((article.key.as_str(), article.url), ("BBC Monitoring", None));
        assert_eq!(article.publisher.as_deref(), Some("BBC Monitoring"));
    }
}
