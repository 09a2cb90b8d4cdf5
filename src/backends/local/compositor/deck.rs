//! Layouts are dealt from a shuffled deck. Drawn independently, five of six comps came out alike.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::math::ln,
};

use super::{
    allowed::Allowed,
    banner::Banner,
    blank::Blank,
    comp::Comp,
    diagonal::Diagonal,
    framed::Framed,
    full_bleed::FullBleed,
    grounded::Grounded,
    inset::Inset,
    pair::Pair,
    scene::Scene,
    slot::is_banner,
    split_panel::SplitPanel,
    split_product::SplitProduct,
    studio::Studio,
    tabletop::Tabletop,
    tone::{Tone, relief},
};

/// How many consecutive seeds are dealt from one deck.
pub(super) const DEAL: u64 = 16;

/// A layout that is ready to be composed.
#[derive(Clone, Debug)]
enum Layout {
    Banner(Banner),
    Blank(Blank),
    Diagonal(Diagonal),
    Framed(Framed),
    FullBleed(FullBleed),
    Grounded(Grounded),
    Inset(Inset),
    Pair(Pair),
    SplitPanel(SplitPanel),
    SplitProduct(SplitProduct),
    Studio(Studio),
    Tabletop(Tabletop),
}

impl Layout {
    fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        match self {
            Self::Banner(layout) => layout.compose(scene, size, rng),
            Self::Blank(layout) => layout.compose(scene, size, rng),
            Self::Diagonal(layout) => layout.compose(scene, size, rng),
            Self::Framed(layout) => layout.compose(scene, size, rng),
            Self::FullBleed(layout) => layout.compose(scene, size, rng),
            Self::Grounded(layout) => layout.compose(scene, size, rng),
            Self::Inset(layout) => layout.compose(scene, size, rng),
            Self::Pair(layout) => layout.compose(scene, size, rng),
            Self::SplitPanel(layout) => layout.compose(scene, size, rng),
            Self::SplitProduct(layout) => layout.compose(scene, size, rng),
            Self::Studio(layout) => layout.compose(scene, size, rng),
            Self::Tabletop(layout) => layout.compose(scene, size, rng),
        }
    }
}

/// A layout with its chance to come early, and what makes it like another card.
#[derive(Clone, Debug)]
struct Card {
    weight: f32,
    kind: Kind,
    photos: Vec<usize>,
    product: Option<usize>,
    layout: Layout,
}

/// Cards of one kind look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Banner { far: bool },
    Blank(Tone),
    Diagonal,
    Framed,
    FullBleed,
    Grounded { split: bool },
    Inset,
    Pair,
    SplitPanel,
    SplitProduct,
    Studio(Tone),
    Tabletop,
}

impl Kind {
    fn archetype(self) -> Archetype {
        match self {
            Self::Banner { .. } => Archetype::Leaderboard,
            Self::Blank(_) => Archetype::Panel,
            Self::Diagonal => Archetype::Diagonal,
            Self::Framed => Archetype::Framed,
            Self::FullBleed | Self::Grounded { split: false } => Archetype::FullBleed,
            Self::Inset => Archetype::Inset,
            Self::Pair => Archetype::Pair,
            Self::SplitPanel | Self::Grounded { split: true } => Archetype::Split,
            Self::SplitProduct => Archetype::SplitProduct,
            Self::Studio(_) => Archetype::Studio,
            Self::Tabletop => Archetype::Tabletop,
        }
    }
}

/// The shuffled layouts for the sixteen seeds that share `seed / 16`.
#[derive(Debug)]
pub(super) struct Deck {
    group: u64,
    cards: Vec<Card>,
}

impl Deck {
    /// Plans every layout of every picture and shuffles those that are allowed and do not cut a subject.
    ///
    /// # Errors
    /// `InvalidInput` if these pictures make none of the layouts that are allowed.
    pub(super) fn new(scene: &Scene, size: PixelSize, seed: u64, allowed: &Allowed) -> Result<Self> {
        let group = seed / DEAL;
        let mut rng = Rng::with_seed(group ^ 0x6b65_7976_6973_7561);
        let mut cards = Vec::new();
        while cards.len() < DEAL as usize {
            let mut round = plans(scene, size, &mut rng);
            let made = round.iter().map(|card| card.kind.archetype()).collect();
            round.retain(|card| allowed.contains(card.kind.archetype()));
            if round.is_empty() {
                return Err(allowed.none_of(made, size));
            }
            cards.extend(Shuffle::new(scene, group).deal(round, &mut rng));
        }
        // The others are never dealt.
        cards.truncate(DEAL as usize);
        Ok(Self { group, cards })
    }

    /// Whether this deck deals the card of `seed`.
    pub(super) fn deals(&self, seed: u64) -> bool {
        self.group == seed / DEAL
    }

    /// Whether some card sets a product down in a photograph.
    pub(super) fn stands_in(&self, photo: usize) -> bool {
        let grounded =
            |card: &Card| matches!(card.kind, Kind::Grounded { .. }) && card.photos.contains(&photo);
        self.cards.iter().any(grounded)
    }

    /// Composes the card of `seed`. The same seed makes the same pixels.
    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, seed: u64) -> Result<Comp> {
        let card = &self.cards[(seed % DEAL) as usize];
        let rng = &mut Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        card.layout.compose(scene, size, rng)
    }
}

