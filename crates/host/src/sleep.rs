//! Putting an instance to sleep and waking it: the optional interface `memory`.
//!
//! Between turns a guest's linear memory is its whole state, and most of it is as a fresh instance's. So a snapshot
//! holds the pages that differ, and waking is: a fresh instance, those pages, a new seed.

use std::ops::Range;

use wasmtime::component::{Component, ComponentExportIndex, Instance as Exports, WasmList};
use wasmtime::{AsContext, Store, error::bail};

use crate::failure::{Call, FailureKind};
use crate::instance::Cell;
use crate::meter::{self, KillSwitch};
use crate::snapshot::{PAGE_BYTES, PackedSnapshot, RECORD_BYTES, Snapshot, SnapshotError};
use crate::state::State;
use crate::types::Start;
use crate::{Host, Instance, Labels, Limits, Module, Report, contract};

/// Records in one call of `restore-pages`: they fit into the region that the guest keeps for them (64 KiB).
const RECORDS_PER_CALL: usize = 14;

impl Host {
    /// A fresh instance with the memory of `snapshot`. `init` is not called: `start` tells the guest that it is a new
    /// incarnation, and what time it is.
    pub async fn restore(
        &self,
        module: &Module,
        labels: Labels,
        limits: Limits,
        snapshot: &Snapshot,
        start: Start,
    ) -> Report<Instance> {
        self.cell(module, labels, limits, KillSwitch::default()).restore(snapshot, start).await
    }
}

impl Instance {
    /// The pages that differ from a fresh instance's. The instance goes on as before.
    ///
    /// The first snapshot of a module makes a fresh instance to compare with, which takes a place of the pool for a
    /// moment.
    pub async fn snapshot(&mut self) -> Report<Snapshot> {
        let Instance { cell, exports, .. } = self;
        let limit_us = cell.limits.event_stop_us;
        if let Err(kind) = cell.begin(None) {
            return cell.refuse(Call::Snapshot, kind);
        }
        let module = cell.module.clone();
        let Some(functions) = &module.shared.sleep else {
            return cell.refuse(Call::Snapshot, FailureKind::CannotSleep);
        };
        let mut fresh =
            cell.host.cell(&module, cell.labels.clone(), cell.limits.clone(), KillSwitch::default());
        let store = &mut cell.store;
        let call = async {
            let pristine = match module.shared.pristine.get() {
                Some(pristine) => pristine,
                None => {
                    let pristine = fresh.pristine(functions).await?;
                    module.shared.pristine.get_or_init(|| pristine)
                }
            };
            let (memory, reserved) = functions.view(store, exports).await?;
            let memory = memory.as_le_slice(store.as_context());
            Ok(Snapshot::between(*module.hash(), pristine, memory, reserved))
        };
        let run = meter::run(&cell.host.shared.ticker, &cell.kill, limit_us, call).await;
        cell.finish(Call::Snapshot, limit_us, run, Ok)
    }
}

impl Module {
    /// To be kept until it is woken in this process.
    ///
    /// # Panics
    /// If the snapshot is not of an instance of this module, made by this process.
    pub fn pack(&self, snapshot: Snapshot) -> PackedSnapshot {
        PackedSnapshot::pack(snapshot, self.fresh_memory())
    }

    /// What was packed.
    ///
    /// # Panics
    /// If it was not packed by this module.
    pub fn unpack(&self, packed: &PackedSnapshot) -> Snapshot {
        packed.unpack(self.fresh_memory())
    }

    fn fresh_memory(&self) -> &[u8] {
        self.shared.pristine.get().expect("a snapshot was compared with it")
    }
}

impl Cell {
    pub async fn restore(mut self, snapshot: &Snapshot, start: Start) -> Report<Instance> {
        let limit_us = self.limits.init_stop_us;
        let module = self.module.clone();
        let Some(functions) = &module.shared.sleep else {
            return self.refuse(Call::Restore, FailureKind::CannotSleep);
        };
        if let Err(error) = snapshot.check_module(module.hash()) {
            return self.refuse(Call::Restore, FailureKind::Snapshot(error));
        }
        let (wanted_bytes, allowed_bytes) = (snapshot.memory_bytes(), self.limits.memory_bytes);
        if wanted_bytes > allowed_bytes {
            let kind = FailureKind::Memory { used_bytes: 0, wanted_bytes, allowed_bytes };
            return self.refuse(Call::Restore, kind);
        }
        if let Err(kind) = self.check_memory_limit().and_then(|()| self.begin(Some(start.now_us))) {
            return self.refuse(Call::Restore, kind);
        }
        let store = &mut self.store;
        let call = async {
            let exports = module.shared.pre.instantiate_async(&mut *store).await?;
            functions.restore(store, &exports, snapshot, &start).await?;
            let widget = module.shared.indices.load(store, &exports)?;
            Ok((widget, exports))
        };
        let run = meter::run(&self.host.shared.ticker, &self.kill, limit_us, call).await;
        let report = self.finish(Call::Restore, limit_us, run, Ok);
        report.map(|(widget, exports)| Instance { cell: self, widget, exports })
    }

