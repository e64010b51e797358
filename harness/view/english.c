#include "english.h"
#include "sentence.h"

#include <string.h>

struct verb {
    const char *past, *participle, *noun;
};

static const struct verb *verb_of(const struct cause_step *step) {
    static const struct verb accesses[] = {
        [ACCESS_NONE] = {"came to", "come to", "step"},
        [ACCESS_READ] = {"read", "read", "read"},
        [ACCESS_WRITE] = {"wrote", "written", "write"},
        [ACCESS_LOAD] = {"loaded", "loaded", "load"},
        [ACCESS_STORE] = {"stored to", "stored to", "store"},
        [ACCESS_UPDATE] = {"updated", "updated", "update"},
    };
    static const struct verb put = {"put back", "put back", "put"};
    static const struct verb get = {"got", "got", "get"};
    if (step->kind == OP_PUT)
        return &put;
    return step->kind == OP_GET ? &get : &accesses[step->access];
}

// "A.job", "request B", "worker.1 for A".
static void say_who(const struct cause *cause, const struct cause_step *step,
                    FILE *out) {
    const char *name = sentence_name(cause, step);
    if (name)
        fputs(name, out);
    else if (strcmp(step->request, cause->request) == 0)
        fprintf(out, "%s for %s", step->task, step->request);
    else
        fprintf(out, "request %s", step->request);
}

// " at step 22 (context.get, lab/server/context.c:117)"
static void say_where(const struct cause_step *step, FILE *out) {
    fprintf(out, " at step %d (%s", step->step, step->name);
    if (step->line > 0)
        fprintf(out, ", %s:%d", step->file, step->line);
    fputc(')', out);
}

// "step 20 (lab/server/context.c:109)"
static void say_step(const struct cause_step *step, FILE *out) {
    fprintf(out, "step %d", step->step);
    if (step->line > 0)
        fprintf(out, " (%s:%d)", step->file, step->line);
}

static const char *object_of(const struct cause *cause,
                             const struct cause_step *step) {
    return strcmp(step->object, cause->touch.object) == 0 ? "it" : step->object;
}

static void say_touch(const struct cause *cause, FILE *out) {
    say_who(cause, &cause->touch, out);
    fprintf(out, " %s %s", verb_of(&cause->touch)->past, cause->touch.object);
    say_where(&cause->touch, out);
    if (cause->touch.saw)
        fprintf(out, " and found %s=%lld", cause->touch.saw,
                cause->touch.value);
}

// Who wrote last what was touched.
static void say_last(const struct cause *cause, FILE *out) {
    if (cause->seen.step == 0)
        return;
    if (cause->other.step > cause->touch.step || cause->other.step == 0) {
        fputs(", which ", out);
        say_who(cause, &cause->seen, out);
        fprintf(out, " had last %s", verb_of(&cause->seen)->participle);
    } else {
        fputs(" and ", out);
        if (!sentence_same_maker(&cause->seen, &cause->other)) {
            say_who(cause, &cause->seen, out);
            fputc(' ', out);
        }
        fputs("last", out);
        if (verb_of(&cause->seen) != verb_of(&cause->other))
            fprintf(out, " %s it", verb_of(&cause->seen)->participle);
    }
    say_where(&cause->seen, out);
}

static void say_other(const struct cause *cause, FILE *out) {
    const struct cause_step *other = &cause->other;
    bool is_earlier = other->step < cause->touch.step;
    fputs(is_earlier ? ", after " : ", before ", out);
    say_who(cause, other, out);
    fprintf(out, "%s %s %s", is_earlier ? " had" : "",
            is_earlier ? verb_of(other)->participle : verb_of(other)->past,
            object_of(cause, other));
    say_where(other, out);
}

// "A had put it back at step 11, and it had been B's since step 15"; behind the
// object's name.
static void say_owner(const struct cause *cause, FILE *out) {
    const struct cause_owner *owner = &cause->owner;
    const char *whose = owner->last[0] ? owner->last : "somebody";
    if (owner->put)
        fprintf(out, "%s had put it back at step %d, %s", cause->touch.request,
                owner->put, owner->last_put ? "" : "and ");
    if (owner->request[0]) {
        fprintf(out, "it had been %s's since step %d", owner->request,
                owner->since);
        return;
    }
    if (owner->last_got)
        fprintf(out, "%s had had it from step %d to step %d, and ", whose,
                owner->last_got, owner->last_put);
    else if (owner->last_put)
        fprintf(out, "%s had put it back at step %d, and ", whose,
                owner->last_put);
    fputs("it lay in the pool", out);
}

