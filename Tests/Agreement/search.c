/*
 * search.c - the search's kernels against the double reference: that the bound holds for every row, that it is no wider
 * than it says, and that whole searches give what sorting all exact similarities gives.
 */
#include "agreement.h"
#include "w2v.h"
#include "w2v_reference.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 75, WORDS = 17, QUESTIONS = 40 };

static const size_t dimensions[] = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 50, 100, 128, 300, 301};

/* Dense rows: the stride is D, and nothing may be read behind the last of them. */
typedef struct table {
    float *rows;                    /* (ROWS, D) */
    float *inverse, *scale, *slack; /* (room) */
    int8_t *bytes;                  /* (room, width) */
    float *units[WORDS];            /* (width) */
    w2v_search_query words[WORDS];
    w2v_search_index index;
} table;

static uint64_t state = 1;
static int failures;
static double widest; /* the most that a rough value was off, as a share of its bound */

static double uniform(void) { return (double)(w2v_random_next(&state) >> 11) * 0x1p-53; }

static int32_t any_word(void) { return (int32_t)(uniform() * (double)WORDS); }

static void expect(bool holds, const char *what, const w2v_kernels *kernels, size_t d, size_t row) {
    if (holds) return;
    if (failures++ < 10) printf("%s, D %zu, row %zu: %s\n", kernels->name, d, row, what);
}

/* Rows of all sizes: some with one large value, which makes the int8 copy coarse; none, equal ones, multiples, too
 * long, too short and not finite at the end. */
static void draw(table *t, size_t d) {
    const size_t room = w2v_search_room(ROWS), width = w2v_search_width(d);
    t->rows = exact_floats(ROWS * d);
    t->inverse = memset(exact_floats(room), 0, room * sizeof(float));
    t->scale = memset(exact_floats(room), 0, room * sizeof(float));
    t->slack = memset(exact_floats(room), 0, room * sizeof(float));
    t->bytes = memset(exact(room, width), 0, room * width);
    for (size_t w = 0; w < WORDS; w++) t->units[w] = exact_floats(width);
    for (size_t r = 0; r < ROWS; r++) {
        float *row = t->rows + r * d; /* (D) */
        const double size = r % 3 == 0 ? 1 : exp((uniform() - 0.5) * 30);
        for (size_t c = 0; c < d; c++) row[c] = (float)((2 * uniform() - 1) * size);
        if (r % 5 == 1) row[r % d] = (float)(20 * size);
        if (r % 11 == 10) memcpy(row, row - d, d * sizeof(float));
        if (r % 11 == 9)
            for (size_t c = 0; c < d; c++) row[c] = 3 * row[(long)c - (long)d];
    }
    float *last = t->rows + (ROWS - 8) * d;
    for (size_t c = 0; c < d; c++) {
        last[c] = 0;
        last[d + c] = (float)((2 * uniform() - 1) * 1e-36);
        last[2 * d + c] = (float)((2 * uniform() - 1) * 1e-44);
        last[3 * d + c] = (float)((2 * uniform() - 1) * (double)FLT_MAX);
        last[4 * d + c] = FLT_MAX;
    }
    last[5 * d + d / 2] = NAN;
    last[6 * d] = INFINITY;
    last[7 * d + d - 1] = -INFINITY;
    t->index = (w2v_search_index){.rows = t->rows,
                                  .count = ROWS,
                                  .dimensions = d,
                                  .stride = d,
                                  .inverse = t->inverse,
                                  .bytes = t->bytes,
                                  .scale = t->scale,
                                  .slack = t->slack};
    for (size_t w = 0; w < WORDS; w++) {
        const size_t odd[] = {ROWS - 8, ROWS - 7, ROWS - 4, ROWS - 3},
                     row = w < WORDS - 4 ? w * 4 : odd[w - (WORDS - 4)];
        t->words[w] = (w2v_search_query){.values = t->rows + row * d, .unit = t->units[w]};
        w2v_search_prepare(&t->words[w], d);
    }
}

