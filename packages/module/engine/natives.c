// The functions of `__playconnect` that are not the batch's. (QuickJS brings queueMicrotask itself.)
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

// ---- the log

// log(level, message)
static JSValue js_log(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv)
{
    (void)this_value;
    int32_t level = -1;
    if (argc < 2 || JS_ToInt32(context, &level, argv[0]) != 0 || level < 0 || level > 3)
        return JS_HasException(context) ? JS_EXCEPTION
                                        : JS_ThrowTypeError(context, "log: level is 0 (debug) to 3 (error)");
    sleeping_widget_string_t message;
    if (!values_string(context, argv[1], &message))
        return JS_EXCEPTION;
    playconnect_module_host_log(level, &message);
    sleeping_widget_string_free(&message);
    return JS_UNDEFINED;
}

// ---- formatting. Each option has one type; what is missing or undefined has its default.

static bool get_option_string(JSContext *context, JSValueConst options, const char *name, sleeping_widget_string_t *target,
                              bool *is_some)
{
    JSValue value = JS_GetPropertyStr(context, options, name);
    *is_some = !JS_IsException(value) && !JS_IsUndefined(value) && !JS_IsNull(value);
    bool ok = !JS_IsException(value) && (!*is_some || values_string(context, value, target));
    JS_FreeValue(context, value);
    *is_some = *is_some && ok;
    return ok;
}

// One of `count` words; the first is the default.
static bool get_option_word(JSContext *context, JSValueConst options, const char *name, const char *const *words,
                            int count, uint8_t *target)
{
    sleeping_widget_string_t text;
    bool is_some;
    if (!get_option_string(context, options, name, &text, &is_some))
        return false;
    *target = 0;
    if (!is_some)
        return true;
    int i = 0;
    while (i < count && (strlen(words[i]) != text.len || memcmp(words[i], text.ptr, text.len) != 0))
        i++;
    if (i == count)
        JS_ThrowRangeError(context, "%s cannot be %.*s", name, (int)text.len, text.ptr);
    sleeping_widget_string_free(&text);
    *target = i;
    return i < count;
}

static bool get_option_digits(JSContext *context, JSValueConst options, const char *name,
                              sleeping_widget_option_u8_t *target)
{
    JSValue value = JS_GetPropertyStr(context, options, name);
    double digits = 0;
    target->is_some = !JS_IsException(value) && !JS_IsUndefined(value) && !JS_IsNull(value);
    bool ok = !JS_IsException(value) && (!target->is_some || JS_ToFloat64(context, &digits, value) == 0);
    JS_FreeValue(context, value);
    // ECMA-402: 0 to 100.
    if (ok && !(digits >= 0 && digits <= 100)) {
        JS_ThrowRangeError(context, "%s is not a number from 0 to 100", name);
        ok = false;
    }
    target->val = ok ? (uint8_t)digits : 0;
    return ok;
}

static bool get_option_flag(JSContext *context, JSValueConst options, const char *name, bool fallback, bool *target)
{
    JSValue value = JS_GetPropertyStr(context, options, name);
    if (JS_IsException(value))
        return false;
    *target = JS_IsUndefined(value) ? fallback : JS_ToBool(context, value);
    JS_FreeValue(context, value);
    return true;
}

// What the host answered, as a string or as a RangeError. Frees it.
static JSValue answer(JSContext *context, bool ok, sleeping_widget_string_t *text)
{
    JSValue result = ok ? JS_NewStringLen(context, (const char *)text->ptr, text->len)
                        : JS_ThrowRangeError(context, "%.*s", (int)text->len, (const char *)text->ptr);
    sleeping_widget_string_free(text);
    return result;
}

// The locale and the value that both functions begin with. False: a JavaScript exception is pending.
static bool get_subject(JSContext *context, int argc, JSValueConst *argv, sleeping_widget_string_t *locale, double *value)
{
    if (!engine_is_live) {
        JS_ThrowTypeError(context, "formatting needs the session's locale, and there is no session while the bundle is "
                                   "evaluated at build time; format when you render");
        return false;
    }
    if (argc < 3 || !JS_IsObject(argv[2])) {
        JS_ThrowTypeError(context, "a locale, a value and options are needed");
        return false;
    }
    return JS_ToFloat64(context, value, argv[1]) == 0 && values_string(context, argv[0], locale);
}

// formatNumber(locale, value, {style, currency, minimumFractionDigits, maximumFractionDigits, grouping})
static JSValue js_format_number(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv)
{
    (void)this_value;
    static const char *const styles[] = {"decimal", "percent", "currency"};
    sleeping_widget_string_t locale, text, error;
    playconnect_module_intl_number_options_t options = {0};
    double value;
    if (!get_subject(context, argc, argv, &locale, &value))
        return JS_EXCEPTION;
    JSValue result = JS_EXCEPTION;
    if (get_option_word(context, argv[2], "style", styles, 3, &options.style) &&
        get_option_string(context, argv[2], "currency", &options.currency.val, &options.currency.is_some) &&
        get_option_digits(context, argv[2], "minimumFractionDigits", &options.minimum_fraction_digits) &&
        get_option_digits(context, argv[2], "maximumFractionDigits", &options.maximum_fraction_digits) &&
        get_option_flag(context, argv[2], "grouping", true, &options.grouping)) {
        bool ok = playconnect_module_intl_format_number(&locale, value, &options, &text, &error);
        result = answer(context, ok, ok ? &text : &error);
    }
    playconnect_module_intl_number_options_free(&options);
    sleeping_widget_string_free(&locale);
    return result;
}

