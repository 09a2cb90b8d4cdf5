//! A studio sweep: a paper ground that runs up into the wall, lit from one side.

use super::{
    Lab, LabColor,
    math::{ease, exp, mix},
};

/// How a sweep is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sweep {
    /// The colour of the paper.
    pub(crate) tone: LabColor,
    /// Where the wall meets the floor, as a share of the height; .66 to .68 looks right.
    pub(crate) horizon: f32,
    /// Where the light comes from: -1 left, 1 right.
    pub(crate) light: f32,
}

impl Sweep {
    /// Paints the sweep.
    pub(crate) fn paint(&self, width: usize, height: usize) -> Lab {
        let mut lab = Lab::filled(width, height, self.tone);
        let (w, h) = (width as f32, height as f32);
        for y in 0..height {
            let v = (y as f32 + 0.5) / h;
            let floor = ease((v - self.horizon + 0.075) / 0.15);
            let dip = 0.022 * exp(-((v - self.horizon) / 0.045).powi(2));
            for (x, l) in lab.l.row_mut(y).iter_mut().enumerate() {
                let u = (x as f32 + 0.5) / w;
                let (dx, dy) = (u - (0.5 + 0.28 * self.light), v - 0.36);
                let pool = exp(-(dx * dx / 0.18 + dy * dy / 0.12));
                let wall = self.tone.l - 0.075 + 0.115 * pool;
                let aside = u - (0.5 + 0.2 * self.light);
                let ground = self.tone.l + 0.035 - 0.10 * aside * aside;
                let (cx, cy) = (2.0 * u - 1.0, 2.0 * v - 1.0);
                let vignette = 0.06 * ((cx * cx + cy * cy) / 2.0).powi(2);
                *l = (mix(wall, ground, floor) - dip - vignette).clamp(0.0, 0.995);
            }
        }
        lab
    }
}
