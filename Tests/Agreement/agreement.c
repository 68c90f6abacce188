/*
 * agreement.c - every instruction set of a processor against the double reference, over all shapes. A program of its
 * own, so that it can be compiled for another processor and run under emulation, where the Swift tests cannot go.
 *
 * usage: agreement ISA...     exit status 1 if one of these is not present or disagrees
 *
 * Made of the core's files, those of Tests/CReference and of this folder, as .ci/run does it.
 */
#include "agreement.h"
#include "w2v.h"
#include "w2v_reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIMENSIONS = 301, MOST_INPUTS = 20, MOST_OUTPUTS = 40, MOST_ROWS = 60 };

static const size_t dimensions[] = {1, 3, 7, 8, 15, 16, 17, 31, 33, 50, 100, 128, 300, 301};

/* Rows as the kernels see them, padded, and as the reference does, dense. The last row of the outputs is zero. */
typedef struct rows {
    float *input, *output; /* (input_rows, S), (output_rows + 1, S) */
    double dense_input[MOST_ROWS * MOST_DIMENSIONS], dense_output[MOST_ROWS * MOST_DIMENSIONS];
} rows;

typedef struct shape {
    size_t dimensions, ni, no, input_rows, output_rows;
    int32_t inputs[MOST_INPUTS], outputs[MOST_OUTPUTS];
    double labels[MOST_OUTPUTS];
    double alpha, largest;
    size_t target;
    bool distinct_inputs, distinct_outputs, divided, mean, softmax, weighted;
    double input_weights[MOST_OUTPUTS], output_weights[MOST_OUTPUTS], shifts[MOST_OUTPUTS], control[MOST_DIMENSIONS];
    double scale;
    size_t written;
} shape;

static uint64_t state = 1;

static double uniform(void) { return (double)(w2v_random_next(&state) >> 11) * 0x1p-53; }

static int32_t below(size_t n) { return (int32_t)(uniform() * (double)n); }

/* As many written outputs as the kernels are specialized for, or any number. */
static void draw_weights(shape *s) {
    s->written = (s->no == 4 || s->no == 8) && uniform() < 0.5 ? s->no : (size_t)below(s->no + 1);
    s->scale = (double)(float)(s->alpha * (2 * uniform() - 1));
    for (size_t o = 0; o < s->no; o++) {
        s->input_weights[o] = (double)(float)(2 * uniform());
        s->output_weights[o] = (double)(float)(2 * uniform());
        s->shifts[o] = (double)(float)(s->alpha * (2 * uniform() - 1));
    }
    for (size_t c = 0; c < s->dimensions; c++) s->control[c] = (double)(float)((2 * uniform() - 1) * s->largest);
}

/* 1.5 times as many rows as there are in the block, so that some repeat; on every other side none does. */
static shape draw(size_t d, size_t ni, size_t no, bool mean, bool softmax, bool weighted, rows *r) {
    shape s = {.dimensions = d, .ni = ni, .no = no, .alpha = 0.05, .largest = 1 / sqrt((double)d)};
    s.distinct_inputs = uniform() < 0.5;
    s.distinct_outputs = uniform() < 0.5;
    s.divided = uniform() < 0.5;
    s.target = (size_t)below(no);
    s.mean = mean;
    s.softmax = softmax;
    const size_t stride = w2v_stride(d);
    s.input_rows = ni * 3 / 2 > 0 ? ni * 3 / 2 : 1;
    s.output_rows = no * 3 / 2 > 0 ? no * 3 / 2 : 1;
    for (size_t i = 0; i < ni; i++) s.inputs[i] = s.distinct_inputs ? (int32_t)i : below(s.input_rows);
    for (size_t o = 0; o < no; o++) {
        s.outputs[o] = s.distinct_outputs ? (int32_t)o : below(s.output_rows);
        s.labels[o] = o == 0 || (no > 20 && uniform() < 0.5) ? 1 : 0;
    }
    s.weighted = weighted;
    if (weighted) draw_weights(&s);
    const size_t inputs = s.input_rows * stride, outputs_and_zero = (s.output_rows + 1) * stride;
    r->input = memset(exact_floats(inputs), 0, inputs * sizeof(float));
    r->output = memset(exact_floats(outputs_and_zero), 0, outputs_and_zero * sizeof(float));
    for (size_t row = 0; row < s.input_rows; row++)
        for (size_t c = 0; c < d; c++)
            r->dense_input[row * d + c] =
                (double)(r->input[row * stride + c] = (float)((2 * uniform() - 1) * s.largest));
    for (size_t row = 0; row < s.output_rows; row++)
        for (size_t c = 0; c < d; c++)
            r->dense_output[row * d + c] =
                (double)(r->output[row * stride + c] = (float)((2 * uniform() - 1) * s.largest));
    return s;
}

