#include "build.h"

#include "classroom_config.h"
#include "legible.h"
#include "sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 48 };

// What a compiler may take. A handler of the lab takes it half a second; the
// sanitizer's pass makes it twice that.
static const struct sandbox_limits compiler_limits = {
    .wall_ms = 20000,
    .memory_bytes = 512u << 20,
    .processes = 8, // the driver, the compiler, the assembler, the linker
    .output_bytes = 64 << 10,
    .file_bytes = 16u << 20,
};

static const char *const compiler[] = {CLASSROOM_COMPILER, NULL};

// As the lab itself is compiled (meson.build), and all warnings off: they are
// the student's to see in an editor, and no reason to refuse anything.
static const char *const compiler_args[] = {
    "-std=c11",
    "-D_GNU_SOURCE",
    "-g",
    "-O1",
    "-fPIC",
    "-w",
    "-fno-optimize-sibling-calls",
    "-I" CLASSROOM_SOURCE_ROOT "/lab",
    "-I" CLASSROOM_SOURCE_ROOT "/harness/include",
    "-I" CLASSROOM_BUILD_ROOT,
    "-I" CLASSROOM_SOURCE_ROOT "/lab/exercises",
    CLASSROOM_INCLUDES // and their comma
    "-include",
    "harness/uv_control.h",
    "-include",
    "classroom/submission.h",
    NULL,
};

static const char *const to_object[] = {"-c", "fix.c", "-o", "fix.o", NULL};
static const char *const to_shared[] = {
    "-shared", "-Wl,-Bsymbolic", "-Wl,-z,relro", "fix.o", "-o", "fix.so", NULL};
static const char *const to_sanitized[] = {
    "-fsanitize=thread", "-shared", "-Wl,-Bsymbolic",
    "-Wl,-z,relro",      "fix.c",   "-o",
    "fix-tsan.so",       NULL};

static const char *const to_listing[] = {"objdump", "-h",    "-t",
                                         "-w",      "fix.o", NULL};

int build_init(struct build *build) {
    const char *root = getenv("TMPDIR");

    *build = (struct build){.directory = ""};
    snprintf(build->directory, sizeof build->directory, "%.400s/racelab-XXXXXX",
             root != NULL && *root == '/' ? root : "/tmp");
    if (mkdtemp(build->directory) != NULL)
        return 0;
    fprintf(stderr, "racelab check: %s: %s\n", build->directory,
            strerror(errno));
    build->directory[0] = '\0';
    return -1;
}

int build_write(const struct build *build, const char *name, const char *text,
                size_t bytes) {
    char path[sizeof build->directory + 64];

    snprintf(path, sizeof path, "%s/%s", build->directory, name);
    FILE *file = fopen(path, "we");
    if (file != NULL && fwrite(text, 1, bytes, file) == bytes &&
        fclose(file) == 0)
        return 0;
    fprintf(stderr, "racelab check: %s: %s\n", path, strerror(errno));
    if (file != NULL)
        fclose(file);
    return -1;
}

