#include "chinese.h"
#include "sentence.h"

#include <string.h>

struct verb {
    const char *word, *noun;
};

static const struct verb *verb_of(const struct cause_step *step) {
    static const struct verb accesses[] = {
        [ACCESS_NONE] = {"到达", "到达"},
        [ACCESS_READ] = {"读", "读"},
        [ACCESS_WRITE] = {"写", "写"},
        [ACCESS_LOAD] = {"原子地读", "原子读"},
        [ACCESS_STORE] = {"原子地写", "原子写"},
        [ACCESS_UPDATE] = {"原子地更新", "原子更新"},
    };
    static const struct verb put = {"放回", "放回"}, get = {"取出", "取出"};
    if (step->kind == OP_PUT)
        return &put;
    return step->kind == OP_GET ? &get : &accesses[step->access];
}

// “A.job”“请求 B”“worker.1（替请求 A）”
static void say_who(const struct cause *cause, const struct cause_step *step,
                    FILE *out) {
    const char *name = sentence_name(cause, step);
    if (name)
        fputs(name, out);
    else if (strcmp(step->request, cause->request) == 0)
        fprintf(out, "%s（替请求 %s）", step->task, step->request);
    else
        fprintf(out, "请求 %s", step->request);
}

// 外文的名字与它前面的汉字之间空一格。
static void say_space(const struct cause *cause, const struct cause_step *step,
                      FILE *out) {
    bool is_request = !sentence_name(cause, step) &&
                      strcmp(step->request, cause->request) != 0;
    if (!is_request)
        fputc(' ', out);
}

static void say_who_after(const struct cause *cause,
                          const struct cause_step *step, FILE *out) {
    say_space(cause, step, out);
    say_who(cause, step, out);
}

// “第 22 步（context.get，lab/server/context.c:117）”
static void say_where(const struct cause_step *step, FILE *out) {
    fprintf(out, "第 %d 步（%s", step->step, step->name);
    if (step->line > 0)
        fprintf(out, "，%s:%d", step->file, step->line);
    fputs("）", out);
}

// “第 20 步（lab/server/context.c:109）”
static void say_step(const struct cause_step *step, FILE *out) {
    fprintf(out, "第 %d 步", step->step);
    if (step->line > 0)
        fprintf(out, "（%s:%d）", step->file, step->line);
}

static void say_object(const struct cause *cause, const struct cause_step *step,
                       FILE *out) {
    if (strcmp(step->object, cause->touch.object) == 0)
        fputs("它", out);
    else
        fprintf(out, " %s", step->object);
}

static void say_touch(const struct cause *cause, FILE *out) {
    say_who(cause, &cause->touch, out);
    fputs(" 在", out);
    say_where(&cause->touch, out);
    fprintf(out, "%s了 %s", verb_of(&cause->touch)->word, cause->touch.object);
    if (cause->touch.saw)
        fprintf(out, "，得到 %s=%lld", cause->touch.saw, cause->touch.value);
}

// 那之前最后写它的是谁。
static void say_last(const struct cause *cause, FILE *out) {
    if (cause->seen.step == 0)
        return;
    fputs("，最后一次", out);
    if (cause->other.step > cause->touch.step || cause->other.step == 0 ||
        !sentence_same_maker(&cause->seen, &cause->other) ||
        verb_of(&cause->seen) != verb_of(&cause->other)) {
        fprintf(out, "%s它的是", verb_of(&cause->seen)->word);
        say_who_after(cause, &cause->seen, out);
        fputs("，", out);
    }
    fputs("在", out);
    say_where(&cause->seen, out);
}

static void say_other(const struct cause *cause, FILE *out) {
    const struct cause_step *other = &cause->other;
    bool is_earlier = other->step < cause->touch.step;
    fputs(is_earlier ? "，而此前" : "，此后", out);
    say_who_after(cause, other, out);
    fputs(is_earlier ? " 已在" : " 又在", out);
    say_where(other, out);
    fputs(verb_of(other)->word, out);
    fputs(is_earlier ? "过" : "了", out);
    say_object(cause, other, out);
}

// 前面已经说出它的名字。
static void say_owner(const struct cause *cause, FILE *out) {
    const struct cause_owner *owner = &cause->owner;
    if (owner->put)
        fprintf(out, "请求 %s 在第 %d 步就把它放回了池中，",
                cause->touch.request, owner->put);
    if (owner->request[0]) {
        fprintf(out, "从第 %d 步起它属于请求 %s", owner->since, owner->request);
        return;
    }
    if (owner->last_got)
        fprintf(out, "第 %d 步到第 %d 步它属于请求 %s，", owner->last_got,
                owner->last_put, owner->last);
    else if (owner->last_put)
        fprintf(out, "%s%s 在第 %d 步把它放回了池中，",
                owner->last[0] ? "请求 " : "有人", owner->last,
                owner->last_put);
    fputs(owner->put || owner->last_put ? "此后它一直在池中" : "它那时在池中",
          out);
}

