// explain.c - `racelab explain FILE`: why, in a sentence.
#include "verbs.h"

#include "explain.h"
#include "judge.h"
#include "sentence.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char HELP[] =
    "usage: racelab explain FILE [--handler H] [--lang en|zh|both] [--json]\n"
    "\n"
    "Runs the schedule in FILE (- for standard input) and says of each "
    "outcome\n"
    "why it is what it is: which step touched what, whose that was, what "
    "orders\n"
    "it and another one, or that nothing does; and which two steps decide it. "
    "Two\n"
    "steps are said to decide an outcome if the schedule has been run with the "
    "two\n"
    "the other way round, and the task then reported something else.\n"
    "\n"
    "  --handler H  the same schedule on another program\n"
    "  --lang L     en for English, zh for Chinese, both (the default)\n"
    "  --json       one JSON document, with both languages\n"
    "\n"
    "Exit status: as that of racelab replay.\n";

struct options {
    const char *file, *handler;
    bool languages[2]; // by enum sentence_language
    bool json;
};

static bool parse_language(const char *text, struct options *options) {
    bool both = strcmp(text, "both") == 0;
    options->languages[SENTENCE_ENGLISH] = both || strcmp(text, "en") == 0;
    options->languages[SENTENCE_CHINESE] = both || strcmp(text, "zh") == 0;
    return options->languages[SENTENCE_ENGLISH] ||
           options->languages[SENTENCE_CHINESE];
}

// -1: go on; else an exit status.
static int parse_options(int argc, char **argv, struct options *options) {
    static const struct option known[] = {
        {"handler", required_argument, NULL, 'H'},
        {"lang", required_argument, NULL, 'l'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    *options = (struct options){.languages = {true, true}};
    for (int o; (o = verbs_option("explain", argc, argv, known)) != -1;) {
        switch (o) {
        case 'H':
            options->handler = optarg;
            break;
        case 'l':
            if (!parse_language(optarg, options))
                return verbs_usage("explain",
                                   "--lang takes en, zh or both, not ", optarg);
            break;
        case 'j':
            options->json = true;
            break;
        case 'h':
            fputs(HELP, stdout);
            return EXIT_AS_IT_SHOULD_BE;
        default:
            return EXIT_TROUBLE;
        }
    }
    if (argc - optind != 1)
        return verbs_usage("explain",
                           argc == optind ? "which schedule?"
                                          : "one schedule, not ",
                           argc == optind ? "" : argv[optind + 1]);
    options->file = argv[optind];
    return -1;
}

// What is said, of whichever kind.
typedef void say_it(const void *about, int count,
                    enum sentence_language language, FILE *out);

static void say_cause(const void *about, int count,
                      enum sentence_language language, FILE *out) {
    (void)count;
    sentence_cause(about, language, out);
}

static void say_finding(const void *about, int count,
                        enum sentence_language language, FILE *out) {
    (void)count;
    sentence_finding(about, language, out);
}

static void say_waits(const void *about, int count,
                      enum sentence_language language, FILE *out) {
    sentence_waits(about, count, language, out);
}

// As text.

static void print_sentences(const struct options *options, say_it *say,
                            const void *about, int count) {
    for (int i = SENTENCE_ENGLISH; i <= SENTENCE_CHINESE; i++) {
        if (!options->languages[i])
            continue;
        fputs("  ", stdout);
        say(about, count, (enum sentence_language)i, stdout);
        putchar('\n');
    }
}

static void print_text(const struct options *options,
                       const struct explanation *explanation) {
    for (int i = 0; i < explanation->cause_count; i++) {
        const struct cause *cause = &explanation->causes[i];
        printf("%s %s%s\n", cause->task, cause->outcome,
               cause->right ? "" : ", wrong");
        print_sentences(options, say_cause, cause, 1);
    }
    for (int i = 0; i < explanation->finding_count; i++) {
        const struct cause_finding *finding = &explanation->findings[i];
        printf("%s\n", text_finding(finding->finding.kind));
        print_sentences(options, say_finding, finding, 1);
    }
    if (explanation->wait_count > 0) {
        printf("deadlock\n");
        print_sentences(options, say_waits, explanation->waits,
                        explanation->wait_count);
    }
}

// As data.

static json_t *json_of_sentence(say_it *say, const void *about, int count,
                                enum sentence_language language) {
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        abort();
    say(about, count, language, out);
    fclose(out);
    json_t *sentence = json_string(text);
    free(text);
    return sentence;
}

static json_t *json_of_sentences(say_it *say, const void *about, int count) {
    return json_pack("{s:o, s:o}", "en",
                     json_of_sentence(say, about, count, SENTENCE_ENGLISH),
                     "zh",
                     json_of_sentence(say, about, count, SENTENCE_CHINESE));
}

static json_t *json_of_text(const char *text) {
    return text[0] ? json_string(text) : json_null();
}

// A number of a step or a line; null for none.
static json_t *json_of_number(int number) {
    return number > 0 ? json_integer(number) : json_null();
}

static const char *access_of(const struct cause_step *step) {
    static const char *const words[] = {
        [ACCESS_NONE] = "",       [ACCESS_READ] = "read",
        [ACCESS_WRITE] = "write", [ACCESS_LOAD] = "load",
        [ACCESS_STORE] = "store", [ACCESS_UPDATE] = "update",
    };
    if (step->kind == OP_PUT)
        return "put";
    return step->kind == OP_GET ? "get" : words[step->access];
}

// "timestamp=1750263666002"; null: the program says nothing.
static json_t *json_of_saw(const struct cause_step *step) {
    return step->saw ? json_sprintf("%s=%lld", step->saw, step->value)
                     : json_null();
}

static json_t *json_of_step(const struct cause_step *step) {
    if (step->step == 0)
        return json_null();
    return json_pack(
        "{s:i, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "step",
        step->step, "task", step->task, "for", json_of_text(step->request),
        "name", step->name, "object", json_of_text(step->object), "access",
        json_of_text(access_of(step)), "saw", json_of_saw(step), "function",
        json_of_text(step->function), "file", json_of_text(step->file), "line",
        json_of_number(step->line));
}

static json_t *json_of_pair(const struct cause *cause) {
    bool touched_first = cause->touch.step < cause->other.step;
    if (!cause->decided)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:s, s:i, s:i}", "first",
        json_of_step(touched_first ? &cause->touch : &cause->other), "second",
        json_of_step(touched_first ? &cause->other : &cause->touch),
        "exchanged_outcome", cause->exchanged, "exchanged_first",
        cause->exchanged_first, "exchanged_second", cause->exchanged_second);
}

