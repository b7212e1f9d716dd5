// Typed WIT values to plain JavaScript objects, and the outcome of a turn back. Field names are those of module.wit in
// camelCase; enumerations and variants are their WIT names in kebab-case, a variant's under `kind`.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

// Every property name and every enumeration value that crosses. Their atoms are made once, at build time.
#define NAMES(X)                                                                                                       \
    X(ACTION, "action") X(ANIMATION_FRAME, "animationFrame") X(BODY, "body") X(BUTTON, "button")                       \
    X(BUTTONS, "buttons") X(CHECKED, "checked") X(CODE, "code") X(COLOR_SCHEME, "colorScheme") X(CLICKS, "count")       \
    X(DATA, "data") X(DELTA_MODE, "deltaMode") X(DELTA_X, "deltaX") X(DELTA_Y, "deltaY") X(DETAIL, "detail")           \
    X(ENTRIES, "entries") X(ENVIRONMENT, "environment") X(ERROR, "error") X(FORM, "form") X(HEADERS, "headers")        \
    X(HEIGHT, "height") X(ID, "id") X(INCARNATION, "incarnation") X(INPUT_TYPE, "inputType") X(KEY, "key")             \
    X(KIND, "kind") X(LANE, "lane") X(LEFT, "left") X(LOCALE, "locale") X(METHOD, "method")                            \
    X(MODIFIERS, "modifiers") X(MODULE, "module") X(NEXT_TIMER_US, "nextTimerUs") X(NODE, "node") X(NOW_US, "nowUs")   \
    X(OFFSET_X, "offsetX") X(OFFSET_Y, "offsetY") X(POINTER_ID, "pointerId") X(POINTER_TYPE, "pointerType")            \
    X(PROPERTIES, "properties") X(REDUCED_MOTION, "reducedMotion") X(REQUESTS, "requests") X(RESPONSE, "response")     \
    X(SEED, "seed") X(SELECTED, "selected") X(SELECTION, "selection") X(SEQUENCE, "sequence") X(SLOT, "slot")          \
    X(STATUS, "status") X(TARGET, "target") X(TIME_ZONE, "timeZone") X(TOP, "top") X(TYPE, "type") X(URL, "url")       \
    X(VALUE, "value") X(VIEWPORT, "viewport") X(VISIBLE, "visible") X(WIDTH, "width") X(X_AXIS, "x") X(Y_AXIS, "y")    \
    X(FIRST, "first") X(TIMERS_MAX, "timersMax") X(WHAT, "what") X(WHY, "why") X(LIGHT, "light") X(DARK, "dark")       \
    X(MOUNT, "mount") X(EVENT, "event") X(TIMER, "timer") X(FRAME, "animation-frame") X(RESYNC, "resync")              \
    X(STRIPPED, "stripped")                                                                                            \
    X(POINTER, "pointer") X(WHEEL, "wheel") X(EDIT, "edit") X(SCROLL, "scroll") X(SUBMIT, "submit")

enum name {
#define X(name, text) NAME_##name,
    NAMES(X)
#undef X
    NAME_COUNT,
};

static JSAtom atoms[NAME_COUNT];

void values_initialize(JSContext *context)
{
    static const char *const texts[NAME_COUNT] = {
#define X(name, text) [NAME_##name] = text,
        NAMES(X)
#undef X
    };
    for (int i = 0; i < NAME_COUNT; i++)
        atoms[i] = JS_NewAtom(context, texts[i]);
}

// ---- to JavaScript

struct field {
    enum name name;
    JSValue value;
};

#define FIELDS_MAX 12

// Takes the values. An exception among them is what comes back.
static JSValue object(JSContext *context, int count, const struct field *fields)
{
    JSAtom names[FIELDS_MAX];
    JSValue values[FIELDS_MAX];
    bool exception = false;
    for (int i = 0; i < count; i++) {
        names[i] = atoms[fields[i].name];
        values[i] = fields[i].value;
        exception |= JS_IsException(values[i]);
    }
    if (!exception)
        return JS_NewObjectFrom(context, count, names, values);
    for (int i = 0; i < count; i++)
        JS_FreeValue(context, values[i]);
    return JS_EXCEPTION;
}

