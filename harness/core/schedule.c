#include "schedule.h"
#include "nearest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// The reader goes line by line; a line is a list of words that are taken off
// its front one by one.
struct reader {
    struct schedule *schedule;
    struct error *error;
    const char *at, *end; // what is left of the line
    const char *start;    // of the line
    int line;
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

// Columns count characters: a byte that continues one (UTF-8) counts nothing.
static int column_of(const struct reader *reader, const char *at) {
    int column = 1;
    for (const char *c = reader->start; c < at; c++)
        column += ((unsigned char)*c & 0xC0) != 0x80;
    return column;
}

static void skip_space(struct reader *reader) {
    while (reader->at < reader->end && is_space(*reader->at))
        reader->at++;
}

static int out_of_memory(struct reader *reader) {
    return error_set(reader->error, ERROR_MEMORY, reader->line, 0, "%s",
                     error_text(ERROR_MEMORY));
}

static int expected(struct reader *reader, const char *what) {
    const char *at = reader->at;
    int length = 0;
    while (at + length < reader->end && !is_space(at[length]) && length < 40)
        length++;
    if (length == 0)
        return error_set(reader->error, ERROR_SYNTAX, reader->line,
                         column_of(reader, at),
                         "expected %s, and the line ends here", what);
    return error_set(reader->error, ERROR_SYNTAX, reader->line,
                     column_of(reader, at), "expected %s, not \"%.*s\"", what,
                     length, at);
}

// The next word of the line, without taking it.
static size_t word_length(struct reader *reader) {
    skip_space(reader);
    const char *at = reader->at;
    while (at < reader->end && !is_space(*at))
        at++;
    return (size_t)(at - reader->at);
}

static int take(struct reader *reader, size_t length, struct word *word) {
    word->line = reader->line;
    word->column = column_of(reader, reader->at);
    word->text = strndup(reader->at, length);
    reader->at += length;
    return word->text ? 0 : out_of_memory(reader);
}

static int take_word(struct reader *reader, const char *what,
                     struct word *word) {
    size_t length = word_length(reader);
    if (length == 0)
        return expected(reader, what);
    if (length >= LIMIT_NAME)
        return error_set(reader->error, ERROR_LIMIT, reader->line,
                         column_of(reader, reader->at),
                         "%s of over %d characters", what, LIMIT_NAME - 1);
    return take(reader, length, word);
}

// Names of tasks, points, programs and objects.
static int take_name(struct reader *reader, const char *what,
                     struct word *word) {
    size_t length = word_length(reader);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)reader->at[i];
        bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                    (c >= 'A' && c <= 'Z') || strchr("._-", c);
        if (!fits || c == '\0') {
            reader->at += i;
            return error_set(reader->error, ERROR_SYNTAX, reader->line,
                             column_of(reader, reader->at),
                             "expected %s of letters, digits, '.', '_' and "
                             "'-'",
                             what);
        }
    }
    return take_word(reader, what, word);
}

static int take_method(struct reader *reader, struct word *word) {
    const char *what = "a method in capital letters, such as GET";
    size_t length = word_length(reader);
    for (size_t i = 0; i < length; i++) {
        char c = reader->at[i];
        if ((c < 'A' || c > 'Z') && c != '-')
            return expected(reader, what);
    }
    return take_word(reader, what, word);
}

// Is what comes next this word, which has that length?
static bool starts_with(const struct reader *reader, const char *word,
                        size_t length) {
    return length == strlen(word) && memcmp(reader->at, word, length) == 0;
}

static bool take_keyword(struct reader *reader, const char *keyword) {
    size_t length = word_length(reader);
    if (!starts_with(reader, keyword, length))
        return false;
    reader->at += length;
    return true;
}

static int end_of_line(struct reader *reader) {
    return word_length(reader) == 0 ? 0 : expected(reader, "the line's end");
}

