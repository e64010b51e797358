// bad.c - programs that go wrong, each in one way, and a command line for them.
// The harness must name what is wrong within seconds, and never hang.
#include <racelab/point.h>
#include <racelab/program.h>

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

static uv_mutex_t first, second;
static uv_rwlock_t rwlock;
static uv_cond_t cond;
static uv_sem_t semaphore;
static uv_barrier_t barrier;
static uv_loop_t loop;

static void make(void) {
    uv_mutex_init(&first);
    uv_mutex_init(&second);
    uv_rwlock_init(&rwlock);
    uv_cond_init(&cond);
    uv_sem_init(&semaphore, 0);
    uv_barrier_init(&barrier, 2);
    uv_loop_init(&loop);
    NAMED(&first, sizeof first, "first.lock");
    NAMED(&second, sizeof second, "second.lock");
    NAMED(&rwlock, sizeof rwlock, "both.lock");
    NAMED(&cond, sizeof cond, "news.cond");
    NAMED(&semaphore, sizeof semaphore, "news.semaphore");
    NAMED(&barrier, sizeof barrier, "all.barrier");
}

// Starts one thread for each entry, and waits for them in turn.
static void run_threads(uv_thread_cb one, uv_thread_cb other) {
    uv_thread_t threads[2];
    uv_thread_create(&threads[0], one, NULL);
    if (other)
        uv_thread_create(&threads[1], other, NULL);
    POINT("threads.started");
    uv_thread_join(&threads[0]);
    if (other)
        uv_thread_join(&threads[1]);
}

// Deadlocks.

static void first_then_second(void *unused) {
    (void)unused;
    uv_mutex_lock(&first);
    POINT("one.held");
    uv_mutex_lock(&second);
    uv_mutex_unlock(&second);
    uv_mutex_unlock(&first);
}

static void second_then_first(void *unused) {
    (void)unused;
    uv_mutex_lock(&second);
    POINT("one.held");
    uv_mutex_lock(&first);
    uv_mutex_unlock(&first);
    uv_mutex_unlock(&second);
}

static void lock_order(void) {
    run_threads(first_then_second, second_then_first);
}

static void self_lock(void) {
    uv_mutex_lock(&first);
    uv_mutex_lock(&first); // for the second time
}

static void upgrade(void) {
    uv_rwlock_rdlock(&rwlock);
    uv_rwlock_wrlock(&rwlock);
}

static void wait_for_news(void *unused) {
    (void)unused;
    uv_mutex_lock(&first);
    uv_cond_wait(&cond, &first);
    uv_mutex_unlock(&first);
}

static void tell_news(void *unused) {
    (void)unused;
    uv_cond_signal(&cond);
}

static void lost_wakeup(void) {
    run_threads(wait_for_news, tell_news);
}

// The flag is looked at before the lock is taken: what is told in between is
// told to nobody.

static int told;

static void check_and_wait(void *unused) {
    (void)unused;
    POINT_READ("flag.read", &told);
    bool waits = !told;
    uv_mutex_lock(&first);
    if (waits)
        uv_cond_wait(&cond, &first);
    uv_mutex_unlock(&first);
}

static void set_and_tell(void *unused) {
    (void)unused;
    POINT_WRITE("flag.write", &told);
    told = 1;
    uv_mutex_lock(&first);
    uv_cond_signal(&cond);
    uv_mutex_unlock(&first);
}

static void check_outside(void) {
    told = 0;
    run_threads(check_and_wait, set_and_tell);
}

static void wait_for_post(void *unused) {
    (void)unused;
    uv_sem_wait(&semaphore);
}

static void never_posted(void) {
    uv_sem_wait(&semaphore);
}

static void join_forever(void) {
    run_threads(wait_for_post, NULL);
}

static void barrier_alone(void) {
    uv_barrier_wait(&barrier);
}

static uv_once_t guard = UV_ONCE_INIT;

static void once_again(void) {
    uv_once(&guard, once_again);
}