static void release(table *t) {
    void *all[] = {t->rows, t->inverse, t->scale, t->slack, t->bytes};
    for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++) free(all[k]);
    for (size_t w = 0; w < WORDS; w++) free(t->units[w]);
}

/* Rows with an int8 copy whose bytes tell something of them. */
static bool has_length(const table *t, size_t r) {
    const size_t d = t->index.dimensions;
    const double square = reference_product(t->rows + r * d, t->rows + r * d, d);
    return square > 0 && square < INFINITY;
}

static double cosine(const table *t, size_t w, size_t r) {
    return reference_similarity(t->words[w].values, t->rows + r * t->index.dimensions, t->index.dimensions);
}

static void test_fill(const w2v_kernels *kernels, const table *t) {
    const size_t d = t->index.dimensions;
    for (size_t r = 0; r < ROWS; r++) {
        const float *row = t->rows + r * d;
        const double length = sqrt(reference_product(row, row, d));
        float largest, square;
        kernels->search->measure(row, d, &largest, &square);
        const bool is_ordinary = length > 1e-9 && length < 1e9;
        if (is_ordinary) {
            expect(fabs((double)square / length / length - 1) <= (double)(d + 2) * 0x1p-24, "measure", kernels, d, r);
            expect(fabs((double)t->inverse[r] * length - 1) <= ((double)d / 2 + 3) * 0x1p-24, "inverse", kernels, d, r);
        } else {
            expect(has_length(t, r) ? isnan(t->inverse[r]) : t->inverse[r] == 0, "odd inverse", kernels, d, r);
        }
        double residual = 0;
        for (size_t c = 0; c < w2v_search_width(d); c++) {
            const double byte =
                t->bytes[w2v_search_start(r, d) + c / W2V_SEARCH_PIECE * W2V_SEARCH_STEP + c % W2V_SEARCH_PIECE];
            const double x = has_length(t, r) && c < d ? (double)row[c] / length : 0;
            expect(c < d || byte == 0, "a byte behind the row", kernels, d, r);
            residual += (x - (double)t->scale[r] * byte) * (x - (double)t->scale[r] * byte);
        }
        expect(sqrt(residual) <= (double)t->slack[r], "residual above its bound", kernels, d, r);
        expect((double)t->slack[r] <= 0.51 * sqrt((double)d) / 127 + 2 * (double)w2v_search_slack(d), "a wide bound",
               kernels, d, r);
    }
}

/* Whether the scan lets a row pass at a threshold. */
static bool passes(const w2v_kernels *kernels, const table *t, size_t w, size_t r, double threshold) {
    uint32_t mask = 0;
    const size_t from = r / W2V_SEARCH_GROUP * W2V_SEARCH_GROUP;
    const size_t at = kernels->search->scan(&t->index, t->units[w], (float)threshold, from, r + 1, &mask);
    return at == from && (mask >> (r - from) & 1);
}

static void test_scan(const w2v_kernels *kernels, const table *t) {
    const size_t d = t->index.dimensions;
    for (size_t w = 0; w < WORDS; w++) {
        for (size_t r = 0; r < ROWS; r++) {
            const double exact = cosine(t, w, r);
            expect(passes(kernels, t, w, r, exact), "a row is lost", kernels, d, r);
            expect(!passes(kernels, t, w, r, exact + 2 * (double)t->slack[r] + 1e-6), "a row is not ruled out", kernels,
                   d, r);
        }
    }
}

/* What `products` writes for so many words. */
static size_t score_count(size_t words) { return (words + 3) / 4 * 4 * W2V_SEARCH_PANEL; }

