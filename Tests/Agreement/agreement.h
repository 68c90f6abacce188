/* agreement.h - the parts of the program. */
#ifndef AGREEMENT_H
#define AGREEMENT_H

#include "w2v_kernels.h"

/* The search's kernels, over all shapes. Returns the number of failures. */
int test_search(const w2v_kernels *kernels);

#endif
