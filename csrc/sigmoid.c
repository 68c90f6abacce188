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

/* s(x) - 1/2 */
static double odd_part(double x) { return 1 / (1 + exp(-x)) - 0.5; }

void w2v_sigmoid_fill(w2v_sigmoid_table *table) {
    const double width = (double)W2V_SIGMOID_RANGE / W2V_SIGMOID_PIECES;
    /* cos(pi / 8), cos(3 pi / 8): the Chebyshev nodes of four points, moved from -1 ... 1 to 0 ... 1 */
    const double a = 0.92387953251128675613, b = 0.38268343236508977173;
    for (int p = 0; p < W2V_SIGMOID_PIECES; p++) {
        double u[4] = {(1 - a) / 2, (1 - b) / 2, (1 + b) / 2, (1 + a) / 2};
        if (p == 0) u[0] = 0; /* s(0) is 1/2 exactly */
        double f[4];          /* becomes Newton's divided differences */
        for (int k = 0; k < 4; k++) f[k] = odd_part((p + u[k]) * width);
        for (int order = 1; order < 4; order++)
            for (int k = 3; k >= order; k--) f[k] = (f[k] - f[k - 1]) / (u[k] - u[k - order]);
        /* f0 + (x - u0) (f1 + (x - u1) (f2 + (x - u2) f3)), multiplied out */
        double c[4] = {f[3], 0, 0, 0};
        for (int k = 2; k >= 0; k--) {
            for (int power = 3; power > 0; power--) c[power] = c[power - 1] - u[k] * c[power];
            c[0] = f[k] - u[k] * c[0];
        }
        table->constant[p] = (float)c[0];
        table->linear[p] = (float)c[1];
        table->square[p] = (float)c[2];
        table->cubic[p] = (float)c[3];
    }
}