static void on_async(uv_async_t *handle) {
    (void)handle;
}

static void idle_loop(void) {
    static uv_async_t async;
    uv_async_init(&loop, &async, on_async);
    uv_run(&loop, UV_RUN_DEFAULT);
}

// Its callback's calls are not where it waits.

static void lock_and_unlock(uv_timer_t *timer) {
    (void)timer;
    uv_mutex_lock(&first);
    uv_mutex_unlock(&first);
}

static void idle_after_callback(void) {
    static uv_timer_t timer;
    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, lock_and_unlock, 1, 0);
    idle_loop();
}

// What is left over.

static void nothing(void *unused) {
    (void)unused;
}

static void leaves_ended(void) {
    uv_thread_t thread;
    uv_thread_create(&thread, nothing, NULL);
}

static void leaves_waiting(void) {
    uv_thread_t thread;
    uv_thread_create(&thread, wait_for_post, NULL);
}

static void leaves_two(void) {
    uv_thread_t threads[2];
    uv_thread_create(&threads[0], nothing, NULL);
    uv_thread_create(&threads[1], wait_for_post, NULL);
}

static void meet(uv_work_t *request) {
    (void)request;
    uv_barrier_wait(&barrier);
}

static void leaves_work(void) {
    static uv_work_t work;
    uv_queue_work(&loop, &work, meet, NULL);
    POINT("work.queued");
}

static void start_another(void *another) {
    uv_thread_create(another, nothing, NULL);
}

static void joined_by_another(void) {
    uv_thread_t threads[2];
    uv_thread_create(&threads[0], start_another, &threads[1]);
    uv_thread_join(&threads[0]);
    uv_thread_join(&threads[1]);
}

// What the documentation forbids.

static void unlock_only(void *unused) {
    (void)unused;
    uv_mutex_unlock(&first);
}

static void foreign_unlock(void) {
    uv_mutex_lock(&first);
    run_threads(unlock_only, NULL);
}

static void read_unlock_unheld(void) {
    uv_rwlock_rdunlock(&rwlock);
}

static void write_unlock_of_reader(void) {
    uv_rwlock_rdlock(&rwlock);
    uv_rwlock_wrunlock(&rwlock);
}

static void cond_without_mutex(void) {
    uv_cond_wait(&cond, &first);
}

static void join_twice(void) {
    uv_thread_t thread;
    uv_thread_create(&thread, nothing, NULL);
    uv_thread_join(&thread);
    uv_thread_join(&thread);
}

static void semaphore_unmade(void) {
    static uv_sem_t unmade;
    uv_sem_wait(&unmade);
}

// Round in circles.

static void turn_for_ever(void *unused) {
    (void)unused;
    for (volatile unsigned turns = 0;;)
        turns = turns + 1;
}

static void spin(void) {
    run_threads(turn_for_ever, NULL);
}

static void print_for_ever(void *unused) {
    (void)unused;
    for (;;)
        puts("still here");
}

static void prints_forever(void) {
    run_threads(print_for_ever, NULL);
}

// With so large a frame that the stack is full after few calls.
static int fill_stack(volatile int depth) {
    volatile char frame[1 << 16];
    if (depth < 0)
        return 0;
    frame[depth % 100] = 1;
    return fill_stack(depth + 1) + frame[depth % 100];
}

static void overflow_stack(void *unused) {
    (void)unused;
    fill_stack(0);
}

static void overflows(void) {
    run_threads(overflow_stack, NULL);
}

static void stuck_for_ever(void *unused) {
    (void)unused;
    for (;;)
        syscall(SYS_pause);
}

static void stuck(void) {
    run_threads(stuck_for_ever, NULL);
}

static void points_forever(void) {
    for (;;)
        POINT("circle.turned");
}

static void threads_forever(void) {
    for (;;) {
        uv_thread_t thread;
        uv_thread_create(&thread, wait_for_post, NULL);
    }
}

static void on_timer(uv_timer_t *timer) {
    (void)timer;
}

