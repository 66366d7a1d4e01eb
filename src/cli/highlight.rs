//! Colours of query text.

use anstyle::{AnsiColor, Style};

use crate::Span;

/// What a stretch of query text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // made by `tokens` as soon as the library tells them
pub(super) enum Token {
    Keyword,
    Name,
    String,
    Number,
    Date,
    Param,
    Operator,
    Punctuation,
    Comment,
    Error,
}

/// The tokens of a text, in its order. Whatever lies between them has no colour.
pub(super) fn tokens(_text: &str) -> Vec<(Span, Token)> {
    Vec::new() // the library's `highlight` belongs here
}

fn style(token: Token) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match token {
        Token::Keyword => color(AnsiColor::Blue).bold(),
        Token::String => color(AnsiColor::Green),
        Token::Number | Token::Date => color(AnsiColor::Cyan),
        Token::Param => color(AnsiColor::Magenta),
        Token::Comment => Style::new().dimmed(),
        Token::Error => color(AnsiColor::Red).underline(),
        Token::Name | Token::Operator | Token::Punctuation => Style::new(),
    }
}

/// A text with escapes around its tokens.
pub(super) fn paint(text: &str, tokens: &[(Span, Token)]) -> String {
    let mut painted = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for (span, token) in tokens {
        let (Some(before), Some(word)) = (text.get(at..span.start), text.get(span.start..span.end))
        else {
            continue; // a span that does not fit must not cost the text
        };
        painted.push_str(before);
        let style = style(*token);
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

    #[test]
    fn only_escapes_are_added() {
        let text = "events where \"é\" = 3";
        let tokens = [
            (Span::new(0, 6), Token::Keyword),
            (Span::new(7, 12), Token::Keyword),
            (Span::new(13, 17), Token::String),
            (Span::new(20, 21), Token::Number),
        ];
        let painted = paint(text, &tokens);
        assert!(painted.contains("\u{1b}[32m\"é\"\u{1b}[0m"), "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text);
    }

    #[test]
    fn spans_that_do_not_fit_are_left_out() {
        let tokens = [(Span::new(1, 2), Token::Name), (Span::new(0, 99), Token::Name)];
        assert_eq!(anstream::adapter::strip_str(&paint("é!", &tokens)).to_string(), "é!");
    }
}
