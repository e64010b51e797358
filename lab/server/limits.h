// limits.h - every maximum of the server, with its reason.
//
// A server without limits is a server that its worst client sizes. What lies
// beyond one of these is refused with a status that says so.
#ifndef LAB_SERVER_LIMITS_H
#define LAB_SERVER_LIMITS_H

enum {
    // What each request makes anew is a multiple of this many bytes:
    // ThreadSanitizer's runtime clears anything else byte by byte.
    ROUND_BYTES = 16,

    // A request.
    URL_BYTES_MAX = 2048,     // longer: 414
    HEADER_BYTES_MAX = 8192,  // names and values together; more: 431
    HEADERS_MAX = 64,         // more: 431
    BODY_BYTES_MAX = 1 << 20, // allocated as it comes; more: 413
    REQUEST_ID_BYTES_MAX =
        63, // a name in schedules and reports; the rest is cut

    // A connection.
    INPUT_BYTES = 4096,             // one read; most requests are one
    UNSENT_BYTES_MAX = 65536,       // answers owed before it stops reading
    LINGER_BYTES_MAX = 8 << 20,     // read and dropped after a refusal
    BODY_BYTES = 256,               // an answer's, as most are
    ANSWER_HEADER_BYTES_MAX = 1024, // what context_header() may add

    // Routes: a screen of 24 lines, as a program writes by hand.
    ROUTES_MAX = 24,
    PATTERN_BYTES_MAX = 127,
    SEGMENTS_MAX = 16,
    PARAMS_MAX = 8,
    CHAIN_MAX = 16,

    // A context.
    KEYS_MAX = 16,
    KEY_BYTES_MAX = 31,

    // An engine.
    JOBS_MAX = 1024, // threads of one loop; more: 503
    LOOPS_MAX = 64,
    BACKLOG = 511, // as nginx has it; the kernel lowers it to its own limit
};

#endif
