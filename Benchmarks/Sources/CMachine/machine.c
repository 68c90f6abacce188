/* machine.c - the same two loops for each width of registers. */
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif

#include "machine.h"

#include <sys/resource.h>
#include <time.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

/* Where results go, so that the compiler cannot leave the work out, and where factors come from, so that it cannot do it. */
static volatile float machine_sink;
static const volatile float machine_factor = 0.999f;

/* A cache line, in as many registers as it takes. */
typedef float line __attribute__((vector_size(64), aligned(4), may_alias));

INLINE void update_rows(float *const *rows, size_t from, size_t to, size_t stride) {
    const float gain = machine_factor * 1e-9f;
    for (size_t r = from; r < to; r++) {
        float *const row = rows[r];
        const float *const later = rows[r + MACHINE_AHEAD];
        for (size_t d = 0; d < stride; d += 16) {
            __builtin_prefetch(later + d, 1);
            *(line *)(row + d) += gain;
        }
    }
}

/* NAME_multiply_add and NAME_update_rows, with VEC for registers; SPREAD fills one, FMA(a, b, c) is a * b + c. */
#define LOOPS(NAME, TARGET, VEC, SPREAD, FMA)                                                                          \
    TARGET static void NAME##_multiply_add(size_t rounds) {                                                            \
        const float factor = machine_factor;                                                                           \
        const VEC a = SPREAD(factor), b = SPREAD(1 - factor);                                                          \
        VEC sums[MACHINE_CHAINS];                                                                                      \
        UNROLL for (size_t s = 0; s < MACHINE_CHAINS; s++) sums[s] = SPREAD((float)s);                                 \
        for (size_t r = 0; r < rounds; r++)                                                                            \
            UNROLL for (size_t s = 0; s < MACHINE_CHAINS; s++) sums[s] = FMA(sums[s], a, b);                           \
        UNROLL for (size_t s = 0; s < MACHINE_CHAINS; s++) machine_sink = ((const float *)&sums[s])[0];                \
    }                                                                                                                  \
    TARGET static void NAME##_update_rows(float *const *rows, size_t from, size_t to, size_t stride) {                 \
        update_rows(rows, from, to, stride);                                                                           \
    }

typedef float four __attribute__((vector_size(16), may_alias));
#define FOUR_SPREAD(x) ((four){(x), (x), (x), (x)})
#define FOUR_FMA(a, b, c) ((a) * (b) + (c))
LOOPS(baseline, , four, FOUR_SPREAD, FOUR_FMA)

#if defined(__x86_64__)
#include <immintrin.h>
LOOPS(avx2, __attribute__((target("avx2,fma,prfchw"))), __m256, _mm256_set1_ps, _mm256_fmadd_ps)
LOOPS(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,prfchw"))), __m512, _mm512_set1_ps,
      _mm512_fmadd_ps)
#endif

void machine_multiply_add(int lanes, size_t rounds) {
    switch (lanes) {
#if defined(__x86_64__)
    case 16: avx512_multiply_add(rounds); break;
    case 8: avx2_multiply_add(rounds); break;
#endif
    default: baseline_multiply_add(rounds);
    }
}

void machine_update_rows(int lanes, float *const *rows, size_t from, size_t to, size_t stride) {
    switch (lanes) {
#if defined(__x86_64__)
    case 16: avx512_update_rows(rows, from, to, stride); break;
    case 8: avx2_update_rows(rows, from, to, stride); break;
#endif
    default: baseline_update_rows(rows, from, to, stride);
    }
}

void machine_read(const void *memory, size_t bytes) {
    enum { SUMS = 4, AHEAD = 4096 };
    const char *const start = memory;
    line sums[SUMS] = {0};
    for (size_t at = 0; at < bytes; at += SUMS * sizeof(line)) {
        UNROLL for (size_t s = 0; s < SUMS; s++) {
            __builtin_prefetch(start + at + s * sizeof(line) + AHEAD);
            sums[s] += *(const line *)(const void *)(start + at + s * sizeof(line));
        }
    }
    UNROLL for (size_t s = 0; s < SUMS; s++) machine_sink = ((const float *)&sums[s])[0];
}

bool machine_pin(int core) {
#if defined(__linux__)
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)core, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0;
#else
    (void)core;
    return false;
#endif
}

int machine_core(void) {
#if defined(__linux__)
    const int core = sched_getcpu();
    return core < 0 ? 0 : core;
#else
    return 0;
#endif
}

double machine_thread_seconds(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) return 0;
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double machine_processor_seconds(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

size_t machine_peak_memory(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
#if defined(__APPLE__)
    return (size_t)usage.ru_maxrss;
#else
    return (size_t)usage.ru_maxrss * 1024;
#endif
}