static void say_edge(const struct cause *cause, FILE *out) {
    const struct cause_step *from = &cause->from, *to = &cause->to;
    switch (cause->order) {
    case CAUSE_LOCK:
        fprintf(out, "The unlock of %s at ", from->object);
        say_step(from, out);
        fputs(" and the lock at ", out);
        say_step(to, out);
        fputs(" order", out);
        break;
    case CAUSE_ATOMIC:
        fprintf(out, "The atomic %s to %s at ", verb_of(from)->noun,
                from->object);
        say_step(from, out);
        fputs(", whose value was found at ", out);
        say_step(to, out);
        fputs(", orders", out);
        break;
    case CAUSE_QUEUE:
        fprintf(out,
                "The thread pool's queue (%s at step %d, %s at step %d) orders",
                from->name, from->step, to->name, to->step);
        break;
    case CAUSE_START:
        fprintf(out, "The start of %s at ", to->task);
        say_step(from, out);
        fputs(" orders", out);
        break;
    case CAUSE_JOIN:
        fprintf(out, "The join of %s at ", from->task);
        say_step(to, out);
        fputs(" orders", out);
        break;
    default:
        fprintf(out, "What %s did in %s at ", from->task, from->name);
        say_step(from, out);
        fprintf(out, " and %s in %s at ", to->task, to->name);
        say_step(to, out);
        fputs(" orders", out);
        break;
    }
}

// "B's write"
static void say_deed(const struct cause *cause, const struct cause_step *step,
                     FILE *out) {
    const char *name = sentence_name(cause, step);
    fprintf(out, "%s's %s", name ? name : step->request, verb_of(step)->noun);
}

// An order gives nothing back.
static void say_still_foreign(const struct cause *cause, FILE *out) {
    static const char *const what[] = {
        [CAUSE_NOTHING] = "",
        [CAUSE_ONE_TASK] = "One thread puts the two in order; it does",
        [CAUSE_LOCK] = "A lock orders the two; it does",
        [CAUSE_ATOMIC] = "An atomic orders the two; it does",
        [CAUSE_QUEUE] = "A queue orders the two; it does",
        [CAUSE_START] = "A thread's start orders the two; it does",
        [CAUSE_JOIN] = "A join orders the two; it does",
        [CAUSE_CALLS] = "Such calls order the two; they do",
    };
    fprintf(out, ". %s not make %s %s's again: ", what[cause->order],
            cause->owner.object, cause->touch.request);
    say_owner(cause, out);
}

static void say_ordered(const struct cause *cause, FILE *out) {
    if (cause->order == CAUSE_ONE_TASK) {
        fprintf(out,
                "; both are done by %s, one after the other, so "
                "ThreadSanitizer is silent about the two",
                cause->touch.task);
    } else if (sentence_is_edge(cause)) {
        fputs("; ", out);
        say_deed(cause, sentence_second(cause), out);
        fputs(" found the value of ", out);
        say_deed(cause, sentence_first(cause), out);
        fputs(
            ", which puts the two in order, so ThreadSanitizer is silent about "
            "them",
            out);
    } else {
        fputs(". ", out);
        say_edge(cause, out);
        fputc(' ', out);
        say_deed(cause, sentence_first(cause), out);
        fputs(" before ", out);
        say_deed(cause, sentence_second(cause), out);
        fputs(", so ThreadSanitizer is silent about the two", out);
    }
    if (cause->owner.foreign)
        say_still_foreign(cause, out);
    if (cause->unordered.step == 0)
        return;
    fprintf(out, ". But nothing orders that %s and ",
            verb_of(&cause->touch)->noun);
    say_deed(cause, &cause->unordered, out);
    say_where(&cause->unordered, out);
    fputs(": that is a race", out);
}

static void say_unordered(const struct cause *cause, FILE *out) {
    fputs("; nothing orders the two", out);
    if (op_access_is_atomic(cause->touch.access) &&
        op_access_is_atomic(cause->other.access))
        fputs(", but both are atomic, so ThreadSanitizer is silent about them",
              out);
    if (!cause->owner.foreign)
        return;
    fprintf(out, ". By then %s was not %s's: ", cause->owner.object,
            cause->touch.request);
    say_owner(cause, out);
}

static void say_exchange(const struct cause *cause, FILE *out) {
    if (cause->decided)
        fprintf(out, ". With step %d before step %d %s reports \"%s\".",
                sentence_second(cause)->step, sentence_first(cause)->step,
                cause->task, cause->exchanged);
    else if (cause->tried > 0)
        fprintf(out,
                ". No exchange of two steps that was tried changes what %s "
                "reports.",
                cause->task);
    else if (cause->other.step)
        fputs(". No exchange of the two could be run.", out);
    else
        fputs(". There is no other step to exchange it with.", out);
}

static void say_nothing(const struct cause *cause, FILE *out) {
    if (cause->right)
        fprintf(out,
                "Right, and not by luck: at no point did %s touch what was "
                "another's, or race for what is nobody's.",
                cause->task);
    else
        fprintf(out,
                "%s reports \"%s\", though at no point did it touch what was "
                "another's, or race for what is nobody's; and no exchange of "
                "two steps that was tried changes that.",
                cause->task, cause->outcome);
}