void build_done(struct build *build) {
    DIR *directory =
        build->directory[0] != '\0' ? opendir(build->directory) : NULL;

    if (directory == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(build->directory);
}

// Commands.

static void add_words(const char **words, const char *const *more) {
    while (*words != NULL)
        words++;
    while (*more != NULL)
        *words++ = *more++;
    *words = NULL;
}

static struct sandbox_command command_in(const struct build *build,
                                         const char **words) {
    return (struct sandbox_command){
        .argv = words,
        .directory = build->directory,
        .limits = compiler_limits,
    };
}

// In the debugger's data, and with it in a sentence, the file lies at the root
// of the sources, which the harness leaves out: it is "fix.c".
static struct sandbox_command compile(const struct build *build,
                                      const char **words,
                                      const char *const *last) {
    static char
        map[sizeof build->directory + sizeof CLASSROOM_SOURCE_ROOT + 32];
    const char *const mapped[] = {map, NULL};

    snprintf(map, sizeof map, "-fdebug-prefix-map=%s=%s", build->directory,
             CLASSROOM_SOURCE_ROOT);
    words[0] = NULL;
    add_words(words, compiler);
    add_words(words, compiler_args);
    add_words(words, mapped);
    add_words(words, last);
    return command_in(build, words);
}

static bool succeeded(const struct sandbox_command *command) {
    return command->end == SANDBOX_EXITED && command->status == 0;
}

// As the student wrote them: without what submission.h and the harness make of
// names.
static void restore_names(char *text) {
    static const struct {
        const char *made, *written;
    } names[] = {{"classroom_job_", "timestamp_job_"},
                 {"classroom_", ""},
                 {"racelab_uv_", "uv_"}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (char *at; (at = strstr(text, names[i].made)) != NULL;) {
            size_t made = strlen(names[i].made);
            size_t written = strlen(names[i].written);
            memmove(at + written, at + made, strlen(at + made) + 1);
            memcpy(at, names[i].written, written);
        }
}

// "fix.c:12:5: error: …" -> 12. Where a name has become another one, the error
// is said to be in submission.h, and a note after it says from which line it
// came. 0: none is named.
static int line_of(const char *errors, const char *error) {
    int line = 0;

    while (error > errors && error[-1] != '\n')
        error--;
    while ((error = strstr(error, "fix.c:")) != NULL &&
           sscanf(error, "fix.c:%d:", &line) != 1)
        error++;
    return line;
}

// Why a compiler refused: the first line of it that speaks of an error.
static void refuse_for(const struct sandbox_command *command,
                       struct gate_refusal *refusal) {
    char said[200] = "";
    char *shown;
    const char *at = command->end == SANDBOX_EXITED
                         ? strstr(command->errors, "error: ")
                         : NULL;

    refusal->line = at != NULL ? line_of(command->errors, at) : 0;
    if (at != NULL)
        snprintf(said, sizeof said, "%.*s", (int)strcspn(at + 7, "\n"), at + 7);
    restore_names(said);
    if (command->end != SANDBOX_EXITED) {
        refusal->why = "compiler";
        snprintf(refusal->en, sizeof refusal->en,
                 "The compiler did not come to an end within its limits.");
        snprintf(refusal->zh, sizeof refusal->zh,
                 "编译器没能在规定的限度内完成。");
        return;
    }
    refusal->why = "compile";
    shown = legible_text(said);
    snprintf(refusal->en, sizeof refusal->en, "It does not compile: %s", shown);
    snprintf(refusal->zh, sizeof refusal->zh, "无法编译：%s", shown);
    free(shown);
}

static unsigned longest(const struct sandbox_command *commands,
                        unsigned count) {
    unsigned ms = 0;

    for (unsigned i = 0; i < count; i++)
        if (commands[i].wall_ms > ms)
            ms = commands[i].wall_ms;
    return ms;
}

// The object for the gate, and beside it what takes longest.
static bool compile_both(struct build *build, struct gate_refusal *refusal) {
    const char *words[2][WORDS_MAX];
    struct sandbox_command commands[] = {
        compile(build, words[0], to_object),
        compile(build, words[1], to_sanitized),
    };

    sandbox_run(commands, 2);
    build->compiler_ms += longest(commands, 2);
    bool fits = succeeded(&commands[0]) && succeeded(&commands[1]);
    if (!fits)
        refuse_for(succeeded(&commands[0]) ? &commands[1] : &commands[0],
                   refusal);
    for (int i = 0; i < 2; i++)
        sandbox_free(&commands[i]);
    return fits;
}

static bool link_and_look(struct build *build, struct gate_refusal *refusal) {
    const char *words[2][WORDS_MAX] = {{NULL}};
    add_words(words[1], to_listing);
    struct sandbox_command commands[] = {
        compile(build, words[0], to_shared),
        command_in(build, words[1]),
    };

    sandbox_run(commands, 2);
    build->compiler_ms += longest(commands, 2);
    bool fits = succeeded(&commands[1]);
    if (!fits)
        refuse_for(&commands[1], refusal);
    else
        fits = gate_object(commands[1].output, build->handler,
                           sizeof build->handler, refusal);
    if (fits && !succeeded(&commands[0])) {
        refuse_for(&commands[0], refusal);
        fits = false;
    }
    for (int i = 0; i < 2; i++)
        sandbox_free(&commands[i]);
    return fits;
}

bool build_make(struct build *build, const char *source, size_t bytes,
                struct gate_refusal *refusal) {
    if (!gate_source(source, bytes, refusal))
        return false;
    if (build_write(build, "fix.c", source, bytes) != 0) {
        refusal->why = "failed";
        refusal->line = 0;
        snprintf(refusal->en, sizeof refusal->en, "It could not be copied.");
        snprintf(refusal->zh, sizeof refusal->zh, "无法复制文件。");
        return false;
    }
    return compile_both(build, refusal) && link_and_look(build, refusal);
}