#define OBJECT(context, ...)                                                                                           \
    object(context, sizeof((struct field[]){__VA_ARGS__}) / sizeof(struct field), (struct field[]){__VA_ARGS__})

// Takes the values, and frees the memory that they lie in.
static JSValue array(JSContext *context, JSValue *values, size_t count)
{
    bool exception = values == NULL && count > 0;
    if (exception)
        return JS_ThrowOutOfMemory(context);
    for (size_t i = 0; i < count; i++)
        exception |= JS_IsException(values[i]);
    JSValue result = JS_EXCEPTION;
    if (!exception) {
        result = JS_NewArrayFrom(context, count, values);
    } else {
        for (size_t i = 0; i < count; i++)
            JS_FreeValue(context, values[i]);
    }
    free(values);
    return result;
}

static JSValue name(JSContext *context, enum name name)
{
    return JS_AtomToString(context, atoms[name]);
}

static JSValue string(JSContext *context, const sleeping_widget_string_t *string)
{
    return JS_NewStringLen(context, (const char *)string->ptr, string->len);
}

static JSValue pair(JSContext *context, JSValue first, JSValue second)
{
    JSValue *values = malloc(2 * sizeof(JSValue));
    if (values == NULL) {
        JS_FreeValue(context, first);
        JS_FreeValue(context, second);
        return JS_ThrowOutOfMemory(context);
    }
    values[0] = first;
    values[1] = second;
    return array(context, values, 2);
}

static JSValue string_pairs(JSContext *context, const sleeping_widget_list_tuple2_string_string_t *list)
{
    JSValue *values = malloc(list->len * sizeof(JSValue));
    if (values != NULL)
        for (size_t i = 0; i < list->len; i++)
            values[i] = pair(context, string(context, &list->ptr[i].f0), string(context, &list->ptr[i].f1));
    return array(context, values, list->len);
}

static JSValue words(JSContext *context, const uint32_t *list, size_t count)
{
    JSValue *values = malloc(count * sizeof(JSValue));
    if (values != NULL)
        for (size_t i = 0; i < count; i++)
            values[i] = JS_NewUint32(context, list[i]);
    return array(context, values, count);
}

static JSValue environment(JSContext *context, const playconnect_module_types_environment_t *environment)
{
    bool dark = environment->color_scheme == PLAYCONNECT_MODULE_TYPES_COLOR_SCHEME_DARK;
    JSValue viewport = OBJECT(context, {NAME_WIDTH, JS_NewUint32(context, environment->viewport.width)},
                              {NAME_HEIGHT, JS_NewUint32(context, environment->viewport.height)});
    return OBJECT(context, {NAME_LOCALE, string(context, &environment->locale)},
                  {NAME_TIME_ZONE, string(context, &environment->time_zone)},
                  {NAME_COLOR_SCHEME, name(context, dark ? NAME_DARK : NAME_LIGHT)},
                  {NAME_REDUCED_MOTION, JS_NewBool(context, environment->reduced_motion)}, {NAME_VIEWPORT, viewport},
                  {NAME_URL, string(context, &environment->url)},
                  {NAME_VISIBLE, JS_NewBool(context, environment->visible)});
}

JSValue values_start(JSContext *context, const playconnect_module_types_start_t *start)
{
    const uint64_t seed[4] = {start->seed.a, start->seed.b, start->seed.c, start->seed.d};
    uint32_t seed_words[8];
    for (int i = 0; i < 4; i++) {
        seed_words[2 * i] = (uint32_t)seed[i];
        seed_words[2 * i + 1] = (uint32_t)(seed[i] >> 32);
    }
    return OBJECT(context, {NAME_MODULE, string(context, &start->module)}, {NAME_SLOT, string(context, &start->slot)},
                  {NAME_INCARNATION, JS_NewUint32(context, start->incarnation)},
                  {NAME_NOW_US, JS_NewNumber(context, (double)start->now_us)}, {NAME_SEED, words(context, seed_words, 8)},
                  {NAME_ENVIRONMENT, environment(context, &start->environment)},
                  {NAME_PROPERTIES, string(context, &start->properties)},
                  {NAME_TIMERS_MAX, JS_NewUint32(context, start->timers_max)});
}

