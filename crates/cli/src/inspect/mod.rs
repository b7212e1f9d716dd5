//! `playconnect inspect`: what is in files and messages that are not for people.

mod batch;
mod json_form;
mod session;

use std::path::PathBuf;

use clap::Subcommand;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Subcommand)]
pub enum Inspect {
    /// A module's batch: each operation, and what the host makes of it
    #[command(
        after_help = "FILE holds a batch as modules write it (it begins with PCB1), or in the JSON form that protocol/wire.md \
        describes. It is checked and applied as the first batch of an empty slot.\n\nExample:\n  \
        echo '[[\"create\",1,\"p\"],[\"insert\",0,1]]' | playconnect inspect batch -"
    )]
    Batch {
        /// The batch; `-` for stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// A recorded session: what happened to it and what it asked for, a line each
    #[command(after_help = "Example:\n  playconnect inspect session recordings/6921a0b3-5f0c21d7.pcr")]
    Session {
        /// The recording, as `playconnect serve --record DIR` writes it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

pub fn run(inspect: &Inspect, output: &Output) -> Result<(), Failure> {
    match inspect {
        Inspect::Batch { file } => batch::run(file, output),
        Inspect::Session { file } => session::run(file, output),
    }
}