static void say_edge(const struct cause *cause, FILE *out) {
    const struct cause_step *from = &cause->from, *to = &cause->to;
    switch (cause->order) {
    case CAUSE_LOCK:
        say_step(from, out);
        fprintf(out, "对 %s 的解锁和", from->object);
        say_step(to, out);
        fputs("的加锁", out);
        break;
    case CAUSE_ATOMIC:
        say_step(from, out);
        fprintf(out, "%s的 %s，其值在", verb_of(from)->word, from->object);
        say_step(to, out);
        fputs("被读到，这就", out);
        break;
    case CAUSE_QUEUE:
        fprintf(out, "线程池的队列（第 %d 步 %s，第 %d 步 %s）", from->step,
                from->name, to->step, to->name);
        break;
    case CAUSE_START:
        say_step(from, out);
        fprintf(out, "启动线程 %s，这就", to->task);
        break;
    case CAUSE_JOIN:
        say_step(to, out);
        fprintf(out, "等到 %s 结束，这就", from->task);
        break;
    default:
        fprintf(out, "%s 在", from->task);
        say_step(from, out);
        fprintf(out, "的 %s 和 %s 在", from->name, to->task);
        say_step(to, out);
        fprintf(out, "的 %s ", to->name);
        break;
    }
}

// “ A.job 的写”“请求 B 的写”
static void say_deed(const struct cause *cause, const struct cause_step *step,
                     FILE *out) {
    const char *name = sentence_name(cause, step);
    fprintf(out, "%s%s 的%s", name ? " " : "请求 ", name ? name : step->request,
            verb_of(step)->noun);
}

// 先后不是归属。
static void say_still_foreign(const struct cause *cause, FILE *out) {
    static const char *const what[] = {
        [CAUSE_NOTHING] = "",          [CAUSE_ONE_TASK] = "同一个线程",
        [CAUSE_LOCK] = "锁",           [CAUSE_ATOMIC] = "原子操作",
        [CAUSE_QUEUE] = "队列",        [CAUSE_START] = "线程的启动",
        [CAUSE_JOIN] = "等待线程结束", [CAUSE_CALLS] = "这样的调用",
    };
    fprintf(out, "。%s只定先后，并不会让 %s 重新属于请求 %s：",
            what[cause->order], cause->owner.object, cause->touch.request);
    say_owner(cause, out);
}

static void say_ordered(const struct cause *cause, FILE *out) {
    if (cause->order == CAUSE_ONE_TASK) {
        fprintf(
            out,
            "；两步都由 %s 一先一后做完，所以 ThreadSanitizer 对这两步没有报告",
            cause->touch.task);
    } else if (sentence_is_edge(cause)) {
        fputs("；这一读得到的正是", out);
        say_who_after(cause, sentence_first(cause), out);
        fputs(" 所写的值，先后由此而定，所以 ThreadSanitizer 对这两步没有报告",
              out);
    } else {
        fputs("。", out);
        say_edge(cause, out);
        fputs("让", out);
        say_deed(cause, sentence_first(cause), out);
        fputs("先于", out);
        say_deed(cause, sentence_second(cause), out);
        fputs("，所以 ThreadSanitizer 对这两步没有报告", out);
    }
    if (cause->owner.foreign)
        say_still_foreign(cause, out);
    if (cause->unordered.step == 0)
        return;
    fprintf(out, "。但是这次%s与", verb_of(&cause->touch)->noun);
    say_who_after(cause, &cause->unordered, out);
    fputs(" 在", out);
    say_where(&cause->unordered, out);
    fprintf(out, "的%s之间没有任何先后约束：这就是竞争",
            verb_of(&cause->unordered)->noun);
}

static void say_unordered(const struct cause *cause, FILE *out) {
    fputs("；这两步之间没有任何先后约束", out);
    if (op_access_is_atomic(cause->touch.access) &&
        op_access_is_atomic(cause->other.access))
        fputs("，但两步都是原子操作，所以 ThreadSanitizer 对这两步没有报告",
              out);
    if (!cause->owner.foreign)
        return;
    fprintf(out, "。而且 %s 那时已不属于请求 %s：", cause->owner.object,
            cause->touch.request);
    say_owner(cause, out);
}

static void say_exchange(const struct cause *cause, FILE *out) {
    if (cause->decided)
        fprintf(out, "。要是第 %d 步先于第 %d 步，%s 报告的就是“%s”。",
                sentence_second(cause)->step, sentence_first(cause)->step,
                cause->task, cause->exchanged);
    else if (cause->tried > 0)
        fprintf(out, "。试过的两步互换，没有一种会改变 %s 的结局。",
                cause->task);
    else if (cause->other.step)
        fputs("。这两步没能互换着运行。", out);
    else
        fputs("。没有别的步可以和它互换。", out);
}

