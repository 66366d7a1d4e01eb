//! Colours of query text.

use anstyle::{AnsiColor, Style};

use crate::{Token, TokenKind};

fn style(kind: TokenKind) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match kind {
        TokenKind::Keyword => color(AnsiColor::Blue).bold(),
        TokenKind::String => color(AnsiColor::Green),
        TokenKind::Number | TokenKind::Date => color(AnsiColor::Cyan),
        TokenKind::Parameter => color(AnsiColor::Magenta),
        TokenKind::Comment => Style::new().dimmed(),
        TokenKind::Error => color(AnsiColor::Red).underline(),
        TokenKind::Name | TokenKind::Operator | TokenKind::Punctuation | TokenKind::Blank => {
            Style::new()
        }
    }
}

/// A text with escapes around its tokens.
pub(super) fn paint(text: &str, tokens: &[Token]) -> String {
    let mut painted = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for Token { span, kind } in tokens {
        let (Some(before), Some(word)) = (text.get(at..span.start), text.get(span.start..span.end))
        else {
            continue; // a span that does not fit must not cost the text
        };
        painted.push_str(before);
        let style = style(*kind);
        painted.extend([format!("{style}").as_str(), word, format!("{style:#}").as_str()]);
        at = span.end;
    }
    painted.push_str(text.get(at..).unwrap_or_default());
    painted
}

/// Text that is there for orientation only.
pub(super) fn dim(text: &str) -> String {
    let style = Style::new().dimmed();
    format!("{style}{text}{style:#}")
}

/// Text that is to be found at a glance.
pub(super) fn bold(text: &str) -> String {
    let style = Style::new().bold();
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn only_escapes_are_added() {
        let text = "events where actor = \"é\" and year = $y // c";
        let painted = paint(text, &crate::tokens(text));
        assert!(painted.contains("\u{1b}[32m\"é\"\u{1b}[0m"), "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text);
    }

    #[test]
    fn spans_that_do_not_fit_are_left_out() {
        let token = |start, end| Token { span: Span::new(start, end), kind: TokenKind::String };
        let painted = paint("é!", &[token(1, 2), token(0, 99)]);
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), "é!");
    }
}
