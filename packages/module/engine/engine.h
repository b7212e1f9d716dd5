// The PlayConnect engine: quickjs-ng behind the world `playconnect:module/sleeping-widget`.
//
// One core module, one linear memory, no WASI. Each .c file is one concern; what they share is here.
//
//   engine.c    life cycle: evaluating the bundle at build time, init, turn
//   values.c    typed WIT values to JavaScript objects and back
//   batch.c     __playconnect.emit: the operations of one turn, as protocol/wire.md has them
//   natives.c   the other functions of __playconnect
//   utf8.c      UTF-8 by the rules of the WHATWG Encoding Standard
//   memory.c    snapshot and restore; allocation for the canonical ABI
//   runtime.c   quickjs.c, its allocator and its stack limit
//   libc.c      what libc would otherwise import from WASI
#ifndef PLAYCONNECT_ENGINE_H
#define PLAYCONNECT_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quickjs.h"
#include "sleeping_widget.h"

// ---- engine.c

// The time of the turn that runs, in microseconds since the Unix epoch. 0 while the bundle is evaluated.
extern uint64_t turn_now_us;
// False while the bundle is evaluated at build time: nothing but `log` can be asked of the host then.
extern bool engine_is_live;

// Says why on the log, at level error, and traps.
_Noreturn void engine_abort(const char *format, ...) __attribute__((format(printf, 1, 2)));

// `restored` of the guest; traps if it throws, since `restore-end` has no way to fail.
void engine_restored(const playconnect_module_types_start_t *start);

// ---- values.c

void values_initialize(JSContext *context);
JSValue values_start(JSContext *context, const playconnect_module_types_start_t *start);
JSValue values_inputs(JSContext *context, const exports_playconnect_module_guest_list_input_t *inputs);
// What `finish` returned. False: a JavaScript exception is pending and `outcome` holds nothing.
bool values_outcome(JSContext *context, JSValueConst value, playconnect_module_types_outcome_t *outcome);
// A copy that `free` frees, without lone surrogates. False: a JavaScript exception is pending.
bool values_string(JSContext *context, JSValueConst value, sleeping_widget_string_t *string);

// ---- batch.c

JSValue batch_emit(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv);
JSValue batch_size(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv);
// Hands the batch over; empty if no operation was emitted. `free` frees it. False: out of memory.
bool batch_take(sleeping_widget_list_u8_t *batch);
void batch_drop(void);

// ---- natives.c

void natives_install(JSContext *context, JSValueConst playconnect);

// ---- utf8.c

// Number of bytes at the start of `bytes` that are well-formed UTF-8.
size_t utf8_valid_prefix(const uint8_t *bytes, size_t length);
// QuickJS keeps lone surrogates as three bytes each; they become U+FFFD, which has three bytes as well.
void utf8_replace_surrogates(uint8_t *bytes, size_t length);
// As TextDecoder without `fatal`: one U+FFFD per maximal ill-formed part.
JSValue utf8_decode_lossy(JSContext *context, const uint8_t *bytes, size_t length);

// ---- runtime.c

JSRuntime *runtime_new(void);
JSContext *runtime_new_context(JSRuntime *runtime);
// To be called first on every entry from the host: the stack starts here, and how deep it may go.
void runtime_enter(JSRuntime *runtime);
// Collects garbage and sets when to do so next. At the end of the build only.
void runtime_settle(JSRuntime *runtime);
// True since an allocation failed that was too small to be the program's own fault.
extern bool runtime_out_of_memory;

#endif