static void timers_forever(void) {
    for (;;) {
        uv_timer_t *timer = malloc(sizeof *timer);
        uv_timer_init(&loop, timer);
        uv_timer_start(timer, on_timer, 1000, 0);
    }
}

static uv_sem_t near_join;

// Nobody else runs between the post and the join.
static void join_first(void *threads) {
    uv_sem_post(&near_join);
    uv_thread_join(threads);
}

static void join_by_two(void) {
    static uv_thread_t threads[3];
    uv_sem_init(&near_join, 0);
    uv_thread_create(&threads[0], wait_for_post, NULL);
    uv_thread_create(&threads[1], join_first, threads);
    uv_thread_create(&threads[2], join_first, threads);
    uv_sem_wait(&near_join);
    uv_sem_wait(&near_join);
    uv_sem_post(&semaphore);
    uv_thread_join(&threads[1]);
    uv_thread_join(&threads[2]);
}

static void on_signal(uv_signal_t *handle, int number) {
    (void)handle;
    (void)number;
}

static void signal_while_it_closes(void) {
    static uv_signal_t handle;
    uv_signal_init(&loop, &handle);
    uv_close((uv_handle_t *)&handle, NULL);
    uv_signal_start(&handle, on_signal, SIGTERM);
}

static void on_connection(uv_stream_t *server, int status) {
    (void)server;
    (void)status;
}

// Listens, and never comes to accept.
static void listen_only(void) {
    static uv_tcp_t server;
    struct sockaddr_in address;
    uv_ip4_addr("127.0.0.1", 0, &address);
    uv_tcp_init(&loop, &server);
    uv_tcp_bind(&server, (struct sockaddr *)&address, 0);
    uv_listen((uv_stream_t *)&server, 1, on_connection);
    POINT("port.open");
    uv_sem_wait(&semaphore);
}

// Servers with nothing wrong: they answer, and wait for their clients to leave.
// One shuts down what it has answered, one closes its port at the first client.
// And two that never answer a second request: they leave it, or shut it down.
// The others read what they are sent at other times than at once and whole, or
// never do; ask for the descriptor of a connection, and use it; or reset it.

struct client {
    uv_tcp_t socket;
    uv_write_t write;
    uv_shutdown_t shutdown;
    bool is_first;
    int bytes;
    int line_ends; // without anything in between: two end a request
};

static uv_tcp_t port;
static uv_signal_t stop;
static bool shuts_down, closes_port, answers_once, waits_once;
static enum { AT_ONCE, LATE, PAUSED, HUNG_UP_UNREAD } first_is;
static bool leaves_a, leaves_answered, resets;
static enum { NOT, OPEN, HALF_READ, BY_ITSELF } asks_when;
static unsigned room = 1000; // for what is read
static size_t answer_bytes = 19;
static struct client *late; // to be read when another one has come
static int came, heard, answered;

static void free_client(uv_handle_t *handle) {
    free(handle);
}

static void on_answered(uv_write_t *write, int status) {
    struct client *client = (struct client *)write->handle;
    answered += status == 0;
    if (status == 0 && resets)
        uv_tcp_close_reset(&client->socket, free_client);
    else if (status == 0 && leaves_answered)
        uv_close((uv_handle_t *)client, free_client);
    if (status == 0 && shuts_down)
        uv_shutdown(&client->shutdown, write->handle, NULL);
}

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer) {
    static char bytes[1000];
    (void)handle;
    (void)wanted;
    *buffer = uv_buf_init(bytes, room);
}

static bool is_whole(struct client *client, const char *bytes, ssize_t count) {
    for (ssize_t i = 0; i < count && client->line_ends < 2; i++)
        if (bytes[i] != '\r')
            client->line_ends = bytes[i] == '\n' ? client->line_ends + 1 : 0;
    return client->line_ends == 2;
}

static void leave(struct client *client) {
    if (shuts_down)
        uv_shutdown(&client->shutdown, (uv_stream_t *)&client->socket, NULL);
}

