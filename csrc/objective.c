/*
 * objective.c - the loss functions of word2vec and their gradients.
 *
 * Both losses depend on the input vector v and on U only through the dot products x_w = u_w.v. So the array g (V) of
 * all dJ/dx_w determines both gradients: dJ/dU = g v^T and dJ/dv = U^T g. The predictions of a window are added up in
 * g.
 */
#include "w2v_objective.h"

#include <float.h>
#include <math.h>

/* ---- functions ---- */

double w2v_logistic(double x) {
    if (x >= 0) return 1 / (1 + exp(-x));
    const double e = exp(x);
    return e / (1 + e);
}

double w2v_logistic_loss(double x) { return x > 0 ? log1p(exp(-x)) : log1p(exp(x)) - x; }

void w2v_logistic_values(const float *x, size_t n, float *values) {
    for (size_t i = 0; i < n; i++) values[i] = (float)w2v_logistic((double)x[i]);
}

void w2v_logistic_slopes(const float *values, size_t n, float *slopes) {
    for (size_t i = 0; i < n; i++) slopes[i] = (float)((double)values[i] * (1 - (double)values[i]));
}

w2v_status w2v_softmax(const float *x, size_t n, float *probabilities) {
    if (n == 0) return W2V_EMPTY;
    float maximum = x[0];
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) return W2V_NOT_FINITE;
        if (x[i] > maximum) maximum = x[i];
    }
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += exp((double)x[i] - (double)maximum);
    for (size_t i = 0; i < n; i++) probabilities[i] = (float)(exp((double)x[i] - (double)maximum) / sum);
    return W2V_OK;
}

w2v_status w2v_cross_entropy(const float *expected, const float *predicted, size_t n, double *loss) {
    if (n == 0) return W2V_EMPTY;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(expected[i]) || !isfinite(predicted[i])) return W2V_NOT_FINITE;
        if (expected[i] < 0 || predicted[i] < 0) return W2V_OUT_OF_RANGE;
        if (expected[i] == 0) continue;
        if (predicted[i] == 0) return W2V_NOT_FINITE;
        sum -= (double)expected[i] * log((double)predicted[i]);
    }
    *loss = sum;
    return W2V_OK;
}

/* ---- predictions ---- */

/* Predicts words from one input vector. */
typedef struct predictor {
    const float *output;     /* U (V, D) */
    size_t words;            /* V */
    size_t dimensions;       /* D */
    double *g;               /* (V) dJ/dx_w */
    double *vector;          /* v (D) */
    double *vector_gradient; /* dJ/dv (D) */
} predictor;

/* The n target words. With negative sampling each has K samples of its own. */
typedef struct targets {
    w2v_word_loss loss;
    const int32_t *words;     /* (n) */
    size_t count;             /* n */
    const int32_t *negatives; /* (n, K) */
    size_t negative_count;    /* K */
} targets;

size_t w2v_objective_workspace(size_t words, size_t dimensions) { return words + 2 * dimensions; }

static predictor make_predictor(const float *output, size_t words, size_t dimensions, double *workspace) {
    return (predictor){.output = output,
                       .words = words,
                       .dimensions = dimensions,
                       .g = workspace,
                       .vector = workspace + words,
                       .vector_gradient = workspace + words + dimensions};
}

static bool is_word(int32_t word, size_t words) { return word >= 0 && (size_t)word < words; }

static w2v_status check_targets(const targets *t, size_t words) {
    for (size_t j = 0; j < t->count; j++)
        if (!is_word(t->words[j], words)) return W2V_OUT_OF_RANGE;
    if (t->loss == W2V_SOFTMAX_LOSS) return W2V_OK;
    if (t->negative_count == 0) return W2V_EMPTY;
    for (size_t j = 0; j < t->count; j++) {
        for (size_t k = 0; k < t->negative_count; k++) {
            const int32_t negative = t->negatives[j * t->negative_count + k];
            if (!is_word(negative, words)) return W2V_OUT_OF_RANGE;
            if (negative == t->words[j]) return W2V_TARGET_DRAWN;
        }
    }
    return W2V_OK;
}

/* x_w = u_w.v */
static double product(const predictor *p, size_t word) {
    const float *u = p->output + word * p->dimensions; /* (D) */
    double sum = 0;
    for (size_t d = 0; d < p->dimensions; d++) sum += (double)u[d] * p->vector[d];
    return sum;
}

