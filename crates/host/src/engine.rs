//! The engine's settings, and whether this machine can hold what they ask for.
//!
//! Figures: docs of the project's Wasmtime measurements; 64 MiB slots instead of 4 GiB cost bounds checks (×1.5 on a
//! loop that does nothing but memory accesses) and allow 60 times as many instances.

use wasmtime::{Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::componentize::WASM_STACK_BYTES;
use crate::functions::Functions;
use crate::{Config, HostError};

pub(crate) const WASM_PAGE_BYTES: u64 = 64 << 10;
/// Address space left unmapped behind each memory.
const GUARD_BYTES: u64 = 64 << 10;
/// The whole fiber: a guest's frames, and those of the host functions that it calls.
const FIBER_STACK_BYTES: usize = WASM_STACK_BYTES + (512 << 10);
/// Core instances of one component: the module itself and the two that `wit-component` adds to tie imports to it.
pub(crate) const CORE_INSTANCES_MAX: u32 = 4;
/// Tables of one component: the module's own and the one of its imports.
pub(crate) const TABLES_MAX: u32 = 3;
/// Pages that a freed slot keeps, to be zeroed instead of given back: FACTS of the yardstick, 38 → 20 µs a start.
const KEEP_RESIDENT_BYTES: usize = 64 << 10;

/// Memory mappings of one live instance: image, heap, unused rest, tables, fiber and its guard. Measured: 4.0 with the
/// modules of the lobby, which share neighbouring ones.
const MAPPINGS_PER_INSTANCE: u64 = 6;
/// For everything else in this process.
const MAPPINGS_OTHER: u64 = 8_192;

pub(crate) fn engine(config: &Config) -> Result<Engine, HostError> {
    check(config)?;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(config.instances_max)
        .total_core_instances(config.instances_max.saturating_mul(CORE_INSTANCES_MAX))
        .max_core_instances_per_component(CORE_INSTANCES_MAX)
        .total_memories(config.instances_max)
        .max_memories_per_component(1)
        .max_memories_per_module(1)
        .max_memory_size(config.widget_memory_bytes as usize)
        .total_tables(config.instances_max.saturating_mul(TABLES_MAX))
        .max_tables_per_component(TABLES_MAX)
        .max_tables_per_module(TABLES_MAX)
        .table_elements(config.table_elements_max as usize)
        .total_stacks(config.instances_max)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(KEEP_RESIDENT_BYTES)
        .pagemap_scan(Enabled::Auto);

    let mut settings = wasmtime::Config::new();
    settings
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .memory_init_cow(true)
        .memory_reservation(config.widget_memory_bytes)
        .memory_guard_size(GUARD_BYTES)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        .epoch_interruption(true)
        // What a guest computes must not depend on the machine: no NaN bits, no relaxed SIMD. (Threads are not even
        // compiled in.)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        // Futures of a guest's calls are dropped to stop it; nothing else is concurrent in a store.
        .concurrency_support(false)
        // Backtraces name functions; source offsets would double the size of compiled code.
        .generate_address_map(false);
    if config.keep_functions {
        let kept = settings.enable_incremental_compilation(Functions::of_process());
        kept.map_err(|error| HostError::Engine(format!("{error:#}")))?;
    }
    Engine::new(&settings).map_err(|error| HostError::Engine(format!("{error:#}")))
}

fn check(config: &Config) -> Result<(), HostError> {
    let refused = |what, value: u64, why: &str| {
        Err(HostError::Config { what, value: value.to_string(), why: why.to_owned() })
    };
    if config.instances_max == 0 {
        return refused("[modules] instances_max", 0, "at least 1");
    }
    let memory = config.widget_memory_bytes;
    if memory == 0 || !memory.is_multiple_of(WASM_PAGE_BYTES) || memory > 4 << 30 {
        return refused("[modules] widget_memory", memory, "a multiple of 64 KiB, at most 4 GiB");
    }
    if config.quantum_us == 0 {
        return refused("[modules] quantum_us", 0, "at least 1; it ends slices at ticks of 1,000");
    }
    let instances = u64::from(config.instances_max);
    let slot = memory + GUARD_BYTES + FIBER_STACK_BYTES as u64;
    require(
        config,
        "bytes of address space",
        "ulimit -v unlimited",
        instances * slot,
        address_space(),
        |available| available / slot,
    )?;
    require(
        config,
        "memory mappings",
        "sysctl -w vm.max_map_count=1048576",
        instances * MAPPINGS_PER_INSTANCE + MAPPINGS_OTHER,
        mappings(),
        |available| available.saturating_sub(MAPPINGS_OTHER) / MAPPINGS_PER_INSTANCE,
    )
}

fn require(
    config: &Config,
    resource: &'static str,
    remedy: &'static str,
    needed: u64,
    available: Option<u64>,
    possible: impl Fn(u64) -> u64,
) -> Result<(), HostError> {
    match available {
        Some(available) if available < needed => Err(HostError::Machine {
            instances_max: config.instances_max,
            resource,
            needed,
            available,
            possible: possible(available),
            remedy,
        }),
        _ => Ok(()),
    }
}

/// `vm.max_map_count`; None where the system has no such limit.
fn mappings() -> Option<u64> {
    std::fs::read_to_string("/proc/sys/vm/max_map_count").ok()?.trim().parse().ok()
}

/// Half of what a process can address here (47 bits), or its limit if that is less.
fn address_space() -> Option<u64> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::As).current;
    Some(limit.unwrap_or(u64::MAX).min(1 << 46))
}
