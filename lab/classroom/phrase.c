#include "phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const codes[LANGUAGES] = {"en", "zh"};

char *phrase(const char *format, ...) {
    va_list arguments;
    char *text;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    return text;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

// What the harness says.

static const char *said(const json_t *sentences, enum language language) {
    return json_string_value(json_object_get(sentences, codes[language]));
}

static const char *cause_of(const json_t *explained, enum language language) {
    const json_t *outcome;
    size_t at;

    json_array_foreach(json_object_get(explained, "outcomes"), at, outcome) if (
        json_is_false(json_object_get(
            outcome, "right"))) return said(json_object_get(outcome,
                                                            "sentence"),
                                            language);
    return said(json_object_get(explained, "deadlock"), language);
}

static bool is_of(const char *kind, enum failing failing) {
    switch (failing) {
    case FAILING_OUTCOME:
        return strcmp(kind, "unanswered") == 0;
    case FAILING_OWNER:
        return strncmp(kind, "foreign", strlen("foreign")) == 0;
    case FAILING_LEAK:
        return strcmp(kind, "leak") == 0;
    case FAILING_BLOCKED:
        return strcmp(kind, "blocked loop") == 0;
    default:
        return false;
    }
}

static json_int_t number_of(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

// Who touched what, and whose it had become: of `replay --json`, because
// `explain` leaves out what its sentence about the outcome says.
static const json_t *foreign_in(const json_t *replayed) {
    const json_t *finding;
    size_t at;

    json_array_foreach(json_object_get(replayed, "findings"), at,
                       finding) if (is_of(text_of(finding, "kind"),
                                          FAILING_OWNER)) return finding;
    return NULL;
}

static char *history_of(const json_t *finding, enum language language) {
    const char *owner = text_of(finding, "owner");
    long long put = number_of(finding, "put");
    long long since = number_of(finding, "since");

    if (*owner == '\0')
        return language == CHINESE
                   ? phrase("它在第 %lld 步已被放回池中", put)
                   : phrase("it had gone back to the pool at step %lld", put);
    return language == CHINESE
               ? phrase("它从第 %lld 步起属于请求 %s", since, owner)
               : phrase("it had been request %s's since step %lld", owner,
                        since);
}

char *phrase_owner(const json_t *replayed, enum language language) {
    const json_t *finding = foreign_in(replayed);

    if (finding == NULL)
        return NULL;
    const char *task = text_of(finding, "task");
    const char *object = text_of(finding, "object");
    const char *point = text_of(finding, "point");
    long long step = number_of(finding, "step");
    char *history = history_of(finding, language);
    char *text = language == CHINESE
                     ? phrase("%s 在第 %lld 步（%s）碰了 %s：%s。", task, step,
                              point, object, history)
                     : phrase("%s touched %s at step %lld (%s): %s.", task,
                              object, step, point, history);
    free(history);
    return text;
}

static const char *finding_of(const json_t *explained, enum failing failing,
                              enum language language) {
    const json_t *finding;
    size_t at;

    json_array_foreach(
        json_object_get(explained, "findings"), at,
        finding) if (is_of(text_of(finding, "kind"),
                           failing)) return said(json_object_get(finding,
                                                                 "sentence"),
                                                 language);
    return NULL;
}

char *phrase_why(const json_t *explained, enum failing failing,
                 enum language language) {
    const char *text =
        failing == FAILING_OUTCOME ? cause_of(explained, language) : NULL;

    if (text == NULL)
        text = finding_of(explained, failing, language);

    return text != NULL ? phrase("%s", text) : NULL;
}

// "task A.job, after step 26 (job.read): crashed: Segmentation fault", as the
// harness says it.
char *phrase_crash(const char *message, enum language language) {
    char task[64], point[64], signal[64];
    int step;

    if (sscanf(message,
               "task %63[^,], after step %d (%63[^)]): crashed: %63[^\n]", task,
               &step, point, signal) != 4)
        return phrase("%s", message);
    return language == CHINESE ? phrase("%s 在第 %d 步（%s）之后崩溃：%s。",
                                        task, step, point, signal)
                               : phrase("%s crashed after step %d (%s): %s.",
                                        task, step, point, signal);
}

// Races.

// "context.reset", a point; where there is none "handle, fix.c:12".
static char *place_of(const json_t *access) {
    const char *point = text_of(access, "point");

    if (*point != '\0')
        return phrase("%s", point);
    return phrase("%s, %s:%lld", text_of(access, "function"),
                  text_of(access, "file"),
                  (long long)number_of(access, "line"));
}

// By its step, where it has one.
static char *access_of(const json_t *access, enum language language) {
    bool write = json_is_true(json_object_get(access, "write"));
    const char *task = text_of(access, "task");
    long long step = number_of(access, "step");
    char *place = place_of(access);
    char *text;

    if (language == CHINESE && step > 0)
        text = phrase("%s 在第 %lld 步（%s）%s", task, step, place,
                      write ? "写" : "读");
    else if (language == CHINESE)
        text = phrase("%s 在 %s %s", task, place, write ? "写" : "读");
    else if (step > 0)
        text = phrase("%s %s it at step %lld (%s)", task,
                      write ? "wrote" : "read", step, place);
    else
        text = phrase("%s %s it in %s", task, write ? "wrote" : "read", place);
    free(place);
    return text;
}

char *phrase_race(const json_t *record, enum language language) {
    const json_t *accesses = json_object_get(record, "accesses");

    if (json_array_size(accesses) < 2)
        return NULL;
    char *first = access_of(json_array_get(accesses, 0), language);
    char *second = access_of(json_array_get(accesses, 1), language);
    const char *object = text_of(record, "object");
    char *text = language == CHINESE
                     ? phrase("%s：%s，%s，两者之间没有任何先后约束。", object,
                              first, second)
                     : phrase("%s: %s, %s; nothing orders the two.", object,
                              first, second);
    free(first);
    free(second);
    return text;
}

// Trouble.

void phrase_trouble(const char *trouble, struct gate_refusal *refusal) {
    static const struct {
        const char *word, *en, *zh;
    } known[] = {
        {"crashed", "It crashed. Run it under a debugger: racelab learn debug.",
         "它崩溃了。可以在调试器里运行：racelab learn debug。"},
        {"ended", "It ended its process before it had been explored.",
         "尚未探索完，它就结束了自己的进程。"},
        {"time", "It did not come to an end in time: does a loop never end?",
         "它没能按时结束：是否有不会终止的循环？"},
        {"spins",
         "Let every loop and wait come to an end, or to a call of libuv: here "
         "one did not.",
         "请让每个循环和等待都能结束，或者走到 libuv 的调用：这里有一个没有。"},
        {"memory", "It wanted more memory than the judge gives.",
         "它需要的内存超过了判题程序给的上限。"},
        {"processes", "It started more processes than the judge allows.",
         "它启动的进程超过了判题程序允许的数量。"},
        {"output", "It printed more than the judge reads.",
         "它输出的内容超过了判题程序读取的上限。"},
        {"explored", "It could not be explored.", "无法对它进行探索。"},
        {"failed", "The judge could not start it.", "判题程序无法启动它。"},
    };
    size_t at = 0;

    while (strcmp(known[at].word, trouble) != 0)
        at++;
    refusal->why = known[at].word;
    snprintf(refusal->en, sizeof refusal->en, "%s", known[at].en);
    snprintf(refusal->zh, sizeof refusal->zh, "%s", known[at].zh);
}