// Makes room for one more element of `size` bytes, zeroed. NULL: no memory.
// There is room for as many as the next power of two, and more is asked for
// when that is full: witnesses may be of twenty thousand lines.
static void *grow(void **elements, size_t *count, size_t size) {
    bool is_full = (*count & (*count - 1)) == 0;
    size_t room = *count > 0 ? 2 * *count : 1;
    void *larger = is_full ? realloc(*elements, room * size) : *elements;
    if (!larger)
        return NULL;
    *elements = larger;
    void *added = (char *)larger + *count * size;
    memset(added, 0, size);
    ++*count;
    return added;
}

static const struct request *find_request(const struct schedule *schedule,
                                          const char *name) {
    for (size_t i = 0; i < schedule->request_count; i++)
        if (strcmp(schedule->requests[i].name.text, name) == 0)
            return &schedule->requests[i];
    return NULL;
}

static int read_program(struct reader *reader) {
    if (reader->schedule->program.text)
        return error_set(reader->error, ERROR_SYNTAX, reader->line, 1,
                         "a second program; line %d names \"%s\"",
                         reader->schedule->program.line,
                         reader->schedule->program.text);
    int status =
        take_name(reader, "a program's name", &reader->schedule->program);
    return status ? status : end_of_line(reader);
}

static int read_request(struct reader *reader) {
    struct schedule *schedule = reader->schedule;
    struct request *request = grow((void **)&schedule->requests,
                                   &schedule->request_count, sizeof *request);
    if (!request)
        return out_of_memory(reader);
    int status = take_name(reader, "a request's name", &request->name);
    if (status)
        return status;
    const struct request *same = find_request(schedule, request->name.text);
    if (same != request)
        return error_set(reader->error, ERROR_SYNTAX, reader->line,
                         request->name.column,
                         "a second request \"%s\"; the first is on line %d",
                         request->name.text, same->name.line);
    status = take_method(reader, &request->method);
    if (status)
        return status;
    if (word_length(reader) > 0 && *reader->at != '/')
        return expected(reader, "a path that starts with '/'");
    status = take_word(reader, "a path that starts with '/'", &request->target);
    return status ? status : end_of_line(reader);
}

