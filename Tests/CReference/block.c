#include "w2v_reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double reference_sigmoid(double x) { return 1 / (1 + exp(-x)); }

static double dot(const double *x, const double *y, size_t n) {
    double sum = 0;
    for (size_t d = 0; d < n; d++) sum += x[d] * y[d];
    return sum;
}

double reference_block_loss(const double *input, const double *output, size_t dimensions, const int32_t *inputs,
                            size_t ni, const int32_t *outputs, const double *labels, size_t no) {
    double loss = 0;
    for (size_t i = 0; i < ni; i++) {
        for (size_t o = 0; o < no; o++) {
            double x =
                dot(input + (size_t)inputs[i] * dimensions, output + (size_t)outputs[o] * dimensions, dimensions);
            if (labels[o] == 0) x = -x;
            loss += x > 0 ? log1p(exp(-x)) : log1p(exp(x)) - x;
        }
    }
    return loss;
}

/* The step in which pair (i, o) has the gain g (ni, no) for the input and h (ni, no) for the output, and each input
 * gains `shift` (D) besides, unless that is NULL. */
static void step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                 const int32_t *outputs, size_t no, const double *g, const double *h, const double *shift,
                 double *error) {
    double *input_steps = calloc(ni * dimensions + 1, sizeof(double));
    double *output_steps = calloc(no * dimensions + 1, sizeof(double));
    for (size_t i = 0; i < ni; i++) {
        for (size_t o = 0; o < no; o++) {
            for (size_t d = 0; d < dimensions; d++) {
                input_steps[i * dimensions + d] += g[i * no + o] * output[(size_t)outputs[o] * dimensions + d];
                output_steps[o * dimensions + d] += h[i * no + o] * input[(size_t)inputs[i] * dimensions + d];
            }
        }
        for (size_t d = 0; shift && d < dimensions; d++) input_steps[i * dimensions + d] += shift[d];
    }
    for (size_t o = 0; o < no; o++)
        for (size_t d = 0; d < dimensions; d++)
            output[(size_t)outputs[o] * dimensions + d] += output_steps[o * dimensions + d];
    if (error) {
        memcpy(error, input_steps, dimensions * sizeof(double));
    } else {
        for (size_t i = 0; i < ni; i++)
            for (size_t d = 0; d < dimensions; d++)
                input[(size_t)inputs[i] * dimensions + d] += input_steps[i * dimensions + d];
    }
    free(input_steps);
    free(output_steps);
}

void reference_block_step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                          const int32_t *outputs, const double *labels, size_t no, double alpha, double *error) {
    double *g = calloc(ni * no + 1, sizeof(double));
    for (size_t i = 0; i < ni; i++) {
        for (size_t o = 0; o < no; o++) {
            const double *v = input + (size_t)inputs[i] * dimensions;
            const double *u = output + (size_t)outputs[o] * dimensions;
            g[i * no + o] = alpha * (labels[o] - reference_sigmoid(dot(v, u, dimensions)));
        }
    }
    step(input, output, dimensions, inputs, ni, outputs, no, g, g, NULL, error);
    free(g);
}

void reference_weighted_step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                             const int32_t *outputs, const double *labels, size_t no, double alpha,
                             const reference_weights *weights, double *error) {
    double *g = calloc(ni * no + 1, sizeof(double)), *h = calloc(ni * no + 1, sizeof(double));
    double *shift = calloc(dimensions, sizeof(double));
    for (size_t i = 0; i < ni; i++) {
        for (size_t o = 0; o < no; o++) {
            const double *v = input + (size_t)inputs[i] * dimensions;
            const double *u = output + (size_t)outputs[o] * dimensions;
            const double gradient = alpha * (labels[o] - reference_sigmoid(dot(v, u, dimensions)));
            g[i * no + o] = weights->inputs[o] * gradient + weights->shift[o];
            h[i * no + o] = o < weights->written ? weights->outputs[o] * gradient : 0;
        }
    }
    for (size_t d = 0; d < dimensions; d++) shift[d] = weights->scale * weights->control[d];
    step(input, output, dimensions, inputs, ni, outputs, no, g, h, shift, error);
    free(g);
    free(h);
    free(shift);
}

double reference_softmax_step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                              const int32_t *outputs, size_t no, size_t target, double alpha, double *error) {
    double *g = calloc(ni * no + 1, sizeof(double));
    double loss = 0;
    for (size_t i = 0; i < ni; i++) {
        double *x = g + i * no, most = -INFINITY, sum = 0;
        for (size_t o = 0; o < no; o++) {
            x[o] = dot(input + (size_t)inputs[i] * dimensions, output + (size_t)outputs[o] * dimensions, dimensions);
            most = fmax(most, x[o]);
        }
        for (size_t o = 0; o < no; o++) sum += exp(x[o] - most);
        loss += log(sum) + most - x[target];
        for (size_t o = 0; o < no; o++) x[o] = alpha * ((o == target ? 1 : 0) - exp(x[o] - most) / sum);
    }
    step(input, output, dimensions, inputs, ni, outputs, no, g, g, NULL, error);
    free(g);
    return loss;
}