static JSValue detail(JSContext *context, const playconnect_module_types_detail_t *detail)
{
    switch (detail->tag) {
    case PLAYCONNECT_MODULE_TYPES_DETAIL_POINTER: {
        const playconnect_module_types_pointer_t *pointer = &detail->val.pointer;
        return OBJECT(context, {NAME_KIND, name(context, NAME_POINTER)}, {NAME_X_AXIS, JS_NewNumber(context, pointer->x)},
                      {NAME_Y_AXIS, JS_NewNumber(context, pointer->y)},
                      {NAME_OFFSET_X, JS_NewNumber(context, pointer->offset_x)},
                      {NAME_OFFSET_Y, JS_NewNumber(context, pointer->offset_y)},
                      {NAME_BUTTON, JS_NewInt32(context, pointer->button)},
                      {NAME_BUTTONS, JS_NewInt32(context, pointer->buttons)},
                      {NAME_POINTER_ID, JS_NewInt32(context, pointer->pointer_id)},
                      {NAME_POINTER_TYPE, string(context, &pointer->kind)},
                      {NAME_CLICKS, JS_NewUint32(context, pointer->count)});
    }
    case PLAYCONNECT_MODULE_TYPES_DETAIL_WHEEL: {
        const playconnect_module_types_wheel_t *wheel = &detail->val.wheel;
        return OBJECT(context, {NAME_KIND, name(context, NAME_WHEEL)}, {NAME_X_AXIS, JS_NewNumber(context, wheel->x)},
                      {NAME_Y_AXIS, JS_NewNumber(context, wheel->y)},
                      {NAME_DELTA_X, JS_NewNumber(context, wheel->delta_x)},
                      {NAME_DELTA_Y, JS_NewNumber(context, wheel->delta_y)},
                      {NAME_DELTA_MODE, JS_NewUint32(context, wheel->delta_mode)});
    }
    case PLAYCONNECT_MODULE_TYPES_DETAIL_KEY:
        return OBJECT(context, {NAME_KIND, name(context, NAME_KEY)}, {NAME_KEY, string(context, &detail->val.key.key)},
                      {NAME_CODE, string(context, &detail->val.key.code)});
    case PLAYCONNECT_MODULE_TYPES_DETAIL_EDIT: {
        const playconnect_module_types_edit_t *edit = &detail->val.edit;
        return OBJECT(context, {NAME_KIND, name(context, NAME_EDIT)},
                      {NAME_INPUT_TYPE, string(context, &edit->input_type)},
                      {NAME_DATA, edit->data.is_some ? string(context, &edit->data.val) : JS_NULL});
    }
    case PLAYCONNECT_MODULE_TYPES_DETAIL_SCROLL:
        return OBJECT(context, {NAME_KIND, name(context, NAME_SCROLL)},
                      {NAME_TOP, JS_NewNumber(context, detail->val.scroll.top)},
                      {NAME_LEFT, JS_NewNumber(context, detail->val.scroll.left)});
    case PLAYCONNECT_MODULE_TYPES_DETAIL_SUBMIT:
        return OBJECT(context, {NAME_KIND, name(context, NAME_SUBMIT)},
                      {NAME_ENTRIES, string_pairs(context, &detail->val.submit)});
    default:
        return JS_NULL;
    }
}

static JSValue form(JSContext *context, const playconnect_module_types_form_state_t *form)
{
    JSValue selection = form->selection.is_some ? pair(context, JS_NewUint32(context, form->selection.val.f0),
                                                       JS_NewUint32(context, form->selection.val.f1))
                                                : JS_NULL;
    return OBJECT(context, {NAME_VALUE, string(context, &form->value)},
                  {NAME_CHECKED, JS_NewBool(context, form->checked)}, {NAME_SELECTION, selection},
                  {NAME_SELECTED, words(context, form->selected.ptr, form->selected.len)});
}

static JSValue event(JSContext *context, const playconnect_module_types_event_t *event)
{
    return OBJECT(context, {NAME_KIND, name(context, NAME_EVENT)},
                  {NAME_SEQUENCE, JS_NewUint32(context, event->sequence)},
                  {NAME_TARGET, JS_NewUint32(context, event->target)}, {NAME_TYPE, string(context, &event->type)},
                  {NAME_MODIFIERS, JS_NewInt32(context, event->modifiers)},
                  {NAME_DETAIL, detail(context, &event->detail)},
                  {NAME_FORM, event->form.is_some ? form(context, &event->form.val) : JS_NULL});
}

