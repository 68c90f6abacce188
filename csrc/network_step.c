/* network_step.c - one training step of the two-layer network on a mini-batch, in float and in place. */
#include "w2v_network.h"

#include "w2v_objective.h"

#include <math.h>

/* The size of a register tile, and of a narrower one for the last columns. */
enum { TILE_ROWS = 4, TILE_COLUMNS = 16, NARROW_COLUMNS = 4 };

/*
 * A factor of a matrix product. Element (r, k) is at[r * row + k * column], so that a matrix can also be read as its
 * transpose.
 */
typedef struct factor {
    const float *at;
    size_t row;
    size_t column;
} factor;

/*
 * One register tile of c += a b, with `rows` x `columns` accumulators. The two are constants where the function is
 * inlined. Rows of c and b are `stride` floats apart.
 */
static inline void add_tile(float *restrict c, size_t rows, size_t columns, size_t inner, factor a,
                            const float *restrict b, size_t stride) {
    float sums[TILE_ROWS][TILE_COLUMNS];
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++) sums[r][j] = c[r * stride + j];
    for (size_t k = 0; k < inner; k++) {
        for (size_t r = 0; r < rows; r++) {
            const float scale = a.at[r * a.row + k * a.column];
            for (size_t j = 0; j < columns; j++) sums[r][j] += scale * b[k * stride + j];
        }
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++) c[r * stride + j] = sums[r][j];
}

/* c += a b for `rows` rows and all columns. */
static inline void add_stripe(float *c, size_t rows, size_t columns, size_t inner, factor a, const float *b) {
    size_t j = 0;
    for (; j + TILE_COLUMNS <= columns; j += TILE_COLUMNS)
        add_tile(c + j, rows, TILE_COLUMNS, inner, a, b + j, columns);
    for (; j + NARROW_COLUMNS <= columns; j += NARROW_COLUMNS)
        add_tile(c + j, rows, NARROW_COLUMNS, inner, a, b + j, columns);
    for (; j < columns; j++) add_tile(c + j, rows, 1, inner, a, b + j, columns);
}

/* c (rows, columns) += a (rows, inner) b (inner, columns). Each element is summed in order of k = 0, 1, ... */
static void add_product(float *c, size_t rows, size_t columns, size_t inner, factor a, const float *b) {
    size_t r = 0;
    for (; r + TILE_ROWS <= rows; r += TILE_ROWS, a.at += TILE_ROWS * a.row)
        add_stripe(c + r * columns, TILE_ROWS, columns, inner, a, b);
    for (; r < rows; r++, a.at += a.row) add_stripe(c + r * columns, 1, columns, inner, a, b);
}

static factor plain(const float *matrix, size_t columns) { return (factor){.at = matrix, .row = columns, .column = 1}; }

static factor transposed(const float *matrix, size_t columns) {
    return (factor){.at = matrix, .row = 1, .column = columns};
}

/* Copies `row` to every row of the matrix. */
static void fill_rows(float *matrix, size_t rows, size_t columns, const float *row) {
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++) matrix[r * columns + j] = row[j];
}

/* Adds the column sums of the matrix to `row`. */
static void add_column_sums(float *row, size_t rows, size_t columns, const float *matrix) {
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++) row[j] += matrix[r * columns + j];
}

static void scale_all(float *values, size_t count, float scale) {
    for (size_t i = 0; i < count; i++) values[i] *= scale;
}

size_t w2v_network_step_workspace(w2v_network network, size_t rows) {
    return rows * (network.inputs + 2 * network.hidden + network.classes) + network.hidden * network.classes;
}

/* Copies the inputs of n examples to x (N, Dx), standardized. */
static w2v_status gather(w2v_network network, const w2v_examples *examples, const int32_t *rows, size_t n, float *x) {
    for (size_t b = 0; b < n; b++) {
        if (rows[b] < 0 || (size_t)rows[b] >= examples->count) return W2V_OUT_OF_RANGE;
        const int32_t class = examples->classes[rows[b]];
        if (class < 0 || (size_t)class >= network.classes) return W2V_OUT_OF_RANGE;
        const float *from = examples->x + (size_t)rows[b] * examples->stride; /* (Dx) */
        for (size_t i = 0; i < network.inputs; i++)
            x[b * network.inputs + i] = (from[i] - examples->means[i]) * examples->scales[i];
    }
    return W2V_OK;
}

