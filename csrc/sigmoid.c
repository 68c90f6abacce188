/* sigmoid.c - the two tables of the logistic function. */
#include "w2v_sigmoid.h"

#include <math.h>

void w2v_sigmoid_fill_original(float *table) {
    for (int i = 0; i < W2V_SIGMOID_ORIGINAL_SIZE; i++) {
        float x = ((float)i / (float)W2V_SIGMOID_ORIGINAL_SIZE * 2 - 1) * W2V_SIGMOID_RANGE;
        float e = (float)exp((double)x);
        table[i] = e / (e + 1);
    }
}

void w2v_sigmoid_fill(float *table) {
    for (int i = 0; i < W2V_SIGMOID_SIZE; i++) {
        double x = -(double)W2V_SIGMOID_RANGE + i * (2.0 * (double)W2V_SIGMOID_RANGE / (W2V_SIGMOID_SIZE - 1));
        table[i] = (float)(1 / (1 + exp(-x)));
    }
}
