// The life of a module: its bundle is evaluated once, at build time; every instance then starts from the memory as it
// was behind that, with `init`, and goes on with turns.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define PUMPS_MAX 100000

uint64_t turn_now_us;
bool engine_is_live;

static JSRuntime *runtime;
static JSContext *context;

// `__playconnect.guest` and its functions.
enum callback { INIT, TURN, PUMP, FINISH, RESTORED, CALLBACK_COUNT };
static const char *const callback_names[CALLBACK_COUNT] = {"init", "turn", "pump", "finish", "restored"};
static JSValue guest;
static JSValue callbacks[CALLBACK_COUNT];

// Why the current call fails; empty while it does not.
static sleeping_widget_string_t failure;

// ---- what went wrong

_Noreturn void engine_abort(const char *format, ...)
{
    static char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t written = length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    // Not cut within a character: the host would see no message but a malformed string.
    sleeping_widget_string_t message = {(uint8_t *)text, utf8_valid_prefix((uint8_t *)text, written)};
    playconnect_module_host_log(PLAYCONNECT_MODULE_HOST_LEVEL_ERROR, &message);
    __builtin_trap();
}

// The call fails with this message, unless it failed before. Takes the string.
static void fail(sleeping_widget_string_t message)
{
    if (failure.len == 0 && message.len > 0)
        failure = message;
    else
        sleeping_widget_string_free(&message);
}

static void fail_with(const char *message)
{
    sleeping_widget_string_t text;
    sleeping_widget_string_dup(&text, message);
    fail(text);
}

static void append(sleeping_widget_string_t *text, const char *more, size_t length)
{
    uint8_t *bytes = realloc(text->ptr, text->len + length + 1);
    if (bytes == NULL)
        return;
    memcpy(bytes + text->len, more, length);
    text->ptr = bytes;
    text->len += length;
}

// False: the value's own toString threw.
static bool append_value(sleeping_widget_string_t *text, JSValueConst value)
{
    sleeping_widget_string_t shown;
    if (!values_string(context, value, &shown)) {
        JS_FreeValue(context, JS_GetException(context));
        return false;
    }
    append(text, (const char *)shown.ptr, shown.len);
    sleeping_widget_string_free(&shown);
    return true;
}

// "prefixError: message\n    at function (bundle.js:line:column)"
static sleeping_widget_string_t describe(const char *prefix, JSValueConst thrown)
{
    sleeping_widget_string_t text = {NULL, 0};
    append(&text, prefix, strlen(prefix));
    if (!append_value(&text, thrown))
        append(&text, "a value that cannot be shown", 28);
    if (JS_IsError(thrown)) {
        JSValue stack = JS_GetPropertyStr(context, thrown, "stack");
        if (JS_IsException(stack)) {
            JS_FreeValue(context, JS_GetException(context));
        } else if (JS_IsString(stack)) {
            append(&text, "\n", 1);
            append_value(&text, stack);
        }
        JS_FreeValue(context, stack);
        while (text.len > 0 && text.ptr[text.len - 1] == '\n')
            text.len--;
    }
    return text;
}

static bool is_fatal(JSValueConst thrown)
{
    if (!JS_IsObject(thrown))
        return false;
    JSValue mark = JS_GetPropertyStr(context, thrown, "playconnectFatal");
    if (JS_IsException(mark))
        JS_FreeValue(context, JS_GetException(context));
    bool fatal = JS_IsBool(mark) && JS_VALUE_GET_BOOL(mark);
    JS_FreeValue(context, mark);
    return fatal;
}

// As in a browser, what nobody caught is shown and the page goes on; unless it is marked as fatal, or there is no page
// yet: a bundle that cannot be evaluated should not build.
static void report(const char *prefix, JSValueConst thrown)
{
    if (!engine_is_live || is_fatal(thrown)) {
        fail(describe("", thrown));
        return;
    }
    sleeping_widget_string_t message = describe(prefix, thrown);
    playconnect_module_host_log(PLAYCONNECT_MODULE_HOST_LEVEL_ERROR, &message);
    sleeping_widget_string_free(&message);
}

static void report_exception(void)
{
    JSValue thrown = JS_GetException(context);
    report("uncaught ", thrown);
    JS_FreeValue(context, thrown);
}

static void fail_with_exception(void)
{
    JSValue thrown = JS_GetException(context);
    fail(describe("", thrown));
    JS_FreeValue(context, thrown);
}

// ---- promises that were rejected and have no handler yet

static struct rejection {
    JSValue promise, reason;
} *rejections;
static uint32_t rejection_count, rejection_capacity;

static void free_rejection(struct rejection *rejection)
{
    JS_FreeValue(context, rejection->promise);
    JS_FreeValue(context, rejection->reason);
}

