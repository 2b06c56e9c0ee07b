/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a process, counts the calls by which it touches disk and network, and kills it at
 * one of them.
 *
 *   MERIDIAN_POINTS=FILE                  appends a line "function target" for each call
 *   MERIDIAN_KILL="before write db-wal 3"  SIGKILL before (or after) the third write to *.db-wal
 *
 * A point is named by function, target and ordinal, counted over all threads. Targets are file
 * names without a trailing number, "temporary" for SQLite's, "in" for accepted connections and
 * "out" for connected ones. Standard input, output, error, pipes and event descriptors do not
 * count.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NAME_SIZE = 128, MOST_FILES = 65536 };

static int points_file = -1;
static int kill_after;
static char kill_function[NAME_SIZE];
static char kill_target[NAME_SIZE];
static long kill_ordinal;
static long seen;
static unsigned char accepted[MOST_FILES];

__attribute__((constructor)) static void start(void) {
  const char* points = getenv("MERIDIAN_POINTS");
  if (points) {
    points_file =
        (int)syscall(SYS_openat, AT_FDCWD, points, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  const char* plan = getenv("MERIDIAN_KILL");
  char when[8] = "";
  if (plan &&
      sscanf(plan, "%7s %127s %127s %ld", when, kill_function, kill_target, &kill_ordinal) == 4) {
    kill_after = strcmp(when, "after") == 0;
  }
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/* Counts one call. True when the process is to die after it; does not return when before. */
static int at_point(const char* function, const char* target) {
  if (points_file >= 0) {
    char line[2 * NAME_SIZE];
    const int size = snprintf(line, sizeof line, "%s %s\n", function, target);
    syscall(SYS_write, points_file, line, (size_t)size);
  }
  if (strcmp(function, kill_function) != 0 || strcmp(target, kill_target) != 0) return 0;
  if (__atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST) != kill_ordinal) return 0;
  if (!kill_after) die();
  return 1;
}

static void name_of_path(const char* path, char* name) {
  const char* slash = strrchr(path, '/');
  snprintf(name, NAME_SIZE, "%s", slash ? slash + 1 : path);
  char* rest = strchr(name, ' '); /* "name (deleted)" */
  if (rest) *rest = '\0';
  char* number = strrchr(name, '.'); /* "name.<process>" */
  if (number && strspn(number + 1, "0123456789") == strlen(number + 1)) *number = '\0';
  if (strncmp(name, "etilqs_", 7) == 0) strcpy(name, "temporary");
}

/* Names what a descriptor is. False for what does not count. */
static int name_of_file(int file, char* name) {
  struct stat status;
  if (file <= 2 || file == points_file || fstat(file, &status) != 0) return 0;
  if (S_ISSOCK(status.st_mode)) {
    strcpy(name, file < MOST_FILES && accepted[file] ? "in" : "out");
    return 1;
  }
  if (!S_ISREG(status.st_mode)) return 0;
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  name_of_path(path, name);
  return 1;
}

/* The next definition of a function, looked up once. */
#define REAL(result, function, ...)               \
  typedef result (*function##_type)(__VA_ARGS__); \
  static function##_type real;                    \
  if (!real) *(void**)&real = dlsym(RTLD_NEXT, #function);

#define AT_FILE(label, file, call)                                    \
  char name[NAME_SIZE];                                               \
  const int last = name_of_file(file, name) && at_point(label, name); \
  const __typeof__(call) result = call;                               \
  if (last) die();                                                    \
  return result

#define AT_PATH(label, path, call)        \
  char name[NAME_SIZE];                   \
  name_of_path(path, name);               \
  const int last = at_point(label, name); \
  const __typeof__(call) result = call;   \
  if (last) die();                        \
  return result

ssize_t write(int file, const void* bytes, size_t size) {
  REAL(ssize_t, write, int, const void*, size_t)
  AT_FILE("write", file, real(file, bytes, size));
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec*, int)
  AT_FILE("write", file, real(file, parts, count));
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  REAL(ssize_t, pwrite, int, const void*, size_t, off_t)
  AT_FILE("write", file, real(file, bytes, size, at));
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void*, size_t, off64_t)
  AT_FILE("write", file, real(file, bytes, size, at));
}

ssize_t pwritev(int file, const struct iovec* parts, int count, off_t at) {
  REAL(ssize_t, pwritev, int, const struct iovec*, int, off_t)
  AT_FILE("write", file, real(file, parts, count, at));
}

int fsync(int file) {
  REAL(int, fsync, int)
  AT_FILE("sync", file, real(file));
}

int fdatasync(int file) {
  REAL(int, fdatasync, int)
  AT_FILE("sync", file, real(file));
}

int ftruncate(int file, off_t size) {
  REAL(int, ftruncate, int, off_t)
  AT_FILE("truncate", file, real(file, size));
}

int ftruncate64(int file, off64_t size) {
  REAL(int, ftruncate64, int, off64_t)
  AT_FILE("truncate", file, real(file, size));
}

int posix_fallocate(int file, off_t at, off_t size) {
  REAL(int, posix_fallocate, int, off_t, off_t)
  AT_FILE("truncate", file, real(file, at, size));
}

int rename(const char* from, const char* to) {
  REAL(int, rename, const char*, const char*)
  AT_PATH("rename", to, real(from, to));
}

int unlink(const char* path) {
  REAL(int, unlink, const char*)
  AT_PATH("unlink", path, real(path));
}

int open(const char* path, int flags, ...) {
  REAL(int, open, const char*, int, ...)
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if (!(flags & O_CREAT)) return real(path, flags, mode);
  AT_PATH("create", path, real(path, flags, mode));
}

int open64(const char* path, int flags, ...) {
  REAL(int, open64, const char*, int, ...)
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if (!(flags & O_CREAT)) return real(path, flags, mode);
  AT_PATH("create", path, real(path, flags, mode));
}

int socket(int domain, int type, int protocol) {
  REAL(int, socket, int, int, int)
  const int made = real(domain, type, protocol);
  if (made >= 0 && made < MOST_FILES) accepted[made] = 0;
  return made;
}

int accept(int listener, struct sockaddr* address, socklen_t* size) {
  REAL(int, accept, int, struct sockaddr*, socklen_t*)
  const int made = real(listener, address, size);
  if (made >= 0 && made < MOST_FILES) accepted[made] = 1;
  return made;
}

int accept4(int listener, struct sockaddr* address, socklen_t* size, int flags) {
  REAL(int, accept4, int, struct sockaddr*, socklen_t*, int)
  const int made = real(listener, address, size, flags);
  if (made >= 0 && made < MOST_FILES) accepted[made] = 1;
  return made;
}

int connect(int file, const struct sockaddr* address, socklen_t size) {
  REAL(int, connect, int, const struct sockaddr*, socklen_t)
  AT_FILE("connect", file, real(file, address, size));
}

ssize_t send(int file, const void* bytes, size_t size, int flags) {
  REAL(ssize_t, send, int, const void*, size_t, int)
  AT_FILE("send", file, real(file, bytes, size, flags));
}

ssize_t sendto(int file, const void* bytes, size_t size, int flags, const struct sockaddr* address,
               socklen_t address_size) {
  REAL(ssize_t, sendto, int, const void*, size_t, int, const struct sockaddr*, socklen_t)
  AT_FILE("send", file, real(file, bytes, size, flags, address, address_size));
}

ssize_t sendmsg(int file, const struct msghdr* message, int flags) {
  REAL(ssize_t, sendmsg, int, const struct msghdr*, int)
  AT_FILE("send", file, real(file, message, flags));
}