// Bits of a set, as a number.
static bool get_option_bits(JSContext *context, JSValueConst options, const char *name, uint8_t *target)
{
    JSValue value = JS_GetPropertyStr(context, options, name);
    uint32_t bits = 0;
    bool ok = !JS_IsException(value) && (JS_IsUndefined(value) || JS_ToUint32(context, &bits, value) == 0);
    JS_FreeValue(context, value);
    *target = (uint8_t)(bits & 0x7f);
    return ok;
}

// formatDate(locale, timeMs, {date, time, parts, words, padded, timeZone})
static JSValue js_format_date(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv)
{
    (void)this_value;
    static const char *const lengths[] = {"none", "short", "medium", "long", "full"};
    sleeping_widget_string_t locale, text, error;
    playconnect_module_intl_date_options_t options = {0};
    bool has_time_zone;
    double value;
    if (!get_subject(context, argc, argv, &locale, &value))
        return JS_EXCEPTION;
    JSValue result = JS_EXCEPTION;
    if (get_option_word(context, argv[2], "date", lengths, 5, &options.date) &&
        get_option_word(context, argv[2], "time", lengths, 5, &options.time) &&
        get_option_bits(context, argv[2], "parts", &options.parts) &&
        get_option_word(context, argv[2], "words", lengths, 5, &options.words) &&
        get_option_flag(context, argv[2], "padded", false, &options.padded) &&
        get_option_string(context, argv[2], "timeZone", &options.time_zone, &has_time_zone)) {
        if (has_time_zone) {
            bool ok = playconnect_module_intl_format_date(&locale, value, &options, &text, &error);
            result = answer(context, ok, ok ? &text : &error);
        } else {
            JS_ThrowTypeError(context, "timeZone is missing");
        }
    }
    playconnect_module_intl_date_options_free(&options);
    sleeping_widget_string_free(&locale);
    return result;
}

// ---- UTF-8

// utf8Encode(string) -> ArrayBuffer
static JSValue js_utf8_encode(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv)
{
    (void)this_value;
    sleeping_widget_string_t bytes;
    if (!values_string(context, argc > 0 ? argv[0] : JS_UNDEFINED, &bytes))
        return JS_EXCEPTION;
    JSValue buffer = JS_NewArrayBufferCopy(context, bytes.ptr, bytes.len);
    sleeping_widget_string_free(&bytes);
    return buffer;
}

// utf8Decode(buffer, offset, length, fatal) -> string
static JSValue js_utf8_decode(JSContext *context, JSValueConst this_value, int argc, JSValueConst *argv)
{
    (void)this_value;
    if (argc < 4 || !JS_IsArrayBuffer(argv[0]))
        return JS_ThrowTypeError(context, "utf8Decode: an ArrayBuffer, offset, length and fatal are needed");
    int64_t offset, length;
    if (JS_ToInt64(context, &offset, argv[1]) != 0 || JS_ToInt64(context, &length, argv[2]) != 0)
        return JS_EXCEPTION;
    bool fatal = JS_ToBool(context, argv[3]);
    size_t size;
    const uint8_t *bytes = JS_GetArrayBuffer(context, &size, argv[0]);
    if (bytes == NULL && size > 0)
        return JS_EXCEPTION;
    if (offset < 0 || length < 0 || offset > (int64_t)size || length > (int64_t)size - offset)
        return JS_ThrowRangeError(context, "utf8Decode: %lld bytes at %lld are not inside a buffer of %zu", length, offset,
                                  size);
    bytes += offset;
    size_t valid = utf8_valid_prefix(bytes, length);
    if (valid == (size_t)length)
        return JS_NewStringLen(context, (const char *)bytes, length);
    if (fatal)
        return JS_ThrowTypeError(context, "The encoded data was not valid UTF-8 (byte %zu)", valid);
    return utf8_decode_lossy(context, bytes, length);
}

void natives_install(JSContext *context, JSValueConst playconnect)
{
    static const JSCFunctionListEntry functions[] = {
        JS_CFUNC_DEF("emit", 2, batch_emit),
        JS_CFUNC_DEF("batchSize", 0, batch_size),
        JS_CFUNC_DEF("log", 2, js_log),
        JS_CFUNC_DEF("formatNumber", 3, js_format_number),
        JS_CFUNC_DEF("formatDate", 3, js_format_date),
        JS_CFUNC_DEF("utf8Encode", 1, js_utf8_encode),
        JS_CFUNC_DEF("utf8Decode", 4, js_utf8_decode),
    };
    JS_SetPropertyFunctionList(context, playconnect, functions, sizeof functions / sizeof functions[0]);
}