void english_cause(const struct cause *cause, FILE *out) {
    if (cause->touch.step == 0) {
        say_nothing(cause, out);
        return;
    }
    if (cause->right)
        fputs("Right by luck: ", out);
    say_touch(cause, out);
    bool is_earlier = cause->other.step < cause->touch.step;
    if (cause->other.step == 0 || !is_earlier)
        say_last(cause, out);
    if (cause->other.step)
        say_other(cause, out);
    if (cause->other.step && is_earlier)
        say_last(cause, out);
    if (cause->other.step && cause->order != CAUSE_NOTHING) {
        say_ordered(cause, out);
    } else if (cause->other.step) {
        say_unordered(cause, out);
    } else if (cause->owner.foreign) {
        fprintf(out, ". By then %s was not %s's: ", cause->owner.object,
                cause->touch.request);
        say_owner(cause, out);
    }
    say_exchange(cause, out);
}

// Findings.

static void say_blocked(const struct cause_finding *finding, FILE *out) {
    if (finding->finding.sleeper == finding->finding.task) {
        fprintf(out, "%s slept in a callback,", finding->step.task);
        say_where(&finding->step, out);
        fputs(", and could do nothing else meanwhile.", out);
        return;
    }
    fprintf(out, "%s waited in a callback,", finding->waits.task);
    say_where(&finding->waits, out);
    fprintf(out, ", for %s, which slept", finding->sleeper);
    say_where(&finding->step, out);
    fputs(": it could do nothing else meanwhile.", out);
}

static void say_had(const struct cause_finding *finding, FILE *out) {
    if (finding->finding.kind == FINDING_MEMORY)
        fputs(", when its memory had been given back.", out);
    else if (finding->owner[0])
        fprintf(out, ", when it had been %s's since step %d.", finding->owner,
                finding->finding.got_step);
    else if (finding->finding.put_step)
        fprintf(out,
                ", when it lay in the pool: it had been put back at step %d.",
                finding->finding.put_step);
    else
        fputs(", when it lay in the pool.", out);
}

static void say_finding(const struct cause_finding *finding, const char *verb,
                        const char *object, FILE *out) {
    fputs(finding->step.task, out);
    if (finding->request[0])
        fprintf(out, ", for %s,", finding->request);
    fprintf(out, " %s %s", verb, object);
    say_where(&finding->step, out);
    say_had(finding, out);
}

void english_finding(const struct cause_finding *finding, FILE *out) {
    switch (finding->finding.kind) {
    case FINDING_FOREIGN:
        say_finding(finding, verb_of(&finding->step)->past,
                    finding->finding.object_name, out);
        break;
    case FINDING_FOREIGN_PUT:
        say_finding(finding, "put back", finding->finding.pooled_name, out);
        break;
    case FINDING_FOREIGN_GET:
        say_finding(finding, "got", finding->finding.pooled_name, out);
        break;
    case FINDING_MEMORY:
        say_finding(finding,
                    finding->finding.access == ACCESS_WRITE ? "wrote" : "read",
                    finding->finding.object_name, out);
        break;
    case FINDING_LEAK:
        fprintf(out, "Request %s got %s", finding->owner,
                finding->finding.pooled_name);
        say_where(&finding->step, out);
        fputs(", and nobody ever put it back.", out);
        break;
    case FINDING_UNANSWERED:
        fprintf(out, "Request %s was sent", finding->step.task);
        say_where(&finding->step, out);
        fputs(", and nobody ever answered it.", out);
        break;
    case FINDING_BLOCKED_LOOP:
        say_blocked(finding, out);
        break;
    default:
        break;
    }
}

// Who waits for whom.

static void say_holder(const struct cause_wait *wait, int holder, FILE *out) {
    fprintf(out, "%s%s", holder ? " and " : ", which ",
            wait->holders[holder].task);
    if (wait->holders[holder].place[0])
        fprintf(out, " has held since %s", wait->holders[holder].place);
    else
        fputs(" holds", out);
}

static void say_wait(const struct cause_wait *wait, FILE *out) {
    fprintf(out, "%s waits in ", wait->task);
    if (wait->kind == OP_POLL) {
        fputs("its loop, and nothing is ready", out);
        return;
    }
    fputs(wait->call, out);
    if (wait->place[0])
        fprintf(out, " (%s)", wait->place);
    if (wait->kind == OP_JOIN) {
        fprintf(out, " for %s to end", wait->holders[0].task);
        return;
    }
    if (wait->object[0])
        fprintf(out, " for %s", wait->object);
    for (int i = 0; i < wait->holder_count; i++)
        say_holder(wait, i, out);
}

void english_waits(const struct cause_wait *waits, int count, FILE *out) {
    fputs("Nobody can go on: ", out);
    for (int i = 0; i < count; i++) {
        fputs(i ? "; " : "", out);
        say_wait(&waits[i], out);
    }
    fputc('.', out);
}