static void track_rejection(JSContext *_context, JSValueConst promise, JSValueConst reason, bool is_handled, void *opaque)
{
    (void)_context;
    (void)opaque;
    if (is_handled) {
        // Most are handled soon: the last ones first.
        for (uint32_t i = rejection_count; i-- > 0;) {
            if (JS_IsSameValue(context, rejections[i].promise, promise)) {
                free_rejection(&rejections[i]);
                memmove(&rejections[i], &rejections[i + 1], (--rejection_count - i) * sizeof *rejections);
                return;
            }
        }
        return;
    }
    if (rejection_count == rejection_capacity) {
        uint32_t capacity = rejection_capacity < 8 ? 8 : rejection_capacity * 2;
        struct rejection *grown = realloc(rejections, capacity * sizeof *rejections);
        if (grown == NULL)
            return;
        rejections = grown;
        rejection_capacity = capacity;
    }
    rejections[rejection_count++] =
        (struct rejection){JS_DupValue(context, promise), JS_DupValue(context, reason)};
}

// HTML, "notify about rejected promises": those that still have no handler when the microtasks are through.
static void report_rejections(void)
{
    struct rejection *due = rejections;
    uint32_t count = rejection_count;
    rejections = NULL;
    rejection_count = rejection_capacity = 0;
    for (uint32_t i = 0; i < count; i++) {
        report("unhandled rejection: ", due[i].reason);
        free_rejection(&due[i]);
    }
    free(due);
}

// ---- calls

static void enter(uint64_t now_us)
{
    runtime_enter(runtime);
    turn_now_us = now_us;
    failure = (sleeping_widget_string_t){NULL, 0};
}

static JSValue call(enum callback callback, int argc, JSValueConst *argv)
{
    return JS_Call(context, callbacks[callback], guest, argc, argv);
}

static void drain_microtasks(void)
{
    JSContext *job_context;
    int ran;
    do {
        while (failure.len == 0 && (ran = JS_ExecutePendingJob(runtime, &job_context)) != 0) {
            if (ran < 0)
                report_exception();
        }
        report_rejections();
        // Showing a reason may run its toString.
    } while (failure.len == 0 && JS_IsJobPending(runtime));
}

// Hands the failure over, if there is one.
static bool succeeded(sleeping_widget_string_t *error)
{
    if (runtime_out_of_memory)
        engine_abort("out of memory: the module has %zu MiB; raise its memory limit or let it hold less",
                     __builtin_wasm_memory_size(0) / 16);
    *error = failure;
    return failure.len == 0;
}

// Calls `init` or `restored`: what they throw fails the call.
static void call_with_start(enum callback callback, const playconnect_module_types_start_t *start)
{
    JSValue value = values_start(context, start);
    JSValue result = JS_IsException(value) ? JS_EXCEPTION : call(callback, 1, (JSValueConst *)&value);
    JS_FreeValue(context, value);
    if (JS_IsException(result))
        fail_with_exception();
    JS_FreeValue(context, result);
    drain_microtasks();
}

// What `init` brought, until the first turn calls the bundle's own `init` with it. An instance that has had no turn has
// run no JavaScript: nearly all its pages are still those that every instance of the module shares.
static exports_playconnect_module_guest_start_t given;
static bool is_given;

bool exports_playconnect_module_guest_init(exports_playconnect_module_guest_start_t *start,
                                           sleeping_widget_string_t *error)
{
    (void)error;
    given = *start; // Ours now: the bindings leave freeing to us.
    is_given = true;
    return true;
}

static void drop_given(void)
{
    is_given = false;
    exports_playconnect_module_guest_start_free(&given);
}

static void start(void)
{
    turn_now_us = given.now_us;
    call_with_start(INIT, &given);
    drop_given();
}

void engine_restored(const playconnect_module_types_start_t *start)
{
    enter(start->now_us);
    // Put to sleep before its first turn, it starts here.
    call_with_start(is_given ? INIT : RESTORED, start);
    if (is_given)
        drop_given();
    sleeping_widget_string_t error;
    if (!succeeded(&error))
        engine_abort("restored: %.*s", (int)error.len, (const char *)error.ptr);
}

// One macrotask after the other, each with the microtasks it left, until none is due.
static void run_tasks(void)
{
    for (int pumps = 0; failure.len == 0; pumps++) {
        if (pumps == PUMPS_MAX) {
            fail_with("the turn did not come to its end: 100000 tasks ran, and more were due. "
                      "Is there a timer of 0 ms that sets itself again?");
            return;
        }
        JSValue more = call(PUMP, 0, NULL);
        bool threw = JS_IsException(more);
        bool done = !threw && !JS_ToBool(context, more);
        if (threw)
            report_exception();
        JS_FreeValue(context, more);
        drain_microtasks();
        if (done)
            return;
    }
}

// Behind the last microtask: only then it is known when the next timer is due.
static void finish(playconnect_module_types_outcome_t *outcome)
{
    JSValue value = call(FINISH, 0, NULL);
    bool ok = !JS_IsException(value) && values_outcome(context, value, outcome);
    JS_FreeValue(context, value);
    if (!ok) {
        fail_with_exception();
        return;
    }
    if (!batch_take(&outcome->batch)) {
        playconnect_module_types_outcome_free(outcome);
        fail_with("out of memory: the batch could not be put together");
    }
}

