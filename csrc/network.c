/* network.c - forward pass, loss and gradients of the two-layer network, in double. */
#include "w2v_network.h"

#include "w2v_objective.h"

#include <float.h>
#include <math.h>

/* The offsets of the parts in the array of parameters, or of their gradient. */
typedef struct layers {
    size_t w1; /* (Dx, H) */
    size_t b1; /* (H) */
    size_t w2; /* (H, Dy) */
    size_t b2; /* (Dy) */
    size_t count;
} layers;

static layers offsets(w2v_network network) {
    layers l = {.w1 = 0};
    l.b1 = network.inputs * network.hidden;
    l.w2 = l.b1 + network.hidden;
    l.b2 = l.w2 + network.hidden * network.classes;
    l.count = l.b2 + network.classes;
    return l;
}

size_t w2v_network_parameters(w2v_network network) { return offsets(network).count; }

size_t w2v_network_workspace(w2v_network network) {
    return offsets(network).count + 2 * network.hidden + network.classes;
}

/* Computes h, and z2 - max(z2), of one row. Returns log(sum(exp(z2 - max(z2)))), or NaN if a value is not finite. */
static double forward(w2v_network network, const float *parameters, const float *x, double *h, double *z2) {
    const layers l = offsets(network);
    const float *w1 = parameters + l.w1, *b1 = parameters + l.b1, *w2 = parameters + l.w2, *b2 = parameters + l.b2;
    for (size_t j = 0; j < network.hidden; j++) {
        double z = (double)b1[j];
        for (size_t i = 0; i < network.inputs; i++) z += (double)x[i] * (double)w1[i * network.hidden + j];
        if (!isfinite(z)) return (double)NAN;
        h[j] = w2v_logistic(z);
    }
    double maximum = -INFINITY, sum = 0;
    for (size_t k = 0; k < network.classes; k++) {
        double z = (double)b2[k];
        for (size_t j = 0; j < network.hidden; j++) z += h[j] * (double)w2[j * network.classes + k];
        if (!isfinite(z)) return (double)NAN;
        z2[k] = z;
        if (z > maximum) maximum = z;
    }
    for (size_t k = 0; k < network.classes; k++) {
        z2[k] -= maximum;
        sum += exp(z2[k]);
    }
    return log(sum);
}

static bool is_empty(w2v_network network, size_t rows) {
    return network.inputs == 0 || network.hidden == 0 || network.classes == 0 || rows == 0;
}

w2v_status w2v_network_forward(w2v_network network, const float *parameters, const float *x, size_t rows,
                               double *workspace, float *probabilities) {
    if (is_empty(network, rows)) return W2V_EMPTY;
    double *h = workspace, *z2 = h + network.hidden; /* (H), (Dy) */
    for (size_t row = 0; row < rows; row++) {
        const double log_sum = forward(network, parameters, x + row * network.inputs, h, z2);
        if (isnan(log_sum)) return W2V_NOT_FINITE;
        for (size_t k = 0; k < network.classes; k++)
            probabilities[row * network.classes + k] = (float)exp(z2[k] - log_sum);
    }
    return W2V_OK;
}

static w2v_status write_value(float *to, double value) {
    if (!(value >= -(double)FLT_MAX && value <= (double)FLT_MAX)) return W2V_NOT_FINITE;
    *to = (float)value;
    return W2V_OK;
}

/* Adds the contribution of one row to the gradient, given h and dz2 = dJ/dz2. On return dh is dz1. */
static void backward(w2v_network network, const float *parameters, const float *x, const double *h, const double *dz2,
                     double *dh, double *gradient) {
    const layers l = offsets(network);
    const float *w2 = parameters + l.w2;
    for (size_t k = 0; k < network.classes; k++) gradient[l.b2 + k] += dz2[k];
    for (size_t j = 0; j < network.hidden; j++) {
        double sum = 0;
        for (size_t k = 0; k < network.classes; k++) {
            sum += dz2[k] * (double)w2[j * network.classes + k];
            gradient[l.w2 + j * network.classes + k] += h[j] * dz2[k];
        }
        dh[j] = sum * h[j] * (1 - h[j]);
        gradient[l.b1 + j] += dh[j];
    }
    for (size_t i = 0; i < network.inputs; i++)
        for (size_t j = 0; j < network.hidden; j++) gradient[l.w1 + i * network.hidden + j] += (double)x[i] * dh[j];
}

w2v_status w2v_network_loss(w2v_network network, const float *parameters, const float *x, const float *labels,
                            size_t rows, double l2, double *workspace, double *loss, float *gradient,
                            float *x_gradient) {
    if (is_empty(network, rows)) return W2V_EMPTY;
    const layers l = offsets(network);
    double *sums = workspace;         /* (parameters), the gradient */
    double *h = sums + l.count;       /* (H) */
    double *dh = h + network.hidden;  /* (H) */
    double *z2 = dh + network.hidden; /* (Dy), becomes dz2 */
    const float *w1 = parameters + l.w1;
    double total = 0;
    for (size_t i = 0; i < l.count; i++) {
        const bool is_weight = i < l.b1 || (i >= l.w2 && i < l.b2);
        const double weight = is_weight && l2 != 0 ? (double)parameters[i] : 0;
        sums[i] = l2 * weight;
        total += l2 / 2 * weight * weight;
    }
    for (size_t row = 0; row < rows; row++) {
        const float *x_row = x + row * network.inputs;   /* (Dx) */
        const float *y = labels + row * network.classes; /* (Dy) */
        double label_sum = 0;
        for (size_t k = 0; k < network.classes; k++) {
            if (!isfinite(y[k])) return W2V_NOT_FINITE;
            if (y[k] < 0) return W2V_OUT_OF_RANGE;
            label_sum += (double)y[k];
        }
        const double log_sum = forward(network, parameters, x_row, h, z2);
        if (isnan(log_sum)) return W2V_NOT_FINITE;
        for (size_t k = 0; k < network.classes; k++) {
            total += (double)y[k] * (log_sum - z2[k]);
            z2[k] = label_sum * exp(z2[k] - log_sum) - (double)y[k];
        }
        if (!gradient && !x_gradient) continue;
        backward(network, parameters, x_row, h, z2, dh, sums);
        for (size_t i = 0; i < network.inputs && x_gradient; i++) {
            double sum = 0;
            for (size_t j = 0; j < network.hidden; j++) sum += dh[j] * (double)w1[i * network.hidden + j];
            if (write_value(x_gradient + row * network.inputs + i, sum) != W2V_OK) return W2V_NOT_FINITE;
        }
    }
    for (size_t i = 0; i < l.count && gradient; i++)
        if (write_value(gradient + i, sums[i]) != W2V_OK) return W2V_NOT_FINITE;
    *loss = total;
    return W2V_OK;
}