static void test_panels(const w2v_kernels *kernels, const table *t) {
    const size_t d = t->index.dimensions;
    const double bound = (double)w2v_search_slack(d);
    float *panel = exact_floats(d * W2V_SEARCH_PANEL);
    for (size_t words = 1; words <= WORDS; words++) {
        float *packed = exact_floats(w2v_search_packed(words, d)), *scores = exact_floats(score_count(words));
        w2v_search_pack(t->words, words, d, packed);
        for (size_t at = 0; at < ROWS; at += W2V_SEARCH_PANEL) {
            const size_t count = ROWS - at < W2V_SEARCH_PANEL ? ROWS - at : W2V_SEARCH_PANEL;
            kernels->search->panel(t->rows + at * d, count, d, d, panel);
            for (size_t c = 0; c < d; c++) {
                for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) {
                    const float x = lane < count ? t->rows[(at + lane) * d + c] : 0,
                                y = panel[c * W2V_SEARCH_PANEL + lane];
                    expect(memcmp(&x, &y, sizeof(x)) == 0, "the panel", kernels, d, at + lane);
                }
            }
            kernels->search->products(panel, d, packed, words, t->inverse + at, t->rows, sizeof(float) * d, scores);
            for (size_t w = 0; w < words; w++) {
                for (size_t lane = 0; lane < count; lane++) {
                    const double off =
                        fabs((double)scores[w * W2V_SEARCH_PANEL + lane] - cosine(t, w, at + lane)) / bound;
                    if (t->inverse[at + lane] > 0) widest = fmax(widest, off);
                    expect(!(off > 1), "a product off its bound", kernels, d, at + lane);
                }
            }
        }
        free(packed);
        free(scores);
    }
    free(panel);
}

/* Masks of questions, where a threshold is not within rounding of a value. */
static void test_questions(const w2v_kernels *kernels) {
    float *scores = exact_floats(WORDS * W2V_SEARCH_PANEL);
    float thresholds[QUESTIONS];
    w2v_search_analogy analogies[QUESTIONS];
    const double slack = 0x1p-12, margin = 1e-6;
    for (size_t k = 0; k < WORDS * W2V_SEARCH_PANEL; k++) scores[k] = (float)(2 * uniform() - 1);
    for (size_t k = 0; k < 6; k++) scores[k * 37 % (WORDS * W2V_SEARCH_PANEL)] = k % 2 ? NAN : k > 3 ? 1 : -1;
    for (int kind = 0; kind < 3; kind++) {
        for (size_t q = 0; q < QUESTIONS; q++) {
            thresholds[q] = (float)(q % 8 == 7 ? (double)INFINITY : uniform() * (kind == 2 ? 4 : 1.5));
            analogies[q] = (w2v_search_analogy){any_word(), any_word(), any_word()};
        }
        const size_t questions = kind == 0 ? WORDS : QUESTIONS;
        size_t next = 0;
        uint32_t mask = 0;
        for (size_t q = 0; q < questions; q++) {
            if (q == next) mask = 0;
            if (q >= next) {
                next = kind == 0   ? kernels->search->nearest(scores, thresholds, q, questions, &mask)
                       : kind == 1 ? kernels->search->add(scores, analogies, thresholds, q, questions, &mask)
                                   : kernels->search->multiply(scores, analogies, (float)slack, thresholds, q,
                                                               questions, &mask);
            }
            for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) {
                const double a = (double)scores[(size_t)analogies[q].a * W2V_SEARCH_PANEL + lane];
                const double b = (double)scores[(size_t)analogies[q].b * W2V_SEARCH_PANEL + lane];
                const double c = (double)scores[(size_t)analogies[q].c * W2V_SEARCH_PANEL + lane];
                const double t = (double)thresholds[q];
                const double over =
                    kind == 0   ? (double)scores[q * W2V_SEARCH_PANEL + lane] - t
                    : kind == 1 ? b - a + c - t
                                : (1 + b + slack) * (1 + c + slack) - t * (1 + a - slack + 2 * W2V_SEARCH_EPSILON);
                const bool found = q == next && (mask >> lane & 1);
                expect(!(fabs(over) > margin) || found == (over > 0), "a question's mask", kernels, (size_t)kind, lane);
                if (isnan(over)) expect(found, "NaN is passed over", kernels, (size_t)kind, lane);
            }
            if (q == next) next = q + 1;
        }
    }
    free(scores);
}

