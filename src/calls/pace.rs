//! How many calls of one model a minute.

use std::time::Duration;

use tokio::{
    sync::{Mutex, MutexGuard},
    time::{Instant, sleep_until, timeout_at},
};

const MINUTE: Duration = Duration::from_secs(60);

/// The generic cell rate algorithm: a burst of one second's worth, then evenly spaced.
///
/// In no minute, wherever it begins, there are more calls than allowed: the spacing is that of the calls which the
/// burst leaves over. Whoever waits holds the lock until its turn, so callers come in order, and one that goes away
/// takes no turn from the others.
#[derive(Debug)]
pub(super) struct Pacer {
    spacing: Duration,
    /// How far ahead of the even spacing a burst may run.
    ahead: Duration,
    /// When the next call would be due if all were evenly spaced.
    due: Mutex<Option<Instant>>,
}

impl Pacer {
    pub(super) fn new(calls_per_minute: u32) -> Self {
        let calls = calls_per_minute.max(1);
        let burst = (calls / 60).max(1);
        let spacing = MINUTE / (calls - burst + 1);
        Self { spacing, ahead: spacing * (burst - 1), due: Mutex::default() }
    }

    /// Takes a turn if it is there without waiting.
    pub(super) fn try_turn(&self) -> bool {
        let now = Instant::now();
        self.due.try_lock().is_ok_and(|mut due| {
            let free = self.turn_after(*due).is_none_or(|turn| turn <= now);
            if free {
                self.take(&mut due, now);
            }
            free
        })
    }

    /// Waits for a turn. False when there is none before the deadline: none is taken then.
    pub(super) async fn turn(&self, deadline: Instant) -> bool {
        let Ok(mut due) = timeout_at(deadline, self.due.lock()).await else { return false };
        if let Some(turn) = self.turn_after(*due) {
            if turn >= deadline {
                return false;
            }
            sleep_until(turn).await;
        }
        self.take(&mut due, Instant::now());
        true
    }

    fn turn_after(&self, due: Option<Instant>) -> Option<Instant> {
        due.and_then(|due| due.checked_sub(self.ahead))
    }

    fn take(&self, due: &mut MutexGuard<'_, Option<Instant>>, now: Instant) {
        **due = due.map_or(now, |due| due.max(now)).checked_add(self.spacing);
    }
}
