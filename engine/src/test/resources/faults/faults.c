/*
 * Lets the n-th call on files below a directory fail, of this process and every library in it.
 * Preloaded; steered through a page that is shared with the test (see CallFaults.java).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, SYNC = 4, RENAME = 8, READ = 16, UNLINK = 32 };
enum { ONCE = 0, SHORT = 1, FROM_THEN_ON = 2 };

struct control {
  atomic_int kinds; /* which calls are counted, 0 for none */
  atomic_int at;    /* the call that fails, from 1 */
  atomic_int error; /* errno it fails with */
  atomic_int how;
  atomic_int calls;
  atomic_int failed;
};

#define MOST_FDS 65536
static struct control *control;
static const char *root;
static size_t root_length;
static atomic_char ours[MOST_FDS];

__attribute__((constructor)) static void begin(void) {
  const char *page = getenv("CALL_FAULTS_PAGE");
  root = getenv("CALL_FAULTS_ROOT");
  if (page == NULL || root == NULL) {
    return;
  }
  root_length = strlen(root);
  int fd = (int) syscall(SYS_openat, AT_FDCWD, page, O_RDWR);
  if (fd < 0) {
    return;
  }
  void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  if (at != MAP_FAILED) {
    control = at;
  }
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) { \
    real = (__typeof__(&name)) dlsym(RTLD_NEXT, #name); \
  }

static int below(const char *path) {
  return control != NULL && path != NULL && strncmp(path, root, root_length) == 0;
}

static int owned(int fd) {
  return control != NULL && fd >= 0 && fd < MOST_FDS && atomic_load(&ours[fd]);
}

static void own(int fd, int is) {
  if (fd >= 0 && fd < MOST_FDS) {
    atomic_store(&ours[fd], (char) is);
  }
}

/* 0: goes on; 1: fails with errno; 2: does a part. */
static int verdict(int kind) {
  if ((atomic_load(&control->kinds) & kind) == 0) {
    return 0;
  }
  int call = atomic_fetch_add(&control->calls, 1) + 1;
  int at = atomic_load(&control->at);
  int how = atomic_load(&control->how);
  if (call != at && !(how == FROM_THEN_ON && call > at)) {
    return 0;
  }
  if (how == SHORT) {
    if (kind == WRITE || kind == READ) {
      atomic_fetch_add(&control->failed, 1);
      return 2;
    }
    return 0;
  }
  atomic_fetch_add(&control->failed, 1);
  errno = atomic_load(&control->error);
  return 1;
}

/* A disk without room still opens what is there. */
static int opens(const char *path, int flags) {
  if (!below(path)) {
    return 0;
  }
  if (atomic_load(&control->error) == ENOSPC
      && ((flags & O_CREAT) == 0 || syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0)) {
    return 0;
  }
  return verdict(OPEN) == 1;
}

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
      va_list more; \
      va_start(more, flags); \
      mode = va_arg(more, mode_t); \
      va_end(more); \
    } \
    if (opens(path, flags)) { \
      return -1; \
    } \
    int fd = real(path, flags, mode); \
    own(fd, below(path)); \
    return fd; \
  }
OPENS(open)
OPENS(open64)

#define OPENATS(name) \
  int name(int at, const char *path, int flags, ...) { \
    REAL(name) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
      va_list more; \
      va_start(more, flags); \
      mode = va_arg(more, mode_t); \
      va_end(more); \
    } \
    if (opens(path, flags)) { \
      return -1; \
    } \
    int fd = real(at, path, flags, mode); \
    own(fd, below(path)); \
    return fd; \
  }
OPENATS(openat)
OPENATS(openat64)

#define FOPENS(name) \
  FILE *name(const char *path, const char *how) { \
    REAL(name) \
    if (opens(path, how[0] == 'r' ? O_RDONLY : O_CREAT)) { \
      return NULL; \
    } \
    FILE *file = real(path, how); \
    if (file != NULL) { \
      own(fileno(file), below(path)); \
    } \
    return file; \
  }
FOPENS(fopen)
FOPENS(fopen64)

int close(int fd) {
  REAL(close)
  own(fd, 0);
  return real(fd);
}

#define WRITES(name, kind, parameters, arguments, shorter) \
  ssize_t name parameters { \
    REAL(name) \
    if (owned(fd)) { \
      int so = verdict(kind); \
      if (so == 1) { \
        return -1; \
      } \
      if (so == 2) { \
        shorter; \
      } \
    } \
    return real arguments; \
  }
WRITES(write, WRITE, (int fd, const void *from, size_t n), (fd, from, n), n = (n + 1) / 2)
WRITES(pwrite, WRITE, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at),
    n = (n + 1) / 2)
WRITES(pwrite64, WRITE, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at),
    n = (n + 1) / 2)
WRITES(writev, WRITE, (int fd, const struct iovec *v, int n), (fd, v, n), n = (n + 1) / 2)
WRITES(read, READ, (int fd, void *to, size_t n), (fd, to, n), n = (n + 1) / 2)
WRITES(pread, READ, (int fd, void *to, size_t n, off_t at), (fd, to, n, at), n = (n + 1) / 2)
WRITES(pread64, READ, (int fd, void *to, size_t n, off64_t at), (fd, to, n, at), n = (n + 1) / 2)

#define FDS(name, kind, parameters, arguments) \
  int name parameters { \
    REAL(name) \
    if (owned(fd) && verdict(kind) == 1) { \
      return -1; \
    } \
    return real arguments; \
  }
FDS(fsync, SYNC, (int fd), (fd))
FDS(fdatasync, SYNC, (int fd), (fd))
FDS(ftruncate, WRITE, (int fd, off_t size), (fd, size))
FDS(ftruncate64, WRITE, (int fd, off64_t size), (fd, size))
FDS(fallocate, WRITE, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
FDS(fallocate64, WRITE, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))

#define PATHS(name, kind, path, parameters, arguments) \
  int name parameters { \
    REAL(name) \
    if (below(path) && verdict(kind) == 1) { \
      return -1; \
    } \
    return real arguments; \
  }
PATHS(rename, RENAME, from, (const char *from, const char *to), (from, to))
PATHS(link, RENAME, from, (const char *from, const char *to), (from, to))
PATHS(mkdir, RENAME, at, (const char *at, mode_t mode), (at, mode))
PATHS(unlink, UNLINK, at, (const char *at), (at))
PATHS(rmdir, UNLINK, at, (const char *at), (at))