static void wait_for_ever(void) {
    OUTCOME("waits");
    uv_sem_wait(&semaphore);
}

static int descriptor_of(const struct client *client) {
    uv_os_fd_t descriptor = -1;
    uv_fileno((const uv_handle_t *)&client->socket, &descriptor);
    return descriptor;
}

// Past libuv.
static void answer_by_itself(struct client *client) {
    static const char text[] = "HTTP/1.1 200 OK\r\n\r\n";
    char bytes[1000];
    int descriptor = descriptor_of(client);
    ssize_t count = recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0 && is_whole(client, bytes, count) &&
        send(descriptor, text, sizeof text - 1, MSG_NOSIGNAL) > 0)
        answered++;
    uv_close((uv_handle_t *)client, free_client);
}

static void answer(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    static char text[4 << 20] = "HTTP/1.1 200 OK\r\n\r\n"; // and zeroes
    const uv_buf_t bytes = uv_buf_init(text, (unsigned)answer_bytes);
    struct client *client = (struct client *)stream;
    bool whole = is_whole(client, buffer->base, count);
    client->bytes += count > 0;
    if (asks_when == HALF_READ && client->bytes == 6)
        descriptor_of(client);
    if (count < 0 ||
        (leaves_a && client->bytes == 6 && buffer->base[0] == 'a')) {
        uv_close((uv_handle_t *)stream, free_client);
    } else if (client->is_first && first_is == PAUSED && heard == 0 && !late) {
        uv_read_stop(stream);
        late = client;
    } else if (whole) {
        client->line_ends = 0;
        heard++;
        if (heard > 1 && waits_once)
            wait_for_ever();
        else if (heard > 1 && answers_once)
            leave(client);
        else
            uv_write(&client->write, stream, &bytes, 1, on_answered);
        if (late && late != client)
            uv_read_start((uv_stream_t *)late, give_buffer, answer);
    }
}

static void close_port(void) {
    if (!uv_is_closing((uv_handle_t *)&port))
        uv_close((uv_handle_t *)&port, NULL);
}

static void on_client(uv_stream_t *server, int status) {
    struct client *client = calloc(1, sizeof *client);
    (void)status;
    uv_tcp_init(&loop, &client->socket);
    uv_accept(server, (uv_stream_t *)client);
    client->is_first = came++ == 0;
    if (asks_when == OPEN)
        descriptor_of(client);
    if (asks_when == BY_ITSELF)
        answer_by_itself(client);
    else if (client->is_first && first_is == LATE)
        late = client;
    else if (client->is_first && first_is == HUNG_UP_UNREAD)
        uv_close((uv_handle_t *)client, free_client);
    else
        uv_read_start((uv_stream_t *)client, give_buffer, answer);
    if (closes_port)
        close_port();
}

static void on_stop(uv_signal_t *handle, int number) {
    (void)number;
    uv_close((uv_handle_t *)handle, NULL);
    close_port();
}

static void serve(void) {
    struct sockaddr_in address;
    came = heard = answered = 0;
    late = NULL;
    uv_ip4_addr("127.0.0.1", 0, &address);
    uv_tcp_init(&loop, &port);
    uv_tcp_bind(&port, (struct sockaddr *)&address, 0);
    uv_listen((uv_stream_t *)&port, 1, on_client);
    uv_signal_init(&loop, &stop);
    uv_signal_start(&stop, on_stop, SIGTERM);
    uv_run(&loop, UV_RUN_DEFAULT);
    static const char *const outcomes[] = {"none answered", "one answered",
                                           "two answered"};
    if (uv_loop_close(&loop) == 0)
        OUTCOME(outcomes[answered]);
}

static void waits_for_clients(void) {
    shuts_down = closes_port = false;
    serve();
}

static void shuts_down_answers(void) {
    shuts_down = true;
    closes_port = false;
    serve();
}

static void answers_one(void) {
    answers_once = true;
    waits_for_clients();
}

static void shuts_down_the_other(void) {
    answers_once = true;
    shuts_down_answers();
}

