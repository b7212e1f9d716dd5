//! Sleeping and waking: the linear memory is a module's whole state between turns.
//!
//! `restore-pages` overwrites the memory that it runs in: statics, heap and the allocator's own book-keeping. So what
//! it stands on must be nothing of that. It is the shadow stack. Between turns that is dead: no snapshot holds it
//! (`reserved`), and while pages are written back it serves three ends, far from each other:
//!
//! ```text
//! low                                                                                        high
//!  | 4 KiB, for null pointers | records: 56 KiB + head words | mark |   …   | frames of these functions
//! ```
//!
//! `cabi_realloc` cannot keep in a static that a restore is under way, for the pages hold that static's old value. It
//! looks at the mark, which is on the stack too.

use std::alloc::{Layout, alloc, handle_alloc_error, realloc};
use std::ops::Range;

const PAGE_BYTES: usize = 4096;
const WASM_PAGE_BYTES: usize = 65536;
const RECORD_BYTES: usize = 4 + PAGE_BYTES;
/// Records in one call of `restore-pages`, by the world.
const RECORDS_MAX: usize = 14;
/// What the functions here may use of the stack above the mark, many times over.
const FRAMES_BYTES: usize = 64 << 10;
/// Stands at the mark while a restore is under way. No frame of a deep stack leaves these words by chance.
const RESTORING: u64 = 0x9e37_79b9_7f4a_7c15;

unsafe extern "C" {
    /// Ends of the shadow stack. Symbols of the linker: their addresses are the values.
    static __stack_low: u8;
    static __stack_high: u8;
}

/// The region that no snapshot holds: the shadow stack.
///
/// # Panics
/// If the module was linked with a stack that is too small or does not end on a page.
pub fn reserved() -> Range<usize> {
    let stack = stack();
    let fits = records().end + size_of::<u64>() + FRAMES_BYTES <= stack.end;
    assert!(
        fits && stack.start.is_multiple_of(PAGE_BYTES) && stack.end.is_multiple_of(PAGE_BYTES),
        "a module that sleeps needs a stack of whole pages of 4096 bytes, at least 192 KiB: link with the default, \
         or with `-z stack-size=` a multiple of 65536"
    );
    stack
}

/// The memory gets its size, and from now on `cabi_realloc` gives the place for records.
pub fn begin(memory_bytes: usize) {
    reserved();
    let wanted = memory_bytes.div_ceil(WASM_PAGE_BYTES);
    let found = core::arch::wasm32::memory_size(0);
    if wanted > found && core::arch::wasm32::memory_grow(0, wanted - found) == usize::MAX {
        panic!("the snapshot needs {memory_bytes} bytes of memory, more than this instance may have");
    }
    // SAFETY: the mark is 8-aligned, in the stack and far below any live frame (`reserved`).
    unsafe { mark().write_volatile(RESTORING) };
}

/// Writes records back to where they were.
///
/// Nothing here allocates. A debug build keeps its locals on the shadow stack, which no record may touch.
///
/// # Safety
/// Between `restore-begin` and `restore-end`, with what `cabi_realloc` gave for these bytes.
pub unsafe fn restore_pages(records: *const u8, bytes: usize) {
    let stack = stack();
    let memory_bytes = core::arch::wasm32::memory_size(0) * WASM_PAGE_BYTES;
    let mut at = 0;
    while at + RECORD_BYTES <= bytes {
        // SAFETY: within the records by the loop's condition; they are bytes, so of no alignment.
        let page = unsafe { records.add(at).cast::<u32>().read_unaligned() } as usize;
        let Some(target) = page.checked_mul(PAGE_BYTES).filter(|target| memory_bytes - PAGE_BYTES >= *target)
        else {
            core::arch::wasm32::unreachable();
        };
        if target >= stack.start && target < stack.end {
            core::arch::wasm32::unreachable();
        }
        // SAFETY: the target is a whole page of the memory outside the stack, the source is inside of it. What lived
        // in that page (statics, heap) is replaced by what lived there at the snapshot, by a caller that replaces
        // all of it before anything else runs.
        unsafe {
            std::ptr::copy_nonoverlapping(
                records.add(at + 4),
                std::ptr::without_provenance_mut(target),
                PAGE_BYTES,
            )
        };
        at += RECORD_BYTES;
    }
}

