#include "wrong.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The execution in which the wrong is seen best: a wrong outcome, else whatever
// there is.
static const struct defeat *best(const struct facts *facts) {
    for (int i = 0; i < FAILINGS; i++)
        if (facts->defeats[i].replayed != NULL)
            return &facts->defeats[i];
    return NULL;
}

// Steps.

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

static const json_t *steps_of(const struct facts *facts) {
    const struct defeat *defeat = best(facts);

    return defeat != NULL ? json_object_get(defeat->replayed, "steps") : NULL;
}

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_named(const json_t *step, const char *name) {
    return strcmp(text_of(step, "name"), name) == 0;
}

// What kind of task: "loop", "worker.1", or a thread of a request, "A.job".
static bool is_loop(const json_t *step) {
    return begins(text_of(step, "task"), "loop");
}

static bool is_worker(const json_t *step) {
    return begins(text_of(step, "task"), "worker");
}

static bool is_job(const json_t *step) {
    return strstr(text_of(step, "task"), ".job") != NULL;
}

typedef bool is_kind(const json_t *step);

// The first step of that name by such a task, on a pooled context; 0: none.
static size_t step_by(const struct facts *facts, const char *name,
                      is_kind *kind) {
    const json_t *step;
    size_t at;

    json_array_foreach(steps_of(facts), at, step)
        if (is_named(step, name) && kind(step) &&
            strstr(text_of(step, "detail"), "context#") != NULL)
            return at + 1;
    return 0;
}

// Is the reset made with the context's lock held?
static bool resets_locked(const struct facts *facts) {
    const json_t *step, *steps = steps_of(facts);
    size_t at;
    bool locked = false;

    json_array_foreach(steps, at, step) {
        if (!is_loop(step))
            continue;
        if (is_named(step, "uv_rwlock_wrlock"))
            locked = true;
        else if (is_named(step, "uv_rwlock_wrunlock"))
            locked = false;
        else if (is_named(step, "context.reset"))
            return locked;
    }
    return false;
}

// Classes.

static bool fails(const struct facts *facts, enum failing failing) {
    return facts->defeats[failing].schedule != NULL;
}

static bool is_made_up(const struct facts *facts) {
    return facts->made_up;
}

static bool is_malloc_free(const struct facts *facts) {
    return facts->undefined;
}

static bool is_no_job(const struct facts *facts) {
    return !facts->reports_once;
}

static bool is_never_put(const struct facts *facts) {
    return fails(facts, FAILING_LEAK) && !fails(facts, FAILING_OWNER);
}

static bool is_join(const struct facts *facts) {
    return fails(facts, FAILING_BLOCKED) && !fails(facts, FAILING_OWNER);
}

static bool is_delay(const struct facts *facts) {
    return fails(facts, FAILING_BLOCKED);
}

static bool is_late_retain(const struct facts *facts) {
    return step_by(facts, "context.retain", is_job) > 0;
}

static bool is_double_put(const struct facts *facts) {
    return facts->foreign_put;
}

static bool is_atomic(const struct facts *facts) {
    const json_t *step;
    size_t at;

    json_array_foreach(steps_of(facts), at, step)
        if (is_named(step, "context.get") &&
            begins(text_of(step, "detail"), "loads "))
            return true;
    return false;
}

static bool copies_in_job(const struct facts *facts) {
    return step_by(facts, "context.copy", is_job) > 0;
}

static bool is_late_copy_locked(const struct facts *facts) {
    return copies_in_job(facts) && resets_locked(facts);
}

static bool is_late_copy(const struct facts *facts) {
    return copies_in_job(facts);
}

static bool is_shallow_copy(const struct facts *facts) {
    return step_by(facts, "context.copy", is_loop) > 0;
}

static bool is_after_work(const struct facts *facts) {
    return step_by(facts, "context.get", is_loop) > 0;
}

static bool is_busy_pool(const struct facts *facts) {
    return step_by(facts, "context.get", is_worker) > 0;
}

static bool is_timeout(const struct facts *facts) {
    return step_by(facts, "context.set", is_job) > 0;
}

static bool is_generation(const struct facts *facts) {
    return !fails(facts, FAILING_RACE) && fails(facts, FAILING_OWNER) &&
           !facts->sees_other;
}

static bool is_locked(const struct facts *facts) {
    return !fails(facts, FAILING_RACE) && fails(facts, FAILING_OWNER) &&
           resets_locked(facts);
}

static bool is_raw(const struct facts *facts) {
    return fails(facts, FAILING_OWNER);
}

static bool is_anything(const struct facts *facts) {
    (void)facts;
    return true;
}

