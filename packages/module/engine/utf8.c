// UTF-8 by the rules of the WHATWG Encoding Standard: https://encoding.spec.whatwg.org/#utf-8-decoder
#include <stdlib.h>
#include <string.h>

#include "engine.h"

// What may follow a lead byte: how many bytes, and what the first of them must lie between.
struct lead {
    uint8_t more;
    uint8_t lower;
    uint8_t upper;
};

// `more` 0: not a lead byte.
static struct lead lead_of(uint8_t byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return (struct lead){1, 0x80, 0xBF};
    if (byte >= 0xE0 && byte <= 0xEF)
        return (struct lead){2, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
    if (byte >= 0xF0 && byte <= 0xF4)
        return (struct lead){3, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
    return (struct lead){0, 0, 0};
}

// Length of the sequence at the start of `bytes` as far as it is well-formed; `complete` says whether it is whole.
static size_t sequence(const uint8_t *bytes, size_t length, bool *complete)
{
    struct lead lead = lead_of(bytes[0]);
    *complete = false;
    if (lead.more == 0)
        return 1;
    size_t taken = 1;
    uint8_t lower = lead.lower, upper = lead.upper;
    while (taken <= lead.more && taken < length && bytes[taken] >= lower && bytes[taken] <= upper) {
        lower = 0x80;
        upper = 0xBF;
        taken++;
    }
    *complete = taken == (size_t)lead.more + 1;
    return taken;
}

static size_t ascii_prefix(const uint8_t *bytes, size_t length)
{
    size_t i = 0;
    for (uint64_t eight; i + 8 <= length; i += 8) {
        memcpy(&eight, bytes + i, 8);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (i < length && bytes[i] < 0x80)
        i++;
    return i;
}

size_t utf8_valid_prefix(const uint8_t *bytes, size_t length)
{
    size_t i = 0;
    for (;;) {
        i += ascii_prefix(bytes + i, length - i);
        if (i == length)
            return i;
        bool complete;
        size_t taken = sequence(bytes + i, length - i, &complete);
        if (!complete)
            return i;
        i += taken;
    }
}

void utf8_replace_surrogates(uint8_t *bytes, size_t length)
{
    uint8_t *end = bytes + length;
    while ((bytes = memchr(bytes, 0xED, end - bytes)) != NULL) {
        if (bytes[1] >= 0xA0)
            memcpy(bytes, "\xEF\xBF\xBD", 3);
        bytes += 3;
    }
}

JSValue utf8_decode_lossy(JSContext *context, const uint8_t *bytes, size_t length)
{
    // No sequence has more UTF-16 units than bytes.
    uint16_t *units = malloc(length * sizeof(uint16_t));
    if (units == NULL)
        return JS_ThrowOutOfMemory(context);
    size_t count = 0;
    for (size_t i = 0; i < length;) {
        if (bytes[i] < 0x80) {
            units[count++] = bytes[i++];
            continue;
        }
        bool complete;
        size_t taken = sequence(bytes + i, length - i, &complete);
        uint32_t scalar = 0xFFFD;
        if (complete) {
            scalar = bytes[i] & (0x7F >> taken);
            for (size_t k = 1; k < taken; k++)
                scalar = scalar << 6 | (bytes[i + k] & 0x3F);
        }
        if (scalar >= 0x10000) {
            units[count++] = 0xD7C0 + (scalar >> 10);
            units[count++] = 0xDC00 + (scalar & 0x3FF);
        } else {
            units[count++] = scalar;
        }
        i += taken;
    }
    JSValue string = JS_NewStringUTF16(context, units, count);
    free(units);
    return string;
}
