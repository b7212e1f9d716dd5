// What libc would import from WASI. Defining these names here keeps the imports out of the module.
#include "engine.h"

#define WASI(name) __imported_wasi_snapshot_preview1_##name
#define ERRNO_SUCCESS 0
#define ERRNO_BADF 8

int32_t WASI(clock_time_get)(int32_t clock, int64_t precision, int32_t result);
int32_t WASI(fd_close)(int32_t fd);
int32_t WASI(fd_fdstat_get)(int32_t fd, int32_t result);
int32_t WASI(fd_seek)(int32_t fd, int64_t offset, int32_t whence, int32_t result);
int32_t WASI(fd_write)(int32_t fd, int32_t vectors, int32_t count, int32_t result);
int close(int fd);

// Every clock shows the time of the turn, and stands still within it.
int32_t WASI(clock_time_get)(int32_t clock, int64_t precision, int32_t result)
{
    (void)clock;
    (void)precision;
    *(uint64_t *)(uintptr_t)result = turn_now_us * 1000;
    return ERRNO_SUCCESS;
}

int32_t WASI(fd_close)(int32_t fd)
{
    (void)fd;
    return ERRNO_BADF;
}

int32_t WASI(fd_fdstat_get)(int32_t fd, int32_t result)
{
    (void)fd;
    (void)result;
    return ERRNO_BADF;
}

int32_t WASI(fd_seek)(int32_t fd, int64_t offset, int32_t whence, int32_t result)
{
    (void)fd;
    (void)offset;
    (void)whence;
    (void)result;
    return ERRNO_BADF;
}

int32_t WASI(fd_write)(int32_t fd, int32_t vectors, int32_t count, int32_t result)
{
    (void)fd;
    (void)vectors;
    (void)count;
    (void)result;
    return ERRNO_BADF;
}

// libc's own brings a table of preopened directories in.
int close(int fd)
{
    (void)fd;
    return -1;
}
