// textfile.h - small files, read whole and written whole.
//
// A file that a student keeps may be anything by now: a folder, a pipe, as big
// as the disk. It is read as far as the size that it says it has, if that is
// the size of a text; a pipe says none. What is written is there as a whole or
// not at all.
//
// All of these return 0 or a negative errno, and print nothing.
#ifndef LAB_CLASSROOM_TEXTFILE_H
#define LAB_CLASSROOM_TEXTFILE_H

#include <stddef.h>

#define TEXTFILE_BYTES_MAX (1024L * 1024) // as long as a schedule may be
#define TEXTFILE_PATH_MAX  1024

// Gives the bytes of the file at `path`, with a 0 behind them; free() them.
// -EFBIG for one that is over TEXTFILE_BYTES_MAX.
int textfile_read(const char *path, char **text, size_t *bytes);

// Writes beside `path` and renames. What was there is replaced.
int textfile_write(const char *path, const char *text);

// Renames `path` to the first of path.1, path.2, … that is free, and copies
// that name to `kept` (TEXTFILE_PATH_MAX long).
int textfile_set_aside(const char *path, char *kept);

#endif