/* Softmax: the loss of n words, and g = n yhat - sum_j y_j. */
static w2v_status softmax_targets(const predictor *p, const targets *t, double *loss) {
    double maximum = -INFINITY, sum = 0, total = 0;
    for (size_t w = 0; w < p->words; w++) {
        p->g[w] = product(p, w);
        if (!isfinite(p->g[w])) return W2V_NOT_FINITE;
        if (p->g[w] > maximum) maximum = p->g[w];
    }
    for (size_t w = 0; w < p->words; w++) sum += exp(p->g[w] - maximum);
    for (size_t j = 0; j < t->count; j++) total += maximum - p->g[t->words[j]] + log(sum);
    for (size_t w = 0; w < p->words; w++) p->g[w] = (double)t->count * (exp(p->g[w] - maximum) / sum);
    for (size_t j = 0; j < t->count; j++) p->g[t->words[j]] -= 1;
    *loss = total;
    return W2V_OK;
}

/* Negative sampling: the loss of n words, and g, to which a target adds s(x) - 1 and each sample adds s(x). */
static w2v_status sampled_targets(const predictor *p, const targets *t, double *loss) {
    double total = 0;
    for (size_t w = 0; w < p->words; w++) p->g[w] = 0;
    for (size_t j = 0; j < t->count; j++) {
        const double x = product(p, (size_t)t->words[j]);
        if (!isfinite(x)) return W2V_NOT_FINITE;
        total += w2v_logistic_loss(x);
        p->g[t->words[j]] -= w2v_logistic(-x);
        for (size_t k = 0; k < t->negative_count; k++) {
            const int32_t negative = t->negatives[j * t->negative_count + k];
            const double y = product(p, (size_t)negative);
            if (!isfinite(y)) return W2V_NOT_FINITE;
            total += w2v_logistic_loss(-y);
            p->g[negative] += w2v_logistic(y);
        }
    }
    *loss = total;
    return W2V_OK;
}

/* Computes the loss, p->g and p->vector_gradient. */
static w2v_status predict(const predictor *p, const targets *t, double *loss) {
    const w2v_status status = t->loss == W2V_SOFTMAX_LOSS ? softmax_targets(p, t, loss) : sampled_targets(p, t, loss);
    if (status != W2V_OK) return status;
    for (size_t d = 0; d < p->dimensions; d++) p->vector_gradient[d] = 0;
    for (size_t w = 0; w < p->words; w++) {
        const float *u = p->output + w * p->dimensions; /* (D) */
        if (p->g[w] == 0) continue; /* the loss did not read this row, which may have values that are not finite */
        for (size_t d = 0; d < p->dimensions; d++) p->vector_gradient[d] += p->g[w] * (double)u[d];
    }
    return W2V_OK;
}

/* ---- gradients ---- */

/* row = scale * x. Fails if a value is too large for a float. */
static w2v_status write_row(float *row, double scale, const double *x, size_t n) {
    for (size_t d = 0; d < n; d++) {
        const double value = scale * x[d];
        if (!(value >= -(double)FLT_MAX && value <= (double)FLT_MAX)) return W2V_NOT_FINITE;
        row[d] = (float)value;
    }
    return W2V_OK;
}

/* dJ/du_w = g_w v, for all words. */
static w2v_status write_output(const predictor *p, float *gradient) {
    w2v_status status = W2V_OK;
    for (size_t w = 0; w < p->words && status == W2V_OK; w++)
        status = write_row(gradient + w * p->dimensions, p->g[w], p->vector, p->dimensions);
    return status;
}

static void load_vector(const predictor *p, const float *vector) {
    for (size_t d = 0; d < p->dimensions; d++) p->vector[d] = (double)vector[d];
}

static w2v_status one_prediction(const float *vector, const predictor *p, const targets *t, double *loss,
                                 float *vector_gradient, float *output_gradient) {
    if (p->words == 0 || p->dimensions == 0) return W2V_EMPTY;
    w2v_status status = check_targets(t, p->words);
    if (status != W2V_OK) return status;
    load_vector(p, vector);
    status = predict(p, t, loss);
    if (status == W2V_OK && vector_gradient) status = write_row(vector_gradient, 1, p->vector_gradient, p->dimensions);
    if (status == W2V_OK && output_gradient) status = write_output(p, output_gradient);
    return status;
}

