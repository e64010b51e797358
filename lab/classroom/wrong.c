#include "wrong.h"

#include <string.h>

// The execution in which the wrong is seen best: a wrong outcome, else whatever
// there is.
static const struct defeat *best(const struct facts *facts) {
    for (int i = 0; i < FAILINGS; i++)
        if (facts->defeats[i].replayed != NULL)
            return &facts->defeats[i];
    return NULL;
}

static const json_t *replayed(const struct facts *facts, const char *key) {
    const struct defeat *defeat = best(facts);

    return defeat != NULL ? json_object_get(defeat->replayed, key) : NULL;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

static bool has(const json_t *object, const char *key, const char *text) {
    return strcmp(text_of(object, key), text) == 0;
}

static bool begins(const json_t *object, const char *key, const char *with) {
    return strncmp(text_of(object, key), with, strlen(with)) == 0;
}

// Tasks: a loop, a worker of the thread pool, a thread of a request ("A.job").

static bool is_loop(const json_t *by) {
    return begins(by, "task", "loop");
}

static bool is_worker(const json_t *by) {
    return begins(by, "task", "worker");
}

static bool is_job(const json_t *by) {
    return strstr(text_of(by, "task"), ".job") != NULL;
}

static bool is_anyone(const json_t *by) {
    (void)by;
    return true;
}

typedef bool is_kind(const json_t *by);

// What was found in the execution: the first touch of a context that is not its
// own, by such a task, at that point (NULL: any); or NULL.
static const json_t *touch(const struct facts *facts, is_kind *kind,
                           const char *point) {
    const json_t *finding;
    size_t at;

    json_array_foreach(
        replayed(facts, "findings"), at,
        finding) if (has(finding, "kind", "foreign") && kind(finding) &&
                     (point == NULL ||
                      has(finding, "point", point))) return finding;
    return NULL;
}

// The first step of that name by such a task, on what is called so; 0: none.
static size_t step(const struct facts *facts, const char *name, is_kind *kind,
                   const char *object) {
    const json_t *at;
    size_t number;

    json_array_foreach(replayed(facts, "steps"), number,
                       at) if (has(at, "name", name) && kind(at) &&
                               strstr(text_of(at, "detail"), object) !=
                                   NULL) return number +
        1;
    return 0;
}

// Has its task the lock of a copy, the lab's or its own, when it makes that
// step? To read a context's keys is to take the lock beside the pointer to
// them.
static bool holds_lock_of_copy(const struct facts *facts,
                               const json_t *finding) {
    const json_t *at;
    size_t number;
    bool holds = false;

    json_array_foreach(replayed(facts, "steps"), number, at) {
        if ((json_int_t)number + 1 ==
            json_integer_value(json_object_get(finding, "step")))
            return holds;
        if (!has(at, "task", text_of(finding, "task")))
            continue;
        if (has(at, "name", "uv_rwlock_rdlock"))
            holds = !begins(at, "detail", "context#");
        else if (has(at, "name", "uv_rwlock_rdunlock"))
            holds = false;
    }
    return false;
}

// Is the reset made with the context's lock held?
static bool resets_locked(const struct facts *facts) {
    const json_t *at;
    size_t number;
    bool locked = false;

    json_array_foreach(replayed(facts, "steps"), number, at) {
        if (!is_loop(at))
            continue;
        if (has(at, "name", "uv_rwlock_wrlock"))
            locked = true;
        else if (has(at, "name", "uv_rwlock_wrunlock"))
            locked = false;
        else if (has(at, "name", "context.reset"))
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

static bool is_crash(const struct facts *facts) {
    return facts->crashed;
}

static bool is_malloc_free(const struct facts *facts) {
    return facts->undefined;
}

static bool is_invalid_free(const struct facts *facts) {
    return facts->invalid_free;
}

static bool is_no_job(const struct facts *facts) {
    return !facts->reports;
}

static bool is_copy_kept(const struct facts *facts) {
    return facts->copy_kept && !facts->context_kept &&
           !fails(facts, FAILING_OUTCOME);
}

static bool is_memory_kept(const struct facts *facts) {
    return facts->memory_kept && !facts->context_kept &&
           !fails(facts, FAILING_OUTCOME);
}

static bool is_no_answer(const struct facts *facts) {
    return facts->unanswered;
}

static bool is_never_put(const struct facts *facts) {
    return facts->context_kept && !fails(facts, FAILING_OWNER);
}

static bool is_join(const struct facts *facts) {
    return fails(facts, FAILING_BLOCKED) && !fails(facts, FAILING_OWNER);
}

static bool is_delay(const struct facts *facts) {
    return fails(facts, FAILING_BLOCKED);
}

static bool is_late_retain(const struct facts *facts) {
    return touch(facts, is_anyone, "context.retain") != NULL;
}

static bool is_double_put(const struct facts *facts) {
    return facts->foreign_put;
}

// The handler puts it, and then the server counts one user less.
static bool is_early_put(const struct facts *facts) {
    return touch(facts, is_loop, "context.release") != NULL;
}

static bool is_atomic(const struct facts *facts) {
    return step(facts, "context.get", is_anyone, "loads context#") > 0;
}

static bool copies_in_job(const struct facts *facts) {
    return touch(facts, is_job, "context.copy") != NULL ||
           touch(facts, is_worker, "context.copy") != NULL;
}

static bool is_late_copy_locked(const struct facts *facts) {
    return copies_in_job(facts) && resets_locked(facts);
}

static bool has_own_copy(const struct facts *facts) {
    return fails(facts, FAILING_OUTCOME) && !fails(facts, FAILING_OWNER) &&
           step(facts, "context.copy", is_loop, "context#") > 0;
}

static bool is_freed_copy(const struct facts *facts) {
    return has_own_copy(facts) &&
           step(facts, "context.free", is_loop, "copy#") > 0;
}

static bool is_early_copy(const struct facts *facts) {
    return has_own_copy(facts) &&
           step(facts, "context.copy", is_loop, "context#") <
               step(facts, "context.set", is_loop, "context#");
}

static bool is_empty_copy(const struct facts *facts) {
    return has_own_copy(facts);
}

// No job finds anything, not even who has the context last.
static bool is_early_reset(const struct facts *facts) {
    return fails(facts, FAILING_OWNER) && facts->all_missing;
}

static bool is_generation(const struct facts *facts) {
    return fails(facts, FAILING_OWNER) && fails(facts, FAILING_OUTCOME) &&
           !facts->sees_other;
}

// A string or a struct in the context, read where it stands: no getter, and no
// lock that could order anything.
static bool is_view(const struct facts *facts) {
    return fails(facts, FAILING_RACE) &&
           touch(facts, is_job, "view.read") != NULL;
}

static bool is_shallow_copy(const struct facts *facts) {
    const json_t *finding = touch(facts, is_job, NULL);

    return finding != NULL && holds_lock_of_copy(facts, finding);
}

static bool is_timeout(const struct facts *facts) {
    return step(facts, "context.set", is_job, "context#") > 0;
}

static bool is_after_work(const struct facts *facts) {
    return touch(facts, is_loop, NULL) != NULL;
}

static bool is_busy_pool(const struct facts *facts) {
    return touch(facts, is_worker, NULL) != NULL;
}

static bool is_locked(const struct facts *facts) {
    return fails(facts, FAILING_OWNER) && !fails(facts, FAILING_RACE);
}

static bool is_raw(const struct facts *facts) {
    return fails(facts, FAILING_OWNER);
}

// Every answer is right, and every context one's own.
static bool is_shared(const struct facts *facts) {
    return fails(facts, FAILING_RACE);
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
    {"crash",
     {"Find the pointer: after the step named above one is used that points "
      "to nothing any more. NULL? A variable of a function that has returned? "
      "Freed memory?",
      "请找出那个指针：在上面所说的步骤之后，用到的指针已经什么都不指了。"
      "是 NULL？是已返回的函数的变量？还是已释放的内存？"},
     is_crash},
    {"malloc_free",
     {"Give the job something of its own: what it reads here was freed, and "
      "malloc is a pool, too. The same schedule does not do the same again.",
      "请让任务持有自己的数据：它在这里读的内存已被释放，而 malloc "
      "也是一个池。同一调度再跑一次，结果不同。"},
     is_malloc_free},
    {"invalid_free",
     {"Free what you have made, and once: here free() or context_free() is "
      "given something else, such as a context of the pool, or the same again.",
      "请只释放自己创建的东西，且只释放一次：这里交给 free() 或 "
      "context_free() "
      "的是别的东西（例如池中的上下文），或者同一样东西释放了两次。"},
     is_invalid_free},
    {"no_job",
     {"Start the job, and let it report: without one nothing is repaired.",
      "请启动任务并让它报告结果：没有任务，就谈不上修复。"},
     is_no_job},
    {"copy_kept",
     {"Free the copy when the job is done with it: here each request costs the "
      "memory of one, for ever.",
      "请在任务用完副本之后释放它：这里每个请求都会永远占用一份副本的内存。"},
     is_copy_kept},
    {"memory_kept",
     {"Free what you allocate when the job is done with it: here each request "
      "costs that memory, for ever.",
      "请在任务用完之后释放自己分配的内存：这里每个请求都会永远占用这些内存。"},
     is_memory_kept},
    {"no_answer",
     {"Let every request be answered: here a client waits for ever. After "
      "context_hold() it is context_finish() that answers.",
      "请让每个请求都得到应答：这里有客户端会一直等下去。"
      "调用 context_hold() 之后，要由 context_finish() 来应答。"},
     is_no_answer},
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
    {"early_put",
     {"Leave the put to the server, which puts the context when it has been "
      "answered: here it is put before, and then touched once more.",
      "请把放回的工作留给服务器，它应答之后会放回上下文："
      "这里提前放回了，之后又碰了它一次。"},
     is_early_put},
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
     copies_in_job},
    {"freed_copy",
     {"Let the job free its copy when it is done: here the handler frees it "
      "while the job may still read.",
      "请让任务在用完之后释放自己的副本：这里处理函数就释放了它，"
      "而任务可能还要读。"},
     is_freed_copy},
    {"early_copy",
     {"Make the copy after the value has been set: one made before does not "
      "have it.",
      "请在写入值之后再复制：在此之前复制的副本里没有这个值。"},
     is_early_copy},
    {"empty_copy",
     {"Take along what the job reads: this copy does not have it.",
      "请把任务要读的数据一起带走：这份副本里没有它。"},
     is_empty_copy},
    {"early_reset",
     {"Give the job something of its own: clearing the context when it goes "
      "back keeps others' data from the job, and its own as well.",
      "请让任务持有自己的数据：在放回时清空上下文，"
      "任务读不到别人的数据，也读不到自己的。"},
     is_early_reset},
    {"generation",
     {"Keep the value for the job: noticing that the context is another's "
      "avoids foreign data, and loses one's own.",
      "请为任务保留那个值：发现上下文已易主，可以避免读到别人的数据，"
      "却丢了自己的数据。"},
     is_generation},
    {"view",
     {"Give the job the bytes, not a pointer to them: what it points to is the "
      "context's, and the next request writes there.",
      "请把字节本身交给任务，而不是指针：指针指向的内存属于上下文，"
      "下一个请求会在那里写入。"},
     is_view},
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
    {"locked",
     {"Give the job a copy, the value, or a share in the context: a lock in "
      "the reset takes the race away, not the next request.",
      "请把副本、值或上下文的使用权交给任务：重置时加锁消除了数据竞争，"
      "却挡不住下一个请求。"},
     is_locked},
    {"raw",
     {"The job still looks into the request's own context, which goes back to "
      "the pool when handler and middleware have returned. What it looks at "
      "must be its own by then.",
      "任务看的仍是请求自己的上下文：处理函数和中间件一返回，它就回到了池中。"
      "到那时，任务所看的东西必须归它自己。"},
     is_raw},
    {"shared",
     {"Give the job all that it uses: here it shares memory with the loop or "
      "with another job, and nothing orders them.",
      "请让任务拥有它用到的一切：这里它与事件循环或另一个任务共用内存，"
      "而没有任何先后约束。"},
     is_shared},
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
    const json_t *at;
    size_t number;
    int marks = 0;

    json_array_foreach(steps, number, at) {
        if ((json_int_t)number + 1 >= last)
            break;
        bool own = has(at, "for", request);
        if (has(at, "name", "pool.get") && own)
            marks = 0;
        else if (has(at, "name", "context.reset") && !own && marks == 0)
            marks = 1;
        else if (has(at, "name", "context.set") && !own && marks == 1)
            marks = 2;
    }
    return marks == 0   ? "before-reset"
           : marks == 1 ? "after-reset"
                        : "after-set";
}

bool wrong_place(const struct facts *facts, struct wrong_place *place) {
    const json_t *finding = touch(facts, is_anyone, NULL);

    if (finding == NULL)
        return false;
    place->step = (int)json_integer_value(json_object_get(finding, "step"));
    place->moment = moment_of(replayed(facts, "steps"), place->step,
                              text_of(finding, "for"));
    return true;
}