/// All layouts that can be made. With products every comp shows one.
fn plans(scene: &Scene, size: PixelSize, rng: &mut Rng) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut add = |weight: f32, kind: Kind, photos: &[usize], product: Option<usize>, layout: Layout| {
        cards.push(Card { weight, kind, photos: photos.to_vec(), product, layout });
    };
    let products: Vec<Option<usize>> = match scene.products.len() {
        0 => vec![None],
        count => (0..count).map(Some).collect(),
    };
    for (i, photo) in scene.photos.iter().enumerate() {
        for &product in &products {
            match product {
                _ if is_banner(size) => {
                    for far in [false, true] {
                        let (weight, plan) = Banner::plan(photo, i, product, size, far, rng);
                        add(weight, Kind::Banner { far }, &[i], product, Layout::Banner(plan));
                    }
                }
                Some(place) => {
                    for (weight, plan) in Grounded::plans(scene, i, place, size, rng) {
                        let kind = Kind::Grounded { split: plan.is_split() };
                        add(weight, kind, &[i], product, Layout::Grounded(plan));
                    }
                    if let Some((weight, plan)) = SplitProduct::plan(scene, i, place, size, rng) {
                        add(1.2 * weight, Kind::SplitProduct, &[i], product, Layout::SplitProduct(plan));
                    }
                    if let Some((weight, plan)) = Tabletop::plan(scene, i, place, size, rng) {
                        add(1.2 * weight, Kind::Tabletop, &[i], product, Layout::Tabletop(plan));
                    }
                }
                None => {
                    for (weight, plan) in FullBleed::plans(photo, i, size, rng) {
                        add(weight, Kind::FullBleed, &[i], None, Layout::FullBleed(plan));
                    }
                    if let Some((weight, plan)) = SplitPanel::plan(photo, i, size, rng) {
                        add(weight, Kind::SplitPanel, &[i], None, Layout::SplitPanel(plan));
                    }
                    let framed = Framed::plan(photo, i, size, rng);
                    let (weight, plan) = framed.unwrap_or_else(|| Framed::whole(photo, i, size, rng));
                    add(weight, Kind::Framed, &[i], None, Layout::Framed(plan));
                    if let Some((weight, plan)) = Diagonal::plan(photo, i, size, rng) {
                        add(weight, Kind::Diagonal, &[i], None, Layout::Diagonal(plan));
                    }
                    let next = (i + 1) % scene.photos.len();
                    let pair = [photo, &scene.photos[next]];
                    if next == i {
                        continue;
                    }
                    if let Some((weight, plan)) = Inset::plan(pair, [i, next], size, rng) {
                        add(weight, Kind::Inset, &[i, next], None, Layout::Inset(plan));
                    }
                    if let Some((weight, plan)) = Pair::plan(pair, [i, next], size, rng) {
                        add(0.7 * weight, Kind::Pair, &[i, next], None, Layout::Pair(plan));
                    }
                }
            }
        }
    }
    for product in products.into_iter().flatten() {
        if is_banner(size) {
            let weight = if scene.photos.is_empty() { 1.0 } else { 0.2 };
            let far = rng.bool();
            let plan = Banner::of_product(product, size, far, rng);
            add(weight, Kind::Banner { far }, &[], Some(product), Layout::Banner(plan));
            continue;
        }
        for tone in Tone::ALL {
            let relief = relief(&scene.products[product].cutout, tone.color(&scene.colors()));
            let plan = Layout::Studio(Studio::new(product, tone));
            add(0.02 + 0.6 * relief, Kind::Studio(tone), &[], Some(product), plan);
        }
    }
    if scene.photos.is_empty() && scene.products.is_empty() {
        for tone in Tone::ALL {
            add(1.0, Kind::Blank(tone), &[], None, Layout::Blank(Blank::new(tone)));
        }
    }
    cards
}

/// A weighted shuffle (Efraimidis & Spirakis 2006: the largest `ln(random) / weight` first) in which a card waits
/// when one like it was just dealt.
struct Shuffle {
    photos: usize,
    products: usize,
    /// Decks that follow each other begin with other pictures.
    first: usize,
}

impl Shuffle {
    fn new(scene: &Scene, group: u64) -> Self {
        Self {
            photos: scene.photos.len().max(1),
            products: scene.products.len().max(1),
            first: group as usize,
        }
    }

    fn deal(&self, cards: Vec<Card>, rng: &mut Rng) -> Vec<Card> {
        let mut waiting: Vec<(f32, Card)> =
            cards.into_iter().map(|card| (ln(rng.f32().max(1e-6)) / card.weight.max(1e-3), card)).collect();
        let mut dealt: Vec<Card> = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let worth = |(key, card): &(f32, Card)| key - self.likeness(card, &dealt);
            let next = (0..waiting.len()).max_by(|&a, &b| worth(&waiting[a]).total_cmp(&worth(&waiting[b])));
            let Some(next) = next else { break };
            dealt.push(waiting.swap_remove(next).1);
        }
        dealt
    }

    /// How much of a card was seen before, and how far down the round its pictures are.
    fn likeness(&self, card: &Card, dealt: &[Card]) -> f32 {
        let kinds = dealt.iter().filter(|other| other.kind == card.kind).count() as f32;
        let photos = |photo: &usize| dealt.iter().filter(|other| other.photos.contains(photo)).count() as f32;
        let product = dealt.iter().filter(|other| other.product == card.product).count() as f32;
        let turn = |place: usize, of: usize| ((place + of - self.first % of) % of) as f32 / of as f32;
        let photo_turn = card.photos.first().map_or(0.0, |photo| turn(*photo, self.photos));
        let product_turn = card.product.map_or(0.0, |product| turn(product, self.products));
        2.0 * kinds
            + 1.5 * card.photos.iter().map(photos).sum::<f32>()
            + if self.products > 1 { 1.5 * product } else { 0.0 }
            + 3.0 * photo_turn
            + 1.5 * product_turn
    }
}
