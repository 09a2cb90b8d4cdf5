//! A studio sweep: a paper ground that runs up into the wall, lit from one side.

use super::{
    Lab, LabColor,
    math::{ease, exp, mix, smooth},
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
    /// Paints the sweep. With `p` the pool of light on the wall, `f` the floor (0 wall, 1 floor) and `v` the
    /// vignette, lightness is `mix(tone - .075 + pool p, tone + .035 - aside, f) - dip - v`.
    pub(crate) fn paint(&self, width: usize, height: usize) -> Lab {
        let mut lab = Lab::filled(width, height, self.tone);
        let (w, h) = (width as f32, height as f32);
        // On dark paper a pool has to be strong to be seen, on light paper a vignette looks like a spotlight.
        let dark = 1.0 - smooth((self.tone.l - 0.22) / 0.25);
        let light = smooth((self.tone.l - 0.6) / 0.25);
        let (pool, vignette) = (mix(0.115, 0.20, dark), mix(0.06, 0.03, light));
        let dip_depth = mix(0.022, 0.014, light);
        let (foot, rim) = (0.5 + 0.2 * self.light, 0.07 * dark);
        // What only depends on the column or only on the row is worked out once.
        let columns: Vec<_> = (0..width)
            .map(|x| {
                let u = (x as f32 + 0.5) / w;
                let off = u - (0.5 + 0.28 * self.light);
                let aside = u - foot;
                (exp(-off * off / 0.18), aside * aside, (2.0 * u - 1.0) * (2.0 * u - 1.0))
            })
            .collect();
        for y in 0..height {
            let v = (y as f32 + 0.5) / h;
            let floor = ease((v - self.horizon + 0.075) / 0.15);
            let from_horizon = (v - self.horizon) / 0.045;
            let dip = dip_depth * exp(-from_horizon * from_horizon);
            let up = v - 0.36;
            let pool_down = pool * exp(-up * up / 0.12);
            let cy = (2.0 * v - 1.0) * (2.0 * v - 1.0);
            for (l, (pool_across, aside, cx)) in lab.l.row_mut(y).iter_mut().zip(&columns) {
                let wall = self.tone.l - 0.075 + pool_down * pool_across;
                let ground = self.tone.l + 0.035 + rim - (0.10 + 3.0 * rim) * aside;
                let corner = (cx + cy) / 2.0;
                *l = (mix(wall, ground, floor) - dip - vignette * corner * corner).clamp(0.0, 0.995);
            }
        }
        lab
    }
}
