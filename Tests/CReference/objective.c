/* objective.c - the losses and gradients of word2vec and of the two-layer network, term by term as the formulas
 * stand. */
#include "w2v_reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double dot(const double *x, const double *y, size_t n) {
    double sum = 0;
    for (size_t d = 0; d < n; d++) sum += x[d] * y[d];
    return sum;
}

static void add_scaled(double *y, double scale, const double *x, size_t n) {
    for (size_t d = 0; d < n; d++) y[d] += scale * x[d];
}

void reference_softmax(const double *x, size_t n, double *y) {
    double largest = x[0], sum = 0;
    for (size_t i = 1; i < n; i++) largest = fmax(largest, x[i]);
    for (size_t i = 0; i < n; i++) sum += exp(x[i] - largest);
    for (size_t i = 0; i < n; i++) y[i] = exp(x[i] - largest) / sum;
}

/* J = -log yhat_o, dJ/dv += U^T (yhat - y), dJ/dU += (yhat - y) v^T */
static double softmax_word(const double *v, const double *u, size_t words, size_t n, int32_t o, double *dv,
                           double *du) {
    double *yhat = calloc(words, sizeof(double));
    for (size_t w = 0; w < words; w++) yhat[w] = dot(u + w * n, v, n);
    reference_softmax(yhat, words, yhat);
    const double loss = -log(yhat[o]);
    yhat[o] -= 1;
    for (size_t w = 0; w < words; w++) {
        add_scaled(dv, yhat[w], u + w * n, n);
        add_scaled(du + w * n, yhat[w], v, n);
    }
    free(yhat);
    return loss;
}

/* J = -log s(u_o.v) - sum_k log s(-u_k.v), one term after the other */
static double sampled_word(const double *v, const double *u, size_t n, int32_t o, const int32_t *negatives,
                           size_t count, double *dv, double *du) {
    const double *uo = u + (size_t)o * n;
    const double s = reference_sigmoid(dot(uo, v, n));
    double loss = -log(s);
    add_scaled(dv, s - 1, uo, n);
    add_scaled(du + (size_t)o * n, s - 1, v, n);
    for (size_t k = 0; k < count; k++) {
        const double *uk = u + (size_t)negatives[k] * n;
        const double t = reference_sigmoid(-dot(uk, v, n));
        loss -= log(t);
        add_scaled(dv, 1 - t, uk, n);
        add_scaled(du + (size_t)negatives[k] * n, 1 - t, v, n);
    }
    return loss;
}

static double word_loss(const double *v, const double *u, size_t words, size_t n, int32_t o, const int32_t *negatives,
                        size_t count, double *dv, double *du) {
    return negatives ? sampled_word(v, u, n, o, negatives, count, dv, du) : softmax_word(v, u, words, n, o, dv, du);
}

double reference_skip_gram(const double *input, const double *output, size_t words, size_t dimensions, int32_t center,
                           const int32_t *contexts, size_t context_count, const int32_t *negatives,
                           size_t negative_count, double *input_gradient, double *output_gradient) {
    const size_t row = (size_t)center * dimensions;
    double loss = 0;
    memset(input_gradient, 0, words * dimensions * sizeof(double));
    memset(output_gradient, 0, words * dimensions * sizeof(double));
    for (size_t j = 0; j < context_count; j++)
        loss += word_loss(input + row, output, words, dimensions, contexts[j],
                          negatives ? negatives + j * negative_count : NULL, negative_count, input_gradient + row,
                          output_gradient);
    return loss;
}

double reference_cbow(const double *input, const double *output, size_t words, size_t dimensions, int32_t center,
                      const int32_t *contexts, size_t context_count, int mean, const int32_t *negatives,
                      size_t negative_count, double *input_gradient, double *output_gradient) {
    const double share = mean ? 1 / (double)context_count : 1;
    double *hidden = calloc(2 * dimensions, sizeof(double)), *error = hidden + dimensions;
    memset(input_gradient, 0, words * dimensions * sizeof(double));
    memset(output_gradient, 0, words * dimensions * sizeof(double));
    for (size_t j = 0; j < context_count; j++)
        add_scaled(hidden, share, input + (size_t)contexts[j] * dimensions, dimensions);
    const double loss =
        word_loss(hidden, output, words, dimensions, center, negatives, negative_count, error, output_gradient);
    for (size_t j = 0; j < context_count; j++)
        add_scaled(input_gradient + (size_t)contexts[j] * dimensions, share, error, dimensions);
    free(hidden);
    return loss;
}

double reference_network(size_t dx, size_t h, size_t dy, const double *w1, const double *b1, const double *w2,
                         const double *b2, const double *x, const double *y, size_t rows, double *dw1, double *db1,
                         double *dw2, double *db2, double *dx_rows) {
    double *a = calloc(h, sizeof(double)), *dz1 = calloc(h, sizeof(double)), *yhat = calloc(dy, sizeof(double));
    double loss = 0;
    memset(dw1, 0, dx * h * sizeof(double));
    memset(db1, 0, h * sizeof(double));
    memset(dw2, 0, h * dy * sizeof(double));
    memset(db2, 0, dy * sizeof(double));
    memset(dx_rows, 0, rows * dx * sizeof(double));
    for (size_t n = 0; n < rows; n++, x += dx, y += dy, dx_rows += dx) {
        for (size_t j = 0; j < h; j++) {
            a[j] = b1[j];
            for (size_t i = 0; i < dx; i++) a[j] += x[i] * w1[i * h + j];
            a[j] = reference_sigmoid(a[j]);
        }
        for (size_t k = 0; k < dy; k++) {
            yhat[k] = b2[k];
            for (size_t j = 0; j < h; j++) yhat[k] += a[j] * w2[j * dy + k];
        }
        reference_softmax(yhat, dy, yhat);
        for (size_t k = 0; k < dy; k++) loss -= y[k] * log(yhat[k]);
        memset(dz1, 0, h * sizeof(double));
        for (size_t k = 0; k < dy; k++) {
            const double dz2 = yhat[k] - y[k];
            db2[k] += dz2;
            for (size_t j = 0; j < h; j++) {
                dw2[j * dy + k] += a[j] * dz2;
                dz1[j] += dz2 * w2[j * dy + k];
            }
        }
        for (size_t j = 0; j < h; j++) {
            dz1[j] *= a[j] * (1 - a[j]);
            db1[j] += dz1[j];
            for (size_t i = 0; i < dx; i++) {
                dw1[i * h + j] += x[i] * dz1[j];
                dx_rows[i] += dz1[j] * w1[i * h + j];
            }
        }
    }
    free(a);
    free(dz1);
    free(yhat);
    return loss;
}