    /// The memory of an instance on which nothing but `memory` was called.
    async fn pristine(&mut self, functions: &Functions) -> wasmtime::Result<Vec<u8>> {
        self.start_slice();
        let exports = self.module.shared.pre.instantiate_async(&mut self.store).await?;
        let (memory, _) = functions.view(&mut self.store, &exports).await?;
        Ok(memory.as_le_slice(self.store.as_context()).to_vec())
    }
}

/// Where the functions of `memory` are in a component.
pub(crate) struct Functions {
    snapshot: ComponentExportIndex,
    reserved: ComponentExportIndex,
    restore_begin: ComponentExportIndex,
    restore_pages: ComponentExportIndex,
    restore_end: ComponentExportIndex,
}

impl Functions {
    /// # Errors
    /// One is missing or has another signature.
    pub fn find(component: &Component) -> Result<Functions, String> {
        const MEMORY: &str = "memory";
        Ok(Functions {
            snapshot: contract::export::<(), (WasmList<u8>,)>(component, MEMORY, "snapshot")?,
            reserved: contract::export::<(), ((u32, u32),)>(component, MEMORY, "reserved")?,
            restore_begin: contract::export::<(u32,), ()>(component, MEMORY, "restore-begin")?,
            restore_pages: contract::export::<(&[u8],), ()>(component, MEMORY, "restore-pages")?,
            restore_end: contract::export::<(&Start,), ()>(component, MEMORY, "restore-end")?,
        })
    }

    /// The guest's whole memory, uncopied, and the part of it that snapshots leave out.
    async fn view(
        &self,
        store: &mut Store<State>,
        exports: &Exports,
    ) -> wasmtime::Result<(WasmList<u8>, Range<usize>)> {
        let reserved = exports.get_typed_func::<(), ((u32, u32),)>(&mut *store, self.reserved)?;
        let snapshot = exports.get_typed_func::<(), (WasmList<u8>,)>(&mut *store, self.snapshot)?;

        let ((from, to),) = reserved.call_async(&mut *store, ()).await?;
        // The list is the memory: as long as the guest's limit allows, but not copied.
        let memory_bytes = store.data().limiter.memory_bytes;
        let output_bytes = store.hostcall_fuel();
        store.set_hostcall_fuel(memory_bytes as usize);
        let view = snapshot.call_async(&mut *store, ()).await;
        store.set_hostcall_fuel(output_bytes);
        let (memory,) = view?;

        if memory.len() as u64 != memory_bytes {
            bail!("snapshot gave {} bytes, the memory has {memory_bytes}", memory.len());
        }
        let (from, to) = (from as usize, to as usize);
        if from > to
            || to > memory.len()
            || !from.is_multiple_of(PAGE_BYTES)
            || !to.is_multiple_of(PAGE_BYTES)
        {
            bail!("reserved gave {from}..{to}, which are not pages of a memory of {memory_bytes} bytes");
        }
        Ok((memory, from..to))
    }

    async fn restore(
        &self,
        store: &mut Store<State>,
        exports: &Exports,
        snapshot: &Snapshot,
        start: &Start,
    ) -> wasmtime::Result<()> {
        let begin = exports.get_typed_func::<(u32,), ()>(&mut *store, self.restore_begin)?;
        let pages = exports.get_typed_func::<(&[u8],), ()>(&mut *store, self.restore_pages)?;
        let end = exports.get_typed_func::<(&Start,), ()>(&mut *store, self.restore_end)?;

        let Ok(memory_bytes) = u32::try_from(snapshot.memory_bytes()) else {
            bail!("a memory of 4 GiB cannot be restored");
        };
        begin.call_async(&mut *store, (memory_bytes,)).await?;
        if store.data().limiter.memory_bytes != u64::from(memory_bytes) {
            let found = store.data().limiter.memory_bytes;
            bail!("restore-begin({memory_bytes}) left a memory of {found} bytes");
        }
        for records in snapshot.records().chunks(RECORDS_PER_CALL * RECORD_BYTES) {
            pages.call_async(&mut *store, (records,)).await?;
        }
        end.call_async(&mut *store, (start,)).await
    }
}

impl Snapshot {
    fn check_module(&self, expected: &[u8; 32]) -> Result<(), SnapshotError> {
        if self.module_hash() == expected {
            return Ok(());
        }
        let short = |hash: &[u8; 32]| crate::cache::hex(&hash[..4]);
        Err(SnapshotError::OtherModule { found: short(self.module_hash()), expected: short(expected) })
    }
}
