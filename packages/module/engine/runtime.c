// quickjs-ng, included whole instead of linked: the public interface cannot set a stack limit where __wasi__ is
// defined, and we have one.
#include <stdint.h>

// How deep JavaScript may go, of the 1 MiB of linear stack. What is left is for functions that do not check: leaves.
//
// Most of a function's state is not there but on the machine's stack, which nothing can measure from inside. So each
// function that checks for overflow takes at least CHECKED_FRAME_BYTES of linear stack: then the depth of one bounds
// the depth of the other. (json_parse_value takes 16 bytes by itself, and hundreds of the machine's.) The bound is
// `WASM_STACK_BYTES` in crates/host, and the test `deep_recursion_is_a_range_error` holds it to it.
#define JS_STACK_BYTES (832 * 1024)
#define CHECKED_FRAME_BYTES 128

static inline __attribute__((always_inline)) void *checked_frame(void)
{
    volatile uint8_t frame[CHECKED_FRAME_BYTES];
    frame[0] = 0;
    return (void *)frame;
}

// quickjs.c asks this to know where the stack is. Inlined, the frame becomes part of the function that asks.
#define __builtin_frame_address(level) checked_frame()
#include "quickjs.c"
#undef __builtin_frame_address

#include "engine.h"

// A larger request may fail for a reason of its own (`new ArrayBuffer(2 ** 31)`): the program gets an exception, as
// in a browser. When a smaller one fails, there is nothing left to go on with.
#define SMALL_ALLOCATION_BYTES (64 * 1024)

bool runtime_out_of_memory;

static void *checked(void *memory, size_t size)
{
    if (memory == NULL && size > 0 && size <= SMALL_ALLOCATION_BYTES)
        runtime_out_of_memory = true;
    return memory;
}

static void *runtime_calloc(void *opaque, size_t count, size_t size)
{
    (void)opaque;
    return checked(calloc(count, size), count * size);
}

static void *runtime_malloc(void *opaque, size_t size)
{
    (void)opaque;
    return checked(malloc(size), size);
}

static void runtime_free(void *opaque, void *memory)
{
    (void)opaque;
    // What the bundle's evaluation leaves behind would be part of every module's file.
    if (!engine_is_live && memory != NULL)
        memset(memory, 0, malloc_usable_size(memory));
    free(memory);
}

static void *runtime_realloc(void *opaque, void *memory, size_t size)
{
    (void)opaque;
    return checked(realloc(memory, size), size);
}

static size_t runtime_malloc_usable_size(const void *memory)
{
    return malloc_usable_size((void *)memory);
}

JSRuntime *runtime_new(void)
{
    static const JSMallocFunctions functions = {
        .js_calloc = runtime_calloc,
        .js_malloc = runtime_malloc,
        .js_free = runtime_free,
        .js_realloc = runtime_realloc,
        .js_malloc_usable_size = runtime_malloc_usable_size,
    };
    return JS_NewRuntime2(&functions, NULL);
}

void runtime_enter(JSRuntime *runtime)
{
    JS_UpdateStackTop(runtime);
    runtime->stack_limit = runtime->stack_top - JS_STACK_BYTES;
}

void runtime_settle(JSRuntime *runtime)
{
    JS_RunGC(runtime);
    size_t size = runtime->malloc_state.malloc_size;
    JS_SetGCThreshold(runtime, size + size / 2);
}
