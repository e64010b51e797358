#include "owner.h"

#include <string.h>

void owners_clear(struct owners *owners, struct findings *findings,
                  const struct names *names) {
    owners->request_count = 0;
    owners->first[OWNER_NOBODY] = 0;
    owners->object_count = 0;
    owners->findings = findings;
    owners->names = names;
    findings_clear(findings);
}

int owners_request(struct owners *owners, const char *name) {
    char cut[LIMIT_NAME];
    names_copy(cut, sizeof cut, name);
    for (int i = 0; i < owners->request_count; i++)
        if (strcmp(owners->requests[i], cut) == 0)
            return i + 1;
    if (owners->request_count == LIMIT_TASKS)
        return OWNER_NOBODY;
    memcpy(owners->requests[owners->request_count++], cut, sizeof cut);
    owners->first[owners->request_count] = 0;
    return owners->request_count;
}

const char *owners_name(const struct owners *owners, int request) {
    return request == OWNER_NOBODY ? "" : owners->requests[request - 1];
}

static void print_name(const struct names *names, uintptr_t address, char *text,
                       size_t room) {
    const struct name *name = names_find(names, address);
    if (name)
        names_print(name, text, room);
    else
        names_copy(text, room, "memory without a name");
}

void owners_add(struct owners *owners, const struct finding *finding) {
    struct finding named = *finding;
    if (owners->names) {
        print_name(owners->names, finding->object, named.object_name,
                   sizeof named.object_name);
        print_name(owners->names, finding->pooled, named.pooled_name,
                   sizeof named.pooled_name);
    }
    findings_add(owners->findings, &named);
}

// The findings have this in common.
static struct finding found(enum finding_kind kind,
                            const struct owner_object *object, int request,
                            int task, int step) {
    return (struct finding){
        .kind = kind,
        .task = task,
        .step = step,
        .object = object->base,
        .pooled = object->base,
        .owner = object->owner,
        .got_step = object->owner == OWNER_NOBODY ? 0 : object->got_step,
        .put_step = object->put_step,
        .works_for = request,
    };
}

static struct owner_object *find(struct owners *owners, uintptr_t address) {
    return (struct owner_object *)owners_find(owners, address);
}

// Nobody will ever put it.
static void leak_if_owned(struct owners *owners,
                          const struct owner_object *object) {
    if (object->owner == OWNER_NOBODY)
        return;
    struct finding finding = found(FINDING_LEAK, object, object->owner,
                                   object->task, object->got_step);
    owners_add(owners, &finding);
}

// Forgets what was in this memory: it has been freed, and handed out anew.
static void drop_overlapping(struct owners *owners, uintptr_t base,
                             uintptr_t bytes) {
    int kept = 0;
    for (int i = 0; i < owners->object_count; i++) {
        const struct owner_object *object = &owners->objects[i];
        if (object->base - base < bytes || base - object->base < object->bytes)
            leak_if_owned(owners, object);
        else
            owners->objects[kept++] = *object;
    }
    owners->object_count = kept;
}

static struct owner_object *add(struct owners *owners, uintptr_t base,
                                uintptr_t bytes) {
    drop_overlapping(owners, base, bytes);
    if (owners->object_count == LIMIT_POOLED)
        return NULL;
    struct owner_object *object = &owners->objects[owners->object_count++];
    *object = (struct owner_object){.base = base, .bytes = bytes};
    return object;
}

bool owners_get(struct owners *owners, uintptr_t base, uintptr_t bytes,
                int request, int task, int step, const char *point) {
    struct owner_object *object = find(owners, base);
    if (!object || object->base != base || object->bytes != bytes)
        object = add(owners, base, bytes);
    if (!object)
        return false;
    if (object->owner != OWNER_NOBODY) {
        struct finding finding =
            found(FINDING_FOREIGN_GET, object, request, task, step);
        finding.name = point;
        owners_add(owners, &finding);
    }
    if (owners->first[request] == 0)
        owners->first[request] = base;
    object->owner = request;
    object->got_step = step;
    object->task = task;
    return true;
}

static bool is_own(const struct owner_object *object, int request) {
    return object->owner != OWNER_NOBODY && object->owner == request;
}

bool owners_put(struct owners *owners, uintptr_t base, int request, int task,
                int step, const char *point) {
    struct owner_object *object = find(owners, base);
    if (!object)
        return false;
    if (!is_own(object, request)) {
        struct finding finding =
            found(FINDING_FOREIGN_PUT, object, request, task, step);
        finding.name = point;
        owners_add(owners, &finding);
    }
    object->owner = OWNER_NOBODY;
    object->put_step = step;
    return true;
}

void owners_touch(struct owners *owners, const struct op *op, int request,
                  int task, int step) {
    const struct owner_object *object = find(owners, op->object);
    if (!object || is_own(object, request))
        return;
    struct finding finding =
        found(FINDING_FOREIGN, object, request, task, step);
    finding.object = op->object;
    finding.access = op->access;
    finding.name = op->name;
    owners_add(owners, &finding);
}

void owners_end(struct owners *owners) {
    for (int i = 0; i < owners->object_count; i++)
        leak_if_owned(owners, &owners->objects[i]);
}

bool owners_has(const struct owners *owners, int request) {
    for (int i = 0; i < owners->object_count; i++)
        if (is_own(&owners->objects[i], request))
            return true;
    return false;
}