static void closes_its_port(void) {
    shuts_down = false;
    closes_port = true;
    serve();
}

// And closes what it has answered, so that no client has to leave.
static void reads_in_pieces(void) {
    room = 1;
    leaves_answered = true;
    waits_for_clients();
}

static void reads_late(void) {
    first_is = LATE;
    waits_for_clients();
}

static void pauses(void) {
    first_is = PAUSED;
    reads_in_pieces();
}

// Of "GET /a", and in pieces.
static void hangs_up_on_a(void) {
    leaves_a = true;
    reads_in_pieces();
}

static void hangs_up_unread(void) {
    first_is = HUNG_UP_UNREAD;
    waits_for_clients();
}

static void waits_for_ever(void) {
    waits_once = true;
    waits_for_clients();
}

static void leaves_one_and_waits(void) {
    waits_once = true;
    reads_in_pieces();
}

static void answers_at_length(void) {
    answer_bytes = 4 << 20;
    waits_for_clients();
}

static void asks_at_once(void) {
    asks_when = OPEN;
    waits_for_clients();
}

static void asks_half_read(void) {
    asks_when = HALF_READ;
    room = 1;
    waits_for_clients();
}

static void answers_by_itself(void) {
    asks_when = BY_ITSELF;
    waits_for_clients();
}

static void resets_answered(void) {
    resets = true;
    waits_for_clients();
}

// Needs two workers, whatever the environment says.

static void two_works_that_meet(void) {
    static uv_work_t works[2];
    uv_queue_work(&loop, &works[0], meet, NULL);
    uv_queue_work(&loop, &works[1], meet, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
}

static void work_nothing(uv_work_t *work) {
    (void)work;
}

// A loop that had work is gone, and the program goes on.
static void closes_its_loop(void) {
    static uv_work_t work;
    static uv_loop_t own;
    uv_loop_init(&own);
    uv_queue_work(&own, &work, work_nothing, NULL);
    uv_run(&own, UV_RUN_DEFAULT);
    uv_loop_close(&own);
    run_threads(first_then_second, first_then_second);
    OUTCOME("ran on");
}

// Nothing is wrong with it: of two that were sent for the first closes the
// other.

static uv_async_t messages[2];
static int messages_taken;

static void close_both(uv_async_t *message) {
    (void)message;
    messages_taken++;
    for (int i = 0; i < 2; i++)
        if (!uv_is_closing((uv_handle_t *)&messages[i]))
            uv_close((uv_handle_t *)&messages[i], NULL);
}

static void closes_the_other(void) {
    messages_taken = 0;
    for (int i = 0; i < 2; i++)
        uv_async_init(&loop, &messages[i], close_both);
    for (int i = 0; i < 2; i++)
        uv_async_send(&messages[i]);
    uv_run(&loop, UV_RUN_DEFAULT);
    OUTCOME(messages_taken == 1 ? "one taken" : "both taken");
}

static void delete_busy_loop(void) {
    static uv_work_t work;
    uv_loop_t *own = uv_loop_new();
    uv_queue_work(own, &work, meet, NULL);
    uv_loop_delete(own);
}

// Calls that nobody controls.

static void call_getaddrinfo(void) {
    uv_getaddrinfo_t request;
    uv_getaddrinfo(&loop, &request, NULL, "localhost", NULL, NULL);
}

static void call_fs_open(void) {
    uv_fs_t request;
    uv_fs_open(&loop, &request, "/dev/null", 0, 0, NULL);
}

static void call_pthread_mutex_lock(void) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
}

static void *thread_of_posix(void *argument) {
    return argument;
}

static void call_pthread_create(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, thread_of_posix, NULL);
}

static void nothing_once(void) {
}

static void call_pthread_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, nothing_once);
}

static int thread_of_c(void *unused) {
    (void)unused;
    return 0;
}

static void call_thrd_create(void) {
    thrd_t thread;
    thrd_create(&thread, thread_of_c, NULL);
}

