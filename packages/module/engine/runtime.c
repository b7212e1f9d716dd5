// quickjs-ng, included whole instead of linked: the public interface cannot set a stack limit where __wasi__ is
// defined, and we have one.
#include <stdint.h>

// How deep JavaScript may go, of the 1 MiB of linear stack. What is left is for functions that do not check: leaves.
//
// Most of a function's state is not there but on the machine's stack, which nothing can measure from inside. So each
// function that checks for overflow takes at least CHECKED_FRAME_BYTES of linear stack: then the depth of one bounds
// the depth of the other, by 2 bytes to 1. (json_parse_value takes 16 bytes by itself, and hundreds of the machine's.)
// The parser checks in a leaf and takes 13 to 1: it may use a PARSER_SHARE of what is left.
//
// The machine's stack has `WASM_STACK_BYTES` (crates/host/src/componentize.rs), 2 MiB. The test
// `deep_recursion_is_a_range_error` holds all of this together.
#define JS_STACK_BYTES (832 * 1024)
#define CHECKED_FRAME_BYTES 128
#define PARSER_SHARE 6

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

#define GARBAGE_BYTES_BEFORE_FIRST (4u << 20)

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

// __JS_EvalInternal in two steps: parsed within the parser's limit, run within the normal one.
static JSValue eval_within_limits(JSContext *context, JSValueConst this_value, const char *source, size_t length,
                                  const char *filename, int line, int flags, int scope_index)
{
    JSRuntime *runtime = context->rt;
    uintptr_t limit = runtime->stack_limit;
    uintptr_t here = js_get_stack_pointer();
    runtime->stack_limit = here > limit ? here - (here - limit) / PARSER_SHARE : limit;
    JSValue code = __JS_EvalInternal(context, this_value, source, length, filename, line,
                                     flags | JS_EVAL_FLAG_COMPILE_ONLY, scope_index);
    runtime->stack_limit = limit;
    if (JS_IsException(code) || (flags & JS_EVAL_FLAG_COMPILE_ONLY))
        return code;

    JSStackFrame *frame = NULL;
    JSVarRef **variables = NULL;
    if ((flags & JS_EVAL_TYPE_MASK) == JS_EVAL_TYPE_DIRECT) {
        frame = runtime->current_stack_frame;
        variables = JS_VALUE_GET_OBJ(frame->cur_func)->u.func.var_refs;
    }
    return JS_EvalFunctionInternal(context, code, this_value, variables, frame);
}

JSContext *runtime_new_context(JSRuntime *runtime)
{
    JSContext *context = JS_NewContext(runtime);
    if (context != NULL)
        context->eval_internal = eval_within_limits;
    return context;
}

void runtime_enter(JSRuntime *runtime)
{
    JS_UpdateStackTop(runtime);
    runtime->stack_limit = runtime->stack_top - JS_STACK_BYTES;
}

void runtime_settle(JSRuntime *runtime)
{
    JS_RunGC(runtime);
    // A collection writes to every object, and a page that was written to is no longer shared between instances. What
    // is not in a cycle is freed without one, so most modules never need the first.
    JS_SetGCThreshold(runtime, runtime->malloc_state.malloc_size + GARBAGE_BYTES_BEFORE_FIRST);
}