static const struct wrong table[] = {
    {"made_up",
     {"Compare with the time that wallclock_ms() gave to the handler: a job "
      "compared with another, which says nothing of the context.",
      "请与处理函数从 wallclock_ms() 取得的时间比较：有任务比较的是别的值，"
      "这说明不了上下文的任何情况。"},
     is_made_up},
    {"malloc_free",
     {"Give the job something of its own: what it reads here was freed, and "
      "malloc is a pool, too. The same schedule does not do the same again.",
      "请让任务持有自己的数据：它在这里读的内存已被释放，而 malloc "
      "也是一个池。同一调度再跑一次，结果不同。"},
     is_malloc_free},
    {"no_job",
     {"Start the job, and let it report: without one nothing is repaired.",
      "请启动任务并让它报告结果：没有任务，就谈不上修复。"},
     is_no_job},
    {"never_put",
     {"Let every context go back to its pool: here each request costs one, "
      "for ever.",
      "请让每个上下文都回到池中：这里每个请求都会永远占用一个。"},
     is_never_put},
    {"join",
     {"Let the handler return: while the loop waits for the job it serves "
      "nobody.",
      "请让处理函数返回：事件循环等待任务期间，谁也得不到服务。"},
     is_join},
    {"delay",
     {"Make the job own what it reads: waiting makes the right order likelier, "
      "not certain, and the loop serves nobody meanwhile.",
      "请让任务拥有它读取的数据：等待只会让正确的顺序更可能出现，"
      "并不保证它出现，而且这期间事件循环谁也服务不了。"},
     is_delay},
    {"late_retain",
     {"Count the job as a user before the handler returns: in the job it comes "
      "too late, when the context may be another request's.",
      "请在处理函数返回之前就把任务计入使用者：在任务里计数已经太晚，"
      "那时上下文可能已属于别的请求。"},
     is_late_retain},
    {"double_put",
     {"Put a context once, in one place: put twice, it is given to two "
      "requests at a time.",
      "请只在一处、只放回一次：放回两次的上下文会同时被交给两个请求。"},
     is_double_put},
    {"atomic",
     {"Give the job a value of its own: an atomic field has no race, and still "
      "holds what the next request stored in it.",
      "请给任务一份自己的值：原子字段没有数据竞争，"
      "但里面存的仍是下一个请求写入的内容。"},
     is_atomic},
    {"late_copy_locked",
     {"Make the copy in the handler, before the job starts: the lock takes the "
      "race away, and the copy is still one of another request's data.",
      "请在处理函数里、任务启动之前就复制：锁消除了数据竞争，"
      "复制到的却仍是别的请求的数据。"},
     is_late_copy_locked},
    {"late_copy",
     {"Make the copy in the handler, before the job starts: in the job it is a "
      "copy of whatever the context holds by then.",
      "请在处理函数里、任务启动之前就复制：在任务里复制到的，"
      "是上下文那时恰好持有的内容。"},
     is_late_copy},
    {"shallow_copy",
     {"Copy the keys, too: this copy points to those of the context, which the "
      "next request clears.",
      "请把键值也复制一份：这份副本指向的仍是原上下文的键值，"
      "下一个请求会把它清空。"},
     is_shallow_copy},
    {"timeout",
     {"Let whoever uses the context last finish the request: the timer answers "
      "here while the job goes on with a context that has been put.",
      "请让最后使用上下文的一方结束请求：这里定时器先应答了，"
      "任务却还在使用已放回池中的上下文。"},
     is_timeout},
    {"after_work",
     {"Take along what is needed before the handler returns: the loop's own "
      "thread keeps others from running, not the context from being another's.",
      "请在处理函数返回之前就带走所需的数据：在事件循环线程里读，"
      "只能排除并发，不能让上下文仍属于自己。"},
     is_after_work},
    {"busy_pool",
     {"Give the work something of its own: the pool's lock orders it after the "
      "next request, which quietens the detector and mends nothing.",
      "请让工作项持有自己的数据：线程池的锁把它排在下一个请求之后，"
      "检测器因此沉默，问题并没有解决。"},
     is_busy_pool},
    {"generation",
     {"Keep the value for the job: noticing that the context is another's "
      "avoids foreign data, and loses one's own.",
      "请为任务保留那个值：发现上下文已易主，可以避免读到别人的数据，"
      "却丢了自己的数据。"},
     is_generation},
    {"locked",
     {"Give the job a copy, the value, or a share in the context: a lock in "
      "the reset takes the race away, not the next request.",
      "请把副本、值或上下文的使用权交给任务：重置时加锁消除了数据竞争，"
      "却挡不住下一个请求。"},
     is_locked},
    {"raw",
     {"Give the job a copy, the value, or a share in the context: the handler's "
      "own context goes back to the pool when the handler returns.",
      "请把副本、值或上下文的使用权交给任务：处理函数一返回，"
      "它自己的上下文就回到了池中。"},
     is_raw},
    {"unknown",
     {"See the schedule: replayed step by step, it shows what happens.",
      "请看这个调度：逐步重放，就能看到发生了什么。"},
     is_anything},
};

const struct wrong *wrong_find(const struct facts *facts) {
    const struct wrong *wrong = table;

    while (!wrong->is(facts))
        wrong++;
    return wrong;
}

// How far others had changed the context when it was looked at in `step`.
static const char *moment_of(const json_t *steps, json_int_t last,
                             const char *request) {
    const json_t *step;
    size_t at;
    int marks = 0;

    json_array_foreach(steps, at, step) {
        if ((json_int_t)at + 1 >= last)
            break;
        bool own = strcmp(text_of(step, "for"), request) == 0;
        if (is_named(step, "pool.get") && own)
            marks = 0;
        else if (is_named(step, "context.reset") && !own)
            marks = marks < 1 ? 1 : marks;
        else if (is_named(step, "context.set") && !own && marks == 1)
            marks = 2;
    }
    return marks == 0 ? "before-reset" : marks == 1 ? "after-reset" : "after-set";
}

char *wrong_place(const struct facts *facts) {
    const struct defeat *defeat = best(facts);
    const json_t *finding;
    size_t at;
    char *place;

    if (defeat == NULL)
        return NULL;
    json_array_foreach(json_object_get(defeat->replayed, "findings"), at,
                       finding) {
        json_int_t step = json_integer_value(json_object_get(finding, "step"));
        if (!is_named(finding, "") && strcmp(text_of(finding, "kind"),
                                             "foreign") != 0)
            continue;
        if (asprintf(&place, "%s, %s %lld",
                     moment_of(steps_of(facts), step, text_of(finding, "for")),
                     "step", (long long)step) < 0)
            abort();
        return place;
    }
    return NULL;
}
