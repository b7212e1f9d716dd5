// quickjs-ng, included whole instead of linked: the public interface cannot set a stack limit where __wasi__ is
// defined, and we have one.
#include "quickjs.c"

#include "engine.h"

// Of the 1 MiB of linear stack. What is left is for C functions that do not check: they are leaves.
#define JS_STACK_BYTES (640 * 1024)

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
