#include "watch.h"

#include "course.h"
#include "notice.h"
#include "textfile.h"
#include "judged.h"

#include <signal.h>

static volatile sig_atomic_t is_over;

static void end_it(int number) {
    (void)number;
    is_over = 1;
}

// From here on the signals that end a watch come while it waits, and at no
// other moment; *waiting is the mask for that.
static void take_signals(sigset_t *waiting) {
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction action = {.sa_handler = end_it};
    sigset_t blocked;

    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        sigaddset(&blocked, ends[i]);
        sigaction(ends[i], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &blocked, waiting);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigdelset(waiting, ends[i]);
}

// So that one can tell judgements apart that look alike.
static void announce_judgement(const struct learner *learner, int number) {
    char text[128];

    snprintf(text, sizeof text,
             learner->page.language == CHINESE ? "%s，第 %d 次评判"
                                               : "%s, judgement %d",
             learner->exercise->name, number);
    page_heading(&learner->page, text);
    fflush(learner->page.out);
}

static void announce(const struct learner *learner,
                     const struct notice *notice) {
    const struct page *page = &learner->page;

    if (notice->events >= 0)
        page_say(page,
                 "\nwaiting for the next save in %s/%s (told by the system); "
                 "Ctrl-C ends",
                 "\n等待 %s/%s 的下一次保存（由系统通知）；按 Ctrl-C 结束",
                 learner->directory, learner->exercise->name);
    else
        page_say(page,
                 "\nwaiting for the next save in %s/%s (looking every %d ms); "
                 "Ctrl-C ends",
                 "\n等待 %s/%s 的下一次保存（每 %d 毫秒查看一次）；"
                 "按 Ctrl-C 结束",
                 learner->directory, learner->exercise->name,
                 notice->interval_ms);
    fflush(page->out);
}

static void summarize(const struct learner *learner, int judgements, int passed,
                      int status) {
    static const char *const words[][LANGUAGES] = {
        [EXIT_RIGHT] = {"passed", "通过"},
        [EXIT_NOT_YET] = {"not passed yet", "还没有通过"},
        [EXIT_TROUBLE] = {"broken off", "中途停止"},
    };
    if (status < 0 || status > EXIT_TROUBLE)
        status = EXIT_TROUBLE;
    page_say(&learner->page,
             "\nThe watch over %s has ended. Judgements: %d, passed: %d; "
             "the last one: %s.",
             "\n对 %s 的监视已结束。评判 %d 次，通过 %d 次；"
             "最后一次：%s。",
             learner->exercise->name, judgements, passed,
             words[status][learner->page.language]);
}

int watch_run(const struct learner *learner) {
    struct handout files = handout_of(learner->exercise);
    struct notice notice;
    sigset_t waiting;
    char folder[TEXTFILE_PATH_MAX];
    int judgements = 0, passed = 0, status;

    if (!course_has_begun(learner))
        return EXIT_TROUBLE;
    course_path(learner, NULL, folder);
    take_signals(&waiting);
    notice_begin(&notice, folder, &files, learner->polls);
    do {
        announce_judgement(learner, judgements + 1);
        status = judged_ask(learner);
        judgements++;
        passed += status == EXIT_RIGHT;
        judged_onward(learner, status);
        announce(learner, &notice);
    } while (notice_wait(&notice, &waiting) && !is_over);
    notice_end(&notice);
    summarize(learner, judgements, passed, status);
    return status;
}
