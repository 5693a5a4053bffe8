/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of KUnit that the suites use, for kernels built without it, as those
 * of distributions are. Kbuild puts this in the way of the kernel's header then.
 * How a case runs, ends and gives up its resources is as in KUnit.
 */
#ifndef MINIRQ_KUNIT_PLAIN_TEST_H
#define MINIRQ_KUNIT_PLAIN_TEST_H

#include <linux/completion.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/string.h>

#define KUNIT_PARAM_DESC_SIZE	128

struct kunit;
struct kunit_log;

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

/**
 * struct kunit - a case that runs
 * @priv:	for the suite
 * @param_value: with which of its parameters
 * @suite:	whose case it is
 * @what:	the case
 * @log:	of the suite
 * @resources:	the latest comes first
 * @failed:	an expectation did not hold
 * @skipped:	it ended itself
 * @cleared:	nothing is left of it
 * @reason:	why
 * @fn:		what its thread is to call
 * @done:	that thread has ended
 */
struct kunit {
	void *priv;
	const void *param_value;
	struct kunit_suite *suite;
	struct kunit_case *what;
	struct kunit_log *log;
	struct list_head resources;
	bool failed;
	bool skipped;
	bool cleared;
	char reason[KUNIT_PARAM_DESC_SIZE];
	void (*fn)(struct kunit *test);
	struct completion done;
};

#define KUNIT_CASE(test)		{ .run_case = test, .name = #test }
#define KUNIT_CASE_PARAM(test, params)	\
	{ .run_case = test, .name = #test, .generate_params = params }

/* The parameters @array, each described by @describe(parameter, desc) */
#define KUNIT_ARRAY_PARAM(params, array, describe)				\
static const void *params##_gen_params(const void *prev, char *desc)		\
{										\
	typeof(&(array)[0]) next = prev ? (typeof(next))prev + 1 : (array);	\
										\
	if (next == (array) + ARRAY_SIZE(array))				\
		return NULL;							\
	describe(next, desc);							\
	return next;								\
}

/*
 * All suites, in a section that run.c begins, as it comes first when the module
 * is linked, and module.c ends with NULL.
 */
extern struct kunit_suite *kunit_suites[];

#define kunit_test_suite(suite)	\
	static struct kunit_suite *suite##_entry __used __section("minirq_suites") = &(suite)

int kunit_run_suite(struct kunit_suite *suite);
void kunit_forget_suites(void);

struct kunit_resource {
	void *data;
	void (*free)(struct kunit_resource *resource);
	struct list_head node;
};

void *kunit_alloc_resource(struct kunit *test,
			   int (*init)(struct kunit_resource *resource, void *context),
			   void (*free)(struct kunit_resource *resource),
			   gfp_t gfp, void *context);

void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp);

static inline void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_kmalloc(test, size, gfp | __GFP_ZERO);
}

static inline void *kunit_kcalloc(struct kunit *test, size_t n, size_t size, gfp_t gfp)
{
	return kunit_kzalloc(test, size_mul(n, size), gfp);
}

/* End the running case. */
void kunit_end(struct kunit *test);

__printf(2, 3)
void kunit_skip(struct kunit *test, const char *format, ...);

static inline void kunit_go_on(struct kunit *test)
{
}

__printf(5, 6)
void kunit_fail(struct kunit *test, const char *where, long left, long right,
		const char *format, ...);

#define KUNIT_COMPARE(test, then, left, op, right, ...) do {			\
	struct kunit *test_ = (test);						\
	const typeof(left) left_ = (left);					\
	const typeof(right) right_ = (right);					\
										\
	if (left_ op right_)							\
		break;								\
	kunit_fail(test_, __FILE__ ":" __stringify(__LINE__) ": " #left " " #op	\
		   " " #right, (long)left_, (long)right_, " " __VA_ARGS__);	\
	then(test_);								\
} while (0)

#define KUNIT_EXPECT(test, left, op, right, ...)	\
	KUNIT_COMPARE(test, kunit_go_on, left, op, right, ##__VA_ARGS__)
#define KUNIT_ASSERT(test, left, op, right)	\
	KUNIT_COMPARE(test, kunit_end, left, op, right)

#define KUNIT_EXPECT_EQ(test, left, right)	KUNIT_EXPECT(test, left, ==, right)
#define KUNIT_EXPECT_NE(test, left, right)	KUNIT_EXPECT(test, left, !=, right)
#define KUNIT_EXPECT_GT(test, left, right)	KUNIT_EXPECT(test, left, >, right)
#define KUNIT_EXPECT_GE(test, left, right)	KUNIT_EXPECT(test, left, >=, right)
#define KUNIT_EXPECT_LT(test, left, right)	KUNIT_EXPECT(test, left, <, right)
#define KUNIT_EXPECT_LE(test, left, right)	KUNIT_EXPECT(test, left, <=, right)
#define KUNIT_EXPECT_TRUE(test, x)		KUNIT_EXPECT(test, !!(x), ==, true)
#define KUNIT_EXPECT_FALSE(test, x)		KUNIT_EXPECT(test, !!(x), ==, false)

#define KUNIT_EXPECT_EQ_MSG(test, left, right, ...)	\
	KUNIT_EXPECT(test, left, ==, right, __VA_ARGS__)
#define KUNIT_EXPECT_TRUE_MSG(test, x, ...)	\
	KUNIT_EXPECT(test, !!(x), ==, true, __VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(test, x, ...)	\
	KUNIT_EXPECT(test, !!(x), ==, false, __VA_ARGS__)

#define KUNIT_EXPECT_PTR_EQ(test, left, right)	\
	KUNIT_EXPECT(test, (const void *)(left), ==, (const void *)(right))
#define KUNIT_EXPECT_PTR_NE(test, left, right)	\
	KUNIT_EXPECT(test, (const void *)(left), !=, (const void *)(right))
#define KUNIT_EXPECT_NULL(test, x)	KUNIT_EXPECT_PTR_EQ(test, x, NULL)
#define KUNIT_EXPECT_NOT_NULL(test, x)	KUNIT_EXPECT_PTR_NE(test, x, NULL)
#define KUNIT_EXPECT_STREQ(test, left, right)	\
	KUNIT_EXPECT(test, strcmp(left, right), ==, 0)
#define KUNIT_EXPECT_STRNEQ(test, left, right)	\
	KUNIT_EXPECT(test, strcmp(left, right), !=, 0)

#define KUNIT_ASSERT_EQ(test, left, right)	KUNIT_ASSERT(test, left, ==, right)
#define KUNIT_ASSERT_NE(test, left, right)	KUNIT_ASSERT(test, left, !=, right)
#define KUNIT_ASSERT_GE(test, left, right)	KUNIT_ASSERT(test, left, >=, right)
#define KUNIT_ASSERT_LT(test, left, right)	KUNIT_ASSERT(test, left, <, right)
#define KUNIT_ASSERT_LE(test, left, right)	KUNIT_ASSERT(test, left, <=, right)
#define KUNIT_ASSERT_TRUE(test, x)		KUNIT_ASSERT(test, !!(x), ==, true)
#define KUNIT_ASSERT_PTR_EQ(test, left, right)	\
	KUNIT_ASSERT(test, (const void *)(left), ==, (const void *)(right))
#define KUNIT_ASSERT_NOT_NULL(test, x)	\
	KUNIT_ASSERT(test, (const void *)(x), !=, (const void *)NULL)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, x)	\
	KUNIT_ASSERT(test, IS_ERR_OR_NULL(x), ==, false)

#endif /* MINIRQ_KUNIT_PLAIN_TEST_H */