static json_t *json_of_edge(const struct cause *cause) {
    if (cause->from.step == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "from", json_of_step(&cause->from),
                     "to", json_of_step(&cause->to), "object",
                     json_of_text(cause->from.object));
}

static json_t *json_of_owner(const struct cause_owner *owner) {
    if (owner->object[0] == '\0')
        return json_null();
    return json_pack(
        "{s:s, s:b, s:o, s:o, s:o}", "object", owner->object, "foreign",
        owner->foreign, "put", json_of_number(owner->put), "since",
        json_of_number(owner->since), "request", json_of_text(owner->request));
}

static json_t *json_of_cause(const struct cause *cause) {
    return json_pack(
        "{s:s, s:s, s:b, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "task",
        cause->task, "outcome", cause->outcome, "right", cause->right,
        "sentence", json_of_sentences(say_cause, cause, 1), "touch",
        json_of_step(&cause->touch), "pair", json_of_pair(cause), "ordered",
        cause->order != CAUSE_NOTHING, "edge", json_of_edge(cause), "unordered",
        json_of_step(&cause->unordered), "owner", json_of_owner(&cause->owner));
}

static json_t *json_of_finding(const struct cause_finding *finding) {
    return json_pack("{s:s, s:i, s:s, s:o}", "kind",
                     text_finding(finding->finding.kind), "step",
                     finding->finding.step, "task", finding->step.task,
                     "sentence", json_of_sentences(say_finding, finding, 1));
}

static json_t *json_of_deadlock(const struct explanation *explanation) {
    return explanation->wait_count == 0
               ? json_null()
               : json_of_sentences(say_waits, explanation->waits,
                                   explanation->wait_count);
}

static void print_json(const struct options *options,
                       const struct racelab_program *program,
                       const struct explanation *explanation, int status) {
    json_t *outcomes = json_array(), *findings = json_array();
    for (int i = 0; i < explanation->cause_count; i++)
        json_array_append_new(outcomes, json_of_cause(&explanation->causes[i]));
    for (int i = 0; i < explanation->finding_count; i++)
        json_array_append_new(findings,
                              json_of_finding(&explanation->findings[i]));
    json_t *document = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:i, s:i}", "schedule",
        options->file, "handler", program->name, "outcomes", outcomes,
        "findings", findings, "deadlock", json_of_deadlock(explanation),
        "verdict", text_verdict(explanation->verdict.kind), "message",
        explanation->verdict.text, "tried", explanation->tried, "exit", status);
    json_dumpf(document, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(document);
}

static int report(const struct options *options,
                  const struct racelab_program *program,
                  const struct schedule *schedule,
                  const struct explanation *explanation,
                  const struct execution *execution) {
    int expected, status = judge_verdict(&explanation->verdict);
    if (!options->json)
        print_text(options, explanation);
    fflush(stdout);
    if (status == EXIT_AS_IT_SHOULD_BE)
        status = judge_finished(options->file, program, schedule, false,
                                execution, &expected);
    else
        judge_complain(options->file, &explanation->verdict);
    if (options->json)
        print_json(options, program, explanation, status);
    return status;
}

static int explain_file(const struct options *options,
                        const struct racelab_program *program,
                        const struct schedule *schedule) {
    static struct explanation explanation; // a megabyte
    struct execution execution;
    struct error error;
    if (execution_init(&execution, &error))
        return verbs_complain(options->file, &error);
    int status = explain(&explanation, &execution, program, schedule, &error);
    status = status
                 ? verbs_complain(options->file, &error)
                 : report(options, program, schedule, &explanation, &execution);
    execution_done(&execution);
    return status;
}

int explain_main(int argc, char **argv) {
    struct options options;
    struct schedule schedule;
    struct error error;
    int status = parse_options(argc, argv, &options);
    if (status >= 0)
        return status;
    if (schedule_read(&schedule, options.file, &error))
        return verbs_complain(options.file, &error);
    const struct racelab_program *program = verbs_find_program(
        options.handler ? options.handler : schedule.program.text);
    status =
        program ? explain_file(&options, program, &schedule) : EXIT_TROUBLE;
    schedule_done(&schedule);
    return status;
}
