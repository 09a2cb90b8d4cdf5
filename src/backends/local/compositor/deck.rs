//! Layouts are dealt from a shuffled deck. Drawn independently, five of six comps came out alike.

use fastrand::Rng;

use crate::{
    domain::PixelSize,
    error::{Error, ErrorKind, Result},
};

use super::{
    banner::{Banner, is_banner},
    comp::Comp,
    diagonal::Diagonal,
    framed::Framed,
    full_bleed::FullBleed,
    inset::Inset,
    scene::Scene,
    split_panel::SplitPanel,
    studio::{SplitProduct, Studio, Tone, relief},
};

/// How many consecutive seeds are dealt from one deck.
pub(super) const DEAL: u64 = 16;

/// A layout that is ready to be composed.
#[derive(Clone, Debug)]
enum Layout {
    Banner(Banner),
    Diagonal(Diagonal),
    Framed(Framed),
    FullBleed(FullBleed),
    Inset(Inset),
    SplitPanel(SplitPanel),
    SplitProduct(SplitProduct),
    Studio(Studio),
}

/// A layout with its chance to come early, and what makes it like another card.
#[derive(Clone, Debug)]
struct Card {
    weight: f32,
    kind: usize,
    picture: usize,
    layout: Layout,
}

/// The shuffled layouts for the sixteen seeds that share `seed / 16`.
#[derive(Debug)]
pub(super) struct Deck {
    group: u64,
    cards: Vec<Card>,
}

impl Deck {
    /// Plans every layout of every picture and shuffles those that do not cut a subject.
    ///
    /// # Errors
    /// Never for a scene with pictures; `Internal` if no layout takes them.
    pub(super) fn new(scene: &Scene, size: PixelSize, seed: u64) -> Result<Self> {
        let group = seed / DEAL;
        let mut rng = Rng::with_seed(group ^ 0x6b65_7976_6973_7561);
        let mut cards = Vec::new();
        while cards.len() < DEAL as usize {
            let round = shuffled(plans(scene, size, &mut rng), &mut rng);
            if round.is_empty() {
                return Err(Error::new(ErrorKind::Internal, "no layout takes these pictures"));
            }
            cards.extend(round);
        }
        Ok(Self { group, cards })
    }

    /// Whether this deck deals the card of `seed`.
    pub(super) fn deals(&self, seed: u64) -> bool {
        self.group == seed / DEAL
    }

    /// Composes the card of `seed`. The same seed makes the same pixels.
    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, seed: u64) -> Result<Comp> {
        let card = &self.cards[(seed % DEAL) as usize];
        let rng = &mut Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        match &card.layout {
            Layout::Banner(layout) => layout.compose(scene, size, rng),
            Layout::Diagonal(layout) => layout.compose(scene, size, rng),
            Layout::Framed(layout) => layout.compose(scene, size, rng),
            Layout::FullBleed(layout) => layout.compose(scene, size, rng),
            Layout::Inset(layout) => layout.compose(scene, size, rng),
            Layout::SplitPanel(layout) => layout.compose(scene, size, rng),
            Layout::SplitProduct(layout) => layout.compose(scene, size, rng),
            Layout::Studio(layout) => layout.compose(scene, size, rng),
        }
    }
}

/// All layouts that can be made. With products every comp shows one.
fn plans(scene: &Scene, size: PixelSize, rng: &mut Rng) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut add = |kind: usize, picture: usize, weight: f32, layout: Layout| {
        cards.push(Card { weight, kind, picture, layout });
    };
    let products: Vec<Option<usize>> = match scene.products.len() {
        0 => vec![None],
        count => (0..count).map(Some).collect(),
    };
    for (i, photo) in scene.photos.iter().enumerate() {
        for &product in &products {
            match product {
                _ if is_banner(size) => {
                    for (kind, far) in [(0, false), (11, true)] {
                        let (weight, plan) = Banner::plan(photo, i, product, size, far, rng);
                        add(kind, i, weight, Layout::Banner(plan));
                    }
                }
                Some(product) => {
                    if let Some((weight, plan)) = SplitProduct::plan(scene, i, product, size, rng) {
                        add(1, i, 1.5 * weight, Layout::SplitProduct(plan));
                    }
                }
                None => {
                    for (weight, plan) in FullBleed::plans(photo, i, size, rng) {
                        add(2, i, weight, Layout::FullBleed(plan));
                    }
                    if let Some((weight, plan)) = SplitPanel::plan(photo, i, size, rng) {
                        add(3, i, weight, Layout::SplitPanel(plan));
                    }
                    let framed = Framed::plan(photo, i, size, rng);
                    let (weight, plan) = framed.unwrap_or_else(|| Framed::whole(photo, i, size, rng));
                    add(4, i, weight, Layout::Framed(plan));
                    if let Some((weight, plan)) = Diagonal::plan(photo, i, size, rng) {
                        add(5, i, weight, Layout::Diagonal(plan));
                    }
                    let next = (i + 1) % scene.photos.len();
                    if next != i
                        && let Some(plan) = Inset::plan([photo, &scene.photos[next]], [i, next], size, rng)
                    {
                        add(10, i, 1.0, Layout::Inset(plan));
                    }
                }
            }
        }
    }
    for product in products.into_iter().flatten() {
        if is_banner(size) {
            let weight = if scene.photos.is_empty() { 1.0 } else { 0.3 };
            let far = rng.bool();
            add(6, product, weight, Layout::Banner(Banner::of_product(product, size, far, rng)));
            continue;
        }
        for (kind, tone) in (7..).zip(Tone::ALL) {
            let weight = 0.1 + 0.7 * relief(&scene.products[product].cutout, tone, &scene.colors());
            add(kind, product, weight, Layout::Studio(Studio::new(product, tone)));
        }
    }
    cards
}

/// A weighted shuffle (Efraimidis & Spirakis 2006) in which a card waits when one like it was just dealt.
fn shuffled(cards: Vec<Card>, rng: &mut Rng) -> Vec<Card> {
    let mut waiting: Vec<(f32, Card)> =
        cards.into_iter().map(|card| (rng.f32().max(1e-6).powf(1.0 / card.weight), card)).collect();
    let mut dealt: Vec<Card> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let worth = |(key, card): &(f32, Card)| {
            let kinds = dealt.iter().filter(|other| other.kind == card.kind).count() as i32;
            let pictures = dealt.iter().filter(|other| other.picture == card.picture).count() as i32;
            key * 0.35_f32.powi(kinds) * 0.6_f32.powi(pictures)
        };
        let next = (0..waiting.len()).max_by(|&a, &b| worth(&waiting[a]).total_cmp(&worth(&waiting[b])));
        let Some(next) = next else { break };
        dealt.push(waiting.swap_remove(next).1);
    }
    dealt
}
