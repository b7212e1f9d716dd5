// The interface `memory`: what a host needs to put a module to sleep and to wake it elsewhere.
//
// Between turns the linear memory is the whole state: the stack is empty, no wasm global has moved, no table changes.
// The linker puts the stack first, [0, 1 MiB). It holds nothing between turns, so no snapshot needs it, and while
// pages are written back its deep end is where the host's records arrive. Everything that runs between `restore-begin`
// and `restore-end` touches only wasm locals and this region; malloc's own pages may be overwritten under its feet.
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define PAGE_BYTES 4096u
#define RECORD_BYTES (4 + PAGE_BYTES)
#define WASM_PAGE_BYTES 65536u
// Page 0 stays free so that no list starts at address 0.
#define TRANSFER_START PAGE_BYTES
// Room for the transfer below, room for the call itself above.
#define TRANSFER_END (768u * 1024)

// Set by the linker: the end of the stack, which is where data begin.
extern uint8_t __stack_high;

// The next free address of the transfer region while a restore is under way, else 0. A wasm global and not a variable:
// a variable would be overwritten by its own page.
__asm__(".globaltype transfer_next, i32\n"
        "transfer_next:\n");

static uint32_t transfer_next_get(void)
{
    uint32_t value;
    __asm__ volatile("global.get transfer_next\n\tlocal.set %0" : "=r"(value));
    return value;
}

static void transfer_next_set(uint32_t value)
{
    __asm__ volatile("local.get %0\n\tglobal.set transfer_next" : : "r"(value));
}

static uint32_t reserved_end(void)
{
    return (uint32_t)(uintptr_t)&__stack_high;
}

static void *transfer_allocate(uint32_t next, size_t align, size_t size)
{
    uint32_t start = (next + align - 1) & ~(uint32_t)(align - 1);
    if (start > TRANSFER_END || size > TRANSFER_END - start)
        engine_abort("restore: %zu bytes in one call; at most %u are possible", size, TRANSFER_END - TRANSFER_START);
    transfer_next_set(start + size);
    return (void *)(uintptr_t)start;
}

// The canonical ABI's allocator, for lists and strings that the host hands over. Replaces the bindings' weak one.
__attribute__((export_name("cabi_realloc")))
void *cabi_realloc(void *memory, size_t old_size, size_t align, size_t new_size);

void *cabi_realloc(void *memory, size_t old_size, size_t align, size_t new_size)
{
    if (new_size == 0)
        return (void *)align;
    uint32_t next = transfer_next_get();
    if (next != 0) {
        if (old_size != 0)
            engine_abort("restore: the host resized a list");
        return transfer_allocate(next, align, new_size);
    }
    void *result = realloc(memory, new_size);
    if (result == NULL)
        engine_abort("out of memory: the host's input needs %zu bytes, and the module has %zu MiB already", new_size,
                     __builtin_wasm_memory_size(0) / 16);
    return result;
}

void exports_playconnect_module_memory_reserved(sleeping_widget_tuple2_u32_u32_t *region)
{
    region->f0 = 0;
    region->f1 = reserved_end();
}

void exports_playconnect_module_memory_snapshot(sleeping_widget_list_u8_t *view)
{
    // Not copied: the host reads in place, and `free(NULL)` afterwards does nothing.
    view->ptr = NULL;
    view->len = __builtin_wasm_memory_size(0) * WASM_PAGE_BYTES;
}

void exports_playconnect_module_memory_restore_begin(uint32_t memory_bytes)
{
    if (transfer_next_get() != 0)
        engine_abort("restore-begin: a restore is under way already");
    uint32_t have = __builtin_wasm_memory_size(0);
    uint32_t want = memory_bytes / WASM_PAGE_BYTES;
    if (memory_bytes % WASM_PAGE_BYTES != 0 || want < have)
        engine_abort("restore-begin: %u bytes are not a memory of this module", memory_bytes);
    if (want > have && __builtin_wasm_memory_grow(0, want - have) == (size_t)-1)
        engine_abort("out of memory: the snapshot needs %u MiB, and the host gave %u", want / 16, have / 16);
    transfer_next_set(TRANSFER_START);
}

void exports_playconnect_module_memory_restore_pages(sleeping_widget_list_u8_t *records)
{
    const uint8_t *record = records->ptr;
    uint32_t count = records->len / RECORD_BYTES;
    uint32_t first_page = reserved_end() / PAGE_BYTES;
    uint32_t end_page = __builtin_wasm_memory_size(0) * (WASM_PAGE_BYTES / PAGE_BYTES);
    if (transfer_next_get() == 0)
        engine_abort("restore-pages: no restore is under way");
    if (records->len % RECORD_BYTES != 0)
        engine_abort("restore-pages: %zu bytes are not records of %u", records->len, RECORD_BYTES);
    for (uint32_t i = 0; i < count; i++, record += RECORD_BYTES) {
        uint32_t page;
        memcpy(&page, record, 4);
        if (page < first_page || page >= end_page)
            engine_abort("restore-pages: page %u is not between %u and %u", page, first_page, end_page);
        memcpy((uint8_t *)(uintptr_t)(page * PAGE_BYTES), record + 4, PAGE_BYTES);
    }
    transfer_next_set(TRANSFER_START);
}

void exports_playconnect_module_memory_restore_end(exports_playconnect_module_memory_start_t *start)
{
    if (transfer_next_get() == 0)
        engine_abort("restore-end: no restore is under way");
    transfer_next_set(0);
    // Its strings lie in the transfer region: nothing is to be freed, and they are dead once they are JavaScript's.
    engine_restored(start);
}
