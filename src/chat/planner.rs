//! Product and scene to scale and places.

use async_trait::async_trait;

use super::ask::{Asker, settings};
use crate::{
    domain::Card,
    error::{Error, Result},
    prompts,
    roles::{ChatModel, Placement, PlanReply, PlanRequest, Planner, PlannerCapabilities},
};

/// The middles of the three vertical thirds of the canvas.
const COLUMNS: [f32; 3] = [1.0 / 6.0, 0.5, 5.0 / 6.0];

/// How the product is turned at each place, in degrees.
const ROTATIONS: [f32; 3] = [-15.0, 0.0, 15.0];

/// Where the foot stands at the highest: as in a photograph of something on a table.
const GROUND: f32 = 0.88;

/// Plans with a chat model, at temperature 0: the model says how tall the product stands, the grid of three places by
/// three rotations is ours.
///
/// The foot stands at 0.88 of the canvas's height, lower for a product that would else not fit.
/// A model that takes no pictures goes by the caption; the capabilities say so.
#[derive(Clone, Debug)]
pub struct ChatPlanner<M> {
    asker: Asker<M>,
    capabilities: PlannerCapabilities,
}

impl<M: ChatModel> ChatPlanner<M> {
    /// A planner that asks `model`.
    pub fn new(model: M) -> Self {
        let capabilities = PlannerCapabilities::new(model.capabilities().images);
        Self { asker: Asker::new(model), capabilities }
    }
}

settings!(ChatPlanner);

#[async_trait]
impl<M: ChatModel> Planner for ChatPlanner<M> {
    fn card(&self) -> &Card {
        self.asker.model.card()
    }

    fn capabilities(&self) -> &PlannerCapabilities {
        &self.capabilities
    }

    async fn plan(&self, request: PlanRequest) -> Result<PlanReply> {
        let PlanRequest { caption, product, scene, canvas, context } = request;
        if canvas.area() == 0 {
            return Err(Error::invalid(format!("the canvas is empty: {canvas}")));
        }
        let sees = self.capabilities.sees;
        let question = prompts::Plan {
            caption: caption.trim(),
            width: canvas.width,
            height: canvas.height,
            scene: scene.is_some(),
            sees,
        };
        let pictures = std::iter::once(product).chain(scene).filter(|_| sees);
        let (request, _) = self.asker.request(&question, pictures, 0, context)?;
        let (answer, usage) = self
            .asker
            .ask::<prompts::Plan<'_>>(request, |answer, _| {
                let scale = answer.scale;
                if scale > 0.0 && scale <= 1.0 {
                    Ok(())
                } else {
                    Err(format!("the scale is {scale}, but must be above 0 and at most 1"))
                }
            })
            .await?;
        let reply = PlanReply::new(answer.scale, grid(answer.scale));
        Ok(reply.with_reasoning(answer.reasoning).with_usage(usage))
    }
}

fn grid(scale: f32) -> Vec<Placement> {
    let y = GROUND.max(0.5 + scale / 2.0);
    let place = |x| ROTATIONS.map(|rotation| Placement::new(x, y, rotation));
    COLUMNS.into_iter().flat_map(place).collect()
}
