//! Who runs next: fair queuing by what each has used.
//!
//! [`Scheduler`] is start-time fair queuing for D servers, SFQ(D) (Jin, Chase, Kaur: *Interposed proportional sharing for a
//! storage service utility*, SIGMETRICS 2004), hierarchical as in Goyal, Guo, Vin: *A hierarchical CPU scheduler for multimedia
//! operating systems* (OSDI 1996). Flows form a tree; those without others below are tasks. What a task has used is charged to
//! it and to all above it, each divided by its own weight: that is its *tag*. The next is, level by level, the one of the
//! smallest tag; the lower number decides between equals.
//!
//! Three things are added to the papers:
//! - A task may be *urgent*: it goes before others of its share as if it had used [`Config::urgent_ahead_ns`] less. It is
//!   charged as ever, so this is all that it can ever be ahead (Duda, Cheriton: *Borrowed-virtual-time scheduling*, SOSP 1999).
//! - Costs are not known before: they are charged when they are measured, also while a task runs, and [`Scheduler::must_yield`]
//!   says whether another one should go on instead.
//! - Flows of the top level may have a floor and a limit (Gulati, Merchant, Varman: *mClock*, OSDI 2010), in parts of a
//!   *service clock*, which counts the CPU that there was to be given, used or not.
//!
//! This crate knows nothing of time, threads or guests: the caller measures, and passes the service clock in. The same calls
//! give the same order.
#![forbid(unsafe_code)]

mod class;
mod scheduler;
mod share;

pub use class::{Class, Classes};
pub use scheduler::{Config, FlowId, Scheduler};
pub use share::{Share, ShareError};
