// gate.h - what a submission may be made of.
//
// The judge's word is worth as much as the code that it judges is kept from
// giving it. So a submission is C and no more: it includes the headers of the
// lab and a few of the system's, has no macro, attribute or assembler in it,
// keeps nothing from one request to the next in memory of its own, and calls
// what a handler needs to call. The source is looked at before the compiler
// sees it, the object after.
//
// Rules
//   - What is refused is refused for being outside of that, with line, the
//     word in question and what may be done instead; never for what it might
//     be up to.
//   - A source may be anything: truncated, huge, binary.
//   - It is no wall: C can reach all memory by a pointer. What is behind it is
//     (sandbox.h, confine.h).
#ifndef LAB_CLASSROOM_GATE_H
#define LAB_CLASSROOM_GATE_H

#include <stdbool.h>
#include <stddef.h>

#define GATE_SOURCE_BYTES_MAX                                                  \
    ((size_t)64 * 1024) // the longest handler has 3 KB
#define GATE_SAYS_BYTES_MAX 512

struct gate_refusal {
    const char *why; // a word for it, which stays: "directive"
    int line;        // in the source; 0: of the whole
    char en[GATE_SAYS_BYTES_MAX], zh[GATE_SAYS_BYTES_MAX];
};

// Is `source`, all of it, within the language of submissions? If not, says why
// in *refusal.
bool gate_source(const char *source, size_t bytes,
                 struct gate_refusal *refusal);

// The same of what a compiler made of it, for the harness and without a
// sanitizer. `listing` is what `objdump -h -t -w` printed of the object. The
// one name that it gives to others, which ends with "_handler", is copied to
// `handler` (`handler_bytes` long).
bool gate_object(const char *listing, char *handler, size_t handler_bytes,
                 struct gate_refusal *refusal);

#endif