static int read_send(struct reader *reader, struct directive *directive) {
    directive->kind = DIRECTIVE_SEND;
    int status = take_name(reader, "a request's name", &directive->task);
    if (status)
        return status;
    const struct schedule *schedule = reader->schedule;
    const char *name = directive->task.text;
    if (find_request(schedule, name))
        return end_of_line(reader);
    const char *names[LIMIT_TASKS];
    size_t count = 0;
    while (count < schedule->request_count && count < LIMIT_TASKS) {
        names[count] = schedule->requests[count].name.text;
        count++;
    }
    const char *near = nearest_name(name, names, count);
    return error_set(
        reader->error, ERROR_SYNTAX, reader->line, directive->task.column,
        "no request \"%s\" is declared above%s%s%s", name,
        near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int read_fire(struct reader *reader, struct directive *directive) {
    directive->kind = DIRECTIVE_FIRE;
    int status = take_name(reader, "an event's name, such as loop.timer.1",
                           &directive->task);
    return status ? status : end_of_line(reader);
}

// A word of `stop`, which is one of more words.
static int add_word(struct reader *reader, size_t length, struct word *stop) {
    char *longer;
    if (asprintf(&longer, "%s%s%.*s", stop->text, *stop->text ? " " : "",
                 (int)length, reader->at) < 0)
        return out_of_memory(reader);
    free(stop->text);
    stop->text = longer;
    reader->at += length;
    return 0;
}

// "read OBJECT in FUNCTION:LINE", as one name; "read" alone is a point's.
static int read_access(struct reader *reader, struct word *stop) {
    static const char *const expect[] = {NULL, "an object's name", "\"in\"",
                                         "FUNCTION:LINE"};
    for (int i = 0; i < 4; i++) {
        size_t length = word_length(reader);
        if (length == 0 && i == 1)
            return 0;
        if (length == 0 && i == 2)
            break;
        if (length == 0 || (i == 2 && !starts_with(reader, "in", length)))
            return expected(reader, expect[i]);
        int status = add_word(reader, length, stop);
        if (status)
            return status;
    }
    return reader->schedule->accesses.text
               ? 0
               : error_set(reader->error, ERROR_SYNTAX, stop->line,
                           stop->column,
                           "accesses are no points without a line "
                           "\"accesses\" above");
}

static bool is_access(struct reader *reader) {
    size_t length = word_length(reader);
    static const char *const verbs[] = {"read", "write", "load", "store",
                                        "update"};
    for (int i = 0; i < 5; i++)
        if (starts_with(reader, verbs[i], length))
            return true;
    return false;
}

static int read_stop(struct reader *reader, struct word *stop) {
    if (!is_access(reader))
        return take_name(reader, "a point's name", stop);
    int status = take(reader, 0, stop);
    return status ? status : read_access(reader, stop);
}

static int read_accesses(struct reader *reader) {
    struct word *accesses = &reader->schedule->accesses;
    if (accesses->text)
        return error_set(reader->error, ERROR_SYNTAX, reader->line, 1,
                         "a second line \"accesses\"; the first is line %d",
                         accesses->line);
    reader->at -= strlen("accesses");
    int status = take_word(reader, "accesses", accesses);
    return status ? status : end_of_line(reader);
}

static int read_run(struct reader *reader, struct directive *directive) {
    int status = take_name(reader, "a task's name", &directive->task);
    if (status)
        return status;
    if (take_keyword(reader, "until")) {
        directive->kind = DIRECTIVE_RUN_UNTIL;
        status = read_stop(reader, &directive->point);
        return status ? status : end_of_line(reader);
    }
    if (!take_keyword(reader, "to"))
        return expected(reader, "\"until POINT\" or \"to end\"");
    if (!take_keyword(reader, "end"))
        return expected(reader, "\"end\"");
    directive->kind = DIRECTIVE_RUN_TO_END;
    return end_of_line(reader);
}

static int read_clock(struct reader *reader, struct directive *directive) {
    if (take_keyword(reader, "stop"))
        directive->kind = DIRECTIVE_CLOCK_STOP;
    else if (take_keyword(reader, "start"))
        directive->kind = DIRECTIVE_CLOCK_START;
    else
        return expected(reader, "\"stop\" or \"start\"");
    return end_of_line(reader);
}

static int read_expect(struct reader *reader) {
    struct schedule *schedule = reader->schedule;
    struct expectation *expectation =
        grow((void **)&schedule->expectations, &schedule->expectation_count,
             sizeof *expectation);
    if (!expectation)
        return out_of_memory(reader);
    expectation->line = reader->line;
    if (take_keyword(reader, "race")) {
        expectation->kind = EXPECT_RACE;
        int status =
            take_name(reader, "the name of an object", &expectation->text);
        return status ? status : end_of_line(reader);
    }
    if (take_keyword(reader, "no")) {
        expectation->kind = EXPECT_NO_RACE;
        if (!take_keyword(reader, "race"))
            return expected(reader, "\"race\"");
        return end_of_line(reader);
    }
    expectation->kind = EXPECT_OUTCOME;
    int status = take_name(reader, "a task's name, \"race\" or \"no race\"",
                           &expectation->task);
    if (status)
        return status;
    skip_space(reader);
    if (reader->at == reader->end)
        return expected(reader, "the line that the task reports");
    return take(reader, (size_t)(reader->end - reader->at), &expectation->text);
}

static int read_directive(struct reader *reader,
                          int (*read)(struct reader *, struct directive *)) {
    struct schedule *schedule = reader->schedule;
    struct directive *directive =
        grow((void **)&schedule->directives, &schedule->directive_count,
             sizeof *directive);
    if (!directive)
        return out_of_memory(reader);
    directive->line = reader->line;
    return read(reader, directive);
}

static int unknown_keyword(struct reader *reader) {
    static const char *const keywords[] = {"program", "request", "accesses",
                                           "send",    "fire",    "run",
                                           "clock",   "expect"};
    char word[LIMIT_NAME];
    size_t length = word_length(reader);
    snprintf(word, sizeof word, "%.*s",
             (int)(length < LIMIT_NAME ? length : LIMIT_NAME - 1), reader->at);
    const char *near = nearest_name(word, keywords, 8);
    return error_set(reader->error, ERROR_SYNTAX, reader->line,
                     column_of(reader, reader->at),
                     "unknown directive \"%s\"%s%s%s; there are program, "
                     "request, accesses, send, fire, run, clock and expect",
                     word, near ? "; did you mean \"" : "", near ? near : "",
                     near ? "\"?" : "");
}

static int read_line(struct reader *reader) {
    if (word_length(reader) == 0)
        return 0;
    if (take_keyword(reader, "program"))
        return read_program(reader);
    if (take_keyword(reader, "request"))
        return read_request(reader);
    if (take_keyword(reader, "accesses"))
        return read_accesses(reader);
    if (take_keyword(reader, "send"))
        return read_directive(reader, read_send);
    if (take_keyword(reader, "fire"))
        return read_directive(reader, read_fire);
    if (take_keyword(reader, "run"))
        return read_directive(reader, read_run);
    if (take_keyword(reader, "clock"))
        return read_directive(reader, read_clock);
    if (take_keyword(reader, "expect"))
        return read_expect(reader);
    return unknown_keyword(reader);
}

static int read_version(struct reader *reader) {
    if (!take_keyword(reader, "racelab") || !take_keyword(reader, "schedule")) {
        reader->at = reader->start;
        skip_space(reader);
        return expected(reader, "\"racelab schedule 1\" as the first line");
    }
    size_t length = word_length(reader);
    if (length == 0)
        return expected(reader, "the format's version, 1");
    if (!take_keyword(reader, "1"))
        return error_set(reader->error, ERROR_SYNTAX, reader->line,
                         column_of(reader, reader->at),
                         "version %.*s of the format; this racelab reads "
                         "version 1",
                         (int)(length < 20 ? length : 20), reader->at);
    return end_of_line(reader);
}

// A comment starts with '#' at the line's start or behind a space, and takes
// the space before it along.
static const char *without_comment(const char *start, const char *end) {
    for (const char *at = start; at < end; at++)
        if (*at == '#' && (at == start || is_space(at[-1]))) {
            end = at;
            break;
        }
    while (end > start && is_space(end[-1]))
        end--;
    return end;
}

static int check_line(struct reader *reader, size_t bytes) {
    if (bytes > LIMIT_LINE_BYTES)
        return error_set(reader->error, ERROR_LIMIT, reader->line,
                         LIMIT_LINE_BYTES, "a line of over %d bytes",
                         LIMIT_LINE_BYTES);
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)reader->start[i];
        if ((c < ' ' && c != '\t' && c != '\r') || c == 0x7F)
            return error_set(reader->error, ERROR_SYNTAX, reader->line,
                             column_of(reader, reader->start + i),
                             "a control character (byte %d); a schedule is "
                             "plain text",
                             c);
    }
    return 0;
}

