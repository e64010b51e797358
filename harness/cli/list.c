// list.c - `racelab list`: the programs that there are.
#include "verbs.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

static void print_json(void) {
    json_t *list = json_array();
    for (const struct racelab_program *const *at = verbs_lab->programs; *at;
         at++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", (*at)->name,
                                              "summary", (*at)->summary));
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(list);
}

int list_main(int argc, char **argv) {
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int option;
    bool json = false;
    while ((option = verbs_option("list", argc, argv, options)) != -1) {
        if (option == '?')
            return EXIT_TROUBLE;
        if (option == 'h') {
            printf("usage: racelab list [--json]\n\nThe programs that "
                   "`racelab replay FILE --handler NAME` knows.\n");
            return EXIT_AS_IT_SHOULD_BE;
        }
        json = true;
    }
    if (optind < argc)
        return verbs_usage("list", "no argument is wanted, not ", argv[optind]);
    if (json)
        print_json();
    for (const struct racelab_program *const *at = verbs_lab->programs;
         *at && !json; at++)
        printf("%-18s %s\n", (*at)->name, (*at)->summary);
    return EXIT_AS_IT_SHOULD_BE;
}