static void call_mtx_lock(void) {
    mtx_t lock;
    mtx_init(&lock, mtx_plain);
    mtx_lock(&lock);
}

static void call_cnd_wait(void) {
    cnd_t news;
    mtx_t lock;
    cnd_init(&news);
    mtx_init(&lock, mtx_plain);
    cnd_wait(&news, &lock);
}

static void call_pause(void) {
    pause();
}

static void call_poll(void) {
    poll(NULL, 0, 1);
}

static void call_select(void) {
    struct timeval nap = {.tv_usec = 1};
    select(0, NULL, NULL, NULL, &nap);
}

static void call_sem_wait(void) {
    sem_t lock;
    sem_init(&lock, 0, 1);
    sem_wait(&lock);
}

static void call_usleep(void) {
    usleep(1);
}

static void call_nanosleep(void) {
    const struct timespec nap = {.tv_nsec = 1};
    nanosleep(&nap, NULL);
}

static void call_clock_gettime(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
}

static void call_in_thread(void *unused) {
    (void)unused;
    call_usleep();
}

static void call_usleep_in_thread(void) {
    run_threads(call_in_thread, NULL);
}

// Crashes.

static void write_to_null(void *unused) {
    (void)unused;
    volatile int *volatile nowhere = (volatile int *)16;
    *nowhere = 1;
}

static void segv(void) {
    run_threads(write_to_null, NULL);
}

static void call_abort(void *unused) {
    (void)unused;
    abort();
}

static void aborts(void) {
    run_threads(call_abort, NULL);
}

static void crashes_at_once(void) {
    write_to_null(NULL);
}

// Only if it is cleared before it is used.

static int target, *volatile pointer;

static void clear_pointer(void *unused) {
    (void)unused;
    POINT_WRITE("pointer.clear", &target);
    pointer = NULL;
}

static void use_pointer(void *unused) {
    (void)unused;
    POINT_READ("pointer.use", &target);
    *pointer = 1;
}

static void crashes_in_one_order(void) {
    pointer = &target;
    run_threads(clear_pointer, use_pointer);
    OUTCOME("used");
}

// Only in the order in which the threads are started, which is tried first;
// and so slow that the others take long.

static int orders[5], order_count;

static void take_part(void *number) {
    uv_mutex_lock(&first);
    orders[order_count++] = *(int *)number;
    uv_mutex_unlock(&first);
}

static void crashes_at_first(void) {
    static int numbers[] = {0, 1, 2, 3, 4};
    uv_thread_t threads[5];
    bool as_started = true;
    order_count = 0;
    for (int i = 0; i < 5; i++)
        uv_thread_create(&threads[i], take_part, &numbers[i]);
    for (int i = 0; i < 5; i++)
        uv_thread_join(&threads[i]);
    for (int i = 0; i < 5; i++)
        as_started &= orders[i] == i;
    if (as_started)
        write_to_null(NULL);
    for (volatile int i = 0; i < 300000000; i = i + 1)
        ;
}

// What it does depends on how often it has been run.

static int runs;

static void changes_its_mind(void) {
    if (++runs > 1)
        POINT("mind.changed");
    run_threads(first_then_second, first_then_second);
}

static void lock_another(void *unused) {
    (void)unused;
    uv_mutex_t *lock = runs > 1 ? &second : &first;
    uv_mutex_lock(lock);
    uv_mutex_unlock(lock);
}

static void changes_its_lock(void) {
    runs++;
    run_threads(lock_another, lock_another);
}

// Nothing is wrong with it: the last that it says is what counts.
static void says_twice(void) {
    OUTCOME("at first");
    OUTCOME("at last");
}

// Another number of points each time.
static void fickle(void) {
    static int times;
    times++;
    for (int i = 0; i < times; i++)
        POINT("times.counted");
}

static void exits(void) {
    exit(0);
}