static int read_lines(struct reader *reader, const char *text, size_t bytes) {
    bool versioned = false;
    for (const char *at = text, *end = text + bytes; at < end; reader->line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        reader->start = reader->at = at;
        int status = check_line(reader, (size_t)(stop - at));
        if (status)
            return status;
        reader->end = without_comment(at, stop);
        if (word_length(reader) > 0) {
            status = versioned ? read_line(reader) : read_version(reader);
            if (status)
                return status;
            versioned = true;
        }
        at = newline ? newline + 1 : end;
    }
    reader->start = reader->at = reader->end = text + bytes;
    if (!versioned)
        return expected(reader, "\"racelab schedule 1\" as the first line");
    if (!reader->schedule->program.text)
        return expected(reader, "a line \"program NAME\"");
    return 0;
}

int schedule_parse(struct schedule *schedule, const char *text, size_t bytes,
                   struct error *error) {
    memset(schedule, 0, sizeof *schedule);
    if (bytes > LIMIT_SCHEDULE_BYTES)
        return error_set(error, ERROR_LIMIT, 0, 0,
                         "a file of over %d bytes is no schedule",
                         LIMIT_SCHEDULE_BYTES);
    // Some editors put a mark of UTF-8 before the first letter.
    if (bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        bytes -= 3;
    }
    struct reader reader = {
        .schedule = schedule, .error = error, .line = 1, .start = text};
    int status = read_lines(&reader, text, bytes);
    if (status)
        schedule_done(schedule);
    return status;
}