static JSValue response(JSContext *context, const playconnect_module_types_tuple2_u32_result_response_string_t *response)
{
    JSValue answer = JS_NULL, error = JS_NULL;
    if (response->f1.is_err) {
        error = string(context, &response->f1.val.err);
    } else {
        const playconnect_module_types_response_t *ok = &response->f1.val.ok;
        answer = OBJECT(context, {NAME_URL, string(context, &ok->url)}, {NAME_STATUS, JS_NewInt32(context, ok->status)},
                        {NAME_HEADERS, string_pairs(context, &ok->headers)},
                        {NAME_BODY, JS_NewArrayBufferCopy(context, ok->body.ptr, ok->body.len)});
    }
    return OBJECT(context, {NAME_KIND, name(context, NAME_RESPONSE)}, {NAME_ID, JS_NewUint32(context, response->f0)},
                  {NAME_RESPONSE, answer}, {NAME_ERROR, error});
}

static JSValue stripped(JSContext *context, const playconnect_module_types_stripped_t *stripped)
{
    JSValue *values = malloc(stripped->first.len * sizeof(JSValue));
    if (values != NULL)
        for (size_t i = 0; i < stripped->first.len; i++) {
            const playconnect_module_types_strip_t *strip = &stripped->first.ptr[i];
            values[i] = OBJECT(context, {NAME_NODE, strip->node.is_some ? JS_NewUint32(context, strip->node.val) : JS_NULL},
                               {NAME_WHAT, string(context, &strip->what)}, {NAME_WHY, string(context, &strip->why)});
        }
    return OBJECT(context, {NAME_KIND, name(context, NAME_STRIPPED)},
                  {NAME_CLICKS, JS_NewUint32(context, stripped->count)},
                  {NAME_FIRST, array(context, values, stripped->first.len)});
}

static JSValue input(JSContext *context, const playconnect_module_types_input_t *input)
{
    switch (input->tag) {
    case PLAYCONNECT_MODULE_TYPES_INPUT_MOUNT:
        return OBJECT(context, {NAME_KIND, name(context, NAME_MOUNT)});
    case PLAYCONNECT_MODULE_TYPES_INPUT_EVENT:
        return event(context, &input->val.event);
    case PLAYCONNECT_MODULE_TYPES_INPUT_TIMER:
        return OBJECT(context, {NAME_KIND, name(context, NAME_TIMER)});
    case PLAYCONNECT_MODULE_TYPES_INPUT_ANIMATION_FRAME:
        return OBJECT(context, {NAME_KIND, name(context, NAME_FRAME)});
    case PLAYCONNECT_MODULE_TYPES_INPUT_ENVIRONMENT:
        return OBJECT(context, {NAME_KIND, name(context, NAME_ENVIRONMENT)},
                      {NAME_ENVIRONMENT, environment(context, &input->val.environment)});
    case PLAYCONNECT_MODULE_TYPES_INPUT_RESPONSE:
        return response(context, &input->val.response);
    case PLAYCONNECT_MODULE_TYPES_INPUT_RESYNC:
        return OBJECT(context, {NAME_KIND, name(context, NAME_RESYNC)},
                      {NAME_NODE, JS_NewUint32(context, input->val.resync)});
    case PLAYCONNECT_MODULE_TYPES_INPUT_STRIPPED:
        return stripped(context, &input->val.stripped);
    default:
        engine_abort("an input of kind %u: the host speaks another version of the world", input->tag);
    }
}

JSValue values_inputs(JSContext *context, const exports_playconnect_module_guest_list_input_t *inputs)
{
    JSValue *values = malloc(inputs->len * sizeof(JSValue));
    if (values != NULL)
        for (size_t i = 0; i < inputs->len; i++)
            values[i] = input(context, &inputs->ptr[i]);
    return array(context, values, inputs->len);
}

// ---- from JavaScript. False: an exception is pending, and the target holds nothing.

