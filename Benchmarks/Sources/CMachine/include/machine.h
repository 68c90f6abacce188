/*
 * machine.h - the most that the core in hand can do: what the benchmarks hold the kernels against.
 *
 * `lanes` names the registers: 16 floats (AVX-512), 8 (AVX2 and FMA), or 4, what every processor of the kind has: on x86
 * SSE2, whose multiplication and addition are two instructions, on Arm fused ones.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Independent chains of multiply-adds: two a cycle, each after 4 to 5 cycles, keep 10 under way at the most. */
#define MACHINE_CHAINS 12

/* Rows between a row's fetch and its update. Of 1 to 32, the fastest on Cascade Lake for 100 and for 300 floats: 32 take
 * 1.1 to 1.2 times as long. */
#define MACHINE_AHEAD 4

/* `rounds` steps of every chain, all in registers: 2 * lanes * MACHINE_CHAINS * rounds operations. */
void machine_multiply_add(int lanes, size_t rounds);

/* Adds to every value of rows[from ..< to], of `stride` floats each (a multiple of 16), fetching MACHINE_AHEAD rows on,
 * for which rows[to ..< to + MACHINE_AHEAD] are named too. */
void machine_update_rows(int lanes, float *const *rows, size_t from, size_t to, size_t stride);

/* Reads memory in order, `bytes` of it, a multiple of 1024, on a cache line, with fetches ahead. */
void machine_read(const void *memory, size_t bytes);

/* Keeps this thread, and those that it starts from now on, on one core. False where that cannot be done. */
bool machine_pin(int core);

/* The core that this thread runs on, or 0. */
int machine_core(void);

/* Seconds of processor time that this thread has used, to the nanosecond. */
double machine_thread_seconds(void);

/* Seconds of processor time that this process has used. */
double machine_processor_seconds(void);

/* The most bytes that this process has held in memory. */
size_t machine_peak_memory(void);

#ifdef __cplusplus
}
#endif

#endif
