//! How vectors become codes: a rotation, a centre, and once there are many, the lists of a partition.

use std::sync::Arc;

use pulp::Arch;

use super::{
    bytes::{Reader, Writer},
    codes::rotation::Rotation,
    partition::{
        centroids::Centroids,
        lists::Lists,
        reach::{Reach, Seen},
    },
};

/// One way to make codes. A store changes it as it grows; what is coded keeps its own until it is coded anew.
#[derive(Debug)]
pub(super) struct Coding {
    /// Counts up from 0.
    pub(super) generation: u32,
    /// How many records the store had when the lists were trained; 0 before.
    pub(super) trained_on: u64,
    pub(super) rotation: Arc<Rotation>,
    /// The centre of codes that belong to no list.
    pub(super) centre: Vec<f32>,
    /// None before there were enough records to train on.
    pub(super) lists: Option<Lists>,
}

impl Coding {
    /// The first, about the origin.
    pub(super) fn first(dimensions: usize) -> Self {
        let rotation = Arc::new(Rotation::new(dimensions));
        let centre = vec![0.0; rotation.rotated()];
        Self { generation: 0, trained_on: 0, rotation, centre, lists: None }
    }

    /// The next, with trained lists.
    pub(super) fn next(&self, trained_on: u64, lists: Lists) -> Self {
        Self::trained(self.generation + 1, trained_on, Arc::clone(&self.rotation), lists)
    }

    fn trained(generation: u32, trained_on: u64, rotation: Arc<Rotation>, lists: Lists) -> Self {
        let (mut centre, mut centroid) = (vec![0.0; rotation.rotated()], Vec::new());
        for list in 0..lists.len() {
            lists.centroid(list, &mut centroid);
            centre.iter_mut().zip(&centroid).for_each(|(sum, x)| *sum += x);
        }
        #[expect(clippy::cast_precision_loss, reason = "lists are few")]
        let share = 1.0 / lists.len().max(1) as f32;
        centre.iter_mut().for_each(|x| *x *= share);
        Self { generation, trained_on, rotation, centre, lists: Some(lists) }
    }

    /// Words of a code.
    pub(super) fn words(&self) -> usize {
        self.centre.len() / 64
    }

    pub(super) fn rotate(&self, arch: Arch, vector: &[f32], out: &mut Vec<f32>) {
        self.rotation.apply(arch, vector, out);
    }

    /// What is kept; none for the first, which follows from the dimensions.
    pub(super) fn to_bytes(&self) -> Option<Vec<u8>> {
        let lists = self.lists.as_ref()?;
        let (centroids, steps) = lists.centroids().parts();
        let mut bytes = Writer::new();
        bytes.u64(self.trained_on);
        bytes.many(centroids, i8::to_le_bytes);
        bytes.many(steps, f32::to_le_bytes);
        let (found, usual) = lists.reach().parts();
        bytes.u32(usual.to_bits());
        bytes.count(found.len());
        for Seen { distance, beyond, towards } in found {
            [distance, beyond, towards].iter().for_each(|number| bytes.u32(number.to_bits()));
        }
        Some(bytes.finish())
    }

    pub(super) fn from_bytes(generation: u32, rotation: &Arc<Rotation>, bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader::new(bytes)?;
        let trained_on = bytes.u64()?;
        let (centroids, steps) = (bytes.many(i8::from_le_bytes)?, bytes.many(f32::from_le_bytes)?);
        let centroids = Centroids::from_parts(rotation.rotated(), centroids, steps)?;
        let (usual, mut found) = (f32::from_bits(bytes.u32()?), Vec::new());
        for _ in 0..bytes.count()? {
            let [distance, beyond, towards] = [bytes.u32()?, bytes.u32()?, bytes.u32()?].map(f32::from_bits);
            found.push(Seen { distance, beyond, towards });
        }
        bytes.end()?;
        let lists = Lists::new(centroids, Reach::new(found, usual));
        Some(Self::trained(generation, trained_on, Arc::clone(rotation), lists))
    }
}