static w2v_status update(const w2v_kernels *kernels, const shape *s, rows *r, const w2v_sigmoid_table *table,
                         double *loss) {
    const size_t stride = w2v_stride(s->dimensions), no = w2v_block_even(s->no), ni = s->ni;
    float **inputs = exact(ni, sizeof(float *)), **outputs = exact(no, sizeof(float *));
    float *labels = exact_floats(w2v_block_labels(no)), *losses = exact_floats(ni);
    float *gradients = exact_floats(w2v_block_gradients(ni, no)), *dots = exact_floats(w2v_block_gradients(ni, no));
    float *shares = exact_floats(w2v_block_shares(ni, no, stride)), *workspace = exact_floats(2 * stride);
    for (size_t i = 0; i < ni; i++) losses[i] = 0;
    for (size_t i = 0; i < s->ni; i++) inputs[i] = r->input + (size_t)s->inputs[i] * stride;
    for (size_t o = 0; o < no; o++) {
        outputs[o] = r->output + (o < s->no ? (size_t)s->outputs[o] : s->output_rows) * stride;
        labels[o] = o < s->no ? (float)s->labels[o] : W2V_BLOCK_PAD;
    }
    for (size_t o = no; o < w2v_block_labels(no); o++) labels[o] = NAN;
    float *of_inputs = exact_floats(w2v_block_labels(no)), *of_outputs = exact_floats(w2v_block_labels(no));
    float *shift = exact_floats(w2v_block_labels(no)), *control = exact_floats(stride);
    float *input_gradients = exact_floats(w2v_block_gradients(ni, no));
    for (size_t o = 0; o < w2v_block_labels(no); o++) {
        of_inputs[o] = o < s->no ? (float)s->input_weights[o] : o < no ? 1 : NAN;
        of_outputs[o] = o < s->no ? (float)s->output_weights[o] : o < no ? 1 : NAN;
        shift[o] = o < s->no ? (float)s->shifts[o] : o < no ? 1 : NAN;
    }
    for (size_t c = 0; c < stride; c++) control[c] = c < s->dimensions ? (float)s->control[c] : 0;
    const w2v_block_weights weights = {.inputs = of_inputs,
                                       .outputs = of_outputs,
                                       .shift = shift,
                                       .control = control,
                                       .gradients = input_gradients,
                                       .scale = (float)s->scale,
                                       .written = s->written};
    const w2v_block block = {.inputs = inputs,
                             .outputs = outputs,
                             .labels = labels,
                             .gradients = gradients,
                             .dots = s->weighted && s->divided ? NULL : dots,
                             .weights = s->weighted ? &weights : NULL,
                             .shares = shares,
                             .mean = workspace,
                             .sigmoid = table,
                             .ni = s->ni,
                             .no = no,
                             .stride = stride,
                             .alpha = (float)s->alpha,
                             .divided = s->divided,
                             .distinct_inputs = s->distinct_inputs,
                             .distinct_outputs = s->distinct_outputs,
                             .softmax = s->softmax,
                             .classes = s->no,
                             .target = s->target,
                             .losses = losses};
    const w2v_status status = s->mean ? kernels->update_mean(&block) : kernels->update(&block);
    *loss = 0;
    for (size_t i = 0; i < ni; i++) *loss += (double)losses[i];
    void *all[] = {inputs,    outputs,   labels,     losses, gradients, dots,           shares,
                   workspace, of_inputs, of_outputs, shift,  control,   input_gradients};
    for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++) free(all[k]);
    return status;
}

/* Returns the loss of a softmax, else 0. */
static double reference_step(const shape *s, double *input, double *output, const int32_t *inputs, size_t ni,
                             double *error) {
    if (s->softmax)
        return reference_softmax_step(input, output, s->dimensions, inputs, ni, s->outputs, s->no, s->target, s->alpha,
                                      error);
    if (s->weighted) {
        const reference_weights weights = {.inputs = s->input_weights,
                                           .outputs = s->output_weights,
                                           .shift = s->shifts,
                                           .control = s->control,
                                           .scale = s->scale,
                                           .written = s->written};
        reference_weighted_step(input, output, s->dimensions, inputs, ni, s->outputs, s->labels, s->no, s->alpha,
                                &weights, error);
        return 0;
    }
    reference_block_step(input, output, s->dimensions, inputs, ni, s->outputs, s->labels, s->no, s->alpha, error);
    return 0;
}

