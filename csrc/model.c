/* model.c - initializes the parameters, and checks that they are finite. */
#include "w2v_model.h"
#include "w2v_random.h"

#include <math.h>

void w2v_initialize_input(const w2v_model *model) {
    const size_t stride = w2v_stride(model->dimensions);
    uint64_t random = 1;
    for (size_t w = 0; w < model->words; w++) {
        float *row = model->input + w * stride; /* (D) */
        for (size_t d = 0; d < model->dimensions; d++) {
            random = w2v_lcg_next(random);
            row[d] = (float)(((double)((float)(random & 0xFFFF) / 65536.0f) - 0.5) / (double)model->dimensions);
        }
    }
}

bool w2v_input_is_finite(const w2v_model *model) {
    const size_t stride = w2v_stride(model->dimensions);
    for (size_t w = 0; w < model->words; w++) {
        const float *row = model->input + w * stride; /* (D) */
        for (size_t d = 0; d < model->dimensions; d++)
            if (!isfinite(row[d])) return false;
    }
    return true;
}
