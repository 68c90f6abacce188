/* fuzzer.h - libFuzzer's own entry, which has no header. */
#ifndef FUZZER_H
#define FUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Runs until a budget of its flags is spent; calls `test` with each input. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));

#endif