bool values_string(JSContext *context, JSValueConst value, sleeping_widget_string_t *string)
{
    string->ptr = NULL;
    string->len = 0;
    size_t length;
    const char *bytes = JS_ToCStringLen(context, &length, value);
    if (bytes == NULL)
        return false;
    bool ok = true;
    if (length > 0) {
        string->ptr = malloc(length);
        ok = string->ptr != NULL;
    }
    if (ok && length > 0) {
        memcpy(string->ptr, bytes, length);
        string->len = length;
        utf8_replace_surrogates(string->ptr, length);
    }
    if (!ok)
        JS_ThrowOutOfMemory(context);
    JS_FreeCString(context, bytes);
    return ok;
}

static bool get_string(JSContext *context, JSValueConst object, enum name name, sleeping_widget_string_t *target)
{
    JSValue value = JS_GetProperty(context, object, atoms[name]);
    bool ok = !JS_IsException(value) && values_string(context, value, target);
    JS_FreeValue(context, value);
    return ok;
}

// A whole number from 0 to `most`.
static bool get_number(JSContext *context, JSValueConst object, enum name name, double most, double *target)
{
    JSValue value = JS_GetProperty(context, object, atoms[name]);
    bool ok = !JS_IsException(value) && JS_ToFloat64(context, target, value) == 0;
    JS_FreeValue(context, value);
    if (ok && !(*target >= 0 && *target <= most && *target == floor(*target))) {
        const char *text = JS_AtomToCString(context, atoms[name]);
        JS_ThrowTypeError(context, "finish: %s is %g, not a whole number from 0 to %g", text ? text : "", *target, most);
        JS_FreeCString(context, text);
        ok = false;
    }
    return ok;
}

static bool array_length(JSContext *context, JSValueConst value, const char *what, uint32_t *length)
{
    int64_t count;
    if (!JS_IsArray(value)) {
        JS_ThrowTypeError(context, "finish: %s is not an array", what);
        return false;
    }
    if (JS_GetLength(context, value, &count) != 0)
        return false;
    *length = count;
    return true;
}

static bool get_headers(JSContext *context, JSValueConst action, sleeping_widget_list_tuple2_string_string_t *headers)
{
    JSValue list = JS_GetProperty(context, action, atoms[NAME_HEADERS]);
    uint32_t count = 0;
    bool ok = !JS_IsException(list) && array_length(context, list, "headers of a fetch", &count);
    if (ok && count > 0) {
        headers->ptr = calloc(count, sizeof *headers->ptr);
        ok = headers->ptr != NULL;
        if (!ok)
            JS_ThrowOutOfMemory(context);
    }
    for (uint32_t i = 0; ok && i < count; i++) {
        // Counted as they are filled, so that what was filled can be freed.
        headers->len = i + 1;
        JSValue header = JS_GetPropertyUint32(context, list, i);
        JSValue key = JS_GetPropertyUint32(context, header, 0);
        JSValue value = JS_GetPropertyUint32(context, header, 1);
        ok = !JS_IsException(key) && !JS_IsException(value) && values_string(context, key, &headers->ptr[i].f0) &&
             values_string(context, value, &headers->ptr[i].f1);
        JS_FreeValue(context, key);
        JS_FreeValue(context, value);
        JS_FreeValue(context, header);
    }
    JS_FreeValue(context, list);
    return ok;
}

static bool get_body(JSContext *context, JSValueConst action, sleeping_widget_list_u8_t *body)
{
    JSValue value = JS_GetProperty(context, action, atoms[NAME_BODY]);
    bool ok = !JS_IsException(value);
    if (ok && !JS_IsNull(value)) {
        size_t length;
        const uint8_t *bytes = JS_GetArrayBuffer(context, &length, value);
        ok = bytes != NULL || (JS_IsArrayBuffer(value) && length == 0);
        if (ok && length > 0) {
            body->ptr = malloc(length);
            ok = body->ptr != NULL;
            if (ok) {
                memcpy(body->ptr, bytes, length);
                body->len = length;
            } else {
                JS_ThrowOutOfMemory(context);
            }
        }
    }
    JS_FreeValue(context, value);
    return ok;
}