static int by_similarity(const void *x, const void *y) {
    const w2v_search_hit *a = x, *b = y;
    if (a->similarity != b->similarity) return a->similarity > b->similarity ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* As w2v_similarity, before it is rounded. */
static double unrounded(const float *x, const float *y, size_t n) {
    const double square = w2v_search_product(x, x, n) * w2v_search_product(y, y, n);
    return square > 0 && square < INFINITY ? w2v_search_product(x, y, n) / sqrt(square) : 0;
}

static float multiplied(const table *t, const w2v_search_analogy *words, const float *row) {
    const size_t d = t->index.dimensions;
    const double a = unrounded(t->words[words->a].values, row, d), b = unrounded(t->words[words->b].values, row, d);
    const double c = unrounded(t->words[words->c].values, row, d);
    return (float)((1 + b) / 2 * ((1 + c) / 2) / ((1 + a) / 2 + W2V_SEARCH_EPSILON));
}

static void test_similarities(const w2v_kernels *kernels, const table *t) {
    const size_t d = t->index.dimensions;
    for (size_t w = 0; w < WORDS; w++) {
        for (size_t r = 0; r < ROWS; r++) {
            const float found = w2v_similarity(t->words[w].values, t->rows + r * d, d);
            expect(fabs((double)found - cosine(t, w, r)) <= 0x1p-25 * 1.001, "a similarity", kernels, d, r);
            expect(found >= -1 && found <= 1, "a similarity out of range", kernels, d, r);
        }
    }
}

static bool accepts_few(void *context, int32_t row) {
    (void)context;
    return row % 3 != 1;
}

/* The best of all rows but those that a filter refuses; value(r) of each. */
static void expect_best(const w2v_kernels *kernels, const table *t, const char *what, w2v_search_top *top,
                        const w2v_search_filter *filter, const float *values) {
    w2v_search_hit all[ROWS];
    size_t count = 0;
    for (int32_t r = 0; r < ROWS; r++) {
        bool refused = filter->accepts && !filter->accepts(NULL, r);
        for (size_t k = 0; k < filter->excluded_count; k++) refused |= filter->excluded[k] == r;
        if (!refused && values[r] > top->floor) all[count++] = (w2v_search_hit){values[r], r};
    }
    qsort(all, count, sizeof(*all), by_similarity);
    if (count > top->capacity) count = top->capacity;
    w2v_search_sort(top);
    bool same = top->count == count;
    for (size_t k = 0; same && k < count; k++)
        same = top->hits[k].row == all[k].row && top->hits[k].similarity == all[k].similarity;
    expect(same, what, kernels, t->index.dimensions, top->capacity);
}

static void test_searches(const w2v_kernels *kernels, const table *t) {
    static float values[ROWS];
    static float *sums[QUESTIONS], *units[QUESTIONS];
    static w2v_search_query sum_queries[QUESTIONS];
    static w2v_search_filter filters[QUESTIONS];
    static w2v_search_top tops[QUESTIONS];
    static w2v_search_analogy analogies[QUESTIONS];
    static int32_t excluded[QUESTIONS][3];
    const size_t d = t->index.dimensions;
    float *packed = exact_floats(w2v_search_packed(WORDS, d));
    w2v_search_pack(t->words, WORDS, d, packed);
    for (size_t q = 0; q < QUESTIONS; q++) {
        sums[q] = exact_floats(d);
        units[q] = exact_floats(w2v_search_width(d));
        analogies[q] = (w2v_search_analogy){any_word(), any_word(), any_word()};
        const float *vectors[3] = {t->words[analogies[q].b].values, t->words[analogies[q].c].values,
                                   t->words[analogies[q].a].values};
        double weights[3];
        for (size_t k = 0; k < 3; k++) {
            const double square = w2v_search_product(vectors[k], vectors[k], d);
            weights[k] = square > 0 && square < INFINITY ? (k == 2 ? -1 : 1) / sqrt(square) : 0;
            excluded[q][k] = (int32_t)((vectors[k] - t->rows) / (long)d);
            if (weights[k] == 0) vectors[k] = t->rows; /* no 0 * NaN */
        }
        w2v_search_combine(vectors, weights, 3, d, sums[q]);
        sum_queries[q] = (w2v_search_query){.values = sums[q], .unit = units[q]};
        w2v_search_prepare(&sum_queries[q], d);
        filters[q] = (w2v_search_filter){
            .excluded = excluded[q], .excluded_count = q % 4, .accepts = q % 5 == 4 ? accepts_few : NULL};
        if (filters[q].excluded_count > 3) filters[q].excluded_count = 3;
    }
    for (int kind = 0; kind < 3; kind++) {
        const w2v_search_batch batch = {.kind = (w2v_search_kind)kind,
                                        .words = WORDS,
                                        .questions = kind == 0 ? WORDS : QUESTIONS,
                                        .word_queries = t->words,
                                        .analogies = analogies,
                                        .sums = sum_queries,
                                        .filters = filters,
                                        .packed = packed};
        float *workspace = exact_floats(w2v_search_workspace(&batch, d));
        for (size_t capacity = 0; capacity <= ROWS; capacity = capacity < 3 ? capacity + 1 : capacity * 3) {
            const float floor = capacity % 2 ? 0.1f : -INFINITY;
            for (size_t q = 0; q < batch.questions; q++)
                tops[q] = (w2v_search_top){
                    .hits = exact(capacity, sizeof(w2v_search_hit)), .capacity = capacity, .floor = floor};
            w2v_search_many(kernels, &t->index, &batch, 0, 32, workspace, tops);
            w2v_search_many(kernels, &t->index, &batch, 32, ROWS, workspace, tops);
            for (size_t q = 0; q < batch.questions; q++) {
                for (size_t r = 0; r < ROWS; r++) {
                    const float *row = t->rows + r * d;
                    if (kind == 0) values[r] = w2v_similarity(t->words[q].values, row, d);
                    if (kind == 1) values[r] = w2v_similarity(sums[q], row, d);
                    if (kind == 2) values[r] = multiplied(t, &analogies[q], row);
                }
                expect_best(kernels, t, "a batch", &tops[q], &filters[q], values);
                w2v_search_top top = {.hits = tops[q].hits, .capacity = capacity, .floor = floor};
                if (kind != 0) {
                    free(top.hits);
                    continue;
                }
                w2v_search_one(kernels, &t->index, &t->words[q], 0, 64, &filters[q], &top);
                w2v_search_one(kernels, &t->index, &t->words[q], 64, ROWS, &filters[q], &top);
                expect_best(kernels, t, "a search", &top, &filters[q], values);
                free(top.hits);
            }
        }
        free(workspace);
    }
    for (size_t q = 0; q < QUESTIONS; q++) {
        free(sums[q]);
        free(units[q]);
    }
    free(packed);
}

int test_search(const w2v_kernels *kernels) {
    static table t;
    state = 1;
    failures = 0;
    widest = 0;
    for (size_t k = 0; k < sizeof(dimensions) / sizeof(*dimensions); k++) {
        draw(&t, dimensions[k]);
        w2v_search_fill(kernels, &t.index, 0, ROWS);
        test_similarities(kernels, &t);
        test_fill(kernels, &t);
        test_scan(kernels, &t);
        test_panels(kernels, &t);
        test_questions(kernels);
        test_searches(kernels, &t);
        release(&t);
    }
    printf("%s: the search, %d failures, the worst product is off by %.2f of its bound\n", kernels->name, failures,
           widest);
    return failures;
}