/* Replaces z2 of one row by dz2 = yhat - y. Returns the loss of the row, or NaN if a value is not finite. */
static double softmax_gradient(float *z2, size_t classes, size_t class) {
    float maximum = z2[0];
    for (size_t k = 0; k < classes; k++) {
        if (!isfinite(z2[k])) return (double)NAN;
        if (z2[k] > maximum) maximum = z2[k];
    }
    double sum = 0;
    const double target = (double)z2[class] - (double)maximum;
    for (size_t k = 0; k < classes; k++) {
        const double e = exp((double)z2[k] - (double)maximum);
        sum += e;
        z2[k] = (float)e;
    }
    scale_all(z2, classes, (float)(1 / sum));
    z2[class] -= 1;
    return log(sum) - target;
}

w2v_status w2v_network_step(w2v_network network, float *parameters, const w2v_examples *examples, const int32_t *rows,
                            size_t row_count, float alpha, float l2, float *workspace, double *loss) {
    const size_t dx = network.inputs, hidden = network.hidden, dy = network.classes, n = row_count;
    if (dx == 0 || hidden == 0 || dy == 0 || n == 0) return W2V_EMPTY;
    float *const w1 = parameters;              /* (Dx, H) */
    float *const b1 = w1 + dx * hidden;        /* (H) */
    float *const w2 = b1 + hidden;             /* (H, Dy) */
    float *const b2 = w2 + hidden * dy;        /* (Dy) */
    float *const x = workspace;                /* (N, Dx) */
    float *const h = x + n * dx;               /* (N, H) */
    float *const dz1 = h + n * hidden;         /* (N, H), initially dh */
    float *const dz2 = dz1 + n * hidden;       /* (N, Dy), initially z2 */
    float *const w2_transposed = dz2 + n * dy; /* W2^T (Dy, H) */

    const w2v_status status = gather(network, examples, rows, n, x);
    if (status != W2V_OK) return status;
    fill_rows(h, n, hidden, b1);
    add_product(h, n, hidden, dx, plain(x, dx), w1);
    for (size_t i = 0; i < n * hidden; i++) {
        if (!isfinite(h[i])) return W2V_NOT_FINITE;
        h[i] = (float)w2v_logistic((double)h[i]);
    }
    fill_rows(dz2, n, dy, b2);
    add_product(dz2, n, dy, hidden, plain(h, hidden), w2);
    double total = 0;
    for (size_t b = 0; b < n; b++) total += softmax_gradient(dz2 + b * dy, dy, (size_t)examples->classes[rows[b]]);
    if (!isfinite(total)) return W2V_NOT_FINITE;

    for (size_t j = 0; j < hidden; j++)
        for (size_t k = 0; k < dy; k++) w2_transposed[k * hidden + j] = w2[j * dy + k];
    for (size_t i = 0; i < n * hidden; i++) dz1[i] = 0;
    add_product(dz1, n, hidden, dy, plain(dz2, dy), w2_transposed);
    for (size_t i = 0; i < n * hidden; i++) dz1[i] *= h[i] * (1 - h[i]);

    /* Scale dz1 and dz2 by -alpha / N, apply the L2 penalty to the weights, then add the gradients. */
    scale_all(dz1, n * hidden, -alpha / (float)n);
    scale_all(dz2, n * dy, -alpha / (float)n);
    scale_all(w1, dx * hidden, 1 - alpha * l2);
    scale_all(w2, hidden * dy, 1 - alpha * l2);
    add_product(w1, dx, hidden, n, transposed(x, dx), dz1);
    add_column_sums(b1, n, hidden, dz1);
    add_product(w2, hidden, dy, n, transposed(h, hidden), dz2);
    add_column_sums(b2, n, dy, dz2);
    *loss = total;
    return W2V_OK;
}
