//! Time of the turn: it is handed in, stands still within a turn, and a turn is asked for when it has come.

use crate::platform;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub use std::time::Duration;

/// Time since the Unix epoch, as of this turn.
pub fn now() -> Duration {
    Duration::from_micros(now_us())
}

/// Ready in a later turn, this long after now. A duration of zero is the next turn.
///
/// # Panics
/// When it is awaited while `limits.timers` of the module's manifest entry (256 by default) are running: the module is
/// restarted, and the operator reads why.
pub fn sleep(duration: Duration) -> Sleep {
    sleep_until(now_us().saturating_add(micros(duration)))
}

/// Ticks at a steady rate; the first tick is one period from now. Ticks that were missed, because the page was away
/// or the node was busy, are left out.
///
/// # Panics
/// If the period is shorter than a microsecond.
pub fn interval(period: Duration) -> Interval {
    let period_us = micros(period);
    assert!(period_us > 0, "time::interval: the period must be at least a microsecond");
    Interval { period_us, next_us: now_us().saturating_add(period_us) }
}

/// Ready when the page is about to paint again: at most `max_fps` times a second, once a second in a hidden tab.
pub fn animation_frame() -> AnimationFrame {
    AnimationFrame { after: platform::with(|platform| platform.frame_count) }
}

/// Returned by [`sleep`].
#[must_use = "a future does nothing until it is awaited"]
pub struct Sleep {
    deadline_us: u64,
    id: u64,
    /// Always through at least one turn, so that no chain of sleeps keeps a turn from its end.
    waited: bool,
}

/// Returned by [`interval`].
pub struct Interval {
    period_us: u64,
    next_us: u64,
}

/// Returned by [`animation_frame`].
#[must_use = "a future does nothing until it is awaited"]
pub struct AnimationFrame {
    after: u64,
}

impl Interval {
    /// The next tick.
    pub async fn tick(&mut self) {
        sleep_until(self.next_us).await;
        let late_us = now_us().saturating_sub(self.next_us);
        self.next_us =
            self.next_us.saturating_add((late_us / self.period_us + 1).saturating_mul(self.period_us));
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (deadline_us, id) = (self.deadline_us, self.id);
        platform::with(|platform| {
            if self.waited && platform.now_us >= deadline_us {
                return Poll::Ready(());
            }
            self.waited = true;
            platform.set_timer(deadline_us, id, context.waker().clone());
            Poll::Pending
        })
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        platform::with(|platform| platform.timers.clear(self.deadline_us, self.id));
    }
}

impl Future for AnimationFrame {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        platform::with(|platform| {
            if platform.frame_count > self.after {
                return Poll::Ready(());
            }
            platform.frames.push(context.waker().clone());
            Poll::Pending
        })
    }
}

fn sleep_until(deadline_us: u64) -> Sleep {
    Sleep { deadline_us, id: platform::with(|platform| platform.timers.next_id()), waited: false }
}

fn now_us() -> u64 {
    platform::with(|platform| platform.now_us)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