#define PROGRAMS(X)                                                            \
    X(lock_order)                                                              \
    X(self_lock)                                                               \
    X(upgrade)                                                                 \
    X(lost_wakeup)                                                             \
    X(check_outside)                                                           \
    X(never_posted)                                                            \
    X(join_forever)                                                            \
    X(barrier_alone)                                                           \
    X(once_again)                                                              \
    X(idle_loop)                                                               \
    X(idle_after_callback)                                                     \
    X(leaves_ended)                                                            \
    X(leaves_waiting)                                                          \
    X(leaves_two)                                                              \
    X(leaves_work)                                                             \
    X(joined_by_another)                                                       \
    X(foreign_unlock)                                                          \
    X(read_unlock_unheld)                                                      \
    X(write_unlock_of_reader)                                                  \
    X(cond_without_mutex)                                                      \
    X(join_twice)                                                              \
    X(semaphore_unmade)                                                        \
    X(spin)                                                                    \
    X(prints_forever)                                                          \
    X(overflows)                                                               \
    X(stuck)                                                                   \
    X(points_forever)                                                          \
    X(threads_forever)                                                         \
    X(timers_forever)                                                          \
    X(join_by_two)                                                             \
    X(signal_while_it_closes)                                                  \
    X(listen_only)                                                             \
    X(waits_for_clients)                                                       \
    X(reads_in_pieces)                                                         \
    X(reads_late)                                                              \
    X(pauses)                                                                  \
    X(hangs_up_on_a)                                                           \
    X(hangs_up_unread)                                                         \
    X(waits_for_ever)                                                          \
    X(leaves_one_and_waits)                                                    \
    X(answers_at_length)                                                       \
    X(asks_at_once)                                                            \
    X(asks_half_read)                                                          \
    X(answers_by_itself)                                                       \
    X(resets_answered)                                                         \
    X(shuts_down_answers)                                                      \
    X(answers_one)                                                             \
    X(shuts_down_the_other)                                                    \
    X(closes_its_port)                                                         \
    X(closes_its_loop)                                                         \
    X(closes_the_other)                                                        \
    X(two_works_that_meet)                                                     \
    X(delete_busy_loop)                                                        \
    X(call_getaddrinfo)                                                        \
    X(call_fs_open)                                                            \
    X(call_pthread_mutex_lock)                                                 \
    X(call_pthread_create)                                                     \
    X(call_pthread_once)                                                       \
    X(call_thrd_create)                                                        \
    X(call_mtx_lock)                                                           \
    X(call_cnd_wait)                                                           \
    X(call_pause)                                                              \
    X(call_poll)                                                               \
    X(call_select)                                                             \
    X(call_sem_wait)                                                           \
    X(call_usleep)                                                             \
    X(call_nanosleep)                                                          \
    X(call_clock_gettime)                                                      \
    X(call_usleep_in_thread)                                                   \
    X(segv)                                                                    \
    X(crashes_at_once)                                                         \
    X(crashes_in_one_order)                                                    \
    X(crashes_at_first)                                                        \
    X(changes_its_mind)                                                        \
    X(changes_its_lock)                                                        \
    X(says_twice)                                                              \
    X(aborts)                                                                  \
    X(fickle)                                                                  \
    X(exits)

#define RUN(name)                                                              \
    static int run_##name(const struct racelab_program *program) {             \
        (void)program;                                                         \
        make();                                                                \
        name();                                                                \
        return 0;                                                              \
    }
PROGRAMS(RUN)

static int fails(const struct racelab_program *program) {
    (void)program;
    return 7;
}

#define PROGRAM(program)                                                       \
    &(const struct racelab_program){                                           \
        .name = #program, .summary = "goes wrong", .run = run_##program},

int main(int argc, char **argv) {
    const struct racelab_program *const programs[] = {
        PROGRAMS(PROGRAM) &
            (const struct racelab_program){
                .name = "fails", .summary = "goes wrong", .run = fails},
        NULL};
    static const struct racelab_verb verbs[] = {{.name = NULL}};
    const struct racelab_lab lab = {.programs = programs, .verbs = verbs};
    return racelab_main(argc, argv, &lab);
}
