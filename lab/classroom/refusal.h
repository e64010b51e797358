// refusal.h - why a submission is not taken, in both languages.
//
// One row a reason: what to do comes first, and then what was found. An @ in a
// text stands for the word in question.
#ifndef LAB_CLASSROOM_REFUSAL_H
#define LAB_CLASSROOM_REFUSAL_H

#include <stddef.h>

struct gate_refusal;

// REASON(why, english, chinese)
#define REFUSALS(REASON)                                                                                     \
    REASON(empty, "Define a handler: there is no C in this file.",                                           \
           "请定义一个处理函数：这个文件里没有 C 代码。")                                                    \
    REASON(size, "Keep the file within 64 KB: a handler fits one screen.",                                   \
           "请把文件控制在 64 KB 以内：一个处理函数一屏就放得下。")                                          \
    REASON(text,                                                                                             \
           "Save the file as UTF-8 text: a byte of this line is none, or is "                                \
           "a control character.",                                                                           \
           "请把文件存为 UTF-8 文本：这一行里有不属于文本的字节或控制字符。")                                \
    REASON(continued, "Write it as one line: this one ends with a backslash.",                               \
           "请写成一行：这一行以反斜杠结尾。")                                                               \
    REASON(spelling,                                                                                         \
           "Write the bracket or sign that is meant: \"@\" is another "                                      \
           "spelling of it.",                                                                                \
           "请直接写出原来的括号或符号：“@” 是它的另一种写法。")                                             \
    REASON(comment, "Close the comment that begins here.",                                                   \
           "请结束从这里开始的注释。")                                                                       \
    REASON(string, "Close the string or character that begins here, in line.",                               \
           "请在同一行内结束从这里开始的字符串或字符常量。")                                                 \
    REASON(character, "Keep \"@\" to strings and comments.",                                                 \
           "“@” 只能出现在字符串和注释里。")                                                                 \
    REASON(directive,                                                                                        \
           "Write an enum for a constant and a static function for a macro: "                                \
           "of the preprocessor a submission uses #include alone, not \"@\".",                               \
           "常量请用 enum，宏请写成 static 函数：提交的代码只能用 #include，"           \
           "不能用 “@”。")                                                                                   \
    REASON(header,                                                                                           \
           "Include headers of the lab (handlers/, server/, kit/), <uv.h> or "                               \
           "the plain ones of C: @ is not among them.",                                                      \
           "请只包含实验室的头文件（handlers/、server/、kit/）、<uv.h> 和 C "               \
           "的基本头文件：@ 不在其中。")                                                                     \
    REASON(attribute, "Declare it without attributes: [[ begins one.",                                       \
           "声明时请不要用属性：[[ 是属性的开头。")                                                          \
    REASON(reserved,                                                                                         \
           "Choose another name: what begins like \"@\" belongs to the "                                     \
           "compiler.",                                                                                      \
           "请换一个名字：像 “@” 这样开头的名字是留给编译器的。")                                            \
    REASON(harness,                                                                                          \
           "Leave the harness to the lab, whose jobs mark their own points "                                 \
           "and report: \"@\" is a word to it, or to ThreadSanitizer.",                                      \
           "请把测试框架留给实验室：它的任务自己标出调度点并报告结果；"         \
           "“@” 是对框架或 ThreadSanitizer 说的话。")                                                        \
    REASON(nesting,                                                                                          \
           "Split this up: brackets are nested more than 64 deep here.",                                     \
           "请拆开来写：这里的括号嵌套超过了 64 层。")                                                       \
    REASON(handler,                                                                                          \
           "Define one handler, as in: const struct handler fix_handler = "                                  \
           "{.handle = handle};",                                                                            \
           "请定义一个处理函数表，例如：const struct handler fix_handler = "                   \
           "{.handle = handle};")                                                                            \
    REASON(                                                                                                  \
        exported,                                                                                            \
        "Make \"@\" static: the handler is the one name that a submission "                                  \
        "gives to others.",                                                                                  \
        "请把 “@” 声明为 static：提交的代码对外只给出处理函数表这一个名字。")                                \
    REASON(state,                                                                                            \
           "Keep what belongs to a request in its context or its job, and "                                  \
           "declare the rest const: \"@\" would live on from one request to "                                \
           "the next.",                                                                                      \
           "请把属于请求的数据放进它的上下文或任务，其余的声明为 const：“@” " \
           "会从一个请求留到下一个请求。")                                                                   \
    REASON(section,                                                                                          \
           "Let all code run from the handler and its job: \"@\" is none of "                                \
           "theirs.",                                                                                        \
           "请让所有代码都由处理函数和它的任务来运行：“@” 不属于它们。")                                     \
    REASON(call,                                                                                             \
           "Call what the lab's headers declare, libuv's locks, threads, "                                   \
           "timers and work, and what C has for memory and strings: \"@\" is "                               \
           "none of those.",                                                                                 \
           "请只调用实验室头文件里的函数、libuv 的锁、线程、定时器和 "              \
           "work，以及 C 的内存和字符串函数：“@” 不在其中。")

#define REFUSAL_ENUM(why, english, chinese) REFUSAL_##why,
enum refusal_reason { REFUSALS(REFUSAL_ENUM) };

enum { REFUSAL_WORD_BYTES_MAX = 48 }; // of a longer word the beginning is shown

// Fills in *refusal. What is not plain ASCII in `word` is shown as "?".
void refusal_say(struct gate_refusal *refusal, enum refusal_reason reason,
                 int line, const char *word, size_t word_bytes);

#endif
