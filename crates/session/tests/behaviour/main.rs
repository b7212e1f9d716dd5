//! What a session does, a file for each behaviour. `stage.rs` is the node, the module and the socket that they share.

mod events_once;
mod first_html;
mod frames_are_paced;
mod modules_are_restarted;
mod modules_are_swapped;
mod modules_are_told_what_was_left_out;
mod refused_messages;
mod resume_from_the_ring;
mod slots_are_nested;
mod stage;
mod urls;