static bool get_action(JSContext *context, JSValueConst object, playconnect_module_types_action_t *action)
{
    static const char *const kinds[] = {"navigate", "pushUrl", "replaceUrl", "fetch", "cancel"};
    const int count = sizeof kinds / sizeof *kinds;
    JSValue kind = JS_GetProperty(context, object, atoms[NAME_KIND]);
    const char *text = JS_IsException(kind) ? NULL : JS_ToCString(context, kind);
    JS_FreeValue(context, kind);
    if (text == NULL)
        return false;
    int tag = 0;
    while (tag < count && strcmp(text, kinds[tag]) != 0)
        tag++;
    if (tag == count)
        JS_ThrowTypeError(context, "finish: a request's action is %s, not navigate, pushUrl, replaceUrl, fetch or cancel",
                          text);
    JS_FreeCString(context, text);
    if (tag == count)
        return false;

    action->tag = tag;
    if (tag == PLAYCONNECT_MODULE_TYPES_ACTION_CANCEL) {
        double id;
        bool ok = get_number(context, object, NAME_ID, UINT32_MAX, &id);
        action->val.cancel = ok ? (uint32_t)id : 0;
        return ok;
    }
    if (tag != PLAYCONNECT_MODULE_TYPES_ACTION_FETCH)
        return get_string(context, object, NAME_URL, &action->val.navigate);
    playconnect_module_types_fetch_t *fetch = &action->val.fetch;
    return get_string(context, object, NAME_METHOD, &fetch->method) &&
           get_string(context, object, NAME_URL, &fetch->url) && get_headers(context, object, &fetch->headers) &&
           get_body(context, object, &fetch->body);
}

static bool get_requests(JSContext *context, JSValueConst object, playconnect_module_types_list_request_t *requests)
{
    JSValue list = JS_GetProperty(context, object, atoms[NAME_REQUESTS]);
    uint32_t count = 0;
    bool ok = !JS_IsException(list) && array_length(context, list, "requests", &count);
    if (ok && count > 0) {
        requests->ptr = calloc(count, sizeof *requests->ptr);
        ok = requests->ptr != NULL;
        if (!ok)
            JS_ThrowOutOfMemory(context);
    }
    for (uint32_t i = 0; ok && i < count; i++) {
        requests->len = i + 1;
        double id;
        JSValue request = JS_GetPropertyUint32(context, list, i);
        JSValue action = JS_GetProperty(context, request, atoms[NAME_ACTION]);
        ok = !JS_IsException(action) && get_number(context, request, NAME_ID, UINT32_MAX, &id) &&
             get_action(context, action, &requests->ptr[i].action);
        if (ok)
            requests->ptr[i].id = (uint32_t)id;
        JS_FreeValue(context, action);
        JS_FreeValue(context, request);
    }
    JS_FreeValue(context, list);
    return ok;
}

static bool get_next_timer(JSContext *context, JSValueConst object, sleeping_widget_option_u64_t *timer)
{
    JSValue value = JS_GetProperty(context, object, atoms[NAME_NEXT_TIMER_US]);
    double us = 0;
    bool ok = !JS_IsException(value);
    timer->is_some = ok && !JS_IsNull(value);
    if (timer->is_some)
        ok = JS_ToFloat64(context, &us, value) == 0;
    JS_FreeValue(context, value);
    if (ok && isnan(us)) {
        JS_ThrowTypeError(context, "finish: nextTimerUs is not a number");
        ok = false;
    }
    // Rounded up: a timer must not fire before its time. What is too large or too small for u64 is cut off.
    timer->val = us < 0 ? 0 : (uint64_t)ceil(us);
    return ok;
}

bool values_outcome(JSContext *context, JSValueConst value, playconnect_module_types_outcome_t *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    if (!JS_IsObject(value)) {
        JS_ThrowTypeError(context, "finish: returned no object");
        return false;
    }
    double lane = 0;
    JSValue frame = JS_GetProperty(context, value, atoms[NAME_ANIMATION_FRAME]);
    bool ok = !JS_IsException(frame) && get_number(context, value, NAME_LANE, 3, &lane) &&
              get_next_timer(context, value, &outcome->next_timer_us) &&
              get_requests(context, value, &outcome->requests);
    outcome->lane = lane;
    outcome->animation_frame = ok && JS_ToBool(context, frame);
    JS_FreeValue(context, frame);
    if (!ok) {
        playconnect_module_types_outcome_free(outcome);
        memset(outcome, 0, sizeof *outcome);
    }
    return ok;
}