static double reference(const shape *s, rows *r) {
    const size_t d = s->dimensions;
    if (!s->mean) return reference_step(s, r->dense_input, r->dense_output, s->inputs, s->ni, NULL);
    double hidden[MOST_DIMENSIONS] = {0}, error[MOST_DIMENSIONS];
    const int32_t first = 0;
    for (size_t i = 0; i < s->ni; i++)
        for (size_t c = 0; c < d; c++) hidden[c] += r->dense_input[(size_t)s->inputs[i] * d + c] / (double)s->ni;
    const double loss = reference_step(s, hidden, r->dense_output, &first, 1, error);
    for (size_t i = 0; i < s->ni; i++)
        for (size_t c = 0; c < d; c++)
            r->dense_input[(size_t)s->inputs[i] * d + c] += s->divided ? error[c] / (double)s->ni : error[c];
    return loss;
}

static double dot_bound(const shape *s) {
    const double d = (double)s->dimensions;
    return d * s->largest * s->largest * (d + 2) * 0x1p-24 + 1e-9;
}

/* As BlockCase.bound of the Swift tests, which derives it. A probability of the softmax is off by twice the dot
 * product's error, 3e-7 for each exponential, and the roundings of a sum of 64 of them, 4e-6, all relative to
 * itself. */
static double bound(const shape *s) {
    const double shares = (double)(s->ni * s->no), largest = s->largest;
    const double sum = largest + s->alpha * largest * shares;
    const double gradient = s->softmax ? 2 * dot_bound(s) + 5e-6 : 9e-7 + dot_bound(s) / 4 + 0x1p-23;
    const double plain = s->alpha * gradient * largest * shares + (shares + 2) * sum * 0x1p-24;
    /* Weights are at most 2. A shift, or the scale, is at most alpha, and adds a term of at most alpha * largest. */
    return s->weighted ? 2 * plain + (shares + (double)s->ni + 4) *
                                         (2 * sum + s->alpha * largest * (shares + (double)s->ni)) * 0x1p-24
                       : plain;
}

static double worst(const float *padded, const double *dense, size_t count, size_t d) {
    const size_t stride = w2v_stride(d);
    double most = 0;
    for (size_t row = 0; row < count; row++) {
        for (size_t c = 0; c < d; c++) most = fmax(most, fabs((double)padded[row * stride + c] - dense[row * d + c]));
        for (size_t c = d; c < stride; c++) most = fmax(most, padded[row * stride + c] == 0 ? 0 : INFINITY);
    }
    return most;
}

/* Returns the number of shapes that disagree. */
static int test(const w2v_kernels *kernels) {
    static rows r;
    w2v_sigmoid_table table;
    int shapes = 0, failures = 0;
    double most = 0;
    w2v_sigmoid_fill(&table);
    state = 1;
    for (size_t k = 0; k < sizeof(dimensions) / sizeof(*dimensions); k++) {
        for (size_t ni = 1; ni <= MOST_INPUTS; ni++) {
            for (size_t no = 1; no <= MOST_OUTPUTS; no++) {
                for (int kind = 0; kind < 6; kind++, shapes++) {
                    const shape s = draw(dimensions[k], ni, no, kind % 2 != 0, kind / 2 == 1, kind / 2 == 2, &r);
                    double loss;
                    const w2v_status status = update(kernels, &s, &r, &table, &loss);
                    const double expected = reference(&s, &r);
                    const double rows_off = fmax(worst(r.input, r.dense_input, s.input_rows, s.dimensions),
                                                 worst(r.output, r.dense_output, s.output_rows, s.dimensions)) /
                                            bound(&s);
                    const double loss_bound = (double)ni * (2 * dot_bound(&s) + 5e-6) + 0x1p-22 * expected;
                    const double off = fmax(rows_off, fabs(loss - expected) / loss_bound);
                    most = fmax(most, off);
                    free(r.input);
                    free(r.output);
                    if (status == W2V_OK && off <= 1) continue;
                    if (failures++ < 5)
                        printf("%s, %s%s, D %zu, %zu x %zu: off by %g bounds\n", kernels->name,
                               s.softmax    ? "softmax of "
                               : s.weighted ? "weighted "
                                            : "",
                               s.mean ? "mean" : "rows", dimensions[k], ni, no, off);
                }
            }
        }
    }
    printf("%s: %d shapes, %d disagree, the worst is off by %.2f of its bound\n", kernels->name, shapes, failures,
           most);
    return failures;
}

int main(int count, char **names) {
    int failures = 0;
    for (int n = 1; n < count; n++) {
        const w2v_kernels *kernels = NULL;
        for (int isa = 0; isa < W2V_ISA_COUNT; isa++) {
            const w2v_kernels *present = w2v_kernels_for((w2v_isa)isa);
            if (present && strcmp(names[n], present->name) == 0) kernels = present;
        }
        if (kernels) {
            failures += test(kernels) + test_search(kernels);
        } else {
            printf("%s: not present, not tested\n", names[n]);
            failures++;
        }
    }
    return failures > 0;
}