static void run_turn(uint64_t now_us, exports_playconnect_module_guest_list_input_t *inputs)
{
    JSValue arguments[2] = {JS_NewNumber(context, (double)now_us), values_inputs(context, inputs)};
    JSValue result = JS_IsException(arguments[1]) ? JS_EXCEPTION : call(TURN, 2, (JSValueConst *)arguments);
    JS_FreeValue(context, arguments[1]);
    if (JS_IsException(result))
        report_exception();
    JS_FreeValue(context, result);
    drain_microtasks();
    run_tasks();
}

bool exports_playconnect_module_guest_turn(uint64_t now_us, exports_playconnect_module_guest_list_input_t *inputs,
                                           exports_playconnect_module_guest_outcome_t *outcome,
                                           sleeping_widget_string_t *error)
{
    enter(now_us);
    if (is_given)
        start();
    turn_now_us = now_us;
    if (failure.len == 0)
        run_turn(now_us, inputs);
    exports_playconnect_module_guest_list_input_free(inputs);
    if (failure.len == 0)
        finish(outcome);
    if (failure.len > 0)
        batch_drop();
    return succeeded(error);
}

// ---- at build time

// What came of evaluating the bundle, for crates/host/src/componentize.rs.
enum status { EVALUATED = 0, THREW = 1, NO_GUEST = 2 };
static struct {
    uint32_t status;
    const uint8_t *message;
    uint32_t message_bytes;
} evaluation;

static char *bundle;
static uint32_t bundle_bytes;

// Where the host writes the bundle to. 0: out of memory.
__attribute__((export_name("pre-allocate"))) void *pre_allocate(uint32_t bytes)
{
    bundle_bytes = bytes;
    bundle = malloc((size_t)bytes + 1);
    return bundle;
}

static void evaluate(JSValueConst playconnect)
{
    bundle[bundle_bytes] = 0;
    JSValue value = JS_Eval(context, bundle, bundle_bytes, "bundle.js", JS_EVAL_TYPE_GLOBAL);
    // Freed memory is part of the module's file: let it be zeros.
    memset(bundle, 0, bundle_bytes);
    free(bundle);
    bundle = NULL;
    if (JS_IsException(value))
        fail_with_exception();
    JS_FreeValue(context, value);
    drain_microtasks();
    if (failure.len > 0) {
        evaluation.status = THREW;
        return;
    }

    guest = JS_GetPropertyStr(context, playconnect, "guest");
    if (!JS_IsObject(guest)) {
        evaluation.status = NO_GUEST;
        fail_with("__playconnect.guest was not set");
        return;
    }
    for (int i = 0; i < CALLBACK_COUNT; i++) {
        callbacks[i] = JS_GetPropertyStr(context, guest, callback_names[i]);
        if (!JS_IsFunction(context, callbacks[i])) {
            char text[64];
            snprintf(text, sizeof text, "__playconnect.guest.%s is not a function", callback_names[i]);
            evaluation.status = NO_GUEST;
            fail_with(text);
        }
    }
    JSValue evaluated = JS_GetPropertyStr(context, guest, "evaluated");
    if (failure.len == 0 && JS_IsFunction(context, evaluated)) {
        JSValue result = JS_Call(context, evaluated, guest, 0, NULL);
        if (JS_IsException(result)) {
            evaluation.status = THREW;
            fail_with_exception();
        }
        JS_FreeValue(context, result);
    }
    JS_FreeValue(context, evaluated);
}

// Whatever calls left on the stack is of no use, and would be part of the module's file.
__attribute__((noinline)) static void clear_stack(void)
{
    uint8_t here;
    // Keeps clear of this function's own frame.
    __builtin_memset((void *)(uintptr_t)16, 0, ((uintptr_t)&here & ~(uintptr_t)15) - 16 - 1024);
}

// Returns the address of `evaluation`.
__attribute__((export_name("pre-evaluate"))) void *pre_evaluate(void)
{
    runtime = runtime_new();
    context = runtime ? runtime_new_context(runtime) : NULL;
    if (context == NULL)
        engine_abort("out of memory: the JavaScript engine did not start");
    JS_SetHostPromiseRejectionTracker(runtime, track_rejection, NULL);
    enter(0);
    values_initialize(context);

    JSValue global = JS_GetGlobalObject(context);
    JSValue playconnect = JS_NewObject(context);
    natives_install(context, playconnect);
    JS_DefinePropertyValueStr(context, global, "__playconnect", JS_DupValue(context, playconnect), 0);
    evaluate(playconnect);
    JS_FreeValue(context, playconnect);
    JS_FreeValue(context, global);

    runtime_settle(runtime);
    evaluation.message = failure.ptr;
    evaluation.message_bytes = failure.len;
    clear_stack();
    engine_is_live = true;
    return &evaluation;
}
