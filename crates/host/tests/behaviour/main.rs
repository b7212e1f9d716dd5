//! How the host treats modules, one behaviour a file. (One binary: each would link the whole engine.)

mod batch_limit;
mod big_memory;
mod compiled_cache;
mod crowd;
mod deep_recursion;
mod deterministic_floats;
mod endless_loop;
mod fair_slices;
mod formats;
mod guests;
mod isolation;
mod javascript;
mod log_flood;
mod parked_clock;
mod refused_files;
mod refused_settings;
mod sleep_and_wake;
mod stopped_by_the_host;
mod trap;
mod turn;