static void say_nothing(const struct cause *cause, FILE *out) {
    if (cause->right)
        fprintf(out,
                "结局是对的，而且不是侥幸：在各个调度点上，%s "
                "没有碰过别人的东西，也没有为无主的东西竞争。",
                cause->task);
    else
        fprintf(out,
                "%s 报告“%s”，但在各个调度点上它没有碰过别人的东西，"
                "也没有为无主的东西竞争，而且试过的两步互换，"
                "没有一种会改变这一结局。",
                cause->task, cause->outcome);
}

void chinese_cause(const struct cause *cause, FILE *out) {
    if (cause->touch.step == 0) {
        say_nothing(cause, out);
        return;
    }
    if (cause->right)
        fputs("结局是对的，但只是侥幸：", out);
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
        fprintf(out, "，而 %s 那时已不属于请求 %s：", cause->owner.object,
                cause->touch.request);
        say_owner(cause, out);
    }
    say_exchange(cause, out);
}

// 与结局无关的发现。

static void say_blocked(const struct cause_finding *finding, FILE *out) {
    if (finding->finding.sleeper == finding->finding.task) {
        fprintf(out, "%s 于", finding->step.task);
        say_where(&finding->step, out);
        fputs("在回调里睡眠，其间别的什么也做不了。", out);
        return;
    }
    fprintf(out, "%s 于", finding->waits.task);
    say_where(&finding->waits, out);
    fprintf(out, "在回调里等待 %s，而后者于", finding->sleeper);
    say_where(&finding->step, out);
    fprintf(out, "睡眠，其间 %s 别的什么也做不了。", finding->waits.task);
}

static void say_had(const struct cause_finding *finding, FILE *out) {
    if (finding->finding.kind == FINDING_MEMORY)
        fputs("，而它的内存已经归还。", out);
    else if (finding->owner[0])
        fprintf(out, "，而它从第 %d 步起属于请求 %s。",
                finding->finding.got_step, finding->owner);
    else if (finding->finding.put_step)
        fprintf(out, "，而它此时在池中：第 %d 步就已放回。",
                finding->finding.put_step);
    else
        fputs("，而它此时在池中。", out);
}

static void say_finding(const struct cause_finding *finding, const char *verb,
                        const char *object, FILE *out) {
    fputs(finding->step.task, out);
    if (finding->request[0])
        fprintf(out, "（替请求 %s）", finding->request);
    fputs(" 在", out);
    say_where(&finding->step, out);
    fprintf(out, "%s了 %s", verb, object);
    say_had(finding, out);
}

void chinese_finding(const struct cause_finding *finding, FILE *out) {
    switch (finding->finding.kind) {
    case FINDING_FOREIGN:
        say_finding(finding, verb_of(&finding->step)->word,
                    finding->finding.object_name, out);
        break;
    case FINDING_FOREIGN_PUT:
        say_finding(finding, "放回", finding->finding.pooled_name, out);
        break;
    case FINDING_FOREIGN_GET:
        say_finding(finding, "取出", finding->finding.pooled_name, out);
        break;
    case FINDING_MEMORY:
        say_finding(finding,
                    finding->finding.access == ACCESS_WRITE ? "写" : "读",
                    finding->finding.object_name, out);
        break;
    case FINDING_LEAK:
        fprintf(out, "请求 %s 在", finding->owner);
        say_where(&finding->step, out);
        fprintf(out, "取出了 %s，此后一直没有人把它放回。",
                finding->finding.pooled_name);
        break;
    case FINDING_UNANSWERED:
        fprintf(out, "请求 %s 于", finding->step.task);
        say_where(&finding->step, out);
        fputs("发出，此后一直没有人应答它。", out);
        break;
    case FINDING_BLOCKED_LOOP:
        say_blocked(finding, out);
        break;
    default:
        break;
    }
}

// 谁在等谁。

static void say_holder(const struct cause_wait *wait, int holder, FILE *out) {
    fprintf(out, "%s%s", holder ? "和 " : "，它被 ",
            wait->holders[holder].task);
    if (wait->holders[holder].place[0])
        fprintf(out, "（自 %s 起）", wait->holders[holder].place);
    else
        fputc(' ', out);
}

static void say_wait(const struct cause_wait *wait, FILE *out) {
    if (wait->kind == OP_POLL) {
        fprintf(out, "%s 在自己的循环里等待，而没有任何事件就绪", wait->task);
        return;
    }
    fprintf(out, "%s 在 %s ", wait->task, wait->call);
    if (wait->place[0])
        fprintf(out, "（%s）", wait->place);
    if (wait->kind == OP_JOIN) {
        fprintf(out, "里等 %s 结束", wait->holders[0].task);
        return;
    }
    fputs("里等待", out);
    if (wait->object[0])
        fprintf(out, " %s", wait->object);
    for (int i = 0; i < wait->holder_count; i++)
        say_holder(wait, i, out);
    if (wait->holder_count > 0)
        fputs("占有", out);
}

void chinese_waits(const struct cause_wait *waits, int count, FILE *out) {
    fputs("谁也走不下去：", out);
    for (int i = 0; i < count; i++) {
        fputs(i ? "；" : "", out);
        say_wait(&waits[i], out);
    }
    fputs("。", out);
}
