// The batch of a turn, in the format of protocol/wire.md: head words and argument words in one buffer, the bytes of
// all strings in another. They are put together when the turn is over.
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define MAGIC 0x31424350u // "PCB1"
#define HEADER_WORDS 3
#define ARGUMENT_WORDS_MAX 255
// Kept from turn to turn up to this size, so that an idle module does not hold the memory of its largest batch.
#define STRING_BYTES_KEPT (16 * 1024)

static struct {
    uint32_t *words; // the first three are the header's
    uint32_t word_count, word_capacity;
    uint8_t *strings;
    uint32_t string_bytes, string_capacity;
    uint32_t operations;
} batch;

static bool reserve_words(uint32_t more)
{
    uint32_t needed = (batch.word_count ? batch.word_count : HEADER_WORDS) + more;
    if (needed > batch.word_capacity) {
        uint32_t capacity = needed < 256 ? 256 : needed + needed / 2;
        uint32_t *words = realloc(batch.words, capacity * sizeof(uint32_t));
        if (words == NULL)
            return false;
        batch.words = words;
        batch.word_capacity = capacity;
    }
    if (batch.word_count == 0)
        batch.word_count = HEADER_WORDS;
    return true;
}

static bool reserve_strings(uint32_t more)
{
    uint32_t needed = batch.string_bytes + more;
    if (needed > batch.string_capacity) {
        uint32_t capacity = needed < 1024 ? 1024 : needed + needed / 2;
        uint8_t *strings = realloc(batch.strings, capacity);
        if (strings == NULL)
            return false;
        batch.strings = strings;
        batch.string_capacity = capacity;
    }
    return true;
}

// Two words at `words`, and the bytes. False: a JavaScript exception is pending.
static bool append_string(JSContext *context, JSValueConst value, uint32_t *words)
{
    size_t length;
    const char *bytes = JS_ToCStringLen(context, &length, value);
    if (bytes == NULL)
        return false;
    if (!reserve_strings(length)) {
        JS_FreeCString(context, bytes);
        JS_ThrowOutOfMemory(context);
        return false;
    }
    uint8_t *target = batch.strings + batch.string_bytes;
    memcpy(target, bytes, length);
    JS_FreeCString(context, bytes);
    utf8_replace_surrogates(target, length);
    words[0] = batch.string_bytes;
    words[1] = length;
    batch.string_bytes += length;
    return true;
}

// An integer between -2^31 and 2^32 - 1, whether QuickJS keeps it as one or not.
static bool as_word(JSValueConst value, uint32_t *word)
{
    if (JS_VALUE_GET_TAG(value) == JS_TAG_INT) {
        *word = JS_VALUE_GET_INT(value);
        return true;
    }
    if (!JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(value)))
        return false;
    double number = JS_VALUE_GET_FLOAT64(value);
    if (!(number >= -2147483648.0 && number <= 4294967295.0))
        return false;
    int64_t integer = (int64_t)number;
    *word = (uint32_t)integer;
    return (double)integer == number;
}

// Runs no code of the module's: it must not come between the words of an operation.
static void refuse(JSContext *context, uint32_t op, int position, JSValueConst value)
{
    const char *shown = JS_IsNumber(value)      ? JS_ToCString(context, value)
                        : JS_IsUndefined(value) ? "undefined"
                        : JS_IsNull(value)      ? "null"
                        : JS_IsBool(value)      ? "a boolean"
                        : JS_IsBigInt(value)    ? "a BigInt"
                        : JS_IsSymbol(value)    ? "a symbol"
                                                : "an object";
    if (shown == NULL)
        return;
    JS_ThrowTypeError(context, "emit: argument %d of operation %u is %s; integers and strings are possible", position,
                      op, shown);
    if (JS_IsNumber(value))
        JS_FreeCString(context, shown);
}

// emit(op, aux, ...arguments)
JSValue batch_emit(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv)
{
    (void)this_value;
    uint32_t op, aux;
    if (argc < 2 || !as_word(argv[0], &op) || !as_word(argv[1], &aux) || op > 0xFF || aux > 0xFFFF)
        return JS_ThrowTypeError(context, "emit: op is a number below 256, aux a number below 65536");
    if (!engine_is_live)
        return JS_ThrowTypeError(context, "emit: there is no page while the bundle is evaluated at build time; "
                                          "render when the first turn mounts the module");
    if (argc - 2 > ARGUMENT_WORDS_MAX)
        return JS_ThrowRangeError(context, "emit: operation %u has %d arguments; at most %d words are possible", op,
                                  argc - 2, ARGUMENT_WORDS_MAX);
    if (!reserve_words(1 + 2 * (argc - 2)))
        return JS_ThrowOutOfMemory(context);

    // Nothing is part of the batch before the last argument was found good.
    uint32_t *head = batch.words + batch.word_count;
    uint32_t *next = head + 1;
    uint32_t string_bytes = batch.string_bytes;
    for (int i = 2; i < argc; i++) {
        if (as_word(argv[i], next)) {
            next++;
        } else if (JS_IsString(argv[i])) {
            if (!append_string(context, argv[i], next))
                goto exception;
            next += 2;
        } else {
            refuse(context, op, i - 2, argv[i]);
            goto exception;
        }
    }
    uint32_t words = next - head - 1;
    if (words > ARGUMENT_WORDS_MAX) {
        JS_ThrowRangeError(context, "emit: operation %u has %u argument words; at most %d are possible", op, words,
                           ARGUMENT_WORDS_MAX);
        goto exception;
    }
    *head = op | words << 8 | aux << 16;
    batch.word_count += 1 + words;
    batch.operations++;
    return JS_UNDEFINED;

exception:
    batch.string_bytes = string_bytes;
    return JS_EXCEPTION;
}

// batchSize()
JSValue batch_size(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv)
{
    (void)this_value;
    (void)argc;
    (void)argv;
    return JS_NewUint32(context, batch.operations);
}

bool batch_take(sleeping_widget_list_u8_t *result)
{
    result->ptr = NULL;
    result->len = 0;
    if (batch.operations == 0)
        return true;

    uint32_t stream_bytes = batch.word_count * sizeof(uint32_t);
    uint32_t padded = (batch.string_bytes + 3) & ~3u;
    uint8_t *bytes = realloc(batch.words, stream_bytes + padded);
    if (bytes == NULL)
        return false;
    uint32_t *header = (uint32_t *)bytes;
    header[0] = MAGIC;
    header[1] = batch.word_count - HEADER_WORDS;
    header[2] = batch.string_bytes;
    if (batch.string_bytes > 0)
        memcpy(bytes + stream_bytes, batch.strings, batch.string_bytes);
    memset(bytes + stream_bytes + batch.string_bytes, 0, padded - batch.string_bytes);
    result->ptr = bytes;
    result->len = stream_bytes + padded;

    batch.words = NULL;
    batch.word_count = batch.word_capacity = 0;
    batch_drop();
    return true;
}

void batch_drop(void)
{
    batch.word_count = 0;
    batch.operations = 0;
    batch.string_bytes = 0;
    if (batch.string_capacity > STRING_BYTES_KEPT) {
        free(batch.strings);
        batch.strings = NULL;
        batch.string_capacity = 0;
    }
}