/// All pages are back.
pub fn end() {
    // SAFETY: as in `begin`.
    unsafe { mark().write_volatile(0) };
}

/// Address 0 and the length of the memory, as the canonical ABI returns a list.
pub fn snapshot() -> *const [usize; 2] {
    static mut LIST: [usize; 2] = [0; 2];
    let list = &raw mut LIST;
    // SAFETY: one thread; the host reads the list before it calls anything else.
    unsafe { list.write([0, core::arch::wasm32::memory_size(0) * WASM_PAGE_BYTES]) };
    list
}

/// The allocator of the canonical ABI.
///
/// While a restore is under way it allocates nothing: bytes (of alignment 1) are the records of `restore-pages`, and
/// their place is reserved. The first argument of `restore-end` is a record with an alignment of its own, and by then
/// all pages are back: the mode ends with it.
///
/// # Safety
/// As for `realloc`: `old` came from here with `old_bytes` and `align`.
pub unsafe fn cabi_realloc(old: *mut u8, old_bytes: usize, align: usize, new_bytes: usize) -> *mut u8 {
    // SAFETY: the mark is in the stack region, 8-aligned, and any value of it is a number.
    if unsafe { mark().read_volatile() } == RESTORING {
        if align == 1 {
            if old_bytes != 0 || new_bytes > records().len() {
                core::arch::wasm32::unreachable();
            }
            return std::ptr::without_provenance_mut(records().start);
        }
        end();
    }
    if new_bytes == 0 {
        return std::ptr::without_provenance_mut(align);
    }
    let bytes = if old_bytes == 0 { new_bytes } else { old_bytes };
    // SAFETY: the ABI's alignments are powers of two, its sizes below the memory's.
    let layout = unsafe { Layout::from_size_align_unchecked(bytes, align) };
    // SAFETY: neither size is zero; the old block is the caller's promise.
    let new = unsafe { if old_bytes == 0 { alloc(layout) } else { realloc(old, layout, new_bytes) } };
    if new.is_null() {
        handle_alloc_error(layout);
    }
    new
}

fn stack() -> Range<usize> {
    (&raw const __stack_low).addr()..(&raw const __stack_high).addr()
}

fn records() -> Range<usize> {
    let start = stack().start + PAGE_BYTES;
    start..start + RECORDS_MAX * RECORD_BYTES
}

fn mark() -> *mut u64 {
    std::ptr::without_provenance_mut(records().end.next_multiple_of(8))
}

/// The exports that are not generated, in the crate of the module: there the linker sees them for sure.
#[doc(hidden)]
#[macro_export]
macro_rules! export_memory {
    () => {
        #[unsafe(export_name = "playconnect:module/memory@0.1.0#snapshot")]
        extern "C" fn snapshot() -> *const [usize; 2] {
            $crate::memory::snapshot()
        }

        #[unsafe(export_name = "playconnect:module/memory@0.1.0#restore-pages")]
        unsafe extern "C" fn restore_pages(records: *const u8, bytes: usize) {
            // SAFETY: the host calls this as the world says.
            unsafe { $crate::memory::restore_pages(records, bytes) }
        }

        #[unsafe(export_name = "cabi_realloc")]
        unsafe extern "C" fn cabi_realloc(
            old: *mut u8,
            old_bytes: usize,
            align: usize,
            new_bytes: usize,
        ) -> *mut u8 {
            // SAFETY: the host calls this as the canonical ABI says.
            unsafe { $crate::memory::cabi_realloc(old, old_bytes, align, new_bytes) }
        }
    };
}
