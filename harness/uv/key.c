// key.c - uv_key_t under control: each task has a value of its own, whether it
// is a thread or a stack that shares one.
#include "control.h"
#include "uv_prototypes.h"

#include <string.h>

static struct key_values *values_of(struct task *self, const uv_key_t *key) {
    for (int i = 0; i < control.key_count; i++)
        if (control.keys[i].key == key)
            return &control.keys[i];
    if (control.key_count == LIMIT_KEYS)
        control_misuse(self, "more than %d keys", LIMIT_KEYS);
    struct key_values *values = &control.keys[control.key_count++];
    memset(values, 0, sizeof *values);
    values->key = key;
    return values;
}

void racelab_uv_key_delete(uv_key_t *key) {
    if (control_enter()) {
        for (int i = 0; i < control.key_count; i++)
            if (control.keys[i].key == key) {
                control.keys[i] = control.keys[--control.key_count];
                break;
            }
        control_leave();
    }
    uv_key_delete(key);
}

void *racelab_uv_key_get(uv_key_t *key) {
    struct task *self = control_enter();
    if (!self)
        return uv_key_get(key);
    void *value = values_of(self, key)->values[self->id];
    control_leave();
    return value;
}

void racelab_uv_key_set(uv_key_t *key, void *value) {
    struct task *self = control_enter();
    if (!self) {
        uv_key_set(key, value);
        return;
    }
    values_of(self, key)->values[self->id] = value;
    control_leave();
}
