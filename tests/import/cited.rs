//! What GDELT's mentions say of an event: of all articles together, and of each for itself.

use attache::{Database, Format, ImportOptions};

use super::{answer, fixture, import};

#[test]
fn a_mention_keeps_its_time_and_its_confidence() {
    let db = Database::open_in_memory().unwrap();
    import(&db, &fixture("gdelt2.tsv"));
    let options = ImportOptions { format: Some(Format::GdeltMentions), ..Default::default() };
    db.import(fixture("gdelt_mentions.tsv"), options).unwrap();
    // The name of a column, or its letters in any way of writing them.
    for confidence in ["Confidence", "confidence"] {
        let query = format!(
            "events where documents.{confidence} >= 50 | sort key | select key, documents.{confidence}"
        );
        assert_eq!(
            answer(&db, &query),
            [["gdelt:900000001", "100; 20"], ["gdelt:900000002", "50"]]
        );
    }
    // Each article has its own: the newswire's report of the visit is not certain.
    let each = "events | explode documents as d | where d.confidence is not null
        | sort key, d.confidence | select key, d.publisher, d.confidence, d.mention_doc_tone, d.locator";
    let wanted = [
        ["gdelt:900000001", "BBC Monitoring", "20", "-2.5", "sentence 1"],
        ["gdelt:900000001", "example.org", "100", "0.83565459610028", "sentence 4"],
        ["gdelt:900000002", "example.org", "50", "1", "sentence 2"],
    ];
    assert_eq!(answer(&db, each), wanted);
    // The same without a name for the column. The article that the event had named itself has its time from the mention.
    let told = "events | explode documents | where documents.confidence >= 50
        | sort key | select documents.publisher, documents.published";
    assert_eq!(answer(&db, told), [["example.org", "2018-03-12T10:30:00Z"]; 2]);
    let columns =
        "events where key = \"gdelt:900000001\" | select documents as d | select d.publisher";
    assert_eq!(answer(&db, columns), [["example.org; BBC Monitoring"]]);
}
