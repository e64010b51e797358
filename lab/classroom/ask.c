#include "ask.h"

#include "classroom_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { SECRET_BYTES = 40 };

// An exploring of a handler of the lab takes a tenth of a second, with the
// sanitizer and on a busy machine some seconds.
static const struct sandbox_limits host_limits = {
    .wall_ms = 20000,
    .memory_bytes = 512u << 20,
    .processes = 4, // addr2line, for the places in a sentence
    .output_bytes = 4u << 20,
    .file_bytes = 1u << 20,
};

// As the launcher of a build with the sanitizer sets them. Places are looked
// up by the harness where somebody reads them, not for each report.
#define SETTINGS                                                               \
    "TSAN_OPTIONS=halt_on_error=0:exitcode=0:report_bugs=1:"                   \
    "enable_annotations=1:symbolize="
static const char *const settings[] = {SETTINGS "0", NULL};
static const char *const settings_with_places[] = {SETTINGS "1", NULL};

static const char *host_of(bool sanitized) {
    return sanitized ? CLASSROOM_BUILD_ROOT "/exercise-host-tsan"
                     : CLASSROOM_BUILD_ROOT "/exercise-host";
}

static void make_secret(char secret[SECRET_BYTES]) {
    unsigned char bytes[16];

    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        abort(); // 16 bytes are always given once the system has started
    for (size_t i = 0; i < sizeof bytes; i++)
        sprintf(secret + 2 * i, "%02x", bytes[i]);
    strcat(secret, "\n");
}

static const char *program_text(const struct exercise *exercise,
                                const char *key) {
    return json_string_value(
        json_object_get(json_object_get(exercise->json, "program"), key));
}

struct asking {
    struct ask_line line;
    char secret[SECRET_BYTES];
};

void ask_line_of(struct ask_line *line, const struct question *question,
                 const struct exercise *exercise) {
    const char **word = line->words;
    json_t *workers =
        json_object_get(json_object_get(exercise->json, "program"), "workers");

    snprintf(line->workers, sizeof line->workers, "%d",
             (int)json_integer_value(workers));
    const char *const begin[] = {host_of(question->sanitized),
                                 "--object",
                                 question->object,
                                 "--handler",
                                 question->handler,
                                 "--program",
                                 exercise->name,
                                 "--right",
                                 program_text(exercise, "right"),
                                 "--workers",
                                 line->workers,
                                 NULL};
    for (int i = 0; begin[i] != NULL; i++)
        *word++ = begin[i];
    const char *requests = program_text(exercise, "requests");
    if (requests != NULL) {
        *word++ = "--requests";
        *word++ = requests;
    }
    if (question->undefined)
        *word++ = "--undefined";
    *word++ = "--";
    for (int i = 0; question->words[i] != NULL; i++)
        *word++ = question->words[i];
    *word = NULL;
}

// Parts what the host said from its own last line. False: there is none.
static bool take_end(struct question *question, char *output, size_t bytes,
                     const char *secret) {
    size_t length = strlen(secret) - 1; // without its newline
    int made_up, copy_kept, memory_kept, invalid_free;

    if (bytes < length + 2 || output[bytes - 1] != '\n' ||
        strlen(output) != bytes)
        return false;
    char *line = output + bytes - 1;
    while (line > output && line[-1] != '\n')
        line--;
    if (strncmp(line, secret, length) != 0 ||
        sscanf(line + length, " %d %d %d %d %d", &question->status, &made_up,
               &copy_kept, &memory_kept, &invalid_free) != 5)
        return false;
    question->made_up = made_up != 0;
    question->copy_kept = copy_kept != 0;
    question->memory_kept = memory_kept != 0;
    question->invalid_free = invalid_free != 0;
    *line = '\0';
    return true;
}

static void take_answer(struct question *question,
                        struct sandbox_command *command, const char *secret) {
    question->end = command->end;
    question->wall_ms = command->wall_ms;
    question->answered =
        command->end == SANDBOX_EXITED && command->status == 0 &&
        take_end(question, command->output, command->output_bytes, secret);
    if (!question->answered)
        return;
    question->text = strdup(command->output);
    question->errors = strdup(command->errors);
    if (question->text == NULL || question->errors == NULL)
        abort(); // a few kilobytes: nothing can go on
    if (question->text[0] == '{')
        question->json = json_loads(question->text, 0, NULL);
}

void ask(struct question *questions, unsigned count,
         const struct exercise *exercise, const char *directory) {
    struct asking askings[ASK_MAX];
    struct sandbox_command commands[ASK_MAX];

    for (unsigned i = 0; i < count; i++) {
        make_secret(askings[i].secret);
        ask_line_of(&askings[i].line, &questions[i], exercise);
        commands[i] = (struct sandbox_command){
            .argv = askings[i].line.words,
            .settings = questions[i].places ? settings_with_places : settings,
            .directory = directory,
            .input = askings[i].secret,
            .limits = host_limits,
        };
    }
    sandbox_run(commands, count);
    for (unsigned i = 0; i < count; i++) {
        take_answer(&questions[i], &commands[i], askings[i].secret);
        sandbox_free(&commands[i]);
    }
}

void ask_done(struct question *question) {
    free(question->text);
    free(question->errors);
    json_decref(question->json);
}

bool ask_sanitizer_starts(void) {
    static int known; // 0: not yet
    const char *const words[] = {host_of(true), "--help", NULL};
    struct sandbox_command command = {.argv = words,
                                      .directory = "/",
                                      .limits = host_limits,
                                      .settings = settings};

    if (known != 0)
        return known > 0;
    sandbox_run(&command, 1);
    known = command.end == SANDBOX_EXITED && command.status == 0 ? 1 : -1;
    sandbox_free(&command);
    return known > 0;
}
