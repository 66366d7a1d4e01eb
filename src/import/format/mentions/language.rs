//! Languages of translated articles.

/// Codes of ISO 639-2 with the shorter ones of ISO 639-1, which BCP 47 wants where there is one: the languages from which
/// GDELT translates, and their neighbours.
const SHORT: &str = "\
    afr:af alb:sq amh:am ara:ar arm:hy aze:az bel:be ben:bn bos:bs bul:bg cat:ca ces:cs chi:zh cym:cy \
    dan:da deu:de ell:el eng:en est:et eus:eu fas:fa fin:fi fra:fr gle:ga glg:gl guj:gu hau:ha heb:he \
    hin:hi hrv:hr hun:hu hye:hy ind:id isl:is ita:it jpn:ja kan:kn kat:ka kaz:kk khm:km kir:ky kor:ko \
    kur:ku lao:lo lat:la lav:lv lit:lt mal:ml mar:mr mkd:mk mlt:mt mon:mn msa:ms mya:my nep:ne nld:nl \
    nno:nn nob:nb nor:no pan:pa per:fa pol:pl por:pt pus:ps ron:ro rus:ru sin:si slk:sk slv:sl som:so \
    spa:es sqi:sq srp:sr swa:sw swe:sv tam:ta tel:te tgk:tg tgl:tl tha:th tur:tr ukr:uk urd:ur uzb:uz \
    vie:vi zho:zh";

/// The language of `srclc:ara;eng:GT-ARA 1.0`, as BCP 47 writes it.
///
/// An article without such words is in English, or was translated by people: nothing is said of it.
pub(super) fn of(translation: &str) -> Option<String> {
    let mut parts = translation.split(';').map(str::trim);
    let code = parts.find_map(|part| part.strip_prefix("srclc:"))?.trim().to_ascii_lowercase();
    let mut pairs = SHORT.split_whitespace().filter_map(|pair| pair.split_once(':'));
    let known = pairs.find(|(long, _)| *long == code);
    let letters = (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
    known.map(|(_, short)| (*short).to_owned()).or_else(|| letters.then_some(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_languages_are_codes_of_bcp_47() {
        assert_eq!(of("srclc:ara;eng:GT-ARA 1.0").as_deref(), Some("ar"));
        assert_eq!(of("eng:GT-ZHO 1.0; srclc:zho").as_deref(), Some("zh"));
        assert_eq!(of("srclc:ckb;eng:GT").as_deref(), Some("ckb"));
        assert_eq!(of("eng:GT-ARA 1.0"), None);
        assert_eq!(of("srclc:"), None);
    }
}
