//! Readable text for news: sentences put together from four lists, so that bodies of 1 to 8 KB
//! cost little more to make than to copy.

use super::draws::Draws;

const SUBJECTS: [&str; 20] = [
    "Analysts who follow the company",
    "The chief financial officer",
    "Two large shareholders",
    "A regulatory filing on Thursday",
    "The exchange's surveillance desk",
    "Traders in the options market",
    "Its largest supplier",
    "A survey of portfolio managers",
    "The board of directors",
    "Demand from overseas customers",
    "The credit rating agency",
    "An internal memorandum",
    "Competition in the core segment",
    "The quarterly report",
    "Management's outlook for the year",
    "A spokeswoman for the group",
    "The research note",
    "Volume in the first hour",
    "The integration of the new unit",
    "Short interest in the shares",
];

const VERBS: [&str; 16] = [
    "confirmed that",
    "did not rule out that",
    "gave the impression that",
    "suggested to investors that",
    "left little doubt that",
    "made it less likely that",
    "was taken as a sign that",
    "came as a surprise, given that",
    "repeated the view that",
    "rests on the assumption that",
    "supports the argument that",
    "was hard to square with reports that",
    "drew attention to the fact that",
    "followed weeks of rumours that",
    "was read by the market to mean that",
    "contradicted earlier statements that",
];

const CLAUSES: [&str; 20] = [
    "margins would recover in the second half",
    "the dividend is safe for now",
    "costs have risen faster than prices",
    "a buyback may be announced before the summer",
    "inventories are back at their usual level",
    "the contract will be renewed on similar terms",
    "new capacity comes on line next year",
    "guidance remains on the cautious side",
    "cash flow covers the planned investment",
    "the lawsuit could be settled out of court",
    "orders were pulled forward from the next quarter",
    "the shares trade below their five-year average",
    "currency effects explain most of the difference",
    "a larger rival is preparing an offer",
    "the product will reach customers on time",
    "debt is to be refinanced at a lower rate",
    "the index committee will review its weight",
    "hiring has slowed in every region but one",
    "the outage had no lasting effect on trading",
    "growth in subscriptions has levelled off",
];

const ENDINGS: [&str; 12] = [
    ".",
    ", according to people familiar with the matter.",
    ", although the details were not disclosed.",
    "; the shares moved little on the news.",
    ", and volatility rose into the close.",
    ", which few had expected a month ago.",
    ". Nothing has been decided yet.",
    ", a point that critics dispute.",
    ", as similar cases in the sector have shown.",
    ". The company declined to comment.",
    ", and turnover was twice the daily average.",
    "; the next figures are due in three weeks.",
];

const MOODS: [&str; 8] = [
    "gains after results",
    "slips on cautious outlook",
    "steady as volume thins",
    "jumps on takeover talk",
    "falls with the sector",
    "recovers early losses",
    "in focus before the meeting",
    "upgraded on stronger demand",
];

/// A headline about a symbol.
pub(crate) fn headline(symbol: &str, draws: &mut Draws) -> String {
    let mood = draws.pick(&MOODS);
    let clause = draws.pick(&CLAUSES);
    format!("{symbol} {mood}: {clause}")
}

/// One sentence.
pub(crate) fn sentence(draws: &mut Draws) -> String {
    let mut text = String::with_capacity(160);
    append_sentence(&mut text, draws);
    text
}

/// A body of 1 to 8 KB, evenly spread, cut where its length is reached.
pub(crate) fn body(symbol: &str, draws: &mut Draws) -> String {
    let length = 1_024 + draws.position(7 * 1_024);
    let mut text = String::with_capacity(length + 256);
    text.push_str(symbol);
    text.push_str(" - ");
    let mut sentences = 0;
    while text.len() < length {
        if sentences > 0 {
            text.push_str(if sentences % 6 == 0 { "\n\n" } else { " " });
        }
        append_sentence(&mut text, draws);
        sentences += 1;
    }
    text.truncate(length);
    text
}

fn append_sentence(text: &mut String, draws: &mut Draws) {
    text.push_str(draws.pick(&SUBJECTS));
    text.push(' ');
    text.push_str(draws.pick(&VERBS));
    text.push(' ');
    text.push_str(draws.pick(&CLAUSES));
    text.push_str(draws.pick(&ENDINGS));
}
