// grade_folder.h - the folder of a class, as it lies on the disk.
//
//   DIR/STUDENT/NN-name/           one folder a student, one an exercise in it
//   DIR/STUDENT/course/NN-name/    the same, as `racelab learn` keeps them
//   DIR/STUDENT/                   when one exercise is graded: its files
//
// Names are whatever a student could send. A symbolic link is never followed,
// nothing but a folder is opened, and no path is put together from names.
#ifndef LAB_CLASSROOM_GRADE_FOLDER_H
#define LAB_CLASSROOM_GRADE_FOLDER_H

#include "grade_book.h"

struct grade_folder {
    const char *path; // as the user gave it: borrowed
    int descriptor;   // negative: none
    bool is_student;  // it is one student's own
    bool is_exercise; // a student's folder may be that of the only exercise
};

// Opens folder->path, with the rest as it has been set, and puts who is in it
// into the book. What lies there and is no folder gets a line on standard
// error. 0, or -1 after a message.
int grade_folder_open(struct grade_folder *folder, struct grade_book *book);
void grade_folder_close(struct grade_folder *folder);

// Opens what a student handed in of an exercise. A descriptor, or -1; then the
// mark says why.
int grade_folder_submission(const struct grade_folder *folder,
                            const struct grade_student *student,
                            const struct exercise *exercise,
                            struct grade_mark *mark);

#endif
