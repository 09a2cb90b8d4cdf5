//! Where in a photograph a product may stand.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A level line in a photograph on which things can stand: a table top, a floor, a beach. All numbers are shares of the
/// photograph, from its upper left corner.
///
/// A number is the line that runs through the whole photograph at that row.
///
/// ```
/// use keyvisual::roles::GroundLine;
///
/// assert_eq!(GroundLine::from(0.84), GroundLine::new(0.84));
/// // A table that ends two thirds of the way to the right.
/// let table = GroundLine::new(0.84).between(0.0, 0.66);
/// assert_eq!((table.row, table.from, table.to), (0.84, 0.0, 0.66));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroundLine {
    /// How far down it is: 0 is the photograph's upper edge, 1 its lower. The product's foot stands there.
    pub row: f64,
    /// Where it begins: 0 is the photograph's left edge.
    pub from: f64,
    /// Where it ends: 1 is the photograph's right edge.
    pub to: f64,
}

impl GroundLine {
    /// A line from side to side.
    #[must_use]
    pub fn new(row: f64) -> Self {
        Self { row, from: 0.0, to: 1.0 }
    }

    /// Sets where it begins and ends: a product stands between the two.
    #[must_use]
    pub fn between(mut self, from: f64, to: f64) -> Self {
        (self.from, self.to) = (from, to);
        self
    }

    fn validate(self, reference: usize) -> Result<()> {
        let Self { row, from, to } = self;
        if !(0.0..=1.0).contains(&row) {
            return Err(Error::invalid(format!(
                "the ground of reference {reference} is at row {row}: rows are shares of the height, 0 to 1"
            )));
        }
        if !(0.0 <= from && from < to && to <= 1.0) {
            return Err(Error::invalid(format!(
                "the ground of reference {reference} runs from {from} to {to}: both are shares of the width, 0 to 1, \
                 the first the smaller"
            )));
        }
        Ok(())
    }
}

impl From<f64> for GroundLine {
    fn from(row: f64) -> Self {
        Self::new(row)
    }
}

/// The line of a reference on which a product may stand: ground that a person has pointed out. No measure tells calm
/// ground from a calm wall, so that a generator never guesses it.
///
/// ```
/// use keyvisual::{domain::{Image, PixelSize}, roles::{GenerateRequest, Ground}};
///
/// # fn example(desk: Image, camera: Image) {
/// // The desk fills the lower third of the picture; the camera shall stand in the middle of it.
/// let request = GenerateRequest::new("a camera on a desk", PixelSize::new(1200, 628))
///     .with_references(vec![desk])
///     .with_products(vec![camera])
///     .with_grounds(vec![Ground::new(0, 0.84)]);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ground {
    /// Which of the request's references, counted from 0.
    pub reference: usize,
    /// Where in it the product's foot stands.
    pub line: GroundLine,
}

impl Ground {
    /// The ground of a reference: a row, or a [`GroundLine`] that ends.
    #[must_use]
    pub fn new(reference: usize, line: impl Into<GroundLine>) -> Self {
        Self { reference, line: line.into() }
    }

    /// Refuses what is no line of one of `references` pictures, and a second line of one of them.
    pub(super) fn validate(grounds: &[Self], references: usize) -> Result<()> {
        for (i, Self { reference, line }) in grounds.iter().enumerate() {
            let place = reference.saturating_add(1);
            if *reference >= references {
                return Err(Error::invalid(format!(
                    "a ground is given for reference {place}, and there are {references} references"
                )));
            }
            line.validate(place)?;
            if grounds[..i].iter().any(|other| other.reference == *reference) {
                return Err(Error::invalid(format!("reference {place} is given two grounds: it takes one")));
            }
        }
        Ok(())
    }
}