static int read_all(FILE *file, char **text, size_t *bytes,
                    struct error *error) {
    size_t room = LIMIT_SCHEDULE_BYTES + 1;
    *text = malloc(room);
    if (!*text)
        return error_set(error, ERROR_MEMORY, 0, 0, "%s",
                         error_text(ERROR_MEMORY));
    *bytes = fread(*text, 1, room, file);
    if (ferror(file))
        return error_set(error, ERROR_FILE, 0, 0, "%s", strerror(errno));
    return 0;
}

int schedule_read(struct schedule *schedule, const char *path,
                  struct error *error) {
    memset(schedule, 0, sizeof *schedule);
    bool standard_input = strcmp(path, "-") == 0;
    FILE *file = standard_input ? stdin : fopen(path, "re");
    if (!file)
        return error_set(error, ERROR_FILE, 0, 0, "%s", strerror(errno));
    char *text = NULL;
    size_t bytes = 0;
    int status = read_all(file, &text, &bytes, error);
    if (status == 0)
        status = schedule_parse(schedule, text, bytes, error);
    free(text);
    if (!standard_input)
        fclose(file);
    return status;
}

static void print_directive(const struct directive *directive, FILE *out) {
    switch (directive->kind) {
    case DIRECTIVE_SEND:
        fprintf(out, "send %s\n", directive->task.text);
        break;
    case DIRECTIVE_FIRE:
        fprintf(out, "fire %s\n", directive->task.text);
        break;
    case DIRECTIVE_RUN_UNTIL:
        fprintf(out, "run %s until %s\n", directive->task.text,
                directive->point.text);
        break;
    case DIRECTIVE_RUN_TO_END:
        fprintf(out, "run %s to end\n", directive->task.text);
        break;
    case DIRECTIVE_CLOCK_STOP:
        fprintf(out, "clock stop\n");
        break;
    case DIRECTIVE_CLOCK_START:
        fprintf(out, "clock start\n");
        break;
    }
}

static void print_expectation(const struct expectation *expectation,
                              FILE *out) {
    switch (expectation->kind) {
    case EXPECT_OUTCOME:
        fprintf(out, "expect %s %s\n", expectation->task.text,
                expectation->text.text);
        break;
    case EXPECT_RACE:
        fprintf(out, "expect race %s\n", expectation->text.text);
        break;
    case EXPECT_NO_RACE:
        fprintf(out, "expect no race\n");
        break;
    }
}

void schedule_print_accesses(const struct schedule *schedule, FILE *out) {
    if (schedule->accesses.text)
        fprintf(out, "accesses   # are points: this holds for one build\n");
}

void schedule_print(const struct schedule *schedule, FILE *out) {
    fprintf(out, "racelab schedule 1\nprogram %s\n", schedule->program.text);
    for (size_t i = 0; i < schedule->request_count; i++)
        fprintf(out, "request %s %s %s\n", schedule->requests[i].name.text,
                schedule->requests[i].method.text,
                schedule->requests[i].target.text);
    fprintf(out, "\n");
    schedule_print_accesses(schedule, out);
    for (size_t i = 0; i < schedule->directive_count; i++)
        print_directive(&schedule->directives[i], out);
    for (size_t i = 0; i < schedule->expectation_count; i++)
        print_expectation(&schedule->expectations[i], out);
}

void schedule_done(struct schedule *schedule) {
    free(schedule->program.text);
    free(schedule->accesses.text);
    for (size_t i = 0; i < schedule->request_count; i++) {
        free(schedule->requests[i].name.text);
        free(schedule->requests[i].method.text);
        free(schedule->requests[i].target.text);
    }
    for (size_t i = 0; i < schedule->directive_count; i++) {
        free(schedule->directives[i].task.text);
        free(schedule->directives[i].point.text);
    }
    for (size_t i = 0; i < schedule->expectation_count; i++) {
        free(schedule->expectations[i].task.text);
        free(schedule->expectations[i].text.text);
    }
    free(schedule->requests);
    free(schedule->directives);
    free(schedule->expectations);
    memset(schedule, 0, sizeof *schedule);
}