w2v_status w2v_softmax_loss(const float *vector, const float *output, size_t words, size_t dimensions, int32_t target,
                            double *workspace, double *loss, float *vector_gradient, float *output_gradient) {
    const predictor p = make_predictor(output, words, dimensions, workspace);
    const targets t = {.loss = W2V_SOFTMAX_LOSS, .words = &target, .count = 1};
    return one_prediction(vector, &p, &t, loss, vector_gradient, output_gradient);
}

w2v_status w2v_negative_sampling_loss(const float *vector, const float *output, size_t words, size_t dimensions,
                                      int32_t target, const int32_t *negatives, size_t negative_count,
                                      double *workspace, double *loss, float *vector_gradient, float *output_gradient) {
    const predictor p = make_predictor(output, words, dimensions, workspace);
    const targets t = {.loss = W2V_NEGATIVE_SAMPLING_LOSS,
                       .words = &target,
                       .count = 1,
                       .negatives = negatives,
                       .negative_count = negative_count};
    return one_prediction(vector, &p, &t, loss, vector_gradient, output_gradient);
}

/* ---- windows ---- */

/* The targets of a window. */
static targets window_targets(const w2v_window *window, const int32_t *words, size_t count) {
    return (targets){.loss = window->loss,
                     .words = words,
                     .count = count,
                     .negatives = window->negatives,
                     .negative_count = window->negative_count};
}

static w2v_status check_window(const w2v_window *window, const targets *t) {
    if (window->words == 0 || window->dimensions == 0 || window->context_count == 0) return W2V_EMPTY;
    if (!is_word(window->center, window->words)) return W2V_OUT_OF_RANGE;
    for (size_t j = 0; j < window->context_count; j++)
        if (!is_word(window->contexts[j], window->words)) return W2V_OUT_OF_RANGE;
    return check_targets(t, window->words);
}

static void clear(float *x, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] = 0;
}

w2v_status w2v_skip_gram_loss(const w2v_window *window, double *workspace, double *loss, float *input_gradient,
                              float *output_gradient) {
    const size_t n = window->dimensions, center = (size_t)window->center;
    const targets t = window_targets(window, window->contexts, window->context_count);
    w2v_status status = check_window(window, &t);
    if (status != W2V_OK) return status;
    const predictor p = make_predictor(window->output, window->words, n, workspace);
    load_vector(&p, window->input + center * n);
    status = predict(&p, &t, loss);
    if (status == W2V_OK && output_gradient) status = write_output(&p, output_gradient);
    if (status == W2V_OK && input_gradient) {
        clear(input_gradient, window->words * n);
        status = write_row(input_gradient + center * n, 1, p.vector_gradient, n);
    }
    return status;
}

w2v_status w2v_cbow_loss(const w2v_window *window, bool mean, double *workspace, double *loss, float *input_gradient,
                         float *output_gradient) {
    const size_t n = window->dimensions;
    const targets t = window_targets(window, &window->center, 1);
    w2v_status status = check_window(window, &t);
    if (status != W2V_OK) return status;
    const predictor p = make_predictor(window->output, window->words, n, workspace);
    const double weight = mean ? 1 / (double)window->context_count : 1;
    for (size_t d = 0; d < n; d++) p.vector[d] = 0;
    for (size_t j = 0; j < window->context_count; j++) {
        const float *row = window->input + (size_t)window->contexts[j] * n; /* (D) */
        for (size_t d = 0; d < n; d++) p.vector[d] += (double)row[d];
    }
    for (size_t d = 0; d < n; d++) p.vector[d] *= weight;
    status = predict(&p, &t, loss);
    if (status == W2V_OK && output_gradient) status = write_output(&p, output_gradient);
    if (status == W2V_OK && input_gradient) {
        double *occurrences = p.g; /* (V) of each word among the contexts */
        for (size_t w = 0; w < window->words; w++) occurrences[w] = 0;
        for (size_t j = 0; j < window->context_count; j++) occurrences[window->contexts[j]] += 1;
        for (size_t w = 0; w < window->words && status == W2V_OK; w++)
            status = write_row(input_gradient + w * n, occurrences[w] * weight, p.vector_gradient, n);
    }
    return status;
}
